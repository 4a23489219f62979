"""What a correction has changed: the answers before and after, told where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_PLAYER = ("distance_visible_m", "minutes_visible", "sprints")
_TEAM = ("formation", "nearest", "length_m", "width_m", "players_seen")
_AUDIT = ("teleports", "overlaps", "too_many_frames", "unknown_share")
_JUST_THERE = {"distance_visible_m": 1.0, "minutes_visible": 0.01, "length_m": 0.05, "width_m": 0.05}
"""Smaller changes than this are rounding."""


def what_changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Compare two answers of `telling.results`.

    Returns
    -------
    Rows with ``of`` (a person's number, a team's letter, or None for all), ``what``, ``before`` and
    ``after``; people first, by how far their distance changed.
    """
    people = [
        {"of": who, "team": None, **change}
        for who, one, other in _pairs(before, after, "players", "person")
        for change in _changes(one, other, _PLAYER)
    ]
    people.sort(key=lambda c: -abs((c["after"] or 0) - (c["before"] or 0)) * (c["what"] == _PLAYER[0]))
    teams = [
        {"of": None, "team": who, **change}
        for who, one, other in _pairs(before, after, "teams", "team")
        for change in _changes(one, other, _TEAM)
    ]
    audit = _changes(before.get("audit", {}), after.get("audit", {}), _AUDIT)
    return people + teams + [{"of": None, "team": None, **c} for c in audit]


def _pairs(
    before: Mapping[str, Any], after: Mapping[str, Any], table: str, key: str
) -> list[tuple[Any, dict[str, Any], dict[str, Any]]]:
    one, other = ({row[key]: row for row in told.get(table, [])} for told in (before, after))
    return [(who, one.get(who, {}), other.get(who, {})) for who in sorted({*one, *other})]


def _changes(
    one: Mapping[str, Any], other: Mapping[str, Any], names: tuple[str, ...]
) -> list[dict[str, Any]]:
    out = []
    for name in names:
        was, now = one.get(name), other.get(name)
        if was == now or _rounding(was, now, _JUST_THERE.get(name, 0.0)):
            continue
        out.append({"what": name, "before": was, "after": now})
    return out


def _rounding(was: Any, now: Any, most: float) -> bool:
    return isinstance(was, int | float) and isinstance(now, int | float) and abs(now - was) < most
