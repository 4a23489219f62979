"""What each correction does: ``(standing, entry) -> standing``; ValueError says why it cannot be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from pipeline.core.text.said import seconds_of, text_of
from pipeline.linking.by_hand.entries import Entry
from pipeline.linking.by_hand.placing import exchanged, straight_path
from pipeline.linking.by_hand.standing import Person, Piece, Standing, cut, refuse_twelve, sights_of

_SHIRT = re.compile(r"([AB])\s?(\d{1,2})")
_END = 2**31 - 1


def join(who: Standing, entry: Entry) -> Standing:
    """Make two people one: the first of them."""
    kept, other = _two(who, entry)
    for key in ("jersey", "name"):
        both = (getattr(kept, key), getattr(other, key))
        if key in kept.told & other.told and both[0] != both[1]:
            raise ValueError(f"they were given two {key}s, {both[0]} and {both[1]}; they are not one person")
    jersey, name = (_better(kept, other, key) for key in ("jersey", "name"))
    one = replace(kept, jersey=jersey, name=name, told=kept.told | other.told)
    people = {k: v for k, v in who.people.items() if k != other.player_id} | {kept.player_id: one}
    pieces = tuple(
        p.given(player_id=kept.player_id) if p.player_id == other.player_id else p for p in who.pieces
    )
    gone = who.gone | {other.player_id: f"entry {entry.number} joined him to {kept.player_id}"}
    placed = exchanged(who.placed, {other.player_id: kept.player_id}, -1, _END)
    return replace(who, people=people, pieces=pieces, gone=gone, placed=placed)


def _better(kept: Person, other: Person, key: str) -> Any:
    """Take what a hand said before what was read, and the first one's before the other's."""
    if (key in other.told and key not in kept.told) or getattr(kept, key) is None:
        return getattr(other, key)
    return getattr(kept, key)


def split(who: Standing, entry: Entry) -> Standing:
    """Cut a track: from that moment on it is nobody in particular, until it is assigned."""
    track, frame = entry.whom, _moment(who, entry, "at")
    over = [p for p in _of_track(who, track) if p.frame_from < frame <= p.frame_to]
    if not over:
        raise ValueError(f"track {track} is not seen before and after that moment ({_span(who, track)})")
    pieces = cut(who.pieces, frame, {track})
    unknown: Mapping[str, Any] = {"player_id": None, "why": None, "score": 0.0}
    return replace(
        who,
        pieces=tuple(
            p.given(**unknown) if p.track_id == track and frame == p.frame_from else p for p in pieces
        ),
    )


def swap(who: Standing, entry: Entry) -> Standing:
    """Exchange two people from a moment on (until another, if given)."""
    one, other = _two(who, entry)
    first, end = _stretch(who, entry)
    pair = {one.player_id: other.player_id, other.player_id: one.player_id}
    tracks = {p.track_id for p in who.pieces if p.player_id in pair}
    pieces = cut(cut(who.pieces, first, tracks), end, tracks)
    inside = {p for p in pieces if p.player_id in pair and first <= p.frame_from and p.frame_to < end}
    if not inside:
        raise ValueError("neither of them is seen in that time")
    return replace(
        who,
        pieces=tuple(p.given(player_id=pair[p.player_id or 0]) if p in inside else p for p in pieces),
        placed=exchanged(who.placed, pair, first, end),
    )


def assign(who: Standing, entry: Entry) -> Standing:
    """Give a track, or the part of it in a stretch of time, to a person."""
    pieces, inside = _part(who, entry)
    person = _target(who, entry, inside[0])
    new = person.player_id not in who.people
    chosen = set(inside)
    given = {"player_id": person.player_id, "role": person.role, "team": person.team}
    out = replace(
        who,
        people=who.people | {person.player_id: person},
        pieces=tuple(p.given(**given) if p in chosen else p for p in pieces),
    )
    if new or any(p.player_id is None or p.team != person.team for p in inside):
        refuse_twelve(out, person.team)
    return out


def ignore(who: Standing, entry: Entry) -> Standing:
    """Take a track, or a part of it, out of the match: no player, no official."""
    pieces, inside = _part(who, entry)
    chosen, nobody = set(inside), {"player_id": None, "role": "other", "team": None}
    return replace(who, pieces=tuple(p.given(**nobody) if p in chosen else p for p in pieces))


def extend(who: Standing, entry: Entry) -> Standing:
    """Give a person a straight path where nobody found him: over a gap, or before or behind his tracks."""
    person = person_of(who, entry.whom)
    if who.ground is None or not len(who.ground.frame):
        raise ValueError("nothing in this run has a place on the pitch")
    first, end = _stretch(who, entry)
    ends = (entry.more.get("from_m"), entry.more.get("until_m"))
    own = sights_of(who, person.player_id)
    path = straight_path(person.player_id, who.ground, (first, end - 1), own, ends)
    out = replace(who, placed=(*who.placed, path))
    refuse_twelve(out, person.team)
    return out


def leave(who: Standing, entry: Entry) -> Standing:
    """Say that a person leaves the match: what was his from then on is nobody's in particular."""
    person, frame = person_of(who, entry.whom), _moment(who, entry, "at")
    own = [p for p in who.pieces if p.player_id == person.player_id]
    if not any(p.frame_from < frame for p in own):
        raise ValueError(f"{person.label()} is not seen before that moment, so nothing would be left of him")
    pieces = cut(who.pieces, frame, {p.track_id for p in own})
    unknown: Mapping[str, Any] = {"player_id": None, "why": None, "score": 0.0}
    gone = {p for p in pieces if p.player_id == person.player_id and p.frame_from >= frame}
    left = replace(person, off_s=who.seen.time_of(frame))
    return replace(
        who,
        people=who.people | {person.player_id: left},
        pieces=tuple(p.given(**unknown) if p in gone else p for p in pieces),
        placed=exchanged(who.placed, {person.player_id: None}, frame, _END),
    )


def set_(who: Standing, entry: Entry) -> Standing:
    """Say a person's team, role, number or name."""
    old, more = person_of(who, entry.whom), entry.more
    role = more.get("role", old.role)
    team = None if role == "referee" else more.get("team", old.team)
    if role == "referee" and "team" in more:
        raise ValueError("a referee has no team")
    if role != "referee" and team is None:
        raise ValueError(f"a {role} needs a team; give team: A or team: B")
    number = more.get("number", old.jersey)
    told = old.told | {"jersey" if k == "number" else k for k in more if k != "note"}
    people = dict(who.people)
    if "number" in more or ("team" in more and "jersey" in old.told):
        _refuse_number(who, old, team, number)
        for k, p in people.items():  # what a hand says wins over what was read
            if k != old.player_id and (p.team, p.jersey) == (team, number):
                people[k] = replace(p, jersey=None)
    name = text_of(more, "name") or old.name
    people[old.player_id] = Person(old.player_id, role, team, number, name, frozenset(told), old.off_s)
    pieces = tuple(
        replace(p, role=role or p.role, team=team) if p.player_id == old.player_id else p for p in who.pieces
    )
    out = replace(who, people=people, pieces=pieces)
    if team != old.team:
        refuse_twelve(out, team)
    return out


def _refuse_number(who: Standing, of: Person, team: str | None, number: int | None) -> None:
    if number is None:
        return
    if any(t == team for t, _ in who.roster) and (team, number) not in who.roster:
        raise ValueError(f"the roster has no number {number} in team {team}")
    for p in who.people.values():
        if p.player_id != of.player_id and (p.team, p.jersey) == (team, number) and "jersey" in p.told:
            raise ValueError(f"number {number} of team {team} was given to person {p.player_id}; join them?")


DO: Mapping[str, Callable[[Standing, Entry], Standing]] = {
    "join": join,
    "split": split,
    "swap": swap,
    "assign": assign,
    "set": set_,
    "ignore": ignore,
    "extend": extend,
    "end": leave,
}


def person_of(who: Standing, told: Any) -> Person:
    """Find a person by ``player_id``, by team and number (``A7``) or by name; ValueError if not one."""
    if isinstance(told, int):
        if told not in who.people:
            why = who.gone.get(told, "'teamshape identities' lists all")
            raise ValueError(f"there is no person {told}; {why}")
        return who.people[told]
    shirt = _SHIRT.fullmatch(told.strip())
    found = [
        p
        for p in who.people.values()
        if (shirt and (p.team, p.jersey) == (shirt[1], int(shirt[2])))
        or _name(who, p).casefold() == told.strip().casefold()
    ]
    if len(found) != 1:
        raise ValueError(
            f"{'nobody is' if not found else 'several people are'} {told}; give a person's number"
        )
    return found[0]


def _name(who: Standing, person: Person) -> str:
    listed = who.roster.get((person.team or "", person.jersey or 0))
    return person.name or (listed.name if listed else None) or ""


def _target(who: Standing, entry: Entry, piece: Piece) -> Person:
    """Find the person that a track is assigned to, or make him: ``new``, or one of the roster."""
    told = entry.more["to"]
    spare = max([*who.seen.by_track, *who.people, *who.gone], default=0) + 1
    free = entry.whom not in who.people and entry.whom not in who.gone
    number = entry.whom if free else spare
    if told == "new":
        if piece.role not in ("player", "goalkeeper", "referee"):
            raise ValueError(f"track {entry.whom} is no player or referee; assign it to a person, then set")
        return Person(number, piece.role, piece.team, None, None)
    try:
        return person_of(who, told)
    except ValueError:
        listed = [
            one
            for one in who.roster.values()
            if isinstance(told, str) and told.strip() in (f"{one.team}{one.number}", one.name)
        ]
        if len(listed) != 1:
            raise
        one = listed[0]
        worn = [p for p in who.people.values() if (p.team, p.jersey) == (one.team, one.number)]
        if worn:
            raise
        role = "goalkeeper" if piece.role == "goalkeeper" else "player"
        return Person(number, role, one.team, one.number, one.name, frozenset({"jersey"}))


def _two(who: Standing, entry: Entry) -> tuple[Person, Person]:
    one, other = (person_of(who, told) for told in entry.whom)
    if one.player_id == other.player_id:
        raise ValueError(f"both are person {one.player_id}")
    if (one.team, one.role) != (other.team, other.role):
        raise ValueError(f"{one.label()} and {other.label()} differ in team or role; set that first")
    return one, other


def _moment(who: Standing, entry: Entry, key: str) -> int:
    if f"{key}_frame" in entry.more:
        return who.seen.checked(entry.more[f"{key}_frame"])
    return who.seen.first_from(seconds_of(entry.more[key]))


def _stretch(who: Standing, entry: Entry) -> tuple[int, int]:
    """First frame, and the one behind the last."""
    known = [k in entry.more or f"{k}_frame" in entry.more for k in ("from", "until")]
    first = _moment(who, entry, "from") if known[0] else 0
    end = _moment(who, entry, "until") if known[1] else _END
    if end <= first:
        raise ValueError("until must lie after from")
    return first, end


def _of_track(who: Standing, track: int) -> list[Piece]:
    own = [p for p in who.pieces if p.track_id == track]
    if not own:
        raise ValueError(f"there is no track {track} of a person; table links lists all")
    return own


def _part(who: Standing, entry: Entry) -> tuple[tuple[Piece, ...], list[Piece]]:
    """All pieces after cutting, and those of the entry's track inside its stretch of time."""
    _of_track(who, entry.whom)
    first, end = _stretch(who, entry)
    pieces = cut(cut(who.pieces, first, {entry.whom}), end, {entry.whom})
    inside = [p for p in pieces if p.track_id == entry.whom and first <= p.frame_from and p.frame_to < end]
    if not inside:
        raise ValueError(f"track {entry.whom} is not seen in that time ({_span(who, entry.whom)})")
    return pieces, inside


def _span(who: Standing, track: int) -> str:
    own = _of_track(who, track)
    return f"it is seen in frames {min(p.frame_from for p in own)} to {max(p.frame_to for p in own)}"
