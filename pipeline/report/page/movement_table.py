"""The table of players' movement as the page shows it: texts, and what columns sort by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.metrics.movement.match_parts import divisions
from pipeline.metrics.summary import stays
from pipeline.report.page.person_names import names
from pipeline.report.run_data import RunData
from pipeline.report.style.colours import to_hex
from pipeline.report.style.wording import DASH, clock, metres, number, share

BANDS = (
    ("0_7", "0–7", "#dfe6e1"),
    ("7_15", "7–15", "#b4cdbf"),
    ("15_20", "15–20", "#6fa98a"),
    ("20_25", "20–25", "#e0a43a"),
    ("25_plus", "25+", "#c4502e"),
)
"""Speed bands: in column names, in km/h as people write them, colour."""
MOST_ROWS = 60
_NO_TEAM = "#aaaaaa"


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell: what is read, and what it sorts by."""

    text: str
    sort: float | str


@dataclass(frozen=True, slots=True)
class Band:
    """One speed band of a player: km/h, metres, share of the width in per cent, colour."""

    kmh: str
    metres: str
    percent: float
    colour: str


def movement_rows(run: RunData) -> list[dict[str, Any]]:
    """One entry for each player track, those seen longest; at most `MOST_ROWS`.

    Where line-ups are known, tracks without a name are left out.
    """
    scores = run.identities.set_index("track_id")["team_score"].to_dict()
    known = set(run.who.dropna(subset=["jersey"])["track_id"])
    table = run.movement[run.movement["track_id"].isin(known)] if known else run.movement
    table = table.sort_values("minutes_visible", ascending=False).head(MOST_ROWS)
    table = table.sort_values(["team", "minutes_visible"], ascending=[True, False])
    called, minutes = names(run), minutes_on_pitch(run)
    return [
        _row(run, row, called.get(row["track_id"]), scores.get(row["track_id"]))
        | {"on_pitch": _cell(*_on_pitch(minutes.get(row["track_id"])))}
        for row in table.to_dict("records")
    ]


def minutes_on_pitch(run: RunData) -> dict[int, float]:
    """Minutes that each track was on the pitch, where line-ups or all-seeing cameras tell."""
    play = divisions(0.0, run.end_s, run.periods, None)[0]
    return {track: float(play.seconds(None, stay).sum()) / 60 for track, stay in stays(run.who).items()}


def _on_pitch(minutes: float | None) -> tuple[str, float | None]:
    return (DASH, None) if minutes is None else (f"{minutes:.0f}′", minutes)


def _row(run: RunData, row: Mapping[Any, Any], name: str | None, score: float | None) -> dict[str, Any]:
    team = row["team"] if isinstance(row["team"], str) else None
    top_kmh = float(row["psv99_mps"]) * 3.6
    bands = _bands(row)
    return {
        "colour": to_hex(run.colours.team(team).page) if team else _NO_TEAM,
        "track": Cell(name or str(row["track_id"]), int(row["track_id"])),
        "team": Cell(team or "?", team or "?"),
        "role": Cell(str(row["role"]), str(row["role"])),
        "score": _cell(share(score), score),
        "visible": _cell(_minutes(row["minutes_visible"]), row["minutes_visible"]),
        "coverage": _cell(share(row["coverage"]), row["coverage"]),
        "observed": _cell(share(row["observed_share"]), row["observed_share"]),
        "distance": _cell(metres(row["distance_visible_m"]), row["distance_visible_m"]),
        "error": f"± {metres(row['distance_error_m'])}",
        "pace": _cell(number(row["m_per_visible_min"]), row["m_per_visible_min"]),
        "top": _cell(number(top_kmh, 1), top_kmh),
        "bands": bands,
        "fast": float(row["band_20_25_m"]) + float(row["band_25_plus_m"]),
        "sprints": _cell(number(row["sprints"]), row["sprints"]),
        "accelerations": _cell(number(row["accelerations"]), row["accelerations"]),
    }


def _bands(row: Mapping[Any, Any]) -> list[Band]:
    run_m = [float(row[f"band_{name}_m"]) for name, *_ in BANDS]
    total = max(sum(run_m), 1e-9)
    return [
        Band(kmh, metres(m), round(100 * m / total, 2), colour)
        for m, (_, kmh, colour) in zip(run_m, BANDS, strict=True)
    ]


def _cell(text: str, value: float | None) -> Cell:
    """A cell that sorts by a number; what is not known sorts as 0."""
    return Cell(text, float(value) if value is not None and np.isfinite(value) else 0.0)


def _minutes(minutes: float) -> str:
    return clock(60 * minutes) if minutes >= 1 else f"{60 * minutes:.1f}\u00a0s"
