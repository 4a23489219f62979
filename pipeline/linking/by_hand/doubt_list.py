"""What a person should look at: links in doubt, the worst first, each with the correction to paste."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core.text.said import clock
from pipeline.linking.by_hand.moments import Seen

if TYPE_CHECKING:
    import pandas as pd

_Row = dict[str, Any]
_SURE = 0.95
_BRIEF_S = 0.5
"""Of nobody for less than this: not worth anybody's time."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to settle a doubt: the piece is this person's (None: a new one's), and the entry that says so."""

    player_id: int | None
    entry: Mapping[str, Any]

    @property
    def line(self) -> str:
        """The entry as a line of ``corrections.yaml``."""
        return f"- {{{', '.join(f'{k}: {v}' for k, v in self.entry.items())}}}"


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
    pieces = Pieces(links)
    found = [d for row in pieces.rows if (d := _of_link(row, pieces, seen)) is not None]
    return sorted([*found, *_numbers(people)], key=lambda d: (-d.at_stake_s, d.text))


def _plain(row: dict[Any, Any]) -> _Row:
    from pandas import isna

    return {str(k): None if isna(v) else v for k, v in row.items()}


def _of_link(row: _Row, pieces: Pieces, seen: Seen) -> Doubt | None:
    known, second = row["player_id"] is not None, row["second_id"]
    sure = row["score"] >= _SURE or row["why"] == "by_hand"
    if (known and (sure or second is None)) or row["seconds"] < _BRIEF_S:
        return None
    track, first, last = int(row["track_id"]), int(row["frame_from"]), int(row["frame_to"])
    when = f"track {track}, {clock(seen.time_of(first))} to {clock(seen.time_of(last))}"
    side = f" of {row['team']}" if row["team"] else ""
    text = f"{when}, {row['role']}{side}: "
    rival = f"{int(second)} ({_percent(row['second_score'])})" if second is not None else ""
    if known:
        text += f"{int(row['player_id'])} ({_percent(row['score'])}) or {rival}"
    else:
        text += f"nobody in particular{f', perhaps {rival}' if rival else ''}"
    free = pieces.free(row)
    choices = piece_choices(row, pieces)
    if second is not None and (known or int(second) in free):
        line = next(c.line for c in choices if c.player_id == int(second))
    else:
        ids = ", ".join(map(str, free))
        to, rest = (ids, "") if len(free) == 1 else ("WHO", f"  # {ids}{', ' if ids else ''}new")
        line = f"{Choice(None, _assigned(row, to, pieces)).line}{rest}"
    return Doubt(float(row["seconds"] * (1 - row["score"])), text, line, row, choices)


class Pieces:
    """The players' rows of table ``links`` as plain values (None for null), looked up by person."""

    def __init__(self, links: pd.DataFrame) -> None:
        of_players = links[links["role"].isin(["player", "goalkeeper"])]
        self.rows = [_plain(row) for row in of_players.to_dict("records")]
        self.parts = links["track_id"].value_counts().to_dict()
        self.by_person: dict[int, list[_Row]] = {}
        self._alike: dict[tuple[Any, Any], list[_Row]] = {}
        for row in self.rows:
            if row["player_id"] is not None:
                self.by_person.setdefault(int(row["player_id"]), []).append(row)
                self._alike.setdefault((row["team"], row["role"]), []).append(row)
        self._numbers = {key: _numbers_of(rows) for key, rows in self._alike.items()}

    def spans(self, person: int) -> NDArray[np.int64]:
        """Give first and last frame of each piece of a person, ``(N, 2)``."""
        rows = self.by_person.get(person, [])
        return np.array([[r["frame_from"], r["frame_to"]] for r in rows], np.int64).reshape(-1, 2)

    def free(self, row: _Row) -> list[int]:
        """List people of the same team and role who are not seen elsewhere at that time."""
        numbers = self._numbers.get((row["team"], row["role"]))
        if numbers is None:
            return []
        first, last, who, track = numbers.T
        own = (track == row["track_id"]) & (first == row["frame_from"])
        busy = (first <= row["frame_to"]) & (last >= row["frame_from"]) & ~own
        return sorted(set(who.tolist()) - set(who[busy].tolist()))


def _numbers_of(rows: list[_Row]) -> NDArray[np.int64]:
    columns = ("frame_from", "frame_to", "player_id", "track_id")
    return np.array([[int(row[c]) for c in columns] for row in rows], np.int64)


def piece_choices(row: _Row, pieces: Pieces) -> tuple[Choice, ...]:
    """List entries for the assumed person, the rival, and whoever else is free at that time."""
    free, second = pieces.free(row), row["second_id"]
    own = None if row["player_id"] is None else int(row["player_id"])
    rival = None if second is None else int(second)
    out = [] if own is None else [Choice(own, _assigned(row, own, pieces))]
    if rival is not None and (own is not None or rival in free):
        swapped = own is not None and rival not in free
        entry = _swapped(own or 0, rival, row, pieces) if swapped else _assigned(row, rival, pieces)
        out.append(Choice(rival, entry))
    out += [Choice(f, _assigned(row, f, pieces)) for f in free if f not in (own, rival)]
    return (*out, Choice(None, _assigned(row, "new", pieces)))


def _assigned(row: _Row, to: object, pieces: Pieces) -> dict[str, Any]:
    """Give a piece to somebody; the part of its track that it is, where there are several."""
    track, first, last = (int(row[k]) for k in ("track_id", "frame_from", "frame_to"))
    part = {"from_frame": first, "until_frame": last + 1} if pieces.parts[track] > 1 else {}
    return {"assign": track, "to": to, **part}


def _swapped(one: int, other: int, row: _Row, pieces: Pieces) -> dict[str, Any]:
    """Swap two people over the piece, and over all of theirs that it would have to cut otherwise."""
    first, last = int(row["frame_from"]), int(row["frame_to"])
    begins, ends = np.concatenate([pieces.spans(one), pieces.spans(other)]).T
    while True:
        met = (begins <= last) & (ends >= first)
        wide = int(begins[met].min(initial=first)), int(ends[met].max(initial=last))
        if wide == (first, last):
            return {"swap": [one, other], "from_frame": first, "until_frame": last + 1}
        first, last = wide


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
        choices = tuple(Choice(i, {"join": ids[:2]}) for i in ids[:2])
        out.append(Doubt(stake, text, choices[0].line, None, choices))
    return out


def _percent(value: float) -> str:
    return f"{100 * value:.0f}%"
