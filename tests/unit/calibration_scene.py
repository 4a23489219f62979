"""Evidence as a known camera would give it: landmarks, line points and line map, without any picture."""

import numpy as np

from pipeline.calibration.camera_model.pinhole import image_from_pitch
from pipeline.calibration.evidence.pitch_evidence import Evidence
from pipeline.core.geometry import transform
from pipeline.core.pitch import Pitch

SIZE = (1280, 720)
CENTRE = (640.0, 360.0)
PITCH = Pitch()
MAIN = np.array([0.0, -70.0, 18.0, 0.0, 0.0, 0.0])
"""A main camera's place."""
BEHIND = np.array([-95.0, 2.0, 30.0, 0.0, 0.0, 0.0])
"""A tactical camera behind a goal."""
_MAP_FROM_IMAGE = np.array([[0.05, 0, -0.475], [0, 0.05, -0.475], [0, 0, 1.0]])


def view(pan, tilt=0.24, focal_px=1500.0, place=MAIN):
    """True image_from_pitch, ``(3, 3)``."""
    return image_from_pitch(np.array([[pan, tilt, np.log(focal_px), 0.0]]), place, CENTRE)[0]


def evidence(true, frame=0, noise_px=1.0, landmarks=True, seed=0, pitch=PITCH):
    """What the network and the line finder would say about a picture taken by the view ``true``."""
    rng = np.random.default_rng(seed + frame)
    keypoints = transform(pitch.keypoints_m(), true)
    seen = np.flatnonzero(_inside(keypoints)) if landmarks else np.zeros(0, np.int64)
    points, normals, line_map = _lines(true, pitch)
    return Evidence(
        frame,
        frame * 0.2,
        *SIZE,
        seen,
        keypoints[seen] + rng.normal(0, noise_px, (len(seen), 2)),
        np.full(len(seen), 0.8),
        points + rng.normal(0, 0.3, points.shape),
        normals,
        line_map,
        _MAP_FROM_IMAGE,
    )


def _lines(true, pitch):
    points, normals = [], []
    for line in pitch.lines_m(1.0):
        at = transform(line, true)
        along = np.diff(at, axis=0)
        middle, ok = (at[1:] + at[:-1]) / 2, np.isfinite(along).all(axis=1)
        ok &= _inside(middle)
        length = np.linalg.norm(along[ok], axis=1, keepdims=True)
        points.append(middle[ok])
        normals.append((along[ok] / np.maximum(length, 1e-9))[:, ::-1] * [-1, 1])
    found = np.concatenate(points)
    line_map = np.zeros((36, 64), np.uint8)
    column, row = np.clip((found / 20).astype(int), 0, [63, 35]).T
    line_map[row, column] = 255
    return found, np.concatenate(normals), line_map


def _inside(points):
    return np.isfinite(points).all(axis=1) & (points >= 0).all(axis=1) & (points < SIZE).all(axis=1)


def off_m(found, true):
    """Median distance on the visible pitch between two image_from_pitch, metres."""
    from pipeline.calibration.initial_views.single_view import apart_m

    return apart_m(true, found, SIZE, PITCH)
