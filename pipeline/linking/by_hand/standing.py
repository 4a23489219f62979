"""People and their pieces of tracks while corrections are applied, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core.text.said import clock
from pipeline.linking.by_hand.moments import Seen
from pipeline.linking.by_hand.placing import Ground, Placed, Sights
from pipeline.linking.by_hand.roster import Roster

Ints = NDArray[np.int64]
MAX_TEAM = 11


@dataclass(frozen=True, slots=True)
class Piece:
    """A row of table ``links``; None for null."""

    track_id: int
    frame_from: int
    frame_to: int
    role: str
    team: str | None
    player_id: int | None
    why: str | None
    score: float
    second_id: int | None
    second_score: float | None

    def given(self, **values: Any) -> Piece:
        """Give the same piece as a hand decided it: for sure, and nobody second."""
        sure: dict[str, Any] = {"why": "by_hand", "score": 1.0, "second_id": None, "second_score": None}
        return replace(self, **(sure | values))


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is; ``told`` names what a hand has said of him; ``off_s``: when he went off by hand."""

    player_id: int
    role: str | None
    team: str | None
    jersey: int | None
    name: str | None
    told: frozenset[str] = frozenset()
    off_s: float | None = None

    def label(self) -> str:
        """Say who it is, with his number in the tables."""
        return f"{self.player_id} ({self.role or 'role unknown'}{f' of {self.team}' if self.team else ''})"


@dataclass(frozen=True, slots=True)
class Standing:
    """Who is who at one moment of applying.

    ``gone``: why a person is no longer there. ``placed``: paths by hand; ``ground`` None: no place known.
    ``most`` players are in a team.
    """

    people: dict[int, Person]
    pieces: tuple[Piece, ...]
    seen: Seen
    roster: Roster
    gone: dict[int, str] = field(default_factory=dict)
    placed: tuple[Placed, ...] = ()
    ground: Ground | None = None
    most: int = MAX_TEAM


def cut(pieces: tuple[Piece, ...], frame: int, tracks: set[int]) -> tuple[Piece, ...]:
    """Cut the pieces of ``tracks`` that reach over the beginning of ``frame``."""
    out: list[Piece] = []
    for p in pieces:
        if p.track_id in tracks and p.frame_from < frame <= p.frame_to:
            out += [replace(p, frame_to=frame - 1), replace(p, frame_from=frame)]
        else:
            out.append(p)
    return tuple(out)


def twice_seen(who: Standing, player_id: int) -> set[int]:
    """Find the frames that show a person in two places at once."""
    own = [
        who.seen.frames(p.track_id, p.frame_from, p.frame_to) for p in who.pieces if p.player_id == player_id
    ]
    frames, n = np.unique(np.concatenate(own), return_counts=True) if own else (np.zeros(0), np.zeros(0))
    return set(frames[n > 1].tolist()) | _seen_where_placed(who, player_id)


def sights_of(who: Standing, player_id: int) -> Sights:
    """Gather where a person's pieces show him on the pitch."""
    none = Sights(np.zeros(0, np.int64), np.zeros((0, 2)), np.zeros(0))
    if who.ground is None:
        return none
    parts = [none]
    for p in who.pieces:
        track = who.ground.sights.get(p.track_id)
        if p.player_id == player_id and track is not None:
            own = (track.frame >= p.frame_from) & (track.frame <= p.frame_to)
            parts.append(Sights(track.frame[own], track.xy_m[own], track.error_m[own]))
    frame, xy, error = (np.concatenate([getattr(s, k) for s in parts]) for k in ("frame", "xy_m", "error_m"))
    order = np.argsort(frame, kind="stable")
    return Sights(frame[order], xy[order], error[order])


def _seen_where_placed(who: Standing, player_id: int) -> set[int]:
    """Find the frames in which a hand has put a person who is seen on the pitch, or put him twice."""
    by_hand = [p.frame for p in who.placed if p.player_id == player_id]
    if not by_hand:
        return set()
    frames, n = np.unique(np.concatenate(by_hand), return_counts=True)
    seen = np.isin(frames, sights_of(who, player_id).frame)
    return set(frames[(n > 1) | seen].tolist())


def refuse_two_places(before: Standing, after: Standing) -> None:
    """Raise ValueError if somebody is in two places at once who was not before."""
    was: dict[int, list[Piece]] = {}
    now: dict[int, list[Piece]] = {}
    for found, standing in ((was, before), (now, after)):
        for p in standing.pieces:
            if p.player_id is not None:
                found.setdefault(p.player_id, []).append(p)
    for player, pieces in now.items():
        if pieces == was.get(player) and before.placed is after.placed:
            continue
        new = twice_seen(after, player) - twice_seen(before, player)
        if new:
            first = min(new)
            raise ValueError(
                f"person {player} would be in two places at once in {len(new)} frames, first at "
                f"{clock(after.seen.time_of(first))} (frame {first})"
            )


def refuse_after_off(after: Standing) -> None:
    """Raise ValueError if somebody takes part who a hand says has gone off."""
    for person in after.people.values():
        if person.off_s is None:
            continue
        own = [p.frame_to for p in after.pieces if p.player_id == person.player_id]
        own += [int(p.frame[-1]) for p in after.placed if p.player_id == person.player_id]
        if own and after.seen.time_of(max(own)) >= person.off_s:
            raise ValueError(f"{person.label()} went off at {clock(person.off_s)}, as an end says; undo that")


def refuse_twelve(after: Standing, team: str | None) -> None:
    """Raise ValueError if more of a team are seen at once than it has players."""
    if team is None:
        return
    by_person: dict[int, list[Ints]] = {}
    for path in after.placed:
        if (person := after.people.get(path.player_id)) is not None and person.team == team:
            by_person.setdefault(path.player_id, []).append(path.frame)
    for p in after.pieces:
        if p.player_id is not None and p.team == team:
            by_person.setdefault(p.player_id, []).append(
                after.seen.frames(p.track_id, p.frame_from, p.frame_to)
            )
    if len(by_person) <= after.most:
        return
    frames, n = np.unique(
        np.concatenate([np.unique(np.concatenate(f)) for f in by_person.values()]), return_counts=True
    )
    if (many := frames[n > after.most]).size:
        when = clock(after.seen.time_of(int(many[0])))
        raise ValueError(f"team {team} would have {n.max()} people at once, first at {when}")
