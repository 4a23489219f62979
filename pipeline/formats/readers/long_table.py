"""Long tables: a row for each person and time, such as a run's own ``positions`` with who is who."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipeline.core.errors import TrackingError
from pipeline.formats.readers import table_words
from pipeline.formats.readers.long_people import NOBODY, identified, observed, once
from pipeline.formats.readers.match_data import MatchData, Samples
from pipeline.formats.readers.table_units import Convention, Units, to_metres, unseen
from pipeline.formats.readers.wide_table import clock_s, frames_of, in_play, owners, periods_of

if TYPE_CHECKING:
    import pandas as pd

_WHO = ("track_id", "player_id", "track", "id")
_PLACES: tuple[tuple[str, str, Units | None], ...] = (
    ("x_m", "y_m", "m"),
    ("x_cm", "y_cm", "cm"),
    ("x", "y", None),
)
_ABOUT = ("role", "team", "name", "jersey", "position")
_MARKS = ("identities", "people")


def is_long(columns: list[str]) -> bool:
    """Say whether a table is of this kind."""
    return any(w in columns for w in _WHO) and any(x in columns and y in columns for x, y, _ in _PLACES)


def read_table(path: Path) -> pd.DataFrame:
    """Read a table, ``.parquet`` or comma-separated.

    Raises
    ------
    TrackingError
        If it is neither.
    """
    import pandas as pd

    try:
        return pd.read_parquet(path) if path.suffix.lower() == ".parquet" else pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise TrackingError(f"{path}: cannot be read as a table ({error})") from error


def _beside(path: Path, name: str) -> Path | None:
    """Find a run's table ``name`` beside ``path``, of the same kind if there is one."""
    found = (path.with_name(f"{name}{end}") for end in (path.suffix, ".parquet", ".csv"))
    return next((p for p in found if p.exists()), None)


def with_identities(table: pd.DataFrame, path: Path, meta: tuple[Path, ...]) -> pd.DataFrame:
    """Add role, team and name from a run's tables ``identities`` and ``people``, and the period.

    From ``meta``, by default from what lies beside ``path``; columns that the table has already stay.

    Raises
    ------
    TrackingError
        If one of ``meta`` cannot be read or has no ``track_id``.
    """
    beside = (found for n in _MARKS if (found := _beside(path, n)) is not None)
    for source in meta or tuple(beside):
        if source == path:
            continue
        known = read_table(source)
        if "track_id" not in known or "track_id" not in table:
            if not meta:  # somebody's own table of this name, which was not asked for
                continue
            raise TrackingError(f"{source}: no column track_id to tell by who is who")
        new = [c for c in _ABOUT if c in known and c not in table]
        table = table.merge(known[["track_id", *new]], on="track_id", how="left")
    periods = _beside(path, "periods")
    begins = read_table(periods) if periods and "period" not in table and "time_s" in table else None
    if begins is not None and {"period", "start_s"} <= set(begins):
        begins = begins.sort_values("start_s")
        number = np.searchsorted(begins["start_s"].to_numpy(float), table["time_s"], side="right") - 1
        table = table.assign(period=begins["period"].to_numpy()[np.clip(number, 0, None)])
    return table


def read(table: pd.DataFrame, path: Path, given: Convention) -> MatchData:
    """Read a match.

    Columns: who (``track_id``, ``player_id``, ``track`` or ``id``), where (``x_m, y_m``, ``x_cm, y_cm`` or
    ``x, y``), when (``time_s``, or ``frame`` with a frame rate); and, if known, ``team`` (A, B, home, away),
    ``role``, ``period``, ``name``, ``jersey``, ``position``, what was seen (`table_words.SEEN_BY`),
    ``team_possession``.
    A person is a team and an identifier: shirts may serve as such. The ball is whoever has role, team or
    identifier ``ball``, and needs none.

    Raises
    ------
    TrackingError
        If a column is missing or its values cannot be understood.
    """
    import pandas as pd

    who = next(w for w in _WHO if w in table)
    x, y, units = next(p for p in _PLACES if p[0] in table and p[1] in table)
    if table.empty:
        raise TrackingError(f"{path}: a table without rows")
    table = in_play(table, path)
    xy = np.column_stack([table_words.numbers(table[c], path) for c in (x, y)])
    if z := next((c for c in ("z_m", "z_cm", "z") if c in table), None):
        xy[unseen(xy, table_words.numbers(table[z], path))] = np.nan
    everyone = identified(table, who, path)
    kept = observed(table, path) & (everyone.ball | (everyone.key != NOBODY))
    table, xy, everyone = table[kept], xy[kept], everyone.only(kept)
    convention = Convention(units or given.units, given.origin, given.pitch_m, given.fps)
    xy = to_metres(xy, convention, path)
    period = periods_of(table, path)
    when = table.get("time_s", table.get("frame"))
    if when is None:
        raise TrackingError(f"{path}: no column time_s or frame; when was each row?")
    if when.isna().any():
        raise TrackingError(
            f"{path}: {when.name} is empty in {int(when.isna().sum())} rows; fill or remove them"
        )
    moments = pd.MultiIndex.from_arrays([period, when])
    codes, unique = pd.factorize(moments, sort=True)
    first = np.unique(codes, return_index=True)[1]
    heads = table.iloc[first]
    known = np.isfinite(xy).all(axis=1)
    seen = once(np.asarray(known, bool), codes, everyone, xy, path)
    people, number = everyone.people(table, path)
    players = seen & ~everyone.ball
    ball = seen & everyone.ball
    return MatchData(
        provider="table",
        frame=frames_of(heads, path) if "frame" in table else np.arange(len(unique)),
        period=period[first],
        clock_s=clock_s(heads, period[first], given.fps, path),
        people=people,
        samples=Samples(codes[players], number[players], xy[players]),
        ball_row=codes[ball],
        ball_m=xy[ball],
        owner=owners(heads, path),
        pitch_m=given.pitch_m,
        steady=True,
        notes=everyone.notes,
    )
