"""SoccerNet game-state reconstruction: ``Labels-GameState.json``, and ``predictions.json`` for its evaluator.

Boxes in px, and where they stand in metres from the centre spot with **y down**, towards the main camera
(ours is up). A team is called by the side that it defends: left or right.
Format: github.com/SoccerNet/sn-gamestate.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import RunError
from pipeline.core.geometry import to_pitch
from pipeline.formats.writers.export_result import Written
from pipeline.runs.image_tracks import BOX, RunBoxes
from pipeline.runs.pitch_tracks import known_periods
from pipeline.tables import storage
from pipeline.tables.cameras.view_lenses import view_lenses
from pipeline.tables.schemas import VIEW_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

FILE = "Labels-GameState.json"
PREDICTIONS = "predictions.json"
"""The same boxes, those with a place on the pitch, under the key that the task's evaluator reads."""
CATEGORIES = {"player": 1, "goalkeeper": 2, "referee": 3, "ball": 4, "other": 7}
_CORNERS = ("left", "right", "middle")


def write(run: RunBoxes, out: Path) -> Written:
    """Write the run to the folder ``out``.

    Raises
    ------
    RunError
        If no picture has a camera view.
    """
    if (run.stored.table("views", ["source"])["source"] == "none").all():
        raise RunError(
            f"{run.root}: no camera view was found, and GSR needs metres; "
            "--format mot, mots, coco and csv hold pixels"
        )
    positions = run.stored.table("positions", ["frame", "instance", "x_m", "y_m"])
    boxes = run.boxes.merge(positions.dropna(subset=["instance"]), "left", ["frame", "instance"])
    known = boxes[boxes["role"].isin(list(CATEGORIES))]
    sides = _sides(run, known)
    notes = ["positions that were interpolated have no box and are left out"]
    if unplaced := _write_files(run, out, known, sides):
        notes.append(f"{unplaced} boxes without a place on the pitch are left out of {PREDICTIONS}")
    if unclear := len(boxes) - len(known):
        notes.append(f"{unclear} boxes of people whose role is unclear are left out")
    players = known["role"].isin(["player", "goalkeeper"])
    if n := sum(side is None for side in sides[players]):
        notes.append(f"{n} boxes of players have team null: their team or its side is unclear")
    return Written(len(run.frames), tuple(notes))


def _write_files(run: RunBoxes, out: Path, known: pd.DataFrame, sides: NDArray[np.object_]) -> int:
    """Write both files, a box at a time; gives the number of boxes without a place on the pitch."""
    unplaced = 0
    with (
        (out / FILE).open("w", encoding="utf-8") as labels,
        (out / PREDICTIONS).open("w", encoding="utf-8") as predictions,
    ):
        labels.write('{"info": ' + json.dumps(_info(run, known)) + ',\n"images": ')
        labels.write(json.dumps([_image(run, f) for f in run.frames["frame"].tolist()]))
        labels.write(',\n"annotations": [')
        predictions.write('{"predictions": [')
        for i, annotation in enumerate(_annotations(run, known, sides)):
            text = json.dumps(annotation)
            labels.write((",\n" if i else "\n") + text)
            if annotation["bbox_pitch"] is None:
                unplaced += 1
            else:
                predictions.write((",\n" if i > unplaced else "\n") + text)
        kinds = [{"supercategory": "object", "id": n, "name": name} for name, n in CATEGORIES.items()]
        labels.write('\n],\n"categories": ' + json.dumps(kinds) + "}\n")
        predictions.write("\n]}\n")
    return unplaced


def _info(run: RunBoxes, boxes: pd.DataFrame) -> dict[str, Any]:
    return {
        "version": "1.3",
        "name": run.root.resolve().name,
        "im_dir": "img1",
        "im_ext": ".jpg",
        "frame_rate": max(1, round(run.fps)),
        "seq_length": len(run.frames),
        "num_tracklets": int(boxes["track_id"].nunique()),
    }


def _image_id(frame: int) -> str:
    return f"1000{frame + 1:06d}"


def _image(run: RunBoxes, frame: int) -> dict[str, Any]:
    return {
        "is_labeled": True,
        "image_id": _image_id(frame),
        "file_name": f"{frame + 1:06d}.jpg",
        "height": run.height_px,
        "width": run.width_px,
        "has_labeled_person": True,
        "has_labeled_pitch": False,
        "has_labeled_camera": False,
        "ignore_regions_y": [],
        "ignore_regions_x": [],
    }


def _sides(run: RunBoxes, boxes: pd.DataFrame) -> NDArray[np.object_]:
    """Side that each box's team defends, "left" or "right"; None without a team or where unclear."""
    times = run.frames["time_s"].to_numpy(float)
    time_s = times[np.searchsorted(run.frames["frame"], boxes["frame"])]
    out = np.full(len(boxes), None, dtype=object)
    team = boxes["team"].to_numpy(object)
    periods = known_periods(run.stored, run.frames)
    bounds = periods[["start_s", "end_s"]].to_numpy(float).tolist()
    for attack, (start_s, end_s) in zip(periods["attack_a"], bounds, strict=True):
        inside = (time_s >= start_s) & (time_s < end_s)
        if attack in ("left_to_right", "right_to_left"):
            home, away = ("left", "right") if attack == "left_to_right" else ("right", "left")
            out[inside & (team == "A")], out[inside & (team == "B")] = home, away
    return out


def _annotations(run: RunBoxes, boxes: pd.DataFrame, sides: NDArray[np.object_]) -> Iterator[dict[str, Any]]:
    people = run.stored.table("people").dropna(subset=["jersey"])
    shirts = dict(zip(people["track_id"].tolist(), people["jersey"].tolist(), strict=True))
    feet = _ground(run, boxes)
    names = ("frame", "track_id", "role", *BOX)
    for i, row in enumerate(boxes[list(names)].itertuples(index=False, name=None)):
        frame, track, role, left, top, right, bottom = row
        shirt = shirts.get(track)
        yield {
            "id": f"{_image_id(frame)}{track:04d}",
            "image_id": _image_id(frame),
            "track_id": track,
            "supercategory": "object",
            "category_id": CATEGORIES[role],
            "attributes": {"role": role, "jersey": None if shirt is None else str(shirt), "team": sides[i]},
            "bbox_image": {
                "x": round(left, 2),
                "y": round(top, 2),
                "x_center": round((left + right) / 2, 2),
                "y_center": round((top + bottom) / 2, 2),
                "w": round(right - left, 2),
                "h": round(bottom - top, 2),
            },
            "bbox_pitch": _pitch_box(feet[i]),
        }


def _pitch_box(feet_m: NDArray[np.float64]) -> dict[str, float] | None:
    """Left, right and middle of a box's lower edge ``(3, 2)`` on the pitch; None where one is unknown."""
    if np.isnan(feet_m).any():
        return None
    out: dict[str, float] = {}
    for name, (x_m, y_m) in zip(_CORNERS, feet_m.tolist(), strict=True):
        out |= {f"x_bottom_{name}": round(x_m, 3), f"y_bottom_{name}": round(-y_m, 3)}
    return out


def _ground(run: RunBoxes, boxes: pd.DataFrame) -> NDArray[np.float64]:
    """Where a box's lower left, lower right and the run's own position lie, ``(N, 3, 2)`` m; NaN without."""
    views = run.stored.table("views")
    matrices = zip(storage.matrices(views, VIEW_COLUMNS), view_lenses(views), strict=True)
    to_metres = dict(zip(views["frame"].tolist(), matrices, strict=True))
    out = np.full((len(boxes), 3, 2), np.nan)
    out[:, 2] = boxes[["x_m", "y_m"]].to_numpy(np.float64)
    lower = boxes[["x1_px", "y2_px", "x2_px", "y2_px"]].to_numpy(np.float64).reshape(-1, 2, 2)
    frame = boxes["frame"].to_numpy()
    for number in np.unique(frame).tolist():
        view = to_metres.get(number)
        if view is not None and not np.isnan(view[0]).any():
            own = frame == number
            out[own, :2] = to_pitch(lower[own].reshape(-1, 2), *view).reshape(-1, 2, 2)
    return out
