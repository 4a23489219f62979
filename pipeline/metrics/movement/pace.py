"""What a pace, metres a minute, is of: of all of a match, or of what a camera that follows the play showed.

While the ball is in play and near, people run more: active play is 150-180 m/min where a whole match,
breaks included, is 105-125 (outfield players). So a pace from broadcast pictures reads high, and it is no
basis for a comparison with one of cameras that see everybody, all of the time.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Basis = Literal["whole", "in view", "short"]

ACTIVE_PLAY = (150, 180)
WHOLE_MATCH = (105, 125)
"""Usual paces of outfield players, m/min."""
WHOLE_COVERAGE = 0.9
LEAST_MIN = 20.0
"""Shorter footage is a choice of scenes, however much of them is seen, min."""


def basis(coverage: Array, weight: Array, play_min: float) -> Basis:
    """Say what paces are of, from players' coverage ``(N,)`` weighted by ``weight`` (their minutes).

    ``whole``: players are seen nearly all of the time; ``in view``: only where the camera looks; ``short``:
    of footage under `LEAST_MIN`.
    """
    if play_min < LEAST_MIN:
        return "short"
    if not len(coverage) or weight.sum() <= 0:
        return "in view"
    return "whole" if float(np.average(coverage, weights=weight)) >= WHOLE_COVERAGE else "in view"


def efforts_note(of: Basis) -> str:
    """Say how to read counts of accelerations; empty where cameras see everybody."""
    if of != "in view":
        return ""
    return (
        "accelerations and decelerations from a camera that follows the play are uncertain: many are noise, "
        "and real ones are smoothed away; compare their counts with the like only"
    )


def note(of: Basis) -> str:
    """Say how to read a pace; empty where it is that of a whole match."""
    if of == "whole":
        return ""
    active, whole = ("{}–{}".format(*span) for span in (ACTIVE_PLAY, WHOLE_MATCH))
    why = "the camera follows the play" if of == "in view" else "a clip shows active play"
    return (
        f"m/min reads high here, as {why}: usual in active play {active}, over a whole match {whole}; "
        "compare it with the like only"
    )
