"""Views told by hand on rendered pictures with exact truth: eight noisy clicks, with and without paint.

    python benchmarks/hand_calibration.py [--scenes 20] [--first 0] [--seeds 10] [--k1 0] [--noise 4]

Each scene is a random match, light, lawn and camera that sees 75 to 110 m of the pitch; ``--k1`` bends its
picture (Brown, in focal lengths; scenes whose corners such a lens would not show are left out). A row for
clicks alone and one for clicks drawn onto the painted lines of the very picture: how far off over the pitch
in view and at its worst place. With ``--corner``: four clicks in one corner instead, alone.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.evidence.paint import Picture
from pipeline.calibration.manual.marked_points import MarkedPoint, MarkedView, marked_views
from pipeline.core.camera_lens import STRAIGHT, Lens
from pipeline.core.errors import ConfigError
from pipeline.core.geometry import to_image, to_pitch
from pipeline.core.pitch import Pitch
from pipeline.synthetic.people_stills import random_scene
from pipeline.synthetic.render import RenderedFrame, render_frame
from pipeline.synthetic.scene import build
from pipeline.synthetic.venue.true_camera import CameraPlan

Array = NDArray[np.float64]
SIZE = (1280, 720)


def main() -> None:
    """Print both rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, kind, usual in (
        ("scenes", int, 20),
        ("first", int, 0),
        ("seeds", int, 10),
        ("k1", float, 0.0),
        ("noise", float, 4.0),
    ):
        parser.add_argument(f"--{name}", type=kind, default=usual)
    parser.add_argument("--corner", action="store_true")
    asked = parser.parse_args()
    cv2.setNumThreads(2)
    rows: dict[str, list[tuple[float, float, float]]] = {"clicks": [], "clicks and paint": []}
    refused = 0
    for number in range(asked.first, asked.first + asked.scenes):
        frame, pitch = _scene(number)
        lens = _lens(frame, asked.k1)
        if lens is None:
            continue
        picture, true = _bent(frame, lens), frame.camera.image_from_pitch()
        for seed in range(asked.seeds):
            rng = np.random.default_rng((number, seed))
            points = _clicks(true, lens, pitch, rng, asked.noise, asked.corner)
            for name, shown in (("clicks", {}), ("clicks and paint", {None: picture})):
                if asked.corner and shown:
                    continue
                try:
                    (found,) = marked_views(points, SIZE, pitch, "points", shown)
                except ConfigError:
                    refused += name == "clicks"
                    continue
                rows[name].append((*_off(true, lens, found, pitch), found.error_m))
    for name, row in rows.items():
        if row:
            _say(name, np.array(row), refused)


def _scene(number: int) -> tuple[RenderedFrame, Pitch]:
    rng = np.random.default_rng((number, 5))
    scene = random_scene(rng)
    height, away = float(rng.uniform(8, 26)), -float(rng.uniform(48, 80))
    aside, field = float(rng.uniform(-12, 12)), float(rng.uniform(75, 110))
    target = (float(rng.uniform(-8, 8)), float(rng.uniform(-6, 2)))
    plan = CameraPlan((aside, away, height), field, (0.0, 0.0), target)
    scene = replace(scene, camera=plan, plan=replace(scene.plan, duration_s=2.0))
    return render_frame(build(scene), 10), scene.pitch


def _lens(frame: RenderedFrame, k1: float) -> Lens | None:
    if not k1:
        return STRAIGHT
    lens = Lens("radial", ((SIZE[0] - 1) / 2, (SIZE[1] - 1) / 2), frame.camera.focal_px, k1)
    return lens if lens.reach > 1.03 * np.hypot(*SIZE) / 2 / lens.focal_px else None


def _bent(frame: RenderedFrame, lens: Lens) -> Picture:
    masks = [item.mask for item in frame.instances]
    boxes = np.array([(m.left, m.top, m.left + m.width, m.top + m.height) for m in masks], dtype=np.float64)
    if not lens.bends:
        return Picture(frame.image, boxes)
    x, y = np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1]))
    source = np.nan_to_num(lens.straight(np.column_stack([x.ravel(), y.ravel()])), nan=-9).astype(np.float32)
    source = source.reshape(SIZE[1], SIZE[0], 2)
    image = np.asarray(cv2.remap(frame.image, source, None, cv2.INTER_LINEAR), np.uint8)
    moved = lens.bent(boxes.reshape(-1, 2)).reshape(-1, 4)
    return Picture(image, moved[np.isfinite(moved).all(axis=1)])


def _clicks(
    true: Array, lens: Lens, pitch: Pitch, rng: np.random.Generator, noise_px: float, corner: bool
) -> list[MarkedPoint]:
    """Eight landmarks as far from each other as can be, or the four nearest to the picture's left edge."""
    metres = pitch.keypoints_m()
    pixels = to_image(metres, inverted(true), lens)
    inside = (pixels > 12).all(axis=1) & (pixels < np.array(SIZE) - 12).all(axis=1)
    if corner:
        chosen = np.argsort(np.where(inside, pixels[:, 0], np.inf))[:4].tolist()
    else:
        chosen = list(_spread(pixels, inside, 8))
    noisy = [np.clip(pixels[i] + rng.normal(0, noise_px, 2), 0, SIZE) for i in chosen]
    return [
        MarkedPoint((float(x), float(y)), (float(metres[i, 0]), float(metres[i, 1])), None)
        for i, (x, y) in zip(chosen, noisy, strict=True)
    ]


def _spread(pixels: Array, inside: NDArray[np.bool_], n: int) -> Iterator[int]:
    apart = np.where(inside, np.inf, -1.0)
    for _ in range(min(n, int(inside.sum()))):
        best = int(apart.argmax())
        yield best
        apart = np.minimum(apart, np.nan_to_num(np.linalg.norm(pixels - pixels[best], axis=1), nan=-1.0))


def _off(true: Array, lens: Lens, found: MarkedView, pitch: Pitch) -> tuple[float, float]:
    """Median and largest error over the pitch in view, m."""
    x, y = np.meshgrid(np.linspace(1, SIZE[0] - 2, 64), np.linspace(1, SIZE[1] - 2, 36))
    grid = np.column_stack([x.ravel(), y.ravel()])
    here = to_pitch(grid, inverted(true), lens)
    off = np.linalg.norm(here - to_pitch(grid, inverted(found.view), found.lens), axis=1)[
        pitch.contains(here)
    ]
    return float(np.median(off)), float(np.nan_to_num(off, nan=np.inf).max())


def _say(name: str, rows: Array, refused: int) -> None:
    median, worst, stated = rows.T
    held = 100 * np.mean(median < 2 * stated)
    print(
        f"{name}: {len(rows)} views ({refused} refused), off {np.median(median):.3f} m in the median; at the "
        f"worst place median {np.median(worst):.2f}, p95 {np.percentile(worst, 95):.2f}, largest "
        f"{worst.max():.2f} m; stated {np.median(stated):.2f} m, true under twice that in {held:.1f}%",
        flush=True,
    )


if __name__ == "__main__":
    main()
