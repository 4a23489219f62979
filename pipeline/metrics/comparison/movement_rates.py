"""Movement as rates, with intervals from a bootstrap over blocks of time: what players and teams compare by.

A rate is a ratio of sums over blocks, so blocks seen for longer weigh more. Blocks are drawn anew with
replacement: neighbouring minutes are alike, minutes ten apart much less so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

ROUNDS = 1000
INTERVAL = (2.5, 97.5)
FEWEST_BLOCKS = 4
"""With fewer blocks nothing is said of how sure a rate is."""
SUMS = ("minutes_visible", "paced_min", "distance_visible_m", "fast_m", "sprints", "accelerations")


@dataclass(frozen=True, slots=True)
class Rate:
    """``scale * top / bottom``: columns of blocks."""

    about: str
    unit: str
    top: str
    bottom: str
    scale: float = 1.0
    digits: int = 1


RATES: Mapping[str, Rate] = {
    "m_per_visible_min": Rate("Pace", "m/min", "distance_visible_m", "paced_min", digits=0),
    "fast_m_per_min": Rate("Fast metres", "m/min", "fast_m", "paced_min"),
    "sprints_per_10_min": Rate("Sprints", "in 10 min", "sprints", "minutes_visible", 10.0),
    "accelerations_per_10_min": Rate("Accelerations", "in 10 min", "accelerations", "minutes_visible", 10.0),
}
"""By name; the first two are paces, the others counts. Seen minutes only."""


def rate_table(blocks: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """Give each of `RATES` with its 95% interval.

    Parameters
    ----------
    blocks
        One row for each block of time, with columns `SUMS`.

    Returns
    -------
    ``measure, value, low, high, minutes, blocks``. NaN without time; the interval NaN under `FEWEST_BLOCKS`.
    """
    import pandas as pd

    drawn = _drawn(blocks, seed)
    rows = []
    for name, rate in RATES.items():
        low, high = _interval(drawn[name])
        rows.append({"measure": name, "value": _value(blocks, rate), "low": low, "high": high})
    minutes, number = float(blocks["minutes_visible"].sum()), int((blocks["minutes_visible"] > 0).sum())
    return pd.DataFrame(rows).assign(minutes=minutes, blocks=number)


def compare_rates(one: pd.DataFrame, two: pd.DataFrame, *, comparable: bool = True) -> pd.DataFrame:
    """Compare the blocks of two sides, rate by rate.

    Returns
    -------
    ``measure, value_a, value_b, difference`` (b - a), its 95% interval ``low, high``, minutes ``n_a, n_b``.
    Difference and interval are NaN where the two are not ``comparable``.
    """
    import pandas as pd

    first, second = _drawn(one, 0), _drawn(two, 1)
    rows = []
    for name, rate in RATES.items():
        a, b = _value(one, rate), _value(two, rate)
        low, high = _interval(second[name] - first[name]) if comparable else (np.nan, np.nan)
        gap = b - a if comparable else np.nan
        row = {"measure": name, "value_a": a, "value_b": b, "difference": gap, "low": low, "high": high}
        rows.append(row)
    minutes = [float(blocks["minutes_visible"].sum()) for blocks in (one, two)]
    return pd.DataFrame(rows).assign(n_a=minutes[0], n_b=minutes[1])


def _value(blocks: pd.DataFrame, rate: Rate) -> float:
    bottom = float(blocks[rate.bottom].sum())
    return rate.scale * float(blocks[rate.top].sum()) / bottom if bottom > 0 else float("nan")


def _drawn(blocks: pd.DataFrame, seed: int) -> dict[str, Array]:
    """Each rate over blocks drawn anew, ``(ROUNDS,)``; NaN with too few blocks."""
    sums = blocks.loc[blocks["minutes_visible"] > 0, list(SUMS)].to_numpy(float)
    if len(sums) < FEWEST_BLOCKS:
        return {name: np.full(ROUNDS, np.nan) for name in RATES}
    weight = np.random.default_rng(seed).multinomial(
        len(sums), np.full(len(sums), 1 / len(sums)), size=ROUNDS
    )
    total = dict(zip(SUMS, (weight @ sums).T, strict=True))
    out = {}
    for name, rate in RATES.items():
        bottom = total[rate.bottom]
        out[name] = np.divide(
            rate.scale * total[rate.top], bottom, out=np.full(ROUNDS, np.nan), where=bottom > 0
        )
    return out


def _interval(drawn: Array) -> tuple[float, float]:
    known = drawn[np.isfinite(drawn)]
    if len(known) < ROUNDS / 2:
        return float("nan"), float("nan")
    low, high = np.percentile(known, INTERVAL)
    return float(low), float(high)
