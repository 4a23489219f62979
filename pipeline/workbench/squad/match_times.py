"""When the halves are, as said in the workbench; applied in the background."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.core.config import PeriodSettings
from pipeline.core.errors import CorrectionsError
from pipeline.linking.by_hand.moments import clock, seconds_of
from pipeline.runs.stored_run import StoredRun
from pipeline.workbench.editing.noted_settings import note

NAMES = {"kick_off_s": "kick_off", "half_time_s": "half_time", "second_half_s": "second_half"}


def told_times(run: StoredRun) -> dict[str, Any]:
    """Tell what was given, and the halves that the run has."""
    given = run.config.periods.model_dump()
    halves = run.table("periods").sort_values("start_s")
    return {
        "given": {short: "" if given[n] is None else clock(given[n]) for n, short in NAMES.items()},
        "halves": [
            {"period": int(p), "from": clock(float(a)), "to": clock(float(b))}
            for p, a, b in zip(halves["period"], halves["start_s"], halves["end_s"], strict=True)
        ],
    }


def note_times(root: Path, said: Mapping[str, Any], run: StoredRun) -> bool:
    """Note ``{kick_off, half_time, second_half}``, each as typed, empty to look for it; False if as it is.

    Raises
    ------
    CorrectionsError
        If one is no time, or they do not follow each other.
    """
    given: dict[str, float | None] = {}
    for name, short in NAMES.items():
        text = str(said.get(short) or "").strip()
        try:
            plain = text.replace(".", "", 1).isdigit()
            given[name] = None if not text else seconds_of(float(text) if plain else text)
        except ValueError as error:
            raise CorrectionsError([f"{short.replace('_', ' ')}: {error}"]) from None
    try:
        wanted = PeriodSettings.model_validate(given)
    except ValidationError as error:
        raise CorrectionsError([str(error.errors()[0].get("ctx", {}).get("error", error))]) from None
    if wanted == run.config.periods:
        return False
    note(root, "periods", wanted.model_dump())
    return True
