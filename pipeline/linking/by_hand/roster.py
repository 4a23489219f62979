"""The roster (``roster.yaml``): who wears which number, by name, place and minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.core.errors import CorrectionsError
from pipeline.core.text.said import read_said, seconds_of, text_of

if TYPE_CHECKING:
    import pandas as pd

_KEYS = ("team", "number", "name", "position", "on", "off")
_AS_READ = {True: "on", False: "off"}
"""YAML takes the bare words on and off for true and false."""
MAX_NUMBER = 99
HALF_S = 2700.0
"""What the match clock shows when the second half begins, s."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A player of the roster; times None where not given: s of the footage, or of the match clock."""

    team: str
    number: int
    name: str | None = None
    position: str | None = None
    on_s: float | None = None
    off_s: float | None = None
    on_clock_s: float | None = None
    off_clock_s: float | None = None


Roster = Mapping[tuple[str, int], Listed]
"""By team and number."""


def read_roster(path: Path) -> Roster:
    """Read a roster: a list of ``{team, number, name, position, on, off}``.

    Raises
    ------
    CorrectionsError
        One line for each player that is no good.
    """
    data = read_said(path)
    if data is None:
        return {}
    if not isinstance(data, list):
        raise CorrectionsError([f"{path}: expected a list of players, such as - {{team: A, number: 7}}"])
    return roster_of(data, path)


def roster_of(data: Sequence[Any], path: Path) -> Roster:
    """Make a roster of entries as they are in YAML, or in the rows of a table; ``path`` is for errors.

    Raises
    ------
    CorrectionsError
        One line for each player that is no good.
    """
    out: dict[tuple[str, int], Listed] = {}
    lines = []
    for at, item in enumerate(data, 1):
        try:
            one = _listed(item)
            if (one.team, one.number) in out:
                raise ValueError(f"number {one.number} of team {one.team} is there twice")
            out[one.team, one.number] = one
        except ValueError as error:
            lines.append(f"{path}: player {at}: {error}")
    if lines:
        raise CorrectionsError(lines)
    return out


def on_footage(roster: Roster, periods: Sequence[tuple[float, float]]) -> Roster:
    """Put times of the match clock onto the footage; unknown where the halves are.

    ``periods``: start and end of each half in the footage, s, in order.
    """
    return {
        key: replace(
            one,
            on_s=one.on_s if one.on_s is not None else _at_clock(one.on_clock_s, periods),
            off_s=one.off_s if one.off_s is not None else _at_clock(one.off_clock_s, periods),
        )
        for key, one in roster.items()
    }


def _at_clock(clock_s: float | None, periods: Sequence[tuple[float, float]]) -> float | None:
    second = clock_s is not None and clock_s >= HALF_S
    if clock_s is None or len(periods) < 1 + second:
        return None
    start_s, end_s = periods[int(second)]
    return min(start_s + clock_s - HALF_S * second, end_s)


def content(roster: Roster) -> list[dict[str, Any]]:
    """Put a roster as plain values, to tell whether it changed."""
    return [asdict(one) for one in roster.values()]


def _listed(item: Any) -> Listed:
    if not isinstance(item, dict):
        raise ValueError(f"expected team, number and so on, got {item!r}")
    item = {_AS_READ.get(k, k) if isinstance(k, bool) else k: v for k, v in item.items()}
    if unknown := [str(k) for k in item if k not in _KEYS]:
        raise ValueError(f"unknown key {unknown[0]}; known are {', '.join(_KEYS)}")
    if item.get("team") not in ("A", "B"):
        raise ValueError(f"team is {item.get('team')!r}; expected A or B")
    number = number_of(item.get("number"))
    times = {k: None if item.get(k) is None else seconds_of(item[k]) for k in ("on", "off")}
    on, off = times["on"], times["off"]
    if on is not None and off is not None and off <= on:
        raise ValueError(f"off ({item['off']}) must lie after on ({item['on']})")
    return Listed(item["team"], number, text_of(item, "name"), text_of(item, "position"), on, off)


def number_of(value: Any) -> int:
    """Check a shirt number; ValueError says what was expected."""
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MAX_NUMBER:
        raise ValueError(f"number is {value!r}; expected 1 to {MAX_NUMBER}")
    return value


def believable(
    readings: pd.DataFrame | None, identities: pd.DataFrame, roster: Roster
) -> pd.DataFrame | None:
    """Take back numbers that nobody of the team wears; teams without a roster keep theirs.

    ``readings``: any table with ``track_id`` and ``number``, such as ``number_readings`` or
    ``tracklet_appearance``; its rows all stay.
    """
    if readings is None or readings.empty or not roster or "number" not in readings:
        return readings
    teams = {team for team, _ in roster}
    team = readings["track_id"].map(identities.drop_duplicates("track_id").set_index("track_id")["team"])
    number = readings["number"]
    wrong = [
        t in teams and n == n and n is not None and (t, int(n)) not in roster
        for t, n in zip(team, number.astype("float64"), strict=True)
    ]
    out: pd.DataFrame = readings.assign(number=number.mask(np.asarray(wrong, bool)))
    return out


def listed_names(people: Sequence[Mapping[str, Any]], roster: Roster, end_s: float) -> list[dict[str, Any]]:
    """Give people what the roster says of their number, unless two of a team seem to wear it.

    A name and the moment of going off that were given by hand stay. Who has only one of ``on`` and ``off``
    was there from the start, or to ``end_s``.
    """
    worn = [(p["team"], p["jersey"]) for p in people]
    out = []
    for person, key in zip(people, worn, strict=True):
        one = roster.get(key) if worn.count(key) == 1 else None
        by_hand = person.get("off_s")
        on_s = one.on_s if one else None
        off_s = by_hand if by_hand is not None else one.off_s if one else None
        some = on_s is not None or off_s is not None
        out.append(
            {
                **person,
                "name": person["name"] or (one.name if one else None),
                "position": person["position"] or (one.position if one else None),
                "on_s": (on_s or 0.0) if some else None,
                "off_s": (end_s if off_s is None else off_s) if some else None,
            }
        )
    return out
