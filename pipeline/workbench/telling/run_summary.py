"""What a run is: footage, teams, colours, pitch, and what of it can be shown."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.core.types import LABEL_NAMES
from pipeline.report.drawing.page_theme import dark_pair
from pipeline.report.style.colours import ink_on, lighter, to_hex
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
        "colours": _colours(run),
        "labels": list(LABEL_NAMES),
        "pitch": _pitch(run),
        "has": {n: stored.has(n) for n in ("segments", "tracks", "views", "positions", "links", "movement")},
    }


def _end_s(time_s: np.ndarray) -> float:
    if len(time_s) < 2:
        return float(time_s[-1]) if len(time_s) else 0.0
    return float(time_s[-1] + np.median(np.diff(time_s)))


def _team(run: ServedRun, letter: str) -> dict[str, Any]:
    return {"name": run.stored.team_name(letter)}


def _colours(run: ServedRun) -> dict[str, dict[str, list[str]]]:
    """Give a colour and an ink that reads on it for each value of a label map.

    ``video`` is for the footage, ``light`` and ``dark`` for the page in either scheme: nobody is lost on it.
    """
    known = run.colours()
    pairs = {"light": (known.a.page, known.b.page), "dark": dark_pair(known)}
    made = {"video": known.by_label()} | {
        scheme: (known.by_label()[0], a, b, lighter(a), lighter(b), *known.by_label()[5:])
        for scheme, (a, b) in pairs.items()
    }
    return {
        scheme: {"fill": [to_hex(c) for c in fills], "ink": [to_hex(ink_on(c)) for c in fills]}
        for scheme, fills in made.items()
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
