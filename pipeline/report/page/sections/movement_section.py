"""Players: a table to sort and search, a card for each; thresholds are quoted from the run's settings."""

from __future__ import annotations

from typing import Any

from pipeline.core.config import MeasureSettings
from pipeline.metrics.movement import pace
from pipeline.report.page import movement_table
from pipeline.report.page.section import PageData, Section
from pipeline.report.style.html_assets import asset
from pipeline.report.style.texts import words
from pipeline.report.style.wording import number
from pipeline.tables.movement_schemas import acceleration_text, psv_text, sprint_text


def _facts(data: PageData) -> dict[str, Any]:
    run = data.run
    rows, total = movement_table.movement_rows(run), len(run.movement)
    return {
        "movement": rows,
        "carded": {card["track"] for card in data.charts.cards},
        "first_seen": {card["track"]: card["first_s"] for card in data.charts.cards},
        "each": "person" if len(run.who) else "track",
        "movement_hidden": number(total - len(rows)) if total > len(rows) else "",
        "bands": movement_table.shown_bands(run.movement.columns),
        "added": movement_table.added(run.movement.columns),
        "how_to_read": _how_to_read(data),
        "texts": _texts(run.config.measure) | {"fast_kmh": _fast_kmh(data)},
    }


def _how_to_read(data: PageData) -> list[str]:
    """Say beside the numbers what pace and accelerations are of, as sentences."""
    table = data.run.movement
    own = table[table["role"] == "player"]
    coverage, minutes = (own[n].to_numpy(float) for n in ("coverage", "minutes_visible"))
    of = pace.basis(coverage, minutes, data.run.duration_s / 60)
    return [f"{said}." for said in (pace.note(of), pace.efforts_note(of).capitalize()) if said]


def _texts(settings: MeasureSettings) -> dict[str, str]:
    return {
        "psv": psv_text(settings),
        "sprint": sprint_text(settings),
        "acceleration": acceleration_text(settings, square="²"),
    }


def _fast_kmh(data: PageData) -> str:
    return f"{movement_table.fast_from_kmh(data.run.movement.columns):g}"


MOVEMENT = Section(
    "movement",
    words("players.title"),
    asset("sections/movement.html") + asset("sections/cards.html"),
    _facts,
    reads=("movement", "identities", "people", "roles", "possession"),
)
