"""What heatmaps need of a finished run, from footage or from tracking data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.core.types import Kind
from pipeline.metrics.direction.left_to_right import attack_to_the_right, sides
from pipeline.metrics.movement.time_seen import seconds_behind, seconds_each
from pipeline.report.heatmap import heatmap_ground
from pipeline.report.heatmap.player_query import Person, persons
from pipeline.runs.stored_run import StoredRun
from pipeline.shots.usable_frames import feeding
from pipeline.tables.names import team_names

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
    phases: pd.DataFrame
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


def load(run: StoredRun) -> HeatRun:
    """Take what heatmaps need from ``run``.

    Raises
    ------
    TableError
        If a table is missing or broken.
    """
    periods, formations, views, shots = (
        run.table(n, optional=True) for n in ("periods", "formations", "views", "shots")
    )
    _, identities = run.by_person("positions")
    views = feeding(views, shots)
    playing = run.people(roles=_ROLES, with_team=False)
    way = sides(playing, formations, periods)
    times = np.sort(run.table("frames", ["time_s"])["time_s"].to_numpy(float))
    signs = way.signs(playing["time_s"].to_numpy(float), playing["team"].to_numpy(object))
    turned = attack_to_the_right(playing, way).assign(seconds=seconds_behind(playing), sign=signs)
    return HeatRun(
        name=run.name,
        pitch=run.pitch,
        ground=heatmap_ground.on(run.pitch, run.config.report.heatmap_sigma_m, views, run.record, way),
        playing=turned,
        everyone=persons(identities, run.table("people")),
        periods=periods,
        possession=run.table("possession"),
        phases=run.table("phases"),
        moments_s=times,
        moment_seconds=seconds_each(times),
        in_view=_in_view(run.kind, views, playing),
        team_names=team_names(run.table("people")),
    )


def _in_view(kind: Kind, views: pd.DataFrame, playing: pd.DataFrame) -> str:
    """Tell footage from tracking data: ``all`` was seen if nearly all players were in most frames."""
    if kind == "video":
        return "views"
    players = playing[playing["observed"] & playing["role"].isin(["player", "goalkeeper"])]
    seen = players.groupby("frame").size().to_numpy()
    if len(seen) and np.median(seen) >= _ALL_SEEN * np.percentile(seen, 98):
        return "all"
    return "unknown"
