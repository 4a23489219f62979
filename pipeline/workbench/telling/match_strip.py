"""The strip of the match: halves, shots, possession, phases and formations over time."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.report.page.formation_texts import over_time
from pipeline.report.page.match_halves import time_ticks
from pipeline.report.page.shot_texts import KINDS
from pipeline.report.style.texts import words
from pipeline.tables.play.phase_names import PHASE_TEXTS
from pipeline.workbench.served_run import ServedRun
from pipeline.workbench.telling.workbench_texts import said

_NO_VIEW_S = 1.0
"""A camera view that is missing for less is not worth a mark."""


def match_strip(run: ServedRun) -> dict[str, Any]:
    """Tell what the strip shows: lanes with spans, s, each with what to call it; and ticks of the clock.

    A span is ``[start, end, text, kind]``; ``kind`` picks its colour: a team's letter, a kind of shot.
    """
    lanes = {
        "halves": _halves(run),
        "shots": _shots(run),
        "views": without_view(run),
        "possession": _possession(run),
        "phases_a": _phases(run, "A"),
        "phases_b": _phases(run, "B"),
        "formations_a": _formations(run, "A"),
        "formations_b": _formations(run, "B"),
    }
    _, time_s = run.frames()
    ends = (float(time_s[0]), float(time_s[-1])) if len(time_s) else (0.0, 0.0)
    return {
        "lanes": {name: spans for name, spans in lanes.items() if spans},
        "ticks": time_ticks(run.stored.table("periods"), *ends, most=12),
        "shot_colours": {kind: colour for kind, (_, colour) in KINDS.items()},
    }


def _halves(run: ServedRun) -> list[list[Any]]:
    rows = run.stored.table("periods").to_dict("records")
    return [[r["start_s"], r["end_s"], words(f"parts.{min(int(r['period']), 5)}"), "half"] for r in rows]


def _shots(run: ServedRun) -> list[list[Any]]:
    shots = run.stored.table("shots").sort_values("shot")
    if len(shots) < 2:
        return []
    starts = shots["start_s"].tolist()
    ends = [*starts[1:], float(shots["end_s"].iloc[-1])]
    return [[s, e, KINDS[k][0], k] for s, e, k in zip(starts, ends, shots["kind"], strict=True)]


def without_view(run: ServedRun) -> list[list[Any]]:
    """List stretches of shots that feed positions in which the camera view is missing."""
    shots = run.stored.table("shots")
    if not run.stored.has("views") or shots.empty:
        return []
    views = run.stored.table("views", ["frame", "time_s", "source"]).sort_values("frame")
    frame, time_s = views["frame"].to_numpy(), views["time_s"].to_numpy(np.float64)
    missing = (views["source"] == "none").to_numpy(bool)
    counted = np.zeros(len(frame), bool)
    for first, last in shots.loc[shots["feeds_positions"], ["start_frame", "end_frame"]].to_numpy():
        counted |= (frame >= first) & (frame <= last)
    edges = np.flatnonzero(np.diff(np.r_[0, (missing & counted).astype(int), 0]))
    text = said("lane.no_view")
    spans = [(time_s[a], time_s[min(b, len(time_s) - 1)]) for a, b in edges.reshape(-1, 2)]
    return [[float(s), float(e), text, "none"] for s, e in spans if e - s >= _NO_VIEW_S]


def _possession(run: ServedRun) -> list[list[Any]]:
    rows = run.stored.table("possession").dropna(subset=["team"])
    names = {t: run.stored.team_name(t) for t in "AB"}
    return [[r["start_s"], r["end_s"], names[r["team"]], r["team"]] for r in rows.to_dict("records")]


def _phases(run: ServedRun, team: str) -> list[list[Any]]:
    phases = run.stored.table("phases", optional=True)
    rows = phases[phases["team"] == team].to_dict("records")
    return [[r["start_s"], r["end_s"], PHASE_TEXTS.get(r["phase"], r["phase"]), r["phase"]] for r in rows]


def _formations(run: ServedRun, team: str) -> list[list[Any]]:
    table = run.stored.table("formations", optional=True)
    windows = over_time(table[table["team"] == team])
    rows = windows if len(windows) else table[(table["team"] == team) & (table["phase"] == "all")]
    out: list[list[Any]] = []
    for r in rows.sort_values("start_s").to_dict("records"):
        if out and out[-1][2] == r["formation"] and r["start_s"] - out[-1][1] < 1.0:
            out[-1][1] = r["end_s"]
        else:
            out.append([r["start_s"], r["end_s"], r["formation"], team])
    return out
