"""Whose heatmap: a player by track, shirt, name or label, from what a user typed."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.core.errors import UserError
from pipeline.tables.names import label_of, player_labels, short_labels

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
    called: str = ""
    """As `names.label_of` says; empty where only the track is known."""
    short: str = ""
    """As `names.short_labels` says, ``A3``; empty likewise."""

    @property
    def label(self) -> str:
        """What to call them: shirt and name where known, else team and running number, else the track."""
        return self.called or f"Track {self.tracks[0]}"

    @property
    def choice(self) -> str:
        """What to type for this person, with who that is: ``A7 (Sancho)`` or ``t12 (goalkeeper of B)``."""
        if self.jersey is not None and self.team is not None:
            return f"{self.team}{self.jersey}" + (f" ({self.name})" if self.name else "")
        if self.short and self.name is None and self.jersey is None:
            return f"{self.short} ({self.role})"
        return self.by_track

    @property
    def by_track(self) -> str:
        """The same by track, which is nobody else's."""
        return f"t{self.tracks[0]} ({self.name or self.role}{f' of {self.team}' if self.team else ''})"


def persons(identities: pd.DataFrame, people: pd.DataFrame) -> list[Person]:
    """List everybody with a track; tracks of one team, shirt and name are one person.

    Parameters
    ----------
    identities, people
        Tables of the run; ``people`` may be empty.
    """
    labels, short = player_labels(people), short_labels(people)
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
        called = (label_of(labels, track) if labels else "", short.get(track, ""))
        found[key] = Person(tracks, role, team, jersey, name, position, stay, *called)
    return list(found.values())


def _longest(before: tuple[float, float] | None, about: dict[Hashable, Any]) -> tuple[float, float] | None:
    on, off = (_or_none(about.get(n)) for n in ("on_s", "off_s"))
    if on is None or off is None:
        return before
    first, last = before or (float(on), float(off))
    return min(first, float(on)), max(last, float(off))


def find(text: str, everyone: list[Person], team: str | None = None) -> Person:
    """Find the one person that ``text`` means.

    ``t12`` is a track, ``A7`` a shirt of a team or the label of a player without one, a number a shirt (a
    track in runs that know no shirts), all else a label (``REF 1``), a name or a part of it.

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
        own = f"{shirt[1].upper()}{int(shirt[2])}"
        return [p for p in people if own in (p.short, f"{p.team}{p.jersey}")]
    if text.isdecimal():
        number = int(text)
        shirts = any(p.jersey is not None for p in people)
        return [p for p in people if (p.jersey == number if shirts else number in p.tracks)]
    plain = _plain(text)
    if not plain:
        return []
    exact = [p for p in people if plain in (_plain(p.name), _plain(p.called), _plain(p.short))]
    return exact or [p for p in people if plain in _plain(p.name)]


def _plain(text: str | None) -> str:
    """Without case and accents."""
    letters = unicodedata.normalize("NFKD", text or "")
    return "".join(c for c in letters if not unicodedata.combining(c)).casefold().strip()


def _listed(people: list[Person]) -> str:
    players = [p for p in people if p.role in ("player", "goalkeeper")] or people
    typed = Counter(p.choice.split(" (")[0] for p in players)
    names = [p.choice if typed[p.choice.split(" (")[0]] == 1 else p.by_track for p in players[:_MOST_LISTED]]
    rest = len(players) - len(names)
    return (", ".join(names) or "nobody") + (f" and {rest} more" if rest > 0 else "")


def _or_none(value: object) -> str | None:
    """Null of any kind (None, NaN, NA) to None."""
    return None if value is None or value != value or str(value) == "<NA>" else str(value)
