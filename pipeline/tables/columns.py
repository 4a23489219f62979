"""What tables are declared with: a column, a table, and the columns that many tables share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its pandas dtype, its meaning with unit, whether null is allowed, its allowed values."""

    name: str
    dtype: str
    about: str
    nullable: bool = False
    values: tuple[str, ...] | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One table: what a row is, and its columns in order. ``key`` columns identify a row."""

    name: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]


FRAME = Column("frame", "int32", "decoded frame of the file, from 0", low=0)
TIME = Column("time_s", "float64", "presentation time, s from the first frame", low=0)
TRACK = Column("track_id", "int32", "the track, from 1; never reused in a run", low=1)
PLAYER = Column("player_id", "int32", "the person, over the whole run", low=1)
ROLE_NAMES = ("player", "goalkeeper", "referee", "ball", "other", "unclear")
TEAM_NAMES = ("A", "B")
TEAM = Column("team", "str", "A or B", values=TEAM_NAMES)
TEAM_OR_NONE = Column(
    "team", "str", "A or B; null where the role has none or it is unclear", True, TEAM_NAMES
)


def floats(names: str, about: str, dtype: str = "float32", nullable: bool = False) -> tuple[Column, ...]:
    """Declare several float columns of one meaning; ``names`` are separated by blanks."""
    return tuple(Column(name, dtype, about, nullable) for name in names.split())
