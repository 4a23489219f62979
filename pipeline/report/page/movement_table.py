"""The table of players' movement as the page shows it: texts, and what columns sort by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.metrics.movement.match_parts import divisions
from pipeline.metrics.summary import stays
from pipeline.report.page.person_names import listed, names
from pipeline.report.run_data import RunData
from pipeline.report.style.colours import to_hex
from pipeline.report.style.wording import DASH, clock, metres, number, share
from pipeline.tables.metric_columns import MetricColumn, metric_columns
from pipeline.tables.names import label_of
from pipeline.tables.speed_bands import SpeedBand, bands_among

_SLOW, _MIDDLE, _QUICK = "#dfe6e1", "#6fa98a", "#c4502e"
_FIVE = ("#dfe6e1", "#b4cdbf", "#6fa98a", "#e0a43a", "#c4502e")
MOST_ROWS = 60
_NO_TEAM = "#aaaaaa"


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell: what is read, and what it sorts by."""

    text: str
    sort: float | str


@dataclass(frozen=True, slots=True)
class ShownBand:
    """A speed band: its column, km/h, and the colour that stands for it."""

    column: str
    kmh: str
    colour: str


@dataclass(frozen=True, slots=True)
class Band:
    """One speed band of a player: km/h, metres, share of the width in per cent, colour."""

    kmh: str
    metres: str
    percent: float
    colour: str


def movement_rows(run: RunData) -> list[dict[str, Any]]:
    """One entry for each player, or track where nobody was linked, those seen longest; at most `MOST_ROWS`.

    Where line-ups are known, tracks without a name are left out.
    """
    scores = run.identities.set_index("track_id")["team_score"].to_dict()
    known = listed(run)
    table = run.movement[run.movement["track_id"].isin(known)] if known else run.movement
    table = table.sort_values("minutes_visible", ascending=False).head(MOST_ROWS)
    table = table.sort_values(["team", "minutes_visible"], ascending=[True, False])
    called, minutes = names(run), minutes_on_pitch(run)
    return [
        _row(run, row, label_of(called, int(row["track_id"])), scores.get(row["track_id"]))
        | {"on_pitch": _cell(*_on_pitch(minutes.get(row["track_id"])))}
        for row in table.to_dict("records")
    ]


def minutes_on_pitch(run: RunData) -> dict[int, float]:
    """Minutes that each track was on the pitch, where line-ups or all-seeing cameras tell."""
    play = divisions(0.0, run.end_s, run.periods, None)[0]
    return {track: float(play.seconds(None, stay).sum()) / 60 for track, stay in stays(run.who).items()}


def _on_pitch(minutes: float | None) -> tuple[str, float | None]:
    return (DASH, None) if minutes is None else (f"{minutes:.0f}′", minutes)


def shown_bands(columns: Iterable[Any]) -> list[ShownBand]:
    """List the speed bands that a table has columns of: km/h as people write them, and a colour each."""
    bands = bands_among(columns)
    if len(bands) == len(_FIVE):
        inks: Sequence[str] = _FIVE
    else:
        from plotly.colors import sample_colorscale

        inks = sample_colorscale([_SLOW, _MIDDLE, _QUICK], max(len(bands), 2))
    return [ShownBand(b.column, b.label, ink) for b, ink in zip(bands, inks, strict=False)]


def fast_from_kmh(columns: Iterable[Any]) -> float:
    """Where the two fastest bands begin (of two, the faster), km/h: what the table calls fast."""
    return _fast(columns)[0].from_kmh


def fast_m(row: Mapping[Any, Any]) -> float:
    """Metres of a row of table ``movement`` above `fast_from_kmh`."""
    return sum(float(row[b.column]) for b in _fast(row))


def _fast(columns: Iterable[Any]) -> tuple[SpeedBand, ...]:
    bands = bands_among(columns)
    return bands[-2:] if len(bands) > 2 else bands[-1:]


def _row(run: RunData, row: Mapping[Any, Any], name: str, score: float | None) -> dict[str, Any]:
    team = row["team"] if isinstance(row["team"], str) else None
    top_kmh = float(row["psv99_mps"]) * 3.6
    bands = _bands(row)
    return {
        "colour": to_hex(run.colours.team(team).page) if team else _NO_TEAM,
        "track": Cell(name, int(row["track_id"])),
        "team": Cell(team or "?", team or "?"),
        "role": Cell(str(row["role"]), str(row["role"])),
        "score": _cell(share(score), score),
        "visible": _cell(_minutes(row["minutes_visible"]), row["minutes_visible"]),
        "coverage": _cell(share(row["coverage"]), row["coverage"]),
        "observed": _cell(share(row["observed_share"]), row["observed_share"]),
        "distance": _cell(metres(row["distance_visible_m"]), row["distance_visible_m"]),
        "error": with_error(row),
        "pace": _cell(number(row["m_per_visible_min"]), row["m_per_visible_min"]),
        "top": _cell(number(top_kmh, 1), top_kmh),
        "bands": bands,
        "fast": fast_m(row),
        "sprints": _cell(number(row["sprints"]), row["sprints"]),
        "accelerations": _cell(number(row["accelerations"]), row["accelerations"]),
        "added": [_cell(number(row[m.column.name], m.digits), row[m.column.name]) for m in added(row)],
    }


def with_error(row: Mapping[Any, Any]) -> str:
    """Write the error of a distance with as many digits as the distance has."""
    return f"± {number(row['distance_error_m'], 1 if row['distance_visible_m'] < 100 else 0)}"


def added(columns: Iterable[Any]) -> list[MetricColumn]:
    """List the columns of other packages that a table has."""
    there = set(columns)
    return [m for m in metric_columns() if m.column.name in there]


def _bands(row: Mapping[Any, Any]) -> list[Band]:
    bands = shown_bands(row)
    total = max(sum(float(row[b.column]) for b in bands), 1e-9)
    return [
        Band(b.kmh, metres(row[b.column]), round(100 * float(row[b.column]) / total, 2), b.colour)
        for b in bands
    ]


def _cell(text: str, value: float | None) -> Cell:
    """A cell that sorts by a number; what is not known sorts as 0."""
    return Cell(text, float(value) if value is not None and np.isfinite(value) else 0.0)


def _minutes(minutes: float) -> str:
    return clock(60 * minutes) if minutes >= 1 else f"{60 * minutes:.1f}\u00a0s"
