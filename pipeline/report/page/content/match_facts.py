"""Which match this was, where the run knows: score, date, place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.report.run_data import RunData


def match_facts(run: RunData) -> list[str]:
    """List what the data say about the match, in words; empty where they say nothing."""
    found: Mapping[str, Any] = run.record.get("match") or {}
    return [str(value) for value in found.values() if value]
