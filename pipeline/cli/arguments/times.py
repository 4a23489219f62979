"""Lengths of time as users type them."""

from __future__ import annotations

import re

from pipeline.core.errors import UserError


def seconds(text: str, option: str, *, zero: bool = False) -> float:
    """Read ``3min``, ``90s`` or ``1.5m``, s; a number without a unit is refused, as nobody can know its unit.

    Parameters
    ----------
    zero
        Whether 0, also without a unit, is a length.

    Raises
    ------
    UserError
        Naming ``option``.
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(s|sec|min|m)\s*", text)
    if zero and re.fullmatch(r"\s*0+(\.0*)?\s*(s|sec|min|m)?\s*", text):
        return 0.0
    length = float(found[1]) * (60.0 if found[2] in ("min", "m") else 1.0) if found else 0.0
    if length <= 0:
        least = "0 or more" if zero else "above 0"
        raise UserError(f"{option} {text}: expected a time {least} with its unit, such as 3min or 90s")
    return length
