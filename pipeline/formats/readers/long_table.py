"""Long tables: a row for each person and time, such as a run's own ``positions`` with who is who."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import TrackingError
from pipeline.formats.readers.match_data import MatchData, Person, Samples, Team
from pipeline.formats.readers.table_units import Convention, Units, to_metres
from pipeline.formats.readers.wide_table import clock_s, owners, periods_of

if TYPE_CHECKING:
    import pandas as pd

_WHO = ("track_id", "player_id", "id")
_PLACES: tuple[tuple[str, str, Units | None], ...] = (
    ("x_m", "y_m", "m"),
    ("x_cm", "y_cm", "cm"),
    ("x", "y", None),
)
_ABOUT = ("role", "team", "name", "jersey", "position")
_ROLES = ("player", "goalkeeper", "referee", "ball", "other", "unclear")
_TEAM_WORDS: dict[str, Team] = {"a": "A", "home": "A", "b": "B", "away": "B"}


def is_long(columns: list[str]) -> bool:
    """Say whether a table is of this kind."""
    return any(w in columns for w in _WHO) and any(x in columns and y in columns for x, y, _ in _PLACES)


def with_identities(table: pd.DataFrame, path: Path, meta: tuple[Path, ...]) -> pd.DataFrame:
    """Add role, team and name from a run's tables ``identities`` and ``people``, and the period.

    From ``meta``, by default from what lies beside ``path``; columns that the table has already stay.

    Raises
    ------
    TrackingError
        If one of ``meta`` cannot be read or has no ``track_id``.
    """
    import pandas as pd

    beside = [path.with_name(f"{n}.parquet") for n in ("identities", "people")]
    for source in meta or tuple(p for p in beside if p.exists() and p != path):
        try:
            known = pd.read_parquet(source) if source.suffix == ".parquet" else pd.read_csv(source)
        except (OSError, ValueError) as error:
            raise TrackingError(f"{source}: cannot be read as a table ({error})") from error
        if "track_id" not in known or "track_id" not in table:
            raise TrackingError(f"{source}: no column track_id to tell by who is who")
        new = [c for c in _ABOUT if c in known and c not in table]
        table = table.merge(known[["track_id", *new]], on="track_id", how="left")
    periods = path.with_name("periods.parquet")
    if periods.exists() and "period" not in table and "time_s" in table:
        begins = pd.read_parquet(periods).sort_values("start_s")
        number = np.searchsorted(begins["start_s"].to_numpy(float), table["time_s"], side="right") - 1
        table = table.assign(period=begins["period"].to_numpy()[np.clip(number, 0, None)])
    return table


def read(table: pd.DataFrame, path: Path, given: Convention) -> MatchData:
    """Read a match.

    Columns: who (``track_id``, ``player_id`` or ``id``), where (``x_m, y_m``, ``x_cm, y_cm`` or ``x, y``),
    when (``time_s``, or ``frame`` with a frame rate); and, if known, ``team`` (A, B, home, away), ``role``,
    ``period``, ``name``, ``jersey``, ``position``, ``observed`` or ``source``, ``team_possession``.
    The ball is whoever has role, team or identifier ``ball``.

    Raises
    ------
    TrackingError
        If a column is missing or its values cannot be understood.
    """
    import pandas as pd

    who = next(w for w in _WHO if w in table)
    x, y, units = next(p for p in _PLACES if p[0] in table and p[1] in table)
    table = _observed(table[table[who].notna()], path)
    xy = table[[x, y]].apply(pd.to_numeric, errors="coerce").to_numpy(float)
    convention = Convention(units or given.units, given.origin, given.pitch_m, given.fps)
    xy = to_metres(xy, convention, path)
    period = periods_of(table, path)
    when = table.get("time_s", table.get("frame"))
    if when is None:
        raise TrackingError(f"{path}: no column time_s or frame; when was each row?")
    moments = pd.MultiIndex.from_arrays([period, when])
    codes, unique = pd.factorize(moments, sort=True)
    first = np.unique(codes, return_index=True)[1]
    heads = table.iloc[first]
    clock = clock_s(heads, period[first], given.fps, path)
    names, keys = pd.factorize(table[who].astype(str), sort=True)
    ball = _ball(table, who)
    is_ball = np.zeros(len(keys), bool)
    np.logical_or.at(is_ball, names, ball)
    person_rows = table.iloc[np.unique(names, return_index=True)[1]]
    known = np.isfinite(xy).all(axis=1)
    number = np.cumsum(~is_ball) - 1
    people = known & ~ball
    return MatchData(
        provider="table",
        frame=heads["frame"].to_numpy(np.int64) if "frame" in table else np.arange(len(unique)),
        period=period[first],
        clock_s=clock,
        people=tuple(_people(person_rows[~is_ball], keys[~is_ball], path)),
        samples=Samples(codes[people], number[names[people]], xy[people]),
        ball_row=codes[known & ball],
        ball_m=xy[known & ball],
        owner=owners(heads),
        pitch_m=given.pitch_m,
        steady=True,
    )


def _observed(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    if "source" in table:
        return table[table["source"] != "interpolated"]
    if "observed" in table:
        return table[table["observed"].astype(bool)]
    if table.empty:
        raise TrackingError(f"{path}: a table without rows")
    return table


def _ball(table: pd.DataFrame, who: str) -> NDArray[np.bool_]:
    out = (table[who].astype(str).str.lower() == "ball").to_numpy(bool)
    for name in ("role", "team"):
        if name in table:
            out = out | (table[name].astype(str).str.lower() == "ball").to_numpy(bool)
    return out


def _people(rows: pd.DataFrame, keys: object, path: Path) -> list[Person]:
    out = []
    for key, row in zip(cast("list[str]", keys), rows.to_dict("records"), strict=True):
        role, team = row.get("role"), row.get("team")
        if isinstance(role, str) and role not in _ROLES:
            raise TrackingError(f"{path}: role {role!r} of {key}; known are {', '.join(_ROLES)}")
        if isinstance(team, str) and team.lower() not in _TEAM_WORDS:
            raise TrackingError(f"{path}: team {team!r} of {key}; write A or home, B or away")
        kept: Literal["player", "goalkeeper", "referee", "unclear"] = "player"
        if role in ("goalkeeper", "referee"):
            kept = cast("Literal['goalkeeper', 'referee']", role)
        elif role in ("other", "unclear") or not isinstance(team, str):
            kept = "unclear"
        jersey = row.get("jersey")
        out.append(
            Person(
                _TEAM_WORDS[team.lower()] if isinstance(team, str) else None,
                kept,
                name=_text(row.get("name")),
                jersey=int(jersey) if jersey is not None and jersey == jersey else None,
                position=_text(row.get("position")),
                provider_id=str(key),
            )
        )
    return out


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
