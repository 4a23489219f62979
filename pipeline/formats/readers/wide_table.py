"""Wide tables: a row a frame, columns ``home_7_x, home_7_y, ..., away_10_x, ..., ball_x, ball_y``.

As written by databallpy and others, with their ``NAME.metadata.json`` beside them (frame rate, size of
the pitch, names of the teams) where there is one.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.core.errors import TrackingError
from pipeline.formats.readers.match_data import Array, Ints, MatchData, Owner, Person, Samples, Team
from pipeline.formats.readers.table_units import Convention, to_metres

if TYPE_CHECKING:
    import pandas as pd

_PLAYER = re.compile(r"^(home|away)_(\d+)_x$")
_PERIODS = ("period", "period_id", "half")
_POSSESSION = ("team_possession", "ball_possession", "possession", "ball_owning_team")
_STATUS = ("ball_status", "ball_state")
_TIMES = ("time_s", "timestamp", "datetime")


def is_wide(columns: list[str]) -> bool:
    """Say whether a table is of this kind."""
    return any(_PLAYER.match(c) for c in columns)


def read(table: pd.DataFrame, path: Path, meta: Path | None, given: Convention) -> MatchData:
    """Read a match.

    Parameters
    ----------
    table, path
        The table and where it came from.
    meta
        Its metadata; by default ``NAME.metadata.json`` beside it.
    given
        Frame rate and pitch of this win over the metadata's.

    Raises
    ------
    TrackingError
        If there is no time, no frame rate, or the units are unclear.
    """
    about = _about(path, meta)
    names = sorted((m for c in table.columns if (m := _PLAYER.match(c))), key=lambda m: m.string)
    sides: dict[str, Team] = {"home": "A", "away": "B"}
    people = tuple(
        Person(sides[m[1]], "player", jersey=int(m[2]), provider_id=m.string.removesuffix("_x"))
        for m in names
    )
    pairs = [m.string.removesuffix("_x") for m in names] + (["ball"] if "ball_x" in table else [])
    try:
        xy = np.stack([table[[f"{n}_x", f"{n}_y"]].to_numpy(float) for n in pairs], axis=1)
    except (KeyError, ValueError) as error:
        raise TrackingError(f"{path}: positions must be numbers in pairs _x and _y ({error})") from error
    pitch = given.pitch_m or _pitch(about)
    convention = Convention(given.units, given.origin, pitch)
    xy = to_metres(xy.reshape(-1, 2), convention, path).reshape(xy.shape)
    periods = periods_of(table, path)
    players, ball = xy[:, : len(people)], xy[:, len(people) :].reshape(len(xy), -1)
    row, who = np.nonzero(np.isfinite(players).all(axis=2))
    ball_row = np.flatnonzero(np.isfinite(ball).all(axis=1)) if ball.size else np.zeros(0, np.int64)
    return MatchData(
        provider="table",
        frame=table["frame"].to_numpy(np.int64) if "frame" in table else np.arange(len(table)),
        period=periods,
        clock_s=clock_s(table, periods, given.fps or about.get("tracking_data_frame_rate"), path),
        people=people,
        samples=Samples(row, who, players[row, who]),
        ball_row=ball_row,
        ball_m=ball[ball_row].reshape(-1, 2),
        owner=owners(table),
        pitch_m=pitch,
        steady=True,
        team_names={"A": about.get("home_team_name"), "B": about.get("away_team_name")},
    )


def _about(path: Path, meta: Path | None) -> dict[str, Any]:
    beside = path.with_name(f"{path.stem}.metadata.json")
    if meta is None and not beside.exists():
        return {}
    try:
        found = json.loads((meta or beside).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrackingError(f"{meta or beside}: metadata cannot be read ({error})") from error
    if not isinstance(found, dict):
        raise TrackingError(f"{meta or beside}: metadata must be names and values, got a list")
    return found


def _pitch(about: dict[str, Any]) -> tuple[float, float] | None:
    size = about.get("pitch_dimensions")
    return (float(size[0]), float(size[1])) if isinstance(size, list) and len(size) == 2 else None


def _column(table: pd.DataFrame, names: tuple[str, ...]) -> pd.Series | None:
    return next((table[n] for n in names if n in table), None)


def periods_of(table: pd.DataFrame, path: Path) -> Ints:
    """Give the period of each row; all 1 without such a column.

    Raises
    ------
    TrackingError
        If one is missing or not a number from 1.
    """
    import pandas as pd

    column = _column(table, _PERIODS)
    if column is None:
        return np.ones(len(table), np.int64)
    values = pd.to_numeric(column, errors="coerce").to_numpy(float)
    if not (values >= 1).all():
        raise TrackingError(f"{path}: column {column.name}: a period must be a number from 1")
    return np.asarray(values.astype(np.int64))


def clock_s(table: pd.DataFrame, periods: Ints, fps: float | None, path: Path) -> Array:
    """Give the seconds since each row's period began, ``(N,)``.

    Raises
    ------
    TrackingError
        If there is neither a column of times nor a frame rate, or a time is missing.
    """
    import pandas as pd

    column = _column(table, _TIMES)
    if column is None:
        if not fps:
            raise TrackingError(
                f"{path}: no column of times ({', '.join(_TIMES)}); say --fps, frames a second"
            )
        number = table["frame"].to_numpy(float) if "frame" in table else np.arange(len(table), dtype=float)
        seconds = number / fps
    else:
        seconds = _as_seconds(column)
    if not np.isfinite(seconds).all():
        raise TrackingError(f"{path}: a time is missing or cannot be read")
    first = pd.Series(seconds).groupby(periods).transform("min").to_numpy(float)
    return np.asarray(seconds - first)


def _as_seconds(column: pd.Series) -> Array:
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column):
        return column.to_numpy(float)
    if pd.api.types.is_datetime64_any_dtype(column):
        return np.asarray((column - column.iloc[0]).dt.total_seconds(), float)
    return np.asarray(pd.to_timedelta(column, errors="coerce").dt.total_seconds(), float)


def owners(table: pd.DataFrame) -> Owner | None:
    """Give the team in possession of each row; None if the table does not say."""
    side = _column(table, _POSSESSION)
    if side is None:
        return None
    letters = side.astype(object).map({"home": "A", "away": "B", "A": "A", "B": "B"})
    owner = letters.where(letters.notna(), None).to_numpy(object)
    status = _column(table, _STATUS)
    if status is not None:
        owner[(status == "dead").to_numpy(bool)] = None
    return owner if any(owner) else None
