"""What the input said of the match itself: date, competition, venue, score, kits. In ``run.json``, per run.

``run.json`` has it under ``tracking.match``. Keys that the input did not give are absent: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypedDict, cast

_COLOUR = re.compile(r"^#[0-9a-fA-F]{6}$")


class MatchSheet(TypedDict, total=False):
    """``date`` ISO 8601 (UTC where the input says so); ``competition``, ``round``, ``venue`` names;
    ``score`` ``[A, B]``; ``kits`` by team letter, ``#rrggbb``.
    """

    date: str
    competition: str
    round: str
    venue: str
    score: list[int]
    kits: dict[str, str]


def match_sheet(record: Mapping[str, Any]) -> MatchSheet:
    """Read the match sheet out of a run's record (``run.json``); empty where there is none.

    Parameters
    ----------
    record
        `StoredRun.record`, or what ``run.json`` holds.
    """
    return cast("MatchSheet", dict((record.get("tracking") or {}).get("match") or {}))


def made_sheet(**said: Any) -> MatchSheet:
    """Make a sheet of what an input said; None and empty values are left out, and so are odd colours."""
    kits = {t: str(c).lower() for t, c in (said.pop("kits", None) or {}).items() if _COLOUR.match(str(c))}
    score = said.pop("score", None)
    out: dict[str, Any] = {k: str(v) for k, v in said.items() if v not in (None, "")}
    if score is not None and all(isinstance(s, int) and not isinstance(s, bool) for s in score):
        out["score"] = [int(s) for s in score]
    return cast("MatchSheet", out | ({"kits": kits} if kits else {}))


def headline(sheet: MatchSheet, team_a: str, team_b: str) -> str:
    """Write ``FC Bayern 4–0 Dortmund, 2019-11-09, Allianz Arena``; empty where nothing is known."""
    if not sheet:
        return ""
    score = "–".join(str(s) for s in sheet["score"]) if "score" in sheet else "and"
    date = sheet["date"][:10] if "date" in sheet else ""
    parts = [f"{team_a} {score} {team_b}", date, sheet.get("competition", ""), sheet.get("round", "")]
    return ", ".join(p for p in (*parts, sheet.get("venue", "")) if p)
