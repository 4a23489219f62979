"""Who filled which role: a team's outfield players under the names of its nearest formation, ids or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.metrics.formation.role_model import role_model
from pipeline.metrics.shape.team_shape import team_frames

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class RolePeople:
    """``formation``: the template that lends its names; ``table``: ``time_s, role, x_m, y_m``, a row for each
    role filled, about five times a second.
    """

    formation: str
    table: pd.DataFrame


def role_people(people: pd.DataFrame, team: str, size: int = 10) -> RolePeople | None:
    """Name the role of each outfield player of ``team`` at each moment; None with too few to name.

    Parameters
    ----------
    people
        What `people.people` gives, turned so that the team attacks from left to right.
    size
        Outfield players of the whole team.
    """
    import pandas as pd

    model = role_model(team_frames(people, team, size), "left_to_right")
    if model.fit is None:
        return None
    found, names = model.found, np.array(model.roles, dtype=object)
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
    return RolePeople(model.fit.matches[0].template.name, table)
