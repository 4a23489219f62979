"""Who is who in a long table: a person is a team and an identifier, and the ball is apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import TrackingError
from pipeline.formats.readers import table_words
from pipeline.formats.readers.match_data import Array, Ints, Owner, Person, Team
from pipeline.formats.readers.table_words import BALL, OFFICIALS

if TYPE_CHECKING:
    import pandas as pd

NOBODY = -1
_SIDE_AND_SHIRT = re.compile(r"^(home|away|a|b)[_ -]?(\d{1,3})$", re.IGNORECASE)
_CHANGES = 2
"""Somebody whose team changes more often, and who is never in both at once, is one person."""


@dataclass(frozen=True, slots=True)
class Everyone:
    """Of each row ``(N,)``: ``key`` of its person (`NOBODY` if there is none), ``ids`` as text, ``team``
    (A, B or None), ``role`` (None where not said), and whether it is of the ``ball``.
    """

    key: Ints
    ids: Owner
    team: Owner
    role: Owner
    ball: NDArray[np.bool_]
    notes: tuple[str, ...] = ()

    def only(self, kept: NDArray[np.bool_]) -> Everyone:
        """Give some of the rows."""
        rows = (self.key[kept], self.ids[kept], self.team[kept], self.role[kept], self.ball[kept])
        return Everyone(*rows, notes=self.notes)

    def people(self, table: pd.DataFrame, path: Path) -> tuple[tuple[Person, ...], Ints]:
        """List the people in order of their keys, and the number of each row's person (the ball's is 0)."""
        rows = np.flatnonzero(~self.ball)
        _, first, number = np.unique(self.key[rows], return_index=True, return_inverse=True)
        out = np.zeros(len(self.key), np.int64)
        out[rows] = np.ravel(number)
        heads = table.iloc[rows[first]]
        jerseys = table_words.whole_numbers(heads["jersey"], path) if "jersey" in heads else None
        people = []
        for at, (row, about) in enumerate(zip(rows[first], heads.to_dict("records"), strict=True)):
            person = self._person(int(row), about)
            if jerseys is not None and jerseys[at] is not None:
                person = replace(person, jersey=int(jerseys[at]))
            people.append(person)
        return tuple(people), out

    def _person(self, row: int, about: dict[Any, Any]) -> Person:
        team: Team | None = self.team[row]
        role, key = self.role[row], str(self.ids[row])
        kept: Literal["player", "goalkeeper", "referee", "unclear"] = "player"
        if role in ("goalkeeper", "referee"):
            kept = role
        elif role in ("other", "unclear") or team is None:
            kept = "unclear"
        shirt = _SIDE_AND_SHIRT.match(key)
        return Person(
            team,
            kept,
            name=_text(about.get("name")),
            jersey=int(shirt[2]) if shirt else None,
            position=_text(about.get("position")),
            provider_id=key,
        )


def identified(table: pd.DataFrame, who: str, path: Path) -> Everyone:
    """Tell people apart by team and the column ``who``, and the ball by role, team or identifier.

    Raises
    ------
    TrackingError
        If a team or a role is a word that is not known, or an identifier is of two teams at once in rows
        that do not say which.
    """
    import pandas as pd

    n = len(table)
    ids = _ids(table[who])
    nothing = np.full(n, None, object)
    team = table_words.understood(table["team"], table_words.TEAM, path) if "team" in table else nothing
    role = (
        table_words.understood(table["role"], table_words.ROLE, path) if "role" in table else nothing.copy()
    )
    named = pd.Series(ids).str.lower().eq("ball").to_numpy(bool)
    ball = named | (role == "ball") | (team == BALL)
    role[(team == OFFICIALS) & (role == None)] = "referee"  # noqa: E711
    official = (role == "referee") & ~ball
    side = team.copy()
    side[(team != "A") & (team != "B")] = None
    if "team" not in table:
        side = _sides_in(ids, ball | official)
    has_id = ids != None  # noqa: E711
    side = _completed(ids, side, has_id & ~ball & ~official, path, who)
    key = np.full(n, NOBODY, np.int64)
    rows = has_id & ~ball
    kind = np.where(official, "-", side)
    text = pd.Series(kind).fillna("").astype(str) + " " + pd.Series(ids).astype(str)
    key[rows] = pd.factorize(text[rows], sort=True)[0]
    lost = int((~has_id & ~ball).sum())
    notes = (f"{path}: {lost} rows have no {who} and are left out",) if lost else ()
    found = Everyone(key, ids, side, role, ball, notes)
    _refuse_flicker(found, table, path, who)
    return found


def observed(table: pd.DataFrame, path: Path) -> NDArray[np.bool_]:
    """Say which rows were seen and not guessed, by all columns that tell (`table_words.SEEN_BY`).

    Raises
    ------
    TrackingError
        If it is written in a word that is not known, or not said.
    """
    out = np.ones(len(table), bool)
    for name, (words, seen) in table_words.SEEN_BY.items():
        if name in table:
            said = table_words.understood(table[name], words, path)
            if any(s is None for s in said):
                raise TrackingError(f"{path}: {name} is empty in some rows; write {words.say}")
            out &= said.astype(bool) == seen
    return out


def once(
    known: NDArray[np.bool_], codes: Ints, everyone: Everyone, xy: Array, path: Path
) -> NDArray[np.bool_]:
    """Say which rows to keep of those ``known``: one a person, and one ball, a moment.

    Of several balls the one with the most rows is kept.

    Raises
    ------
    TrackingError
        If somebody is at two places at once.
    """
    import pandas as pd

    of_ball = pd.factorize(pd.Series(everyone.ids).fillna("ball"))[0]
    size = np.bincount(of_ball[everyone.ball & known], minlength=of_ball.max(initial=0) + 1)
    rank = np.where(everyone.ball, -size[of_ball], 0)
    person = np.where(everyone.ball, -2 - of_ball, everyone.key)
    rows = np.flatnonzero(known)
    order = rows[np.lexsort((rows, person[rows], rank[rows], codes[rows]))]
    same = (np.diff(codes[order]) == 0) & (np.diff(person[order]) == 0)
    apart = same & (np.abs(np.diff(xy[order], axis=0)) > 0.01).any(axis=1)
    if apart.any():
        a, b = order[:-1][apart][0], order[1:][apart][0]
        name = "the ball" if everyone.ball[a] else f"{everyone.ids[a]} (team {everyone.team[a]})"
        raise TrackingError(
            f"{path}: {name} is at two places at once, ({xy[a, 0]:g}, {xy[a, 1]:g}) and ({xy[b, 0]:g}, "
            f"{xy[b, 1]:g}) m; give each person an identifier of his own, or a column team"
        )
    kept = np.r_[True, ~same][: len(order)]
    ball = everyone.ball[order]
    kept &= ~(ball & np.r_[False, (np.diff(codes[order]) == 0) & ball[:-1]][: len(order)])
    out = np.zeros(len(known), bool)
    out[order[kept]] = True
    return out


def _ids(column: pd.Series) -> Owner:
    out = np.full(len(column), None, object)  # a Series of texts would have NaN for None
    for i, value in enumerate(column.astype(object).tolist()):
        text = None if value is None or value != value else _whole(value)
        out[i] = None if text in ("", "None", "nan") else text
    return out


def _whole(value: Any) -> str:
    """Write 7.0, as pandas reads 7 beside an empty field, as 7."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _sides_in(ids: Owner, without: NDArray[np.bool_]) -> Owner:
    """Read sides from identifiers such as home_7, if all are so."""
    found = [
        None if v is None or skip else _SIDE_AND_SHIRT.match(v) for v, skip in zip(ids, without, strict=True)
    ]
    out = np.full(len(ids), None, object)
    if all(m is not None or v is None or s for m, v, s in zip(found, ids, without, strict=True)):
        letters = {"home": "A", "a": "A", "away": "B", "b": "B"}
        out[:] = [None if m is None else letters[m[1].lower()] for m in found]
    return out


def _completed(ids: Owner, side: Owner, people: NDArray[np.bool_], path: Path, who: str) -> Owner:
    """Give rows without a team the one that their identifier has elsewhere."""
    sides: dict[str, set[str]] = {}
    for key, team in {(k, t) for k, t in zip(ids[people], side[people], strict=True) if t is not None}:
        sides.setdefault(key, set()).add(team)
    out = side.copy()
    for at in np.flatnonzero(people & (side == None)):  # noqa: E711
        known = sides.get(ids[at], set())
        if len(known) > 1:
            raise TrackingError(f"{path}: {who} {ids[at]} is in both teams, and some rows do not say which")
        if known:
            out[at] = next(iter(known))
    return out


def _refuse_flicker(everyone: Everyone, table: pd.DataFrame, path: Path, who: str) -> None:
    """Refuse somebody who goes to and fro between the teams: one person whose team is guessed each time."""
    import pandas as pd

    when = table.get("time_s", table.get("frame"))
    rows = (everyone.key != NOBODY) & (everyone.team != None)  # noqa: E711
    if when is None or not rows.any():
        return
    seen = pd.DataFrame(
        {"id": everyone.ids[rows], "team": everyone.team[rows], "when": when[rows].to_numpy()}
    )
    shared = seen.groupby("id")["team"].nunique()
    for key, own in seen[seen["id"].isin(shared[shared > 1].index)].groupby("id"):
        own = own.sort_values("when", kind="stable")
        if own["when"].duplicated().any():
            continue
        if int((own["team"] != own["team"].shift()).sum()) - 1 > _CHANGES:
            raise TrackingError(
                f"{path}: {who} {key} changes teams to and fro; write one team for each person"
            )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
