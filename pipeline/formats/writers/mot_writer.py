"""MOTChallenge text: ``mot.txt`` with people, ``ball.txt`` with the ball, ``seqinfo.ini``.

A line is ``frame,id,left,top,width,height,conf,-1,-1,-1``; frames count from 1, pixels from 0.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipeline.formats.writers.export_result import Written
from pipeline.runs.image_tracks import BOX, RunBoxes

if TYPE_CHECKING:
    import pandas as pd


def write(run: RunBoxes, out: Path) -> Written:
    """Write the run to the folder ``out``; a frame's number is that of the footage, plus 1."""
    ball = run.boxes["role"] == "ball"
    (out / "mot.txt").write_text(lines(run.boxes[~ball]), encoding="ascii")
    (out / "ball.txt").write_text(lines(run.boxes[ball]), encoding="ascii")
    last = int(run.frames["frame"].max()) + 1 if len(run.frames) else 0
    settings = {
        "name": run.root.resolve().name,
        "imDir": "img1",
        "frameRate": max(1, round(run.fps)),
        "seqLength": last,
        "imWidth": run.width_px,
        "imHeight": run.height_px,
        "imExt": ".jpg",
    }
    text = "[Sequence]\n" + "".join(f"{key}={value}\n" for key, value in settings.items())
    (out / "seqinfo.ini").write_text(text, encoding="utf-8")
    notes = ["the ball is in ball.txt, as the format has one class", "teams, roles and metres are left out"]
    if last > len(run.frames):
        notes.append(f"{last - len(run.frames)} frames of the footage were not processed and have no line")
    return Written(len(run.frames), tuple(notes))


def lines(boxes: pd.DataFrame) -> str:
    """Write boxes as text: columns ``frame, track_id, score`` and `BOX`."""
    left, top, right, bottom = boxes[list(BOX)].to_numpy(np.float64).T
    columns = (boxes["frame"], boxes["track_id"], left, top, right - left, bottom - top, boxes["score"])
    rows = zip(*(np.asarray(c).tolist() for c in columns), strict=True)
    return "".join(
        f"{frame + 1},{track},{x:.2f},{y:.2f},{w:.2f},{h:.2f},{score:.4f},-1,-1,-1\n"
        for frame, track, x, y, w, h, score in rows
    )
