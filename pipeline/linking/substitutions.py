"""Substitutes: whose number changes for good is somebody else from then on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.linking.groups import Decided
from pipeline.linking.tracklets.tracklet_table import number_change

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]

_MOST = 3
"""Nobody's place in a team is taken more often than this."""


def with_substitutes(decided: Decided, pieces: pd.DataFrame) -> Decided:
    """Make a new person of a group from where one shirt number gives way to another for good.

    Two pieces at least must show each number. He comes on in the longest time out of view between the last
    sight of the one number and the first of the other. One after the other, they are never on the pitch
    together, so a team stays at eleven.

    Parameters
    ----------
    decided
        A team's players; ``who`` is theirs.
    pieces
        `summaries.summaries`.
    """
    who, second = decided.who.copy(), decided.second.copy()
    own = pieces.loc[decided.piece]
    person = 0
    while person <= who.max(initial=-1):
        mine = np.flatnonzero(who == person)
        mine = mine[np.argsort(own["start_s"].to_numpy()[mine], kind="stable")]
        at = _comes_on(own.iloc[mine])
        if at is not None and person < decided.who.max() + _MOST:
            # from here on the next new one, who may be replaced himself
            who[mine[at:]] = who.max() + 1
            second[mine[at:]] = np.where(second[mine[at:]] == person, -1, second[mine[at:]])
        person += 1
    return replace(decided, who=who, second=second)


def _comes_on(own: pd.DataFrame) -> int | None:
    """Which of a person's pieces, in order of time, is the first of somebody else; None if he is one."""
    read = np.flatnonzero(own["number"].to_numpy() >= 0)
    number, score = own["number"].to_numpy(np.int64)[read], own["number_score"].to_numpy(np.float64)[read]
    first = number_change(read.astype(np.int64), number, score)
    if first is None:
        return None
    last = int(read[read < first].max())
    if len(set(number[read < first].tolist()) & set(number[read >= first].tolist())):
        return None
    start, end = own["start_s"].to_numpy(np.float64), own["end_s"].to_numpy(np.float64)
    away = start[last + 1 : first + 1] - end[last:first]
    return last + 1 + int(away.argmax())
