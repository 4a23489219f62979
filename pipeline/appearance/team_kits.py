"""Typical kits of the teams and the referees, from a sample of a run's frames. Tables in, table out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.tables import storage

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Lab = tuple[float, float, float]

_SAMPLE_FRAMES = 300
_TORSO, _LEGS = (("torso_l", "torso_a", "torso_b"), ("legs_l", "legs_a", "legs_b"))
_WHO = (("player", "A"), ("player", "B"), ("goalkeeper", "A"), ("goalkeeper", "B"), ("referee", None))


def team_kits(frames: pd.DataFrame, instances: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Make table ``kits`` from the tables of these names.

    Every 1/300 of the frames is looked at; nobody without a known colour of the upper body counts.
    """
    import pandas as pd

    numbers = np.sort(frames["frame"].to_numpy())
    chosen = np.unique(np.linspace(0, len(numbers) - 1, min(_SAMPLE_FRAMES, len(numbers))).astype(int))
    columns = ["frame", "instance", *_TORSO, *_LEGS, "kit_px"]
    seen = instances.loc[instances["frame"].isin(numbers[chosen]), columns]
    seen = seen.merge(labels[["frame", "instance", "role", "team"]], on=["frame", "instance"])
    rows = []
    for role, team in _WHO:
        own = seen[(seen["role"] == role) & (seen["team"].isna() if team is None else seen["team"] == team)]
        torso, legs = (own[[*part, "kit_px"]].to_numpy(np.float64) for part in (_TORSO, _LEGS))
        if (shirt := typical_kit(torso)) is not None:
            below = typical_kit(legs) or (np.nan,) * 3
            known = int(np.isfinite(torso).all(axis=1).sum())
            rows.append((role, team, *shirt, *below, known))
    if not rows:
        return storage.empty("kits")
    return pd.DataFrame(rows, columns=["role", "team", *_TORSO, *_LEGS, "n_instances"])


def typical_kit(colours: Array) -> Lab | None:
    """Median of the half of ``colours`` ``(N, 4)``, L*a*b* and pixels behind them, with the most pixels.

    The colour of small people is mixed with grass. None where no colour is known.
    """
    colours = colours[np.isfinite(colours).all(axis=1)]
    if not len(colours):
        return None
    large = colours[colours[:, 3] >= np.median(colours[:, 3]), :3]
    lightness, a, b = (float(v) for v in np.median(large, axis=0))
    return lightness, a, b
