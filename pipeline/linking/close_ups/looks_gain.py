"""What shirt numbers, and the kits of goalkeepers and referees, say of who somebody in a close-up is.

Colours of hair, skin and boots are left out: seen from near and from another side they misled more than
they told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.linking.evidence.appearance_match import Looks, number_gain
from pipeline.linking.summaries import COLOURS

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

KITS = ("goalkeeper", "referee")
"""Roles that a kit of their own tells."""
_ZONES = [c for c in COLOURS if c.startswith(("shirt", "shorts", "socks"))]
_KIT_SPREAD = 7.0
"""How far one kit's colours differ from picture to picture, units of CIELAB, each."""
_MOST_KIT = 6.0


def looks_gain(named: pd.DataFrame, piece: Ints, people: pd.DataFrame) -> Array:
    """Log-likelihood ratios ``(N, K)`` of pieces being people, by looks; 0 where nothing was seen or read.

    Parameters
    ----------
    named
        Pieces as `naming.with_ids` makes them.
    piece
        Those that are asked for, ``(N,)``.
    people
        Index ``player_id``: ``role, team``, K rows.
    """
    import pandas as pd

    out = np.zeros((len(piece), len(people)))
    for team in ("A", "B"):
        own = np.flatnonzero((people["role"] == "player") & (people["team"] == team))
        rows = named[(named["role"] == "player") & (named["team"] == team)]
        if not len(own) or rows.empty:
            continue
        who = _among(rows["player_id"], people.index[own])
        looks = Looks(
            rows["number"].to_numpy(np.int64),
            rows["number_score"].to_numpy(np.float64),
            np.zeros((len(rows), 0)),
        )
        gain = number_gain(looks, who, len(own))
        at = rows.index.get_indexer(pd.Index(piece))
        asked = np.flatnonzero(at >= 0)
        out[np.ix_(asked, own)] = gain[at[asked]]
    return out + _kit_gain(named, piece, people)


def _among(player_id: pd.Series, ids: pd.Index) -> Ints:
    import pandas as pd

    return np.asarray(ids.get_indexer(pd.Index(player_id.fillna(-1).astype("int64"))), np.int64)


def _kit_gain(named: pd.DataFrame, piece: Ints, people: pd.DataFrame) -> Array:
    """How much worse than the best one each such kit fits pieces of such a role: 0 or less."""
    out = np.zeros((len(piece), len(people)))
    own = np.flatnonzero(people["role"].isin(KITS))
    asked = np.flatnonzero(named.loc[piece, "role"].isin(KITS))
    known = named[named["player_id"].notna() & named["role"].isin(KITS)]
    if not len(own) or not len(asked) or known.empty:
        return out
    kits = known.groupby(known["player_id"].astype("int64"))[_ZONES].median().reindex(people.index[own])
    miss = named.loc[piece[asked], _ZONES].to_numpy(np.float64)[:, None] - kits.to_numpy(np.float64)[None]
    seen = np.isfinite(miss)
    fit = -0.5 * np.where(seen, miss / _KIT_SPREAD, 0.0) ** 2
    # zones go together, so their mean counts, as three looks
    fit = 3 * fit.sum(axis=2) / np.maximum(seen.sum(axis=2), 1)
    fit = np.where(seen.any(axis=2), fit, -0.5 * _MOST_KIT)
    out[np.ix_(asked, own)] = np.maximum(fit - fit.max(axis=1, keepdims=True), -_MOST_KIT)
    return out
