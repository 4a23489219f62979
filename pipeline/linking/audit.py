"""What a linking can be caught at without knowing the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

MAX_SPEED_MPS = 12.0
SLACK_M = 3.0


@dataclass(frozen=True, slots=True)
class Audit:
    """Faults of a linking.

    ``teleports``: times that somebody appeared where he could not have run; ``overlaps``: frames x people
    in two places at once; ``too_many_frames``: frames x teams with more people than a team has;
    ``unknown_share``:
    share of the players' time, seen with a place, that belongs to nobody.
    """

    teleports: int
    overlaps: int
    too_many_frames: int
    unknown_share: float


def audit(seen: pd.DataFrame, most: int = 11) -> Audit:
    """Look for what cannot be; ``most`` players are in a team.

    Parameters
    ----------
    seen
        One row for each sighting of a player: ``frame, time_s, team, player_id`` (null: unknown), ``x_m, y_m,
        error_m``.
    """
    if seen.empty:
        return Audit(0, 0, 0, 0.0)
    unknown = seen["player_id"].isna()
    known = seen[~unknown].sort_values(["player_id", "time_s"], kind="stable")
    overlaps = int(known.duplicated(["player_id", "frame"]).sum())
    sides = known.drop_duplicates(["player_id", "frame"]).groupby(["frame", "team"]).size()
    return Audit(_teleports(known), overlaps, int((sides > most).sum()), float(unknown.mean()))


def _teleports(known: pd.DataFrame) -> int:
    person, time = known["player_id"].to_numpy(np.int64), known["time_s"].to_numpy(np.float64)
    place, error = known[["x_m", "y_m"]].to_numpy(np.float64), known["error_m"].to_numpy(np.float64)
    same = np.diff(person) == 0
    far = np.hypot(*np.diff(place, axis=0).T)
    reach = MAX_SPEED_MPS * np.diff(time) + SLACK_M + 2 * np.hypot(error[1:], error[:-1])
    return int((same & (far > reach)).sum())
