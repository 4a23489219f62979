"""Pieces of tracks without metres: who is in a close-up, told by how people stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.linking.close_ups.layout import Pictured
from pipeline.linking.close_ups.looks_gain import KITS, looks_gain
from pipeline.linking.close_ups.shot_people import Moment, chances
from pipeline.linking.close_ups.whereabouts import Whereabouts
from pipeline.linking.tracklets.tracklet_table import BOX

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

KINDS = ("close_up", "other", "main", "unclear")
"""Kinds of shots that show what happens now; a replay shows where people were before."""
_ROLES = ("player", *KITS)
_EVERY_S, _MOST_MOMENTS = 0.7, 10
_EDGE_PX = 3.0
_STEADY_S = 0.25
_MIN_PEOPLE = 2
_HARDLY = 1e-3
_OTHER_ROLE = -1.0
"""A goalkeeper is taken for a referee, and the other way round, where kits are all there is to go by."""
_LOOKS = 0.5
"""Weight of looks in each moment: several moments count as two."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Table ``shots``, and the size of the pictures."""

    shots: pd.DataFrame
    width_px: int
    height_px: int


def link_close_ups(
    rows: pd.DataFrame, named: pd.DataFrame, pictures: Pictures, min_score: float
) -> pd.DataFrame:
    """Give pieces without any place the person who must be in the picture there, where that is clear.

    Parameters
    ----------
    rows
        Sightings of `tracklets.split`, with boxes.
    named
        Pieces as `naming.with_ids` makes them.
    min_score
        Pieces less likely than this to be somebody's stay as they are.

    Returns
    -------
    ``named``, with ``player_id, role, team, why, score, second_id, second_score`` of those who were told.
    """
    import pandas as pd

    person = rows["piece"].map(named["player_id"])
    seen = rows[rows["x_m"].notna() & person.notna()].assign(player_id=person)
    open_ = named.index[(named["n_placed"] == 0) & named["player_id"].isna() & named["role"].isin(_ROLES)]
    if seen.empty or not len(open_):
        return named
    whereabouts = Whereabouts(seen)
    people = seen.drop_duplicates("player_id").set_index("player_id")[["role", "team"]]
    people = people.loc[whereabouts.people]
    may_be = _by_role(named.loc[open_], people) + _LOOKS * looks_gain(named, open_.to_numpy(), people)
    may_be_who = pd.DataFrame(may_be, index=open_)
    out = named.copy()
    for shown in _by_shot(rows[rows["piece"].isin(open_)], pictures):
        taken = _seen_besides(out, int(shown["frame"].min()), int(shown["frame"].max()))
        moments = _moments(_upright(shown, pictures), whereabouts, may_be_who, pictures.width_px)
        if moments:
            piece, chance = chances(moments)
            _write(out, piece, chance, people, min_score, "layout", taken)
        rest = out.loc[shown["piece"].unique()]
        rest = rest[rest["player_id"].isna() & rest["role"].isin(KITS)]
        kits = np.exp(may_be_who.loc[rest.index].to_numpy() / _LOOKS)
        kits /= np.maximum(kits.sum(axis=1, keepdims=True), 1e-12)
        _write(out, rest.index.to_numpy(), kits, people, min_score, "appearance", taken)
    return out


def _upright(rows: pd.DataFrame, pictures: Pictures) -> pd.DataFrame:
    """Add ``x_px`` and the steadied ``height_px`` of those who are wholly in the picture."""
    x1, y1, x2, y2 = (rows[c].to_numpy(np.float64) for c in BOX)
    whole = (y1 > _EDGE_PX) & (y2 < pictures.height_px - _EDGE_PX)
    whole &= (x1 > _EDGE_PX) & (x2 < pictures.width_px - _EDGE_PX)
    out = rows.assign(x_px=0.5 * (x1 + x2), height_px=y2 - y1)[whole]
    out = out.sort_values(["piece", "time_s"], kind="stable", ignore_index=True)
    time, height = (out[c].to_numpy(np.float64) for c in ("time_s", "height_px"))
    steady = np.empty(len(out))
    for own in out.groupby("piece").indices.values():
        a, b = own[0], own[-1] + 1
        low = a + np.searchsorted(time[a:b], time[a:b] - _STEADY_S)
        high = a + np.searchsorted(time[a:b], time[a:b] + _STEADY_S, "right")
        steady[a:b] = [np.median(height[i:j]) for i, j in zip(low, high, strict=True)]
    return out.assign(height_px=steady)


def _by_shot(rows: pd.DataFrame, pictures: Pictures) -> Iterator[pd.DataFrame]:
    live = pictures.shots[pictures.shots["kind"].isin(KINDS)]
    for first, last in zip(live["start_frame"], live["end_frame"], strict=True):
        shown = rows[rows["frame"].between(first, last)]
        if len(shown):
            yield shown


def _seen_besides(named: pd.DataFrame, first: int, last: int) -> list[tuple[int, int, int]]:
    """Who is seen between two frames anyway: person, first and last frame of his pieces."""
    own = named[named["player_id"].notna() & (named["frame_to"] >= first) & (named["frame_from"] <= last)]
    columns = [own[c].astype("int64").tolist() for c in ("player_id", "frame_from", "frame_to")]
    return list(zip(*columns, strict=True))


def _moments(
    shown: pd.DataFrame, whereabouts: Whereabouts, may_be: pd.DataFrame, width_px: int
) -> list[Moment]:
    """Moments of a shot at which most are to be seen, at even steps."""
    if shown.empty:
        return []
    count = shown.groupby("frame").size()
    time = shown.groupby("frame")["time_s"].first()
    step = max(_EVERY_S, float(np.ptp(time)) / _MOST_MOMENTS + 1e-6)
    out = []
    for frame in count.groupby((time / step).astype(int)).idxmax():
        now = shown[shown["frame"] == frame]
        if len(now) < _MIN_PEOPLE:
            continue
        piece = now["piece"].to_numpy(np.int64)
        pictured = Pictured(
            now["x_px"].to_numpy(np.float64) / width_px - 0.5,
            now["height_px"].to_numpy(np.float64) / width_px,
            may_be.loc[piece].to_numpy(np.float64),
        )
        out.append(Moment(piece, pictured, whereabouts.at(float(time[frame]))))
    return out


def _by_role(pieces: pd.DataFrame, people: pd.DataFrame) -> Array:
    """Log-likelihood ratios ``(N, K)`` by role and team; -inf where it cannot be."""
    role, own_role = (t["role"].to_numpy(object) for t in (pieces, people))
    team, own_team = (
        t["team"].astype(object).where(t["team"].notna(), "").to_numpy() for t in (pieces, people)
    )
    same = role[:, None] == own_role
    same &= (team[:, None] == own_team) | (team[:, None] == "")
    kits = np.isin(role, KITS)[:, None] & np.isin(own_role, KITS)
    return np.where(same, 0.0, np.where(kits, _OTHER_ROLE, -np.inf))


def _write(
    named: pd.DataFrame,
    piece: Ints,
    chance: Array,
    people: pd.DataFrame,
    min_score: float,
    why: str,
    taken: list[tuple[int, int, int]],
) -> None:
    """Enter who is clear, the clearest first; nobody is two at a time.

    ``taken``: person, first and last frame of all that was entered; is added to.
    """
    columns = ["player_id", "role", "team", "why", "score", "second_id", "second_score"]
    best = chance.argmax(axis=1)
    score = chance[np.arange(len(piece)), best]
    for n in np.argsort(-score, kind="stable"):
        if score[n] < min_score:
            break
        first, last = (int(named.loc[piece[n], c]) for c in ("frame_from", "frame_to"))
        who = int(people.index[int(best[n])])
        if any(p == who and a <= last and first <= b for p, a, b in taken):
            continue
        taken.append((who, first, last))
        rest = np.where(np.arange(len(people)) == best[n], 0.0, chance[n])
        second = int(people.index[int(rest.argmax())]) if rest.max() > _HARDLY else None
        about = people.iloc[int(best[n])]
        values = (who, about["role"], about["team"], why, score[n], second, rest.max() if second else np.nan)
        for column, value in zip(columns, values, strict=True):
            named.loc[piece[n], column] = value
