"""How whole identities are: a person's visible time in one, and an identity's time with one person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

from pipeline.evaluation.tracking.scores import boxes_similarity

if TYPE_CHECKING:
    import pandas as pd

MIN_IOU = 0.5


@dataclass(frozen=True, slots=True)
class IdentityShares:
    """Shares 0 to 1 over matched people who play (``role`` player or goalkeeper where the truth says so).

    ``mean_share``, ``worst_share``: of a person's matched time, the part in the identity that holds most of
    it. ``purity``: of the matched time of all identities, the part that belongs to each one's main person.
    ``unknown_share``: matched time without an identity. ``ids_per_person``: median identities a person.
    """

    n_people: int
    n_identities: int
    mean_share: float
    worst_share: float
    purity: float
    unknown_share: float
    ids_per_person: float


def matched(true: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Pair true and found people frame by frame, one to one, by boxes of IoU .5 or more.

    Clearly visible people are paired before ignored ones.

    Returns
    -------
    ``frame``, ``person_id``, ``ignored``, and ``row``: the position of the pair in ``found``.
    """
    import pandas as pd

    in_found = found.groupby("frame").indices
    parts = []
    for frame, rows in true.groupby("frame").indices.items():
        here = in_found.get(frame)
        if here is None:
            continue
        there = true.iloc[rows]
        iou = boxes_similarity(there, found.iloc[here])
        worth = np.where(iou >= MIN_IOU, iou + ~there["ignored"].to_numpy(bool)[:, None], 0.0)
        i, j = linear_sum_assignment(-worth)
        kept = worth[i, j] > 0
        parts.append(there.iloc[i[kept]][["frame", "person_id", "ignored"]].assign(row=here[j[kept]]))
    if not parts:
        return pd.DataFrame({"frame": [], "person_id": [], "ignored": [], "row": []}).astype(int)
    out: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return out


def identity_shares(person: pd.Series, identity: pd.Series) -> IdentityShares:
    """Sum up matched rows: who it truly is, and the identity it was given (null is unknown)."""
    import pandas as pd

    total = person.value_counts()
    named = pd.DataFrame({"person": person, "identity": identity}).dropna(subset=["identity"])
    counts = named.groupby(["person", "identity"]).size()
    longest = counts.groupby("person").max().reindex(total.index).fillna(0)
    share = longest / total
    n_matched = int(counts.sum())
    return IdentityShares(
        len(total),
        int(named["identity"].nunique()),
        float(share.mean()) if len(share) else float("nan"),
        float(share.min()) if len(share) else float("nan"),
        float(counts.groupby("identity").max().sum() / n_matched) if n_matched else float("nan"),
        float(1 - n_matched / len(person)) if len(person) else float("nan"),
        float(counts.groupby("person").size().median()) if n_matched else float("nan"),
    )
