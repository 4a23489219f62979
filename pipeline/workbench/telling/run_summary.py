"""What a run is: footage, teams, colours, pitch, and what of it can be shown."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.core.types import LABEL_NAMES
from pipeline.report.style.colours import ink_on, to_hex
from pipeline.workbench.served_run import ServedRun


def run_summary(run: ServedRun) -> dict[str, Any]:
    """Tell what the browser needs to begin: sizes, times, colours, pitch lines, tables that there are."""
    stored = run.stored
    frame, time_s = run.frames()
    video = stored.record.get("video", {})
    return {
        "key": run.key,
        "name": run.name,
        "kind": stored.kind,
        "tracked": stored.tracked,
        "source": str(stored.record.get("source", "")),
        "width": video.get("width_px"),
        "height": video.get("height_px"),
        "n_frames": len(frame),
        "start_s": float(time_s[0]) if len(time_s) else 0.0,
        "end_s": _end_s(time_s),
        "teams": {t: _team(run, t) for t in ("A", "B")},
        "colours": [to_hex(c) for c in run.colours().by_label()],
        "inks": [to_hex(ink_on(c)) for c in run.colours().by_label()],
        "labels": list(LABEL_NAMES),
        "pitch": _pitch(run),
        "has": {n: stored.has(n) for n in ("segments", "tracks", "views", "positions", "links", "movement")},
    }


def _end_s(time_s: np.ndarray) -> float:
    if len(time_s) < 2:
        return float(time_s[-1]) if len(time_s) else 0.0
    return float(time_s[-1] + np.median(np.diff(time_s)))


def _team(run: ServedRun, letter: str) -> dict[str, Any]:
    colour = run.colours().team(letter)
    return {
        "name": run.stored.team_name(letter),
        "video": to_hex(colour.video),
        "page": to_hex(colour.page),
        "ink": to_hex(ink_on(colour.page)),
    }


def _pitch(run: ServedRun) -> dict[str, Any]:
    pitch = run.stored.pitch
    return {
        "length_m": pitch.length_m,
        "width_m": pitch.width_m,
        "players": pitch.players,
        "lines": [np.round(line, 2).tolist() for line in pitch.lines_m(0.5)],
        "spots": np.round(np.asarray(pitch.spots_m()), 2).tolist(),
    }
