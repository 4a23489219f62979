"""People on a pitch for the tests of the metrics: what `pipeline.tables.who_is_where.people` gives."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.metrics.formation.templates import TEMPLATES

BY_NAME = {t.name: t for t in TEMPLATES}


def track(
    track_id: int,
    times_s: NDArray[np.float64],
    x_m: NDArray[np.float64],
    y_m: NDArray[np.float64] | float = 0.0,
    *,
    team: str = "A",
    role: str = "player",
    error_m: float = 0.0,
) -> pd.DataFrame:
    """One person at the given times; frames are numbered at 25 a second."""
    times = np.asarray(times_s, float)
    n = len(times)
    return pd.DataFrame(
        {
            "frame": np.round(times * 25).astype("int32"),
            "time_s": times,
            "track_id": pd.array([track_id] * n, dtype="Int32"),
            "role": pd.Series([role] * n, dtype="str"),
            "team": pd.Series([team] * n, dtype="str"),
            "x_m": np.asarray(x_m, float) + np.zeros(n),
            "y_m": np.asarray(y_m, float) + np.zeros(n),
            "error_m": np.full(n, error_m, dtype="float32"),
            "observed": np.ones(n, dtype=bool),
        }
    )


def nobody() -> pd.DataFrame:
    """The table without a row."""
    return track(1, np.zeros(0), np.zeros(0))


def match(
    home: str = "4-4-2",
    away: str = "4-3-3",
    *,
    seconds: float = 10.0,
    hz: float = 5.0,
    noise_m: float = 0.3,
    keepers: bool = True,
    seed: int = 0,
) -> pd.DataFrame:
    """Two teams of eleven, standing in formation and swaying together; A attacks from left to right."""
    rng = np.random.default_rng(seed)
    times = np.arange(0, seconds, 1 / hz)
    sway = np.column_stack([6 * np.sin(times / 5), 3 * np.cos(times / 7)])
    parts = []
    for team, name, turn, centre in (("A", home, 1, -4.0), ("B", away, -1, 4.0)):
        first = 1 if team == "A" else 21
        for i, place in enumerate(BY_NAME[name].places_m):
            at = place * turn + [centre, 0] + sway + rng.normal(0, noise_m, (len(times), 2))
            parts.append(track(first + i, times, at[:, 0], at[:, 1], team=team))
        if keepers:
            at = np.array([-45.0 * turn, 0]) + rng.normal(0, noise_m, (len(times), 2))
            parts.append(track(first + 10, times, at[:, 0], at[:, 1], team=team, role="goalkeeper"))
    return pd.concat(parts, ignore_index=True)


def mirrored(people: pd.DataFrame, x: float = 1.0, y: float = 1.0) -> pd.DataFrame:
    """The same people with axes multiplied by ``x`` and ``y`` (1 or -1)."""
    return people.assign(x_m=people["x_m"] * x, y_m=people["y_m"] * y)


def untracked(people: pd.DataFrame) -> pd.DataFrame:
    """The same people without tracks."""
    return people.assign(track_id=pd.array([None] * len(people), dtype="Int32"))
