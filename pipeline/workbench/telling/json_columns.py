"""Tables as columns that JSON knows: nothing becomes null, numbers become Python's."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def columns_of(table: pd.DataFrame, names: dict[str, str], digits: int = 4) -> dict[str, list[Any]]:
    """Take columns of a table: ``{name there: name here}``; numbers rounded to ``digits``."""
    return {here: [value_of(v, digits) for v in table[there].tolist()] for there, here in names.items()}


def rows_of(table: pd.DataFrame, names: list[str], digits: int = 4) -> list[dict[str, Any]]:
    """Take rows of a table with the columns ``names``."""
    made = columns_of(table, {n: n for n in names}, digits)
    return [dict(zip(names, row, strict=True)) for row in zip(*made.values(), strict=True)]


def value_of(value: Any, digits: int = 4) -> Any:
    """Make one value plain; NaN, NA and infinity are None."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return round(value, digits) if math.isfinite(value) else None
    return value if isinstance(value, int) else None
