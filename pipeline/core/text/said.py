"""Values as people write them in files and on the command line: times (seconds, ``mm:ss``), text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.core.errors import CorrectionsError
from pipeline.core.text import yaml_text

_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{1,2}(?:\.\d+)?)")


def read_said(path: Path) -> Any:
    """Read YAML in which the user says something of a run; None if it is empty.

    Raises
    ------
    CorrectionsError
        If it cannot be read.
    """
    try:
        return yaml_text.read(path)
    except yaml_text.BadYamlError as error:
        raise CorrectionsError([f"{path}: not valid YAML ({error})"]) from error


def seconds_of(value: Any) -> float:
    """Read a time, s, from ``75``, ``75.2``, ``"1:15"`` or ``"1:02:03.5"``.

    Raises
    ------
    ValueError
        For anything else; the text says what was expected.
    """
    # YAML itself reads a plain 12:30 as the 750 that it means
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf"):
        return float(value)
    found = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or float(found[3]) >= 60 or (found[1] and int(found[2]) >= 60):
        raise ValueError(f"{value!r} is no time; expected seconds or mm:ss")
    return 3600 * int(found[1] or 0) + 60 * int(found[2]) + float(found[3])


def clock(time_s: float) -> str:
    """Write a time as ``m:ss.s``."""
    tenths = round(time_s * 10)
    return f"{tenths // 600}:{tenths % 600 / 10:04.1f}"


def text_of(item: Mapping[str, Any], key: str) -> str | None:
    """Take a text from an entry; ValueError if something else is there."""
    value = item.get(key)
    if value is not None and (not isinstance(value, str) or not value.strip()):
        raise ValueError(f"{key} is {value!r}; expected text (in quotes, where YAML takes it for another)")
    return None if value is None else " ".join(value.split())
