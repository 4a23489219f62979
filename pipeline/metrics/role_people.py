"""Who filled which role: a team's outfield players under the names of its nearest formation, ids or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.metrics.formations import named
from pipeline.metrics.places import team_places, thinned
from pipeline.metrics.role_model import MIN_PLAYERS, SAMPLE_S, role_names
from pipeline.metrics.shape import team_frames

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class RolePeople:
    """``formation``: the template that lends its names; ``table``: ``time_s, role, x_m, y_m``, a row for each
    role filled, about five times a second.
    """

    formation: str
    table: pd.DataFrame


def role_people(people: pd.DataFrame, team: str) -> RolePeople | None:
    """Name the role of each outfield player of ``team`` at each moment; None with too few to name.

    Parameters
    ----------
    people
        What `people.people` gives, turned so that the team attacks from left to right.
    """
    import pandas as pd

    found = team_places(thinned(team_frames(people, team), SAMPLE_S))
    seen = np.isfinite(found.team.places_m[..., 0]).sum(axis=1)
    fit = named(found, "left_to_right", float(seen.mean()) if len(seen) else 0.0, MIN_PLAYERS)
    if fit is None:
        return None
    names = np.array(role_names(found, fit), dtype=object)
    frame, column = np.nonzero(found.slot >= 0)
    places = found.team.places_m[frame, column]
    table = pd.DataFrame(
        {
            "time_s": found.team.times_s[frame],
            "role": names[found.slot[frame, column]],
            "x_m": places[:, 0],
            "y_m": places[:, 1],
        }
    )
    return RolePeople(fit.matches[0].template.name, table)
