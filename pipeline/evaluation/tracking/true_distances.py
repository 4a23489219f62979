"""How far each person ran, against the truth of the same moments: rendered matches have exact paths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

MIN_SEEN_S = 30.0
"""Who was seen for less says little: a metre too many is soon 3%."""
NEAR = 0.03


@dataclass(frozen=True, slots=True)
class DistancesRun:
    """Errors of the distance run, as shares of the true one, over people seen for `MIN_SEEN_S` or longer.

    ``n_near``: how many are within `NEAR`. ``median``, ``worst``: of the errors' sizes.
    """

    n_people: int
    n_near: int
    median: float
    worst: float


def distances_run(moving: pd.DataFrame, paths: pd.DataFrame, who: dict[int, int]) -> DistancesRun | None:
    """Compare the metres that count with the true ones between the same two frames.

    Parameters
    ----------
    moving
        What `pipeline.metrics.movement.track_motion.motion` gives; ``track_id`` is the person's identity.
    paths
        The truth: ``frame, person_id, x_m, y_m`` of every frame.
    who
        Who each identity truly is, for most of its time.

    Returns
    -------
    None where nobody was seen for so long.
    """
    true = paths.sort_values(["person_id", "frame"])
    true["way_m"] = _ways_m(true)
    errors = []
    for identity, person in who.items():
        rows, path = moving[moving["track_id"] == identity], true[true["person_id"] == person]
        if path.empty or rows["step_s"].sum() < MIN_SEEN_S:
            continue
        way = np.interp(rows["frame"], path["frame"], path["way_m"])
        counted = rows["step_s"].to_numpy(float) > 0
        counted[0] = False
        exact = float(np.diff(way, prepend=way[0])[counted].sum())
        if exact > 0:
            errors.append(abs(float(rows["step_m"].sum()) / exact - 1))
    if not errors:
        return None
    off = np.array(errors)
    return DistancesRun(len(off), int((off <= NEAR).sum()), float(np.median(off)), float(off.max()))


def _ways_m(paths: pd.DataFrame) -> NDArray[np.float64]:
    """How far each has run until each frame; ``paths`` lie one person behind another."""
    each = paths.groupby("person_id")
    step_m = np.hypot(each["x_m"].diff().to_numpy(), each["y_m"].diff().to_numpy())
    return paths.assign(step_m=np.nan_to_num(step_m)).groupby("person_id")["step_m"].cumsum().to_numpy(float)
