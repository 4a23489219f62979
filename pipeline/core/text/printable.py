"""Text from elsewhere, made safe to show: in a terminal, and in the cells of a spreadsheet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def printable(text: str) -> str:
    """Replace control characters, such as those that begin a terminal's commands, by blanks."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def safe_cells(table: pd.DataFrame) -> pd.DataFrame:
    """Put ``'`` before texts that a spreadsheet would take for a formula; numbers stay."""
    texts = [c for c in table.columns if table[c].dtype == object or str(table[c].dtype) in ("string", "str")]
    return table.assign(**{c: table[c].map(_safe, na_action="ignore") for c in texts}) if texts else table


def _safe(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA) and not _NUMBER.fullmatch(value):
        return "'" + value
    return value
