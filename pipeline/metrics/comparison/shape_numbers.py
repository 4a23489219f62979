"""Differences of team-shape numbers between two teams or two times, with bootstrap intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.shape.team_shape import SHAPE_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

BLOCK_S = 10.0
"""Team shapes of neighbouring seconds are much alike: the bootstrap draws blocks of this length, s."""
ROUNDS = 1000
INTERVAL = (2.5, 97.5)


def compare_shapes(
    one: pd.DataFrame,
    two: pd.DataFrame,
    *,
    columns: tuple[str, ...] = SHAPE_COLUMNS,
    min_players: float = 0.0,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare two parts of the table ``shapes`` number by number.

    Parameters
    ----------
    one, two
        Rows of ``shapes``, such as team A's and team B's, or two halves of one team. A column ``block``
        (a possession, say) overrides the blocks of `BLOCK_S` that the bootstrap draws.
    min_players
        Leave out rows with fewer players seen: a length is only as good as who is in view.

    Returns
    -------
    ``measure, mean_a, mean_b, difference`` (b - a), its 95% interval ``low, high`` and the rows behind them
    ``n_a, n_b``. NaN where a part has no value; the interval is NaN under two blocks.
    """
    import pandas as pd

    rng = np.random.default_rng(seed)
    one, two = (part[part["players_seen"] >= min_players] for part in (one, two))
    rows = []
    for name in columns:
        a, b = _blocks(one, name), _blocks(two, name)
        mean_a, mean_b = _mean(a), _mean(b)
        low, high = _interval(a, b, rng)
        rows.append(
            {
                "measure": name,
                "mean_a": mean_a,
                "mean_b": mean_b,
                "difference": mean_b - mean_a,
                "low": low,
                "high": high,
                "n_a": int(a[:, 1].sum()),
                "n_b": int(b[:, 1].sum()),
            }
        )
    return pd.DataFrame(rows)


def _blocks(part: pd.DataFrame, name: str) -> Array:
    """Give sum and number of the values of each block, ``(B, 2)``."""
    known = part[part[name].notna()]
    key = known["block"] if "block" in known else np.floor(known["time_s"] / BLOCK_S)
    grouped = known.groupby(key)[name].agg(["sum", "size"])
    return np.asarray(grouped.to_numpy(float).reshape(-1, 2))


def _mean(blocks: Array) -> float:
    return float(blocks[:, 0].sum() / blocks[:, 1].sum()) if len(blocks) else float("nan")


def _interval(a: Array, b: Array, rng: np.random.Generator) -> tuple[float, float]:
    if len(a) < 2 or len(b) < 2:
        return float("nan"), float("nan")
    drawn = [blocks[rng.integers(len(blocks), size=(ROUNDS, len(blocks)))].sum(axis=1) for blocks in (a, b)]
    means = [d[:, 0] / d[:, 1] for d in drawn]
    low, high = np.percentile(means[1] - means[0], INTERVAL)
    return float(low), float(high)
