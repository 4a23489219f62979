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
from pipeline.formats.readers import table_words
from pipeline.formats.readers.match_data import Array, Ints, MatchData, Owner, Person, Samples, Team
from pipeline.formats.readers.table_units import Convention, to_metres, unseen

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
    table = in_play(table.drop_duplicates(), path)
    names = sorted((m for c in table.columns if (m := _PLAYER.match(c))), key=lambda m: m.string)
    sides: dict[str, Team] = {"home": "A", "away": "B"}
    people = tuple(
        Person(sides[m[1]], "player", jersey=int(m[2]), provider_id=m.string.removesuffix("_x"))
        for m in names
    )
    pairs = [m.string.removesuffix("_x") for m in names] + (["ball"] if "ball_x" in table else [])
    xy = np.stack([_places(table, name, path) for name in pairs], axis=1)
    pitch = given.pitch_m or _pitch(about)
    convention = Convention(given.units, given.origin, pitch)
    xy = to_metres(xy.reshape(-1, 2), convention, path).reshape(xy.shape)
    periods = periods_of(table, path)
    players, ball = xy[:, : len(people)], xy[:, len(people) :].reshape(len(xy), -1)
    row, who = np.nonzero(np.isfinite(players).all(axis=2))
    ball_row = np.flatnonzero(np.isfinite(ball).all(axis=1)) if ball.size else np.zeros(0, np.int64)
    return MatchData(
        provider="table",
        frame=frames_of(table, path),
        period=periods,
        clock_s=clock_s(table, periods, given.fps, path, about.get("tracking_data_frame_rate")),
        people=people,
        samples=Samples(row, who, players[row, who]),
        ball_row=ball_row,
        ball_m=ball[ball_row].reshape(-1, 2),
        owner=owners(table, path),
        pitch_m=pitch,
        steady=True,
        team_names={"A": about.get("home_team_name"), "B": about.get("away_team_name")},
    )


def _places(table: pd.DataFrame, name: str, path: Path) -> Array:
    if f"{name}_y" not in table:
        raise TrackingError(f"{path}: positions must be numbers in pairs _x and _y; {name}_y is missing")
    xy = np.column_stack([table_words.numbers(table[f"{name}_{axis}"], path) for axis in "xy"])
    if f"{name}_z" in table:
        xy[unseen(xy, table_words.numbers(table[f"{name}_z"], path))] = np.nan
    return xy


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


def in_play(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Leave out the rows that belong to no period: -999 or nothing in a column of periods.

    Raises
    ------
    TrackingError
        If a period is none that is known, or no row belongs to one.
    """
    column = _column(table, _PERIODS)
    if column is None:
        return table
    inside = np.array(
        [p is not None for p in table_words.understood(column, table_words.PERIODS, path)], bool
    )
    if not inside.any() and len(table):
        raise TrackingError(f"{path}: {column.name} is empty; {table_words.PERIODS.say}")
    return table[inside]


def periods_of(table: pd.DataFrame, path: Path) -> Ints:
    """Give the period of each row of what is `in_play`; all 1 without such a column."""
    column = _column(table, _PERIODS)
    if column is None:
        return np.ones(len(table), np.int64)
    return table_words.understood(column, table_words.PERIODS, path).astype(np.int64)


def frames_of(table: pd.DataFrame, path: Path) -> Ints:
    """Give the number of each row's frame; the row's own without such a column.

    Raises
    ------
    TrackingError
        If one is missing or no whole number.
    """
    if "frame" not in table:
        return np.arange(len(table))
    numbers = table_words.whole_numbers(table["frame"], path)
    if any(n is None for n in numbers):
        raise TrackingError(f"{path}: a frame has no number; fill the column frame, or leave it out")
    return numbers.astype(np.int64)


def clock_s(
    table: pd.DataFrame, periods: Ints, fps: float | None, path: Path, usual_fps: float | None = None
) -> Array:
    """Give the seconds since each row's period began, ``(N,)``.

    ``fps`` wins over a column of times, ``usual_fps`` stands in for one.

    Raises
    ------
    TrackingError
        If there is neither a column of times nor a frame rate, or a time is missing.
    """
    import pandas as pd

    column = _column(table, _TIMES)
    if fps or column is None:
        rate = fps or usual_fps
        if not isinstance(rate, int | float) or not rate > 0:
            raise TrackingError(
                f"{path}: no column of times ({', '.join(_TIMES)}); say --fps, frames a second"
            )
        seconds = frames_of(table, path) / rate
    else:
        seconds = _as_seconds(column)
    if not np.isfinite(seconds).all():
        raise TrackingError(f"{path}: a time is missing or cannot be read")
    first = pd.Series(seconds).groupby(periods).transform("min").to_numpy(float)
    return np.asarray(seconds - first)


def _as_seconds(column: pd.Series) -> Array:
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column):
        return column.to_numpy(float, na_value=np.nan)
    if pd.api.types.is_datetime64_any_dtype(column):
        return np.asarray((column - column.iloc[0]).dt.total_seconds(), float)
    since = pd.to_timedelta(column, errors="coerce")
    if since.isna().all():
        when = pd.to_datetime(column, errors="coerce", utc=True, format="ISO8601")
        since = when - when.min()
    return np.asarray(since.dt.total_seconds(), float)


def owners(table: pd.DataFrame, path: Path) -> Owner | None:
    """Give the team in possession of each row; None if the table does not say.

    Raises
    ------
    TrackingError
        If a team, or the state of the ball, is written in a word that is not known.
    """
    side = _column(table, _POSSESSION)
    if side is None:
        return None
    owner = table_words.understood(side, table_words.OWNER, path)
    status = _column(table, _STATUS)
    if status is not None:
        alive = table_words.understood(status, table_words.STATUS, path)
        owner[np.array([a is False for a in alive], bool)] = None
    return owner if any(owner) else None
