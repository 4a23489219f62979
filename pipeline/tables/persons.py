"""From tracks to people: positions and identities told by who it is instead of by which track saw him."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def by_person(
    positions: pd.DataFrame,
    identities: pd.DataFrame,
    links: pd.DataFrame | None,
    placed: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give each position the track that stands for its person, and each person one row of ``identities``.

    Pieces of nobody in particular keep a number of their own, so nothing is lost.

    Parameters
    ----------
    positions, identities
        Tables of the run. ``positions`` may be any table with ``frame`` and ``track_id``, such as ``tracks``.
    links
        The table, or None (or without rows) where there is none: then nothing changes.
    placed
        Table ``placed_by_hand``: its rows join positions in metres, ``source`` by_hand, of no instance.
    """
    if links is None or links.empty:
        return positions, identities
    stand = _standing(links)
    if "track_id" in positions and len(positions):
        positions = _with_placed(positions.assign(track_id=_of_rows(positions, stand)), placed)
    return positions, _merged(identities, stand)


def _with_placed(positions: pd.DataFrame, placed: pd.DataFrame | None) -> pd.DataFrame:
    import pandas as pd

    if placed is None or placed.empty or "x_m" not in positions:
        return positions
    added = placed.rename(columns={"player_id": "track_id"}).assign(source="by_hand")
    added = added.reindex(columns=positions.columns)
    # One dtype a column on both sides: nothing says of what type a column of nothing is.
    whole = pd.concat([positions, added.astype(positions.dtypes.to_dict())])
    return whole.sort_values(["frame", "track_id"], kind="stable", ignore_index=True)


class PersonAt:
    """Who a track shows at a frame, looked up one by one; for whole tables there is `by_person`.

    Parameters
    ----------
    links
        The table; may be empty.
    """

    def __init__(self, links: pd.DataFrame) -> None:
        self._pieces: dict[int, tuple[list[int], list[int | None]]] = {}
        order = links.sort_values(["track_id", "frame_from"], kind="stable")
        who = order["player_id"].astype(object).where(order["player_id"].notna(), None)
        for track, frame, person in zip(order["track_id"], order["frame_from"], who, strict=True):
            begins, people = self._pieces.setdefault(int(track), ([], []))
            begins.append(int(frame))
            people.append(None if person is None else int(person))

    def __call__(self, track_id: int, frame: int) -> int | None:
        """Give the person's ``player_id``; None for nobody in particular."""
        begins, people = self._pieces.get(track_id, ([], []))
        return people[max(bisect_right(begins, frame) - 1, 0)] if begins else None


def _standing(links: pd.DataFrame) -> pd.DataFrame:
    """``links`` sorted, with ``stand``: the person, or a number that no person has."""
    out = links.sort_values(["track_id", "frame_from"], ignore_index=True)
    people = set(out["player_id"].dropna().astype(int))
    stand = out["player_id"].astype("Int64").to_numpy(dtype="float64", na_value=np.nan)
    spare = int(max(out["track_id"].max(), max(people, default=0))) + 1
    used = set(people)
    for i in np.flatnonzero(np.isnan(stand)):
        track = int(out["track_id"].iloc[i])
        if track in used:
            track, spare = spare, spare + 1
        used.add(track)
        stand[i] = track
    return out.assign(stand=stand.astype(np.int64))


def _of_rows(table: pd.DataFrame, stand: pd.DataFrame) -> pd.Series:
    """Who each row shows; rows without a track or a link keep what they have."""
    import pandas as pd

    track = table["track_id"].astype("Int64").to_numpy(dtype="float64", na_value=-1).astype(np.int64)
    span = int(max(table["frame"].max(), stand["frame_to"].max())) + 2
    begins = stand["track_id"].to_numpy(np.int64) * span + stand["frame_from"].to_numpy(np.int64)
    at = np.searchsorted(begins, track * span + table["frame"].to_numpy(np.int64), side="right") - 1
    at = np.maximum(at, 0)
    linked = stand["track_id"].to_numpy(np.int64)[at] == track
    who = np.where(linked, stand["stand"].to_numpy(np.int64)[at], track)
    out = pd.Series(who, index=table.index, dtype="Int64").mask(track < 0)
    return out.astype(table["track_id"].dtype)


def _merged(identities: pd.DataFrame, stand: pd.DataFrame) -> pd.DataFrame:
    """One row of ``identities`` for each person: the role and team of his links, the span of all of them."""
    known = identities.set_index("track_id")
    pieces = stand[stand["track_id"].isin(known.index)].copy()
    for name in ("role_score", "team_score", "n_frames", "first_s", "last_s"):
        pieces[name] = pieces["track_id"].map(known[name])
    pieces = pieces.sort_values("n_frames", ascending=False, kind="stable")
    people = pieces.groupby("stand", sort=True).agg(
        role=("role", "first"),
        role_score=("role_score", "first"),
        team=("team", "first"),
        team_score=("team_score", "first"),
        n_frames=("n_frames", "sum"),
        first_s=("first_s", "min"),
        last_s=("last_s", "max"),
    )
    others = identities[~identities["track_id"].isin(stand["track_id"])]
    people = people.reset_index(names="track_id").astype(identities.dtypes.to_dict())
    return _stacked([people[identities.columns], others])


def _stacked(parts: list[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    some = [p for p in parts if len(p)]
    out: pd.DataFrame = pd.concat(some) if some else parts[0]
    return out.sort_values("track_id", ignore_index=True)
