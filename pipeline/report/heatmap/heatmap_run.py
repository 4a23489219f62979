"""What heatmaps need of a finished run, from footage or from tracking data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.metrics.direction.left_to_right import attack_to_the_right, sides
from pipeline.metrics.heatmap.occupancy import seconds_behind, seconds_each
from pipeline.report.finished_run import placed, record_of, table
from pipeline.report.heatmap import heatmap_ground
from pipeline.report.heatmap.player_query import Person, persons
from pipeline.shots.usable_frames import feeding
from pipeline.tables import storage
from pipeline.tables.persons import by_person

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
_ROLES = ("player", "goalkeeper", "referee")
_ALL_SEEN = 0.9


@dataclass(frozen=True, slots=True)
class HeatRun:
    """A run as heatmaps see it.

    ``playing`` is `metrics.people.people` of players, goalkeepers and referees on the pitch, turned so
    that each attacks from left to right, with the ``seconds`` that each row stands for; ``sign`` is 0
    where that direction is unclear. ``moments_s``, ``moment_seconds`` ``(F,)``: the frames and what they
    stand for. ``in_view`` says where the camera looked: ``views`` know it, ``all`` was seen, or ``unknown``.
    ``team_names`` by letter, where known.
    """

    name: str
    pitch: Pitch
    ground: heatmap_ground.Ground
    playing: pd.DataFrame
    everyone: list[Person]
    periods: pd.DataFrame
    possession: pd.DataFrame
    moments_s: Array
    moment_seconds: Array
    in_view: str
    team_names: dict[str, str]

    def team(self, letter: str) -> str:
        """Name a team: as the data do, else by its letter."""
        return self.team_names.get(letter, f"team {letter}")

    @property
    def tracked(self) -> bool:
        """Whether anybody has an id (not in mode team)."""
        return bool(self.everyone)


def load(root: Path) -> HeatRun:
    """Read the run in ``root``.

    Raises
    ------
    RunError
        If there is no run.
    TableError
        If a table is missing or broken.
    """
    record, config = record_of(root)
    pitch = Pitch(config.pitch.length_m, config.pitch.width_m)
    identities, periods, formations, named = (
        table(root, n, optional=True) for n in ("identities", "periods", "formations", "people")
    )
    _, identities = by_person(storage.empty("tracks"), identities, table(root, "links", optional=True))
    views = feeding(*(table(root, n, optional=True) for n in ("views", "shots")))
    playing = placed(root, config, roles=_ROLES, with_team=False)
    way = sides(playing, formations, periods)
    times = np.sort(table(root, "frames")["time_s"].to_numpy(float))
    signs = way.signs(playing["time_s"].to_numpy(float), playing["team"].to_numpy(object))
    turned = attack_to_the_right(playing, way).assign(seconds=seconds_behind(playing), sign=signs)
    return HeatRun(
        name=root.resolve().name,
        pitch=pitch,
        ground=heatmap_ground.on(pitch, config.report.heatmap_sigma_m, views, record, way),
        playing=turned,
        everyone=persons(identities, named),
        periods=periods,
        possession=table(root, "possession", optional=True),
        moments_s=times,
        moment_seconds=seconds_each(times),
        in_view=_in_view(record, views, playing),
        team_names=dict(named[["team", "team_name"]].dropna().itertuples(index=False)),
    )


def _in_view(record: dict[str, Any], views: pd.DataFrame, playing: pd.DataFrame) -> str:
    """Tell footage from tracking data: ``all`` was seen if nearly all players were in most frames."""
    if record.get("kind", "video") == "video":
        return "views"
    players = playing[playing["observed"] & playing["role"].isin(["player", "goalkeeper"])]
    seen = players.groupby("frame").size().to_numpy()
    if len(seen) and np.median(seen) >= _ALL_SEEN * np.percentile(seen, 98):
        return "all"
    return "unknown"
