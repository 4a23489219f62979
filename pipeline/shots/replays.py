"""Which shots are replays, and what says so. Nothing is called one without a sign.

Between live play and a replay broadcasters put a wipe, the same one on both sides. So the footage falls
into parts from wipe to wipe that are live and replay by turns; a transition that was missed breaks the turn,
hence the least costly course through the parts is taken.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.shots.transitions import Change, alike

if TYPE_CHECKING:
    import pandas as pd

WIPED, NO_BUG, SLOW = "the same wipe before and after", "score graphic gone", "every other frame repeated"

_LONGEST_S = 60.0
_TURN_S = 4.0
"""What it costs, in seconds of main camera taken for a replay, that two parts in turn are of one kind."""
_DOUBT_S = 1.0
"""The same for the footage's first and last part being a replay, and for a live part without main camera."""
_SLOW_REPEATS, _SLOW_MORE = 0.3, 0.2
_SCORES = {WIPED: 0.9, NO_BUG: 0.7, SLOW: 0.6}


def signs(
    shots: pd.DataFrame, main: NDArray[np.bool_], found: list[Change], no_bug: Collection[int]
) -> dict[int, list[str]]:
    """List for each shot what says that it is a replay.

    Parameters
    ----------
    shots
        As `shot_facts.facts` gives them.
    main
        ``(S,)``: filmed by the main camera.
    found
        The transitions, in order.
    no_bug
        Shots without the score bug that their neighbours have.
    """
    numbers = shots.index.to_numpy(np.int64)
    wiped = _wiped(shots, main, found, no_bug)
    repeats = shots["repeats"].to_numpy(float)
    usual = float(np.median(repeats[main])) if main.any() else float("nan")
    slow = (repeats >= _SLOW_REPEATS) & (repeats >= usual + _SLOW_MORE)
    out: dict[int, list[str]] = {}
    for number, is_slow in zip(numbers.tolist(), slow.tolist(), strict=True):
        spoken = ((WIPED, number in wiped), (NO_BUG, number in no_bug), (SLOW, is_slow))
        out[number] = [sign for sign, speaks in spoken if speaks]
    return out


def chance(spoken: list[str], strict: bool) -> float:
    """How sure a replay is: 0 without a sign; ``strict`` asks for the wipes or two signs."""
    if strict and spoken in ([NO_BUG], [SLOW]):
        return 0.0
    return 1.0 - float(np.prod([1.0 - _SCORES[sign] for sign in spoken]))


def _wiped(
    shots: pd.DataFrame, main: NDArray[np.bool_], found: list[Change], no_bug: Collection[int]
) -> set[int]:
    """The shots in the parts that wipes mark as replays."""
    same = alike(found)
    marks = [change for change, like in zip(found, same, strict=True) if like.any()]
    if not marks:
        return set()
    numbers = shots.index.to_numpy(np.int64)
    first = [int(numbers[0]), *(mark.after for mark in marks)]
    last = [*(mark.before for mark in marks), int(numbers[-1])]
    parts = [(numbers >= a) & (numbers <= b) for a, b in zip(first, last, strict=True)]
    length = (shots["end_s"] - shots["start_s"]).to_numpy(float)
    bug = ~np.isin(numbers, list(no_bug))
    cost = np.array(
        [
            [
                float(length[part & ~bug].sum()),
                float(length[part & main & bug].sum()) + max(0.0, float(length[part].sum()) - _LONGEST_S),
            ]
            for part in parts
        ]
    )
    cost[[0, -1], 1] += _DOUBT_S
    cost[:, 0] += [0.0 if (part & main).any() else _DOUBT_S for part in parts]
    replay = _course(cost)
    return {int(n) for part, is_replay in zip(parts, replay, strict=True) if is_replay for n in numbers[part]}


def _course(cost: NDArray[np.float64]) -> list[bool]:
    """The cheapest course through ``(P, 2)`` costs of being live and replay, which should take turns."""
    turn = np.array([[_TURN_S, 0.0], [0.0, _TURN_S]])
    total, back = cost[0], []
    for own in cost[1:]:
        ways = total[:, None] + turn
        back.append(ways.argmin(axis=0))
        total = ways.min(axis=0) + own
    state = int(total.argmin())
    course = [state]
    for step in reversed(back):
        state = int(step[state])
        course.append(state)
    return [bool(s) for s in reversed(course)]
