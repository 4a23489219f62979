"""What a person should look at: links in doubt, the worst first, each with the correction to paste."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.linking.by_hand.moments import Seen, clock

if TYPE_CHECKING:
    import pandas as pd

_Row = dict[str, Any]
_SURE = 0.95
_BRIEF_S = 0.5
"""Of nobody for less than this: not worth anybody's time."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to settle a doubt: the piece is this person's (None: a new one's), and the line that says so."""

    player_id: int | None
    line: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is in doubt.

    ``at_stake_s``: seconds expected to be somebody else's; ``line`` is for corrections.yaml. ``piece`` is the
    row of table ``links`` (None: two people with one number, ``choices`` then joins them); ``choices`` are
    the assumed person first, the rival, then everybody who is free.
    """

    at_stake_s: float
    text: str
    line: str
    piece: _Row | None = None
    choices: tuple[Choice, ...] = ()


def doubt_list(people: pd.DataFrame, links: pd.DataFrame, seen: Seen) -> list[Doubt]:
    """List what is in doubt, the most seconds at stake first.

    Parameters
    ----------
    people, links
        Tables of the run.
    seen
        Of its ``tracks``, for times and parts of tracks.
    """
    rows = plain_rows(links)
    parts = links["track_id"].value_counts().to_dict()
    found = [d for row in rows if (d := _of_link(row, rows, parts, seen)) is not None]
    return sorted([*found, *_numbers(people)], key=lambda d: (-d.at_stake_s, d.text))


def _plain(row: dict[Any, Any]) -> _Row:
    from pandas import isna

    return {str(k): None if isna(v) else v for k, v in row.items()}


def _of_link(row: _Row, rows: list[_Row], parts: Mapping[Any, int], seen: Seen) -> Doubt | None:
    known, second = row["player_id"] is not None, row["second_id"]
    sure = row["score"] >= _SURE or row["why"] == "by_hand"
    if (known and (sure or second is None)) or row["seconds"] < _BRIEF_S:
        return None
    track, first, last = int(row["track_id"]), int(row["frame_from"]), int(row["frame_to"])
    when = f"track {track}, {clock(seen.time_of(first))} to {clock(seen.time_of(last))}"
    side = f" of {row['team']}" if row["team"] else ""
    text = f"{when}, {row['role']}{side}: "
    rival = f"{int(second)} ({_percent(row['second_score'])})" if second is not None else ""
    part = _part(row, parts[track])
    if known:
        text += f"{int(row['player_id'])} ({_percent(row['score'])}) or {rival}"
    else:
        text += f"nobody in particular{f', perhaps {rival}' if rival else ''}"
    free = _free(row, rows)
    choices = _choices(row, rows, free, part)
    if second is not None and (known or int(second) in free):
        line = next(c.line for c in choices if c.player_id == int(second))
    else:
        ids = ", ".join(map(str, free))
        to, rest = (ids, "") if len(free) == 1 else ("WHO", f"  # {ids}{', ' if ids else ''}new")
        line = f"- {{assign: {track}, to: {to}{part}}}{rest}"
    return Doubt(float(row["seconds"] * (1 - row["score"])), text, line, row, choices)


def piece_choices(row: _Row, rows: list[_Row]) -> tuple[Choice, ...]:
    """List who a piece could be, with the line for each: as for a doubt.

    ``row``, ``rows``: of table ``links`` as `plain_rows` makes them, all of players.
    """
    parts = sum(1 for r in rows if r["track_id"] == row["track_id"])
    return _choices(row, rows, _free(row, rows), _part(row, parts))


def plain_rows(links: pd.DataFrame) -> list[_Row]:
    """Take the players' rows of table ``links``; None for null."""
    of_players = links[links["role"].isin(["player", "goalkeeper"])]
    return [_plain(row) for row in of_players.to_dict("records")]


def _part(row: _Row, parts: int) -> str:
    """Say which part of its track a piece is, where there are several."""
    first, last = int(row["frame_from"]), int(row["frame_to"])
    return f", from_frame: {first}, until_frame: {last + 1}" if parts > 1 else ""


def _choices(row: _Row, rows: list[_Row], free: list[int], part: str) -> tuple[Choice, ...]:
    """List lines for the assumed person, the rival, and whoever else is free at that time."""
    track, second = int(row["track_id"]), row["second_id"]
    own = None if row["player_id"] is None else int(row["player_id"])
    rival = None if second is None else int(second)

    def given(to: object) -> str:
        return f"- {{assign: {track}, to: {to}{part}}}"

    out = [] if own is None else [Choice(own, given(own))]
    if rival is not None and (own is not None or rival in free):
        swapped = own is not None and rival not in free
        out.append(Choice(rival, _swap_line(own or 0, rival, row, rows) if swapped else given(rival)))
    out += [Choice(f, given(f)) for f in free if f not in (own, rival)]
    return (*out, Choice(None, given("new")))


def _free(row: _Row, rows: list[_Row]) -> list[int]:
    """People of the same team and role who are not seen elsewhere at that time."""
    alike = [
        r for r in rows if r["player_id"] is not None and (r["team"], r["role"]) == (row["team"], row["role"])
    ]
    busy = {r["player_id"] for r in alike if r is not row and _meet(r, row["frame_from"], row["frame_to"])}
    return sorted({int(r["player_id"]) for r in alike} - {int(b) for b in busy})


def _swap_line(one: int, other: int, row: _Row, rows: list[_Row]) -> str:
    """Swap two people over the piece, and over all of theirs that it would have to cut otherwise."""
    first, last = int(row["frame_from"]), int(row["frame_to"])
    own = [r for r in rows if r["player_id"] in (one, other)]
    while True:
        met = [r for r in own if _meet(r, first, last)]
        wide = (
            min([first, *(int(r["frame_from"]) for r in met)]),
            max([last, *(int(r["frame_to"]) for r in met)]),
        )
        if wide == (first, last):
            return f"- {{swap: [{one}, {other}], from_frame: {first}, until_frame: {last + 1}}}"
        first, last = wide


def _meet(row: _Row, first: int, last: int) -> bool:
    return bool(row["frame_from"] <= last and row["frame_to"] >= first)


def _numbers(people: pd.DataFrame) -> list[Doubt]:
    """People of a team who seem to wear one number: one person in two, or one of them misread."""
    worn = people.dropna(subset=["team", "jersey"])
    out = []
    for (team, number), own in worn.groupby(["team", "jersey"]):
        if len(own) < 2:
            continue
        ids = [int(i) for i in own.sort_values("minutes_in_view", ascending=False)["player_id"]]
        stake = 60 * float(own["minutes_in_view"].min())
        text = f"number {number} of {team} is worn by {' and '.join(map(str, ids))}: one person?"
        line = f"- {{join: [{ids[0]}, {ids[1]}]}}"
        out.append(Doubt(stake, text, line, None, tuple(Choice(i, line) for i in ids[:2])))
    return out


def _percent(value: float) -> str:
    return f"{100 * value:.0f}%"
