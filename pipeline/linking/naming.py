"""Names for people: each gets the number of the track that shows most of him; and the tables that say so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline.linking.groups import Decided
from pipeline.tables import storage

if TYPE_CHECKING:
    import pandas as pd

_MIN_VOTES = 0.9
_MIN_SHARE = 0.6


def with_ids(pieces: pd.DataFrame, decided: Sequence[Decided]) -> pd.DataFrame:
    """Add ``player_id, why, score, second_id, second_score`` to `summaries`; unknown ones have no id."""
    import pandas as pd

    out = pieces.assign(player_id=pd.array([pd.NA] * len(pieces), "Int32"), why=None, score=0.0)
    out = out.assign(second_id=pd.array([pd.NA] * len(pieces), "Int32"), second_score=np.nan)
    taken: set[int] = set()
    spare = int(pieces["track_id"].max()) + 1 if len(pieces) else 1
    for group in decided:
        ids: dict[int, int] = {}
        for who in range(int(group.who.max(initial=-1)) + 1):
            own = pieces.loc[group.piece[group.who == who]]
            if own.empty:
                continue
            seen = own.groupby("track_id")["n_placed"].sum().sort_values(ascending=False, kind="stable")
            free = [int(t) for t in seen.index if int(t) not in taken]
            ids[who] = free[0] if free else spare
            spare += not free
            taken.add(ids[who])
        for column, values in (("player_id", group.who), ("second_id", group.second)):
            out.loc[group.piece, column] = pd.array([ids.get(int(w), pd.NA) for w in values], "Int32")
        why = group.why.astype(object)
        why[group.who < 0] = None
        out.loc[group.piece, "why"] = why
        out.loc[group.piece, "score"] = group.score
        out.loc[group.piece, "second_score"] = np.where(group.second >= 0, group.second_score, np.nan)
    return out


def people_table(named: pd.DataFrame) -> pd.DataFrame:
    """Make table ``people`` from the pieces of `with_ids`."""
    import pandas as pd

    known = named[named["player_id"].notna()].assign(weight=lambda t: t["n_placed"] + 1e-6)
    rows = []
    for player, own in known.groupby("player_id"):
        seconds = float((own["end_s"] - own["start_s"]).sum())
        rows.append(
            {
                **dict.fromkeys(storage.empty("people").columns),
                "player_id": int(str(player)),
                "track_id": int(str(player)),
                "role": own["role"].iloc[0],
                "team": own["team"].iloc[0],
                "jersey": _jersey(own),
                "minutes_in_view": seconds / 60,
                "score": float(np.average(own["score"], weights=own["weight"])),
            }
        )
    return storage.conform(pd.DataFrame(rows) if rows else storage.empty("people"), "people")


def _jersey(own: pd.DataFrame) -> int | None:
    read = own[own["number"] >= 0]
    votes = read.groupby("number")["number_score"].sum()
    if votes.empty or votes.max() < _MIN_VOTES or votes.max() < _MIN_SHARE * votes.sum():
        return None
    return int(votes.index.to_numpy()[votes.to_numpy().argmax()])


def links_table(named: pd.DataFrame) -> pd.DataFrame:
    """Make table ``links``: one row for each piece of a track of a person."""
    table = named.assign(seconds=named["end_s"] - named["start_s"])
    names = storage.empty("links").columns.tolist()
    return storage.conform(table[names].sort_values(["track_id", "frame_from"]), "links")
