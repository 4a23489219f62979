"""The page's part on camera shots: how many of each kind, a strip over time, and a list of short footage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.report.run_data import RunData
from pipeline.report.style.wording import DASH, clock, duration, many, number, share

if TYPE_CHECKING:
    import pandas as pd

KINDS = {
    "main": ("main camera", "#2f7d4f"),
    "other": ("another camera", "#4f7cac"),
    "close_up": ("close-up", "#c98f4b"),
    "replay": ("replay", "#9a5ba5"),
    "graphic": ("graphic", "#3f4a52"),
    "no_pitch": ("no pitch", "#a9b3b8"),
    "transition": ("wipe", "#5f6b72"),
    "unclear": ("unclear", "#d9dedb"),
}
"""Each kind of table ``shots`` in words, and its colour in the strip."""

_LISTED = 40


def n_shots(frames: pd.DataFrame, shots: pd.DataFrame) -> int:
    """Count the shots; the pieces of a wipe are none."""
    return int(frames["shot"].nunique()) - int((shots["kind"] == "transition").sum())


def strip(run: RunData) -> list[dict[str, Any]]:
    """Each shot on a line of time: where it begins and how long it lasts in %, colour, words."""
    if not len(run.shots):
        return []
    start, end = float(run.shots["start_s"].min()), run.end_s
    cells = []
    for shot in _with_seconds(run).to_dict("records"):
        called, colour = KINDS[shot["kind"]]
        about = f"{clock(shot['start_s'])} {called}, {duration(shot['seconds'])}"
        cells.append(
            {
                "left": round(100 * (shot["start_s"] - start) / max(end - start, 1e-9), 3),
                "width": round(100 * shot["seconds"] / max(end - start, 1e-9), 3),
                "colour": colour,
                "start_s": round(float(shot["start_s"]), 2),
                "about": about if shot["feeds_positions"] else f"{about}, without positions",
            }
        )
    return cells


def kind_rows(run: RunData) -> list[dict[str, str]]:
    """Each kind that occurs: colour, how many shots, how long, with a camera view, with positions."""
    shots = _with_seconds(run)
    out = []
    for kind, (called, colour) in KINDS.items():
        own = shots[shots["kind"] == kind]
        if not len(own):
            continue
        seconds = float(own["seconds"].sum())
        viewed, fed = (float((own["seconds"] * own[n]).sum()) for n in ("view_share", "feeds_positions"))
        out.append(
            {
                "kind": called,
                "colour": colour,
                "shots": number(len(own)),
                "time": duration(seconds),
                "viewed": share(viewed / max(seconds, 1e-9)),
                "fed": share(fed / max(seconds, 1e-9)),
            }
        )
    return out


def shot_rows(run: RunData) -> list[dict[str, Any]]:
    """List the shots one by one, wipes left out; nothing where there are too many for a page."""
    shots = _with_seconds(run)
    shots = shots[shots["kind"] != "transition"]
    if not 1 < len(shots) <= _LISTED:
        return []
    return [
        {
            "time": f"{clock(shot['start_s'])}, {duration(shot['seconds'])}",
            "start": shot["start"],
            "start_s": float(shot["start_s"]),
            "kind": KINDS[shot["kind"]][0],
            "colour": KINDS[shot["kind"]][1],
            "score": share(shot["score"]) if np.isfinite(shot["score"]) else DASH,
            "signs": shot["signs"] if isinstance(shot["signs"], str) else DASH,
            "view": share(shot["view_share"]),
            "fed": "yes" if shot["feeds_positions"] else "no",
        }
        for shot in shots.to_dict("records")
    ]


def shot_notes(run: RunData) -> Iterator[str]:
    """Say which shots are left out of all measures, and which counted that might be replays."""
    shots = _with_seconds(run)
    replays = shots[shots["kind"] == "replay"]
    if len(replays):
        yield (
            f"{_shots(replays)} of replays: nobody in them gets a position, so nothing counts twice in "
            "movement, formations, heatmaps and possession."
        )
    other = shots[(shots["kind"] != "replay") & ~shots["feeds_positions"] & (shots["view_share"] > 0)]
    if len(other):
        yield f"{_shots(other)} with too few or too rough camera views: left out of all positions."
    counted = shots[(shots["kind"] != "main") & shots["feeds_positions"]]
    if len(counted):
        yield (
            f"{_shots(counted)} of other cameras than the main one count too. A replay that gives no sign of "
            "itself (the same wipe before and after, a missing score graphic, repeated frames) would be "
            "among them."
        )


def _shots(shots: pd.DataFrame) -> str:
    return f"{many(len(shots), 'shot')} ({duration(float(shots['seconds'].sum()))})"


def _with_seconds(run: RunData) -> pd.DataFrame:
    """The table with ``seconds``: from a shot's first frame to that of the next."""
    ends = np.append(run.shots["start_s"].to_numpy(float)[1:], run.end_s)[: len(run.shots)]
    return run.shots.assign(seconds=ends - run.shots["start_s"].to_numpy(float))
