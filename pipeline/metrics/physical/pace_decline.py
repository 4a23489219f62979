"""How a player's pace changes over his time on the pitch. Arrays in, numbers out.

The last minutes are compared with the first (Mohr, Krustrup and Bangsbo, J Sports Sci 21 (2003) 519: the
last 15 against the first). Pace is metres a visible minute; its error comes from how much it varies from
minute to minute.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_MINUTE_S = 60.0
_SEEN_S = 15.0


@dataclass(frozen=True, slots=True)
class Decline:
    """Pace in the first and the last minutes, m/min, last over first minus 1, and its error."""

    first_m_per_min: float | None = None
    last_m_per_min: float | None = None
    change: float | None = None
    error: float | None = None


def decline(
    played_s: Array, step_s: Array, step_m: Array, stay_s: tuple[float, float], long_s: float, seen_s: float
) -> Decline:
    """Compare the last ``long_s`` of a stay with its first.

    Parameters
    ----------
    played_s, step_s, step_m
        Shape ``(N,)``: seconds played at the end of each step, the time and the metres of it.
    stay_s
        On the pitch from and until, in seconds played.
    seen_s
        Visible time needed at either end.

    Returns
    -------
    Numbers that are not known, such as those of a stay shorter than both ends, are None.
    """
    on, off = stay_s
    if off - on < 2 * long_s - 1e-6:
        return Decline()
    ends = [_pace(played_s, step_s, step_m, start, long_s, seen_s) for start in (on, off - long_s)]
    (first, first_error), (last, last_error) = ends
    if first is None or last is None or first <= 0:
        return Decline(first, last)
    ratio = last / first
    error = ratio * float(np.hypot(first_error / first, last_error / last if last > 0 else 0.0))
    return Decline(first, last, ratio - 1, error)


def _pace(
    played_s: Array, step_s: Array, step_m: Array, start: float, long_s: float, seen_s: float
) -> tuple[float | None, float]:
    """Metres a visible minute, and its standard error over whole minutes."""
    inside = (played_s > start) & (played_s <= start + long_s)
    seconds = float(step_s[inside].sum())
    if seconds < seen_s:
        return None, 0.0
    pace = float(step_m[inside].sum()) / seconds * _MINUTE_S
    minute = ((played_s[inside] - start) / _MINUTE_S).astype(np.int64)
    n = int(minute.max()) + 1
    seen = np.bincount(minute, step_s[inside], n)
    run = np.bincount(minute, step_m[inside], n)
    enough = seen >= _SEEN_S
    if enough.sum() < 2:
        return pace, pace
    off = run[enough] - pace / _MINUTE_S * seen[enough]  # of a ratio of sums, Cochran 1977
    k = int(enough.sum())
    return pace, float(np.sqrt(k / (k - 1) * (off**2).sum()) / seen[enough].sum() * _MINUTE_S)
