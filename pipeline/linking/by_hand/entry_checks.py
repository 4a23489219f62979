"""What each verb of ``corrections.yaml`` takes; ValueError says in one line what is wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from pipeline.core.text.said import seconds_of, text_of
from pipeline.linking.by_hand.roster import number_of

_SPAN = ("from", "from_frame", "until", "until_frame")
VERBS: Mapping[str, tuple[str, ...]] = {
    "join": (),
    "split": ("at", "at_frame"),
    "swap": _SPAN,
    "assign": ("to", *_SPAN),
    "set": ("team", "role", "number", "name"),
    "ignore": _SPAN,
    "extend": (*_SPAN, "from_m", "until_m"),
    "end": ("at", "at_frame"),
    "undo": (),
    "tracks": ("decided",),
}
"""Each verb, and the further keys that it takes besides ``note``."""
_ROLES = ("player", "goalkeeper", "referee")
_NEEDED = {"split": ("at",), "end": ("at",), "swap": ("from",), "extend": ("from", "until")}
_OF_TWO, _OF_PERSON = ("join", "swap"), ("set", "extend", "end")


def check_entry(verb: str, whom: Any, more: Mapping[str, Any]) -> None:
    """Check an entry by itself, without any run.

    Raises
    ------
    ValueError
    """
    _check_whom(verb, whom)
    _check_times(verb, more)
    _check_values(verb, more)


def _check_whom(verb: str, whom: Any) -> None:
    if verb in _OF_TWO:
        if not isinstance(whom, list) or len(whom) != 2 or not all(map(_is_person, whom)):
            raise ValueError(f"{verb} is of two people, such as [12, 40], got {whom!r}")
    elif verb in _OF_PERSON:
        if not _is_person(whom):
            raise ValueError(f"{verb} is of a person, such as 12 or A7, got {whom!r}")
    elif verb == "tracks":
        if not isinstance(whom, str) or not whom.strip():
            raise ValueError(f"tracks takes the mark that 'teamshape identities' prints, got {whom!r}")
    elif not isinstance(whom, int) or isinstance(whom, bool):
        what = "an entry's number" if verb == "undo" else "a track's number"
        raise ValueError(f"{verb} is of {what}, got {whom!r}")


def _is_person(value: Any) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, str) and value != ""
    )


def _check_times(verb: str, more: Mapping[str, Any]) -> None:
    for key in ("at", "from", "until"):
        if key in more and f"{key}_frame" in more:
            raise ValueError(f"{key} and {key}_frame say the same; give one of them")
        if key in more:
            seconds_of(more[key])
        frame = more.get(f"{key}_frame", 0)
        if not isinstance(frame, int) or isinstance(frame, bool):
            raise ValueError(f"{key}_frame is {frame!r}; expected the number of a frame")
    for needed in _NEEDED.get(verb, ()):
        if not {needed, f"{needed}_frame"} & more.keys():
            raise ValueError(f"{verb} needs {needed} (s or mm:ss) or {needed}_frame")


def _check_values(verb: str, more: Mapping[str, Any]) -> None:
    if verb == "assign" and not _is_person(more.get("to")):
        raise ValueError("assign needs to: a person such as 12 or A7, a name, or new")
    for key in ("from_m", "until_m"):
        if key in more and not _is_place(more[key]):
            raise ValueError(f"{key} is {more[key]!r}; expected [x, y], m from the centre spot")
    if verb == "set":
        _check_set(more)


def _is_place(value: Any) -> bool:
    numbers = isinstance(value, list) and len(value) == 2
    return numbers and all(
        isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v) for v in value
    )


def _check_set(more: Mapping[str, Any]) -> None:
    if not more.keys() - {"note"}:
        raise ValueError("set needs team, role, number or name")
    if "team" in more and more["team"] not in ("A", "B"):
        raise ValueError(f"team is {more['team']!r}; expected A or B")
    if "role" in more and more["role"] not in _ROLES:
        raise ValueError(f"role is {more['role']!r}; expected {', '.join(_ROLES)}")
    if "number" in more:
        number_of(more["number"])
    if "name" in more and text_of(more, "name") is None:
        raise ValueError("name is empty")
