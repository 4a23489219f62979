"""A run as kloppy's ``TrackingDataset``, for the libraries that start from one.

Metres from the centre spot, y up (kloppy's Second Spectrum system); team A is home, team B away. Whether a
place was observed or interpolated is in ``PlayerData.other_data["observed"]``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.runs.pitch_tracks import RunTracks

if TYPE_CHECKING:
    import pandas as pd


def kloppy_dataset(run: RunTracks) -> Any:
    """Make the ``kloppy.domain.TrackingDataset`` of a run: its players and ball, at the run's own frames.

    Players are people. Sights of nobody in particular are in ``Frame.other_data["unknown"]``, a list of
    ``{"team", "x", "y"}``. Frames outside every period, people without a team, and players without a track
    are left out.
    """
    from kloppy.domain import DatasetFlag, Metadata, Provider, TrackingDataset, build_coordinate_system

    system = build_coordinate_system(
        Provider.SECONDSPECTRUM, pitch_length=run.pitch_m[0], pitch_width=run.pitch_m[1]
    )
    teams = _teams(run)
    periods = _periods(run.periods)
    metadata = Metadata(
        periods=list(periods.values()),
        teams=list(teams.values()),
        coordinate_system=system,
        pitch_dimensions=system.pitch_dimensions,
        orientation=_orientation(run.periods),
        flags=DatasetFlag.BALL_OWNING_TEAM if len(run.possession) else DatasetFlag(0),
        provider=Provider.OTHER,
        frame_rate=run.fps,
        game_id=run.stored.name,
    )
    return TrackingDataset(records=list(_frames(run, teams, periods)), metadata=metadata)


def _teams(run: RunTracks) -> dict[str, Any]:
    from kloppy.domain import Ground, Player, PositionType, Team

    teams = {
        letter: Team(team_id=letter, name=run.team_name(letter), ground=ground)
        for letter, ground in (("A", Ground.HOME), ("B", Ground.AWAY))
    }
    people = run.people.astype(object).where(run.people.notna(), None)
    for row in people.to_dict("records"):
        keeper = row["role"] == "goalkeeper"
        player = Player(
            player_id=str(row["track_id"]),
            team=teams[row["team"]],
            jersey_no=row["jersey"],
            name=row["name"],
            starting_position=PositionType.Goalkeeper if keeper else None,
            attributes={"track_id": int(row["track_id"]), "provider_id": row["provider_id"]},
        )
        player.team.players.append(player)
    return teams


def _periods(periods: pd.DataFrame) -> dict[int, Any]:
    from kloppy.domain import Period

    rows = periods[["period", "start_s", "end_s"]].itertuples(index=False)
    return {
        int(number): Period(
            id=int(number),
            start_timestamp=timedelta(seconds=float(start)),
            end_timestamp=timedelta(seconds=float(end)),
        )
        for number, start, end in rows
    }


def _orientation(periods: pd.DataFrame) -> Any:
    """Home's direction over the match; not set where it is unknown or follows no rule that kloppy has."""
    from kloppy.domain import Orientation

    right = [None if not isinstance(a, str) else a == "left_to_right" for a in periods["attack_a"]]
    if None in right or not right:
        return Orientation.NOT_SET
    if all(way == right[0] for way in right) and len(right) > 1:
        return Orientation.STATIC_HOME_AWAY if right[0] else Orientation.STATIC_AWAY_HOME
    if all(one != two for one, two in pairwise(right)):
        return Orientation.HOME_AWAY if right[0] else Orientation.AWAY_HOME
    return Orientation.NOT_SET


def _frames(run: RunTracks, teams: dict[str, Any], periods: dict[int, Any]) -> Iterator[Any]:
    from kloppy.domain import Frame, Point

    players = {p.attributes["track_id"]: p for t in teams.values() for p in t.players}
    frame_of = run.frames["frame"].to_numpy()
    time_s = run.frames["time_s"].to_numpy(np.float64)
    owners = run.owners(time_s).tolist()
    positions = run.positions.sort_values("frame", kind="stable")
    nameless = run.unknown()
    unknown = {f: nameless.iloc[rows] for f, rows in nameless.groupby("frame").indices.items()}
    bounds = np.searchsorted(positions["frame"].to_numpy(), np.append(frame_of, frame_of[-1:] + 1))
    names = ("track_id", "role", "x_m", "y_m", "observed")
    columns = [positions[n].tolist() for n in names]
    for i, (start_s, number) in enumerate(zip(*_begun(run.periods, time_s), strict=True)):
        if number is None:
            continue
        people, ball = {}, None
        for track, role, x_m, y_m, seen in zip(*(c[bounds[i] : bounds[i + 1]] for c in columns), strict=True):
            if role == "ball":
                ball = Point(x_m, y_m)
            elif (player := players.get(track)) is not None:
                people[player] = _player_data(Point(x_m, y_m), bool(seen))
        yield Frame(
            frame_id=int(frame_of[i]),
            timestamp=timedelta(seconds=float(time_s[i] - start_s)),
            period=periods[number],
            players_data=people,
            ball_coordinates=ball,
            ball_owning_team=teams.get(owners[i] or ""),
            ball_state=None,
            statistics=[],
            other_data=_unknown(unknown.get(int(frame_of[i]))),
        )


def _unknown(rows: pd.DataFrame | None) -> dict[str, Any]:
    if rows is None:
        return {}
    places = rows[["team", "x_m", "y_m"]].itertuples(index=False)
    return {"unknown": [{"team": team, "x": float(x), "y": float(y)} for team, x, y in places]}


def _player_data(point: Any, observed: bool) -> Any:
    from kloppy.domain import PlayerData

    return PlayerData(coordinates=point, other_data={"observed": observed})


def _begun(periods: pd.DataFrame, time_s: Any) -> tuple[list[float], list[int | None]]:
    """Start of the period that each moment lies in, s, and its number; None between periods."""
    starts, numbers = [0.0] * len(time_s), list[int | None]([None] * len(time_s))
    for number, start, end in periods[["period", "start_s", "end_s"]].itertuples(index=False):
        for i in np.flatnonzero((time_s >= start - 1e-6) & (time_s <= end + 1e-6)).tolist():
            starts[i], numbers[i] = float(start), int(number)
    return starts, numbers
