"""Words that the columns of a table may hold: one list a column, and any other word is refused.

A word that is not known must never mean something else by default: that changes numbers without a word.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import TrackingError
from pipeline.formats.readers.match_data import Owner

if TYPE_CHECKING:
    import pandas as pd

_NOTHING = frozenset({"", "none", "nan", "nat", "null", "na", "n/a", "<na>", "-", "-999", "-9999"})
"""What stands for a missing word; databallpy writes -999."""

OFFICIALS, BALL = "officials", "ball"
OUTSIDE = 0
"""`PERIODS` has this for frames that belong to none, such as those between the halves."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a column may say, in lower case, and what it means; ``say`` tells the user what to write."""

    known: Mapping[str, Any]
    say: str


_TRUE = dict.fromkeys(("true", "t", "yes", "y", "1"), True)
_FALSE = dict.fromkeys(("false", "f", "no", "n", "0"), False)
_SEEN = dict.fromkeys(("observed", "detected", "visible", "measured"), True)
_GUESSED = dict.fromkeys(("interpolated", "estimated", "predicted", "extrapolated"), False)
_SIDES = {"a": "A", "home": "A", "b": "B", "away": "B"}

OBSERVED = Words(_TRUE | _FALSE | _SEEN | _GUESSED, "true or false, yes or no, 1 or 0, observed or estimated")
SOURCE = Words(_SEEN | _GUESSED, "observed, detected or visible, interpolated, estimated or predicted")
_YES_OR_NO = Words(_TRUE | _FALSE, "true or false, yes or no, 1 or 0")
SEEN_BY: Mapping[str, tuple[Words, bool]] = (
    {"source": (SOURCE, True)}
    | dict.fromkeys(
        ("observed", "visible", "is_visible", "visibility", "detected", "is_detected"), (OBSERVED, True)
    )
    | dict.fromkeys(
        ("interpolated", "is_interpolated", "estimated", "is_estimated", "extrapolated", "predicted"),
        (_YES_OR_NO, False),
    )
)
"""Columns that tell what was seen and what was guessed: their words, and which meaning is seen."""
TEAM = Words(
    _SIDES | {"ball": BALL} | dict.fromkeys(("referee", "referees", "official", "officials"), OFFICIALS),
    "A or home, B or away, ball or referee",
)
OWNER = Words(
    _SIDES | dict.fromkeys(("neutral", "contested", "nobody", "dead"), None),
    "A or home, B or away, or leave it empty",
)
STATUS = Words(
    dict.fromkeys(("alive", "live", "in play", "in_play", "true", "1"), True)
    | dict.fromkeys(("dead", "out", "out of play", "out_of_play", "false", "0"), False),
    "alive or dead",
)
ROLE = Words(
    {r: r for r in ("player", "goalkeeper", "referee", "ball", "other", "unclear")}
    | {"keeper": "goalkeeper", "gk": "goalkeeper", "outfield": "player"},
    "player, goalkeeper, referee, ball, other or unclear",
)
PERIODS = Words(
    {str(n): n for n in range(1, 6)}
    | {"first_half": 1, "firsthalf": 1, "first half": 1, "1h": 1, "1st half": 1, "h1": 1}
    | {"second_half": 2, "secondhalf": 2, "second half": 2, "2h": 2, "2nd half": 2, "h2": 2},
    "a period must be a number from 1 to 5, -999 between the halves",
)


def understood(column: pd.Series, words: Words, path: Path) -> Owner:
    """Give the meaning of each of ``column``'s words, ``(N,)``; None where nothing is said.

    Upper and lower case are the same, and so are 1 and 1.0.

    Raises
    ------
    TrackingError
        If a word is not known.
    """
    import pandas as pd

    codes, unique = pd.factorize(column.astype(object), use_na_sentinel=True)
    meaning = np.full(len(unique) + 1, None, object)
    for at, value in enumerate(unique):
        word = _word(value)
        if word in words.known:
            meaning[at] = words.known[word]
        elif word not in _NOTHING:
            raise TrackingError(f"{path}: {column.name} {value!r} is not known; write {words.say}")
    return meaning[codes]


def whole_numbers(column: pd.Series, path: Path) -> Owner:
    """Give a column of whole numbers, such as shirts, ``(N,)``; None where nothing is said.

    Raises
    ------
    TrackingError
        If one is something else.
    """
    import pandas as pd

    codes, unique = pd.factorize(column.astype(object), use_na_sentinel=True)
    meaning = np.full(len(unique) + 1, None, object)
    for at, value in enumerate(unique):
        word = _word(value)
        if word not in _NOTHING:
            try:
                meaning[at] = int(word)
            except ValueError:
                raise TrackingError(
                    f"{path}: {column.name} {value!r} is no whole number; write one, or leave it empty"
                ) from None
    return meaning[codes]


def numbers(column: pd.Series, path: Path) -> NDArray[np.float64]:
    """Give a column of numbers, ``(N,)``; NaN where nothing is said.

    Raises
    ------
    TrackingError
        If one is something else, such as 1,5.
    """
    import pandas as pd

    out = np.array(pd.to_numeric(column, errors="coerce"), np.float64)
    doubtful = np.isnan(out) & column.notna().to_numpy(bool)
    for value in column[doubtful].unique():
        if _word(value) not in _NOTHING:
            raise TrackingError(f"{path}: {column.name} {value!r} is no number; write 1.5, or leave it empty")
    return out


def _word(value: Any) -> str:
    if isinstance(value, float | np.floating):
        return "" if math.isnan(value) else str(int(value)) if float(value).is_integer() else str(value)
    text = str(value).strip().lower()
    return text[:-2] if text.endswith(".0") and text[:-2].lstrip("-").isdigit() else text
