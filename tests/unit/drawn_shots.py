"""A short broadcast drawn from nothing, with tables that say what step calibrate would: main camera, wipe, a
replay from another place, wipe, main camera, a close-up, a still graphic, main camera.
"""

from itertools import groupby

import cv2
import numpy as np
import pandas as pd
import video_samples as samples

from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.camera_model.pinhole import image_from_pitch
from pipeline.calibration.sequence.video_views import VideoViews
from pipeline.calibration.sequence.view_tables import errors_table, footage, views_table
from pipeline.core.geometry import orient
from pipeline.egomotion.cut_detection import ShotDetector
from pipeline.egomotion.reduced_picture import reduced
from pipeline.tables import storage

WIDTH, HEIGHT, FPS = 320, 180, 25.0
MAIN = np.array([0.0, -70.0, 18.0, 0, 0, 0])
BEHIND = np.array([-95.0, 2.0, 30.0, 0, 0, 0])
TURN = {"main": 0.0, "replay": -np.pi / 2}
"""Where the two cameras look: across the pitch, and along it."""


def pan(seed, n, bug=True):
    """A camera that pans over scenery; the score graphic stays in place."""
    wide = samples.scenery(seed, WIDTH + 400, HEIGHT)
    pictures = [wide[:, 4 * k : 4 * k + WIDTH].copy() for k in range(n)]
    for picture in pictures if bug else ():
        cv2.rectangle(picture, (20, 8), (110, 24), (250, 250, 250), -1)
        cv2.putText(picture, "AAA 0-0 BBB", (23, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.38, (0, 0, 0), 1)
    return pictures


def wipe(before, after, colour=(150, 40, 20), n=12):
    """A board with a badge sweeps over the picture."""
    out = []
    for k in range(n):
        share = k / (n - 1)
        picture = (before if share < 0.5 else after).copy()
        left = int((2.2 * share - 1.1) * WIDTH)
        cv2.rectangle(picture, (left, 0), (left + WIDTH, HEIGHT), colour, -1)
        cv2.circle(picture, (left + WIDTH // 2, HEIGHT // 2), 60, (240, 240, 240), -1)
        cv2.rectangle(picture, (left + 40, 20), (left + 80, 160), (20, 200, 220), -1)
        out.append(picture)
    return out


def graphic(n):
    """A full-screen table that stands still."""
    picture = np.full((HEIGHT, WIDTH, 3), (90, 40, 20), np.uint8)
    for row in range(6):
        cv2.rectangle(picture, (30, 20 + 25 * row), (290, 40 + 25 * row), (200, 180, 160), -1)
    return [picture] * n


def broadcast():
    """Pictures with the kind that is true of each."""
    parts = [("main", pan(1, 30)), ("replay", pan(2, 30, bug=False)), ("main", pan(3, 30))]
    parts += [("close_up", pan(5, 30)), ("graphic", graphic(30))]
    out = []
    for number, (kind, own) in enumerate(parts):
        out += [(kind, picture) for picture in own]
        if number < 2:
            out += [("transition", p) for p in wipe(own[-1], parts[number + 1][1][0])]
    return out + [("main", picture) for picture in pan(4, 30)]


def write(folder):
    """Write footage and the tables before step shots; gives the true kind of each frame."""
    (folder / "tables").mkdir(parents=True)
    shown = broadcast()
    samples.film(folder / "match.mp4", [picture for _, picture in shown])
    kinds = [kind for kind, _ in shown]
    frames = frames_table([picture for _, picture in shown], kinds)
    seen, found = footage(frames), views_of(kinds)
    out = {"frames": frames, "views": views_table(seen, found), "view_errors": errors_table(seen, found)}
    out |= {"instances": people(kinds), "tracks": storage.empty("tracks")}
    for name, table in out.items():
        storage.write(table, folder / "tables" / f"{name}.parquet", name)
    return kinds


def frames_table(pictures, kinds):
    """Table frames, with the cuts that are really found."""
    detector, shot, rows = ShotDetector(), 0, []
    for number, (picture, kind) in enumerate(zip(pictures, kinds, strict=True)):
        cut, duplicate = detector.update(reduced(picture))
        shot += cut
        grass = 0.0 if kind in ("graphic", "transition") else 0.7
        rows.append((number, number / FPS, shot, duplicate, grass))
    table = pd.DataFrame(rows, columns=["frame", "time_s", "shot", "duplicate", "grass"])
    return table.assign(**{f"m{i}{j}": np.nan for i in (1, 2, 3) for j in (1, 2, 3)})


def views_of(kinds):
    """Views of the main camera and of the one behind the goal, each panning a little."""
    out = VideoViews.empty(len(kinds))
    for kind, place in (("main", MAIN), ("replay", BEHIND)):
        rows = np.flatnonzero(np.array(kinds) == kind)
        own = np.column_stack(
            [TURN[kind] + rows / 2000, np.full(len(rows), 0.3), np.full(len(rows), np.log(400.0))]
        )
        centre = (WIDTH / 2, HEIGHT / 2)
        true = image_from_pitch(np.column_stack([own, np.zeros(len(rows))]), place, centre)
        out.pitch_from_image[rows] = [orient(m, (WIDTH / 2, HEIGHT * 0.9)) for m in inverted(true)]
        out.spread[rows], out.error_m[rows], out.source[rows] = np.eye(8) * 1e-8, 0.2, "measured"
    return out


def people(kinds):
    """Five people in every picture of play, 20 px high, and one of 100 px in close-ups."""
    many = {"main": 5, "replay": 5, "close_up": 1}
    rows = [
        (frame, number, 60.0 + 40 * number, 30.0 if kind == "close_up" else 110.0)
        for frame, kind in enumerate(kinds)
        for number in range(many.get(kind, 0))
    ]
    table = pd.DataFrame(rows, columns=["frame", "instance", "x1_px", "y1_px"])
    table = table.assign(x2_px=table["x1_px"] + 8, y2_px=130.0)
    table = table.assign(foot_x_px=table["x1_px"] + 4, foot_y_px=130.0, area_px=100, kit_px=40)
    table = table.assign(time_s=table["frame"] / FPS, class_name="player", score=0.9, torso_spread=2.0)
    return table.assign(**{f"{part}_{c}": 50.0 for part in ("torso", "legs") for c in "lab"})


def runs_of(kinds):
    """Kinds in a row, each once."""
    return [kind for kind, _ in groupby(kinds)]
