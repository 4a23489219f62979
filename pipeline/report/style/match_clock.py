"""The clock of a match as people say it: ``12:40``, ``45+1:04``, and ``46:10`` after the break.

Times in tables run from the first frame; where a provider gave the periods, these say what the clock showed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.metrics.movement.match_parts import CLOCK_START_MIN, PERIOD_MIN
from pipeline.report.style.wording import clock

if TYPE_CHECKING:
    import pandas as pd

SHOOT_OUT = 5


def match_clock(time_s: float, periods: pd.DataFrame, *, tenths: bool = False) -> str:
    """Write a moment as the clock of the match shows it: added time behind a plus, ``45+1:04``, ``90+0:30``.

    Parameters
    ----------
    time_s
        From the first frame, s. Between two periods the clock stands where the first of them ended.
    periods
        Table ``periods``. Without given ones (footage) the time itself is written.
    tenths
        Write tenths of a second too, ``45+1:04.2``.
    """
    known = periods[periods["source"] == "given"].sort_values("start_s") if len(periods) else periods
    if not len(known):
        return clock(time_s) + (_tenth(time_s) if tenths else "")
    begun = np.searchsorted(known["start_s"].to_numpy(float), time_s + 1e-6, side="right") - 1
    row = known.iloc[max(int(begun), 0)]
    number = int(row["period"])
    since = float(np.clip(time_s - row["start_s"], 0.0, row["end_s"] - row["start_s"]))
    tenth = _tenth(since) if tenths else ""
    if number == SHOOT_OUT:
        return f"shoot-out {clock(since)}{tenth}"
    start, nominal = 60.0 * CLOCK_START_MIN.get(number, 0), 60.0 * PERIOD_MIN.get(number, np.inf)
    if since < nominal:
        return _minutes(start + since) + tenth
    return f"{_minutes(start + nominal).split(':')[0]}+{_minutes(since - nominal)}{tenth}"


def match_span(start_s: float, end_s: float, periods: pd.DataFrame) -> str:
    """Write a stretch of the match, ``45:00–90+1:10``."""
    return f"{match_clock(start_s, periods)}–{match_clock(end_s, periods)}"


def _tenth(seconds: float) -> str:
    return f".{int(np.floor(10 * (seconds + 1e-6))) % 10}"


def _minutes(seconds: float) -> str:
    """Write ``63:05``: a match has no hours."""
    whole = int(np.floor(seconds + 1e-6))
    return f"{whole // 60}:{whole % 60:02d}"
