"""Whose heatmap: a player by track, shirt or name, from what a user typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.core.errors import UserError
from pipeline.tables.names import player_label

if TYPE_CHECKING:
    import pandas as pd

_MOST_LISTED = 12


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a run: all tracks that are known to be of one person, and what is known of them."""

    tracks: tuple[int, ...]
    role: str
    team: str | None
    jersey: int | None = None
    name: str | None = None
    position: str | None = None
    stay: tuple[float, float] | None = None
    """When they came on and went off, s, where that is known."""

    @property
    def label(self) -> str:
        """How people call them: shirt and name where known, else the track."""
        return player_label(self.jersey, self.name) or f"Track {self.tracks[0]}"

    @property
    def choice(self) -> str:
        """What to type for this person, with who that is: ``A7 (Sancho)`` or ``t12 (goalkeeper of B)``."""
        if self.jersey is None or self.team is None:
            return f"t{self.tracks[0]} ({self.name or self.role}{f' of {self.team}' if self.team else ''})"
        return f"{self.team}{self.jersey}" + (f" ({self.name})" if self.name else "")


def persons(identities: pd.DataFrame, people: pd.DataFrame) -> list[Person]:
    """List everybody with a track; tracks of one team, shirt and name are one person.

    Parameters
    ----------
    identities, people
        Tables of the run; ``people`` may be empty.
    """
    known = people.drop(columns=["team", "role"]).set_index("track_id") if len(people) else people
    found: dict[object, Person] = {}
    for row in identities.sort_values("track_id").to_dict("records"):
        track = int(row["track_id"])
        about = known.loc[track].to_dict() if len(people) and track in known.index else {}
        shirt, name, position = (_or_none(about.get(n)) for n in ("jersey", "name", "position"))
        jersey = None if shirt is None else int(str(shirt))
        team, role = _or_none(row["team"]), str(row["role"])
        key = (team, jersey, name) if jersey is not None or name is not None else track
        tracks = (*found[key].tracks, track) if key in found else (track,)
        stay = _longest(found[key].stay if key in found else None, about)
        found[key] = Person(tracks, role, team, jersey, name, position, stay)
    return list(found.values())


def _longest(before: tuple[float, float] | None, about: dict[Hashable, Any]) -> tuple[float, float] | None:
    on, off = (_or_none(about.get(n)) for n in ("on_s", "off_s"))
    if on is None or off is None:
        return before
    first, last = before or (float(on), float(off))
    return min(first, float(on)), max(last, float(off))


def find(text: str, everyone: list[Person], team: str | None = None) -> Person:
    """Find the one person that ``text`` means.

    ``t12`` is a track, ``A7`` a shirt of a team, a number a shirt (a track in runs that know no shirts), all
    else a name or a part of it.

    Raises
    ------
    UserError
        If nobody or more than one is meant; it lists the choices.
    """
    candidates = [p for p in everyone if team is None or p.team == team]
    found = _matches(text.strip(), candidates)
    if len(found) == 1:
        return found[0]
    where = f" in team {team}" if team else ""
    if not found:
        raise UserError(
            f"--player {text}: nobody of that name or number{where}; there are {_listed(candidates)}"
        )
    more = "" if team else ", or add --team"
    raise UserError(f"--player {text}: could be {_listed(found)}; give one of these{more}")


def _matches(text: str, people: list[Person]) -> list[Person]:
    if track := re.fullmatch(r"[tT](\d+)", text):
        return [p for p in people if int(track[1]) in p.tracks]
    if shirt := re.fullmatch(r"([ABab])(\d+)", text):
        return [p for p in people if p.team == shirt[1].upper() and p.jersey == int(shirt[2])]
    if text.isdecimal():
        number = int(text)
        shirts = any(p.jersey is not None for p in people)
        return [p for p in people if (p.jersey == number if shirts else number in p.tracks)]
    plain = _plain(text)
    named = [p for p in people if p.name is not None]
    exact = [p for p in named if _plain(p.name) == plain]
    return exact or [p for p in named if plain and plain in _plain(p.name)]


def _plain(text: str | None) -> str:
    """Without case and accents."""
    letters = unicodedata.normalize("NFKD", text or "")
    return "".join(c for c in letters if not unicodedata.combining(c)).casefold().strip()


def _listed(people: list[Person]) -> str:
    players = [p for p in people if p.role in ("player", "goalkeeper")] or people
    names = [p.choice for p in players[:_MOST_LISTED]]
    rest = len(players) - len(names)
    return (", ".join(names) or "nobody") + (f" and {rest} more" if rest > 0 else "")


def _or_none(value: object) -> str | None:
    """Null of any kind (None, NaN, NA) to None."""
    return None if value is None or value != value or str(value) == "<NA>" else str(value)
