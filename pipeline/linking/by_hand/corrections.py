"""Corrections applied: people, links and what the user says -> people and links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pipeline.core.errors import CorrectionsError
from pipeline.linking.by_hand.entries import Entry, standing_entries
from pipeline.linking.by_hand.moments import Seen, seen_of
from pipeline.linking.by_hand.placing import Ground, placed_table
from pipeline.linking.by_hand.roster import Roster, listed_names
from pipeline.linking.by_hand.standing import (
    MAX_TEAM,
    Person,
    Piece,
    Standing,
    refuse_after_off,
    refuse_two_places,
)
from pipeline.linking.by_hand.verbs import DO
from pipeline.tables import storage

if TYPE_CHECKING:
    import pandas as pd

_LINK = tuple(Piece.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Corrected:
    """Tables ``people`` and ``links`` as the user says, and ``placed_by_hand`` (None: nobody is)."""

    people: pd.DataFrame
    links: pd.DataFrame
    placed: pd.DataFrame | None = None


def corrected(
    people: pd.DataFrame,
    links: pd.DataFrame,
    tracks: pd.DataFrame | Seen,
    entries: Sequence[Entry] = (),
    roster: Roster | None = None,
    ground: Ground | None = None,
    players: int = MAX_TEAM,
) -> Corrected:
    """Apply corrections in their order, then the roster's names; without both nothing changes.

    Parameters
    ----------
    people, links, tracks
        Tables of the run; ``tracks`` may be what `seen_of` makes of it.
    ground
        Where everybody was seen on the pitch, for paths by hand.
    players
        Of a team, goalkeeper included.

    Raises
    ------
    CorrectionsError
        One line for each entry that cannot be applied; then none is.
    """
    if not entries and not roster:
        return Corrected(people, links)
    seen = tracks if isinstance(tracks, Seen) else seen_of(tracks)
    who = Standing(_people_of(people), _pieces_of(links), seen, roster or {}, ground=ground, most=players)
    lines = []
    for entry in standing_entries(list(entries)):
        try:
            who = _applied(who, entry)
        except ValueError as error:
            lines.append(f"corrections, entry {entry.number} ({entry.verb}): {error}")
    if lines:
        raise CorrectionsError(lines)
    known = {int(p["player_id"]): p for p in people.to_dict("records")}
    rows = [_row(p, who, known.get(k, {})) for k, p in sorted(who.people.items())]
    end_s = float(seen.time_s[-1] - seen.time_s[0]) if len(seen.time_s) else 0.0
    named = listed_names(rows, who.roster, end_s)
    told = [_link(p, seen) for p in who.pieces]
    placed = None if ground is None else placed_table(who.placed, ground)
    return Corrected(_frame(named, "people"), _frame(told, "links"), placed)


def _applied(who: Standing, entry: Entry) -> Standing:
    """Apply one entry; who has no track left afterwards is no longer there."""
    after = DO[entry.verb](who, entry)
    refuse_two_places(who, after)
    refuse_after_off(after)
    there = {p.player_id for p in after.pieces}
    left = {k for k in after.people if k not in there}
    gone = after.gone | dict.fromkeys(left, f"entry {entry.number} took his last track")
    people = {k: v for k, v in after.people.items() if k in there}
    placed = tuple(p for p in after.placed if p.player_id in there)
    return replace(after, people=people, gone=gone, placed=placed)


def _people_of(people: pd.DataFrame) -> dict[int, Person]:
    return {
        int(p["player_id"]): Person(
            int(p["player_id"]),
            _or_none(p["role"]),
            _or_none(p["team"]),
            None if (jersey := _or_none(p["jersey"])) is None else int(jersey),
            _or_none(p["name"]),
        )
        for p in people.to_dict("records")
    }


def _pieces_of(links: pd.DataFrame) -> tuple[Piece, ...]:
    whole = ("track_id", "frame_from", "frame_to", "player_id", "second_id")
    out = []
    for row in links[list(_LINK)].to_dict("records"):
        plain: dict[str, Any] = {str(k): _or_none(v) for k, v in row.items()}
        plain |= {k: int(plain[k]) for k in whole if plain[k] is not None}
        out.append(Piece(**plain))
    return tuple(out)


def _or_none(value: Any) -> Any:
    import pandas as pd

    return None if pd.isna(value) else value


def _link(piece: Piece, seen: Seen) -> dict[str, Any]:
    frames = seen.frames(piece.track_id, piece.frame_from, piece.frame_to)
    seconds = seen.time_of(int(frames[-1])) - seen.time_of(int(frames[0])) if len(frames) else 0.0
    return {**{k: getattr(piece, k) for k in _LINK}, "seconds": seconds}


def _row(person: Person, who: Standing, known: dict[Any, Any]) -> dict[str, Any]:
    """A row of table ``people``: what is known of the person, with his minutes and score counted anew."""
    own = [(_link(p, who.seen)["seconds"], p.score) for p in who.pieces if p.player_id == person.player_id]
    weight = sum(s + 1e-6 for s, _ in own)
    empty = dict.fromkeys(storage.empty("people").columns)
    return {
        **empty,
        **{k: _or_none(v) for k, v in known.items()},
        **{k: getattr(person, k) for k in ("player_id", "role", "team", "jersey", "name")},
        "off_s": person.off_s,
        "track_id": person.player_id,
        "minutes_in_view": sum(s for s, _ in own) / 60,
        "score": min(1.0, sum((s + 1e-6) * score for s, score in own) / weight),
    }


def _frame(rows: list[dict[str, Any]], name: str) -> pd.DataFrame:
    import pandas as pd

    empty = storage.empty(name)
    table = pd.DataFrame(rows, columns=empty.columns) if rows else empty
    if name == "links":
        table = table.sort_values(["track_id", "frame_from"])
    return storage.conform(table, name)
