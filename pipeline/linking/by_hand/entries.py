"""The entries of ``corrections.yaml``: what each verb takes, checked before anything is applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.core import yaml_text
from pipeline.core.errors import CorrectionsError
from pipeline.linking.by_hand.moments import seconds_of
from pipeline.linking.by_hand.roster import number_of, text_of

_SPAN = ("from", "from_frame", "until", "until_frame")
VERBS: Mapping[str, tuple[str, ...]] = {
    "join": (),
    "split": ("at", "at_frame"),
    "swap": _SPAN,
    "assign": ("to", *_SPAN),
    "set": ("team", "role", "number", "name"),
    "ignore": _SPAN,
}
"""Each verb, and the further keys that it takes besides ``note``."""
_ROLES = ("player", "goalkeeper", "referee")


@dataclass(frozen=True, slots=True)
class Entry:
    """One correction: its ``number`` in the file from 1, its verb, of whom, and the further keys."""

    number: int
    verb: str
    whom: Any
    more: Mapping[str, Any]


def read_corrections(path: Path) -> list[Entry]:
    """Read a list of corrections; an empty file is none.

    Raises
    ------
    CorrectionsError
        One line for each entry that is no correction.
    """
    try:
        data = yaml_text.read(path)
    except yaml_text.BadYamlError as error:
        raise CorrectionsError([f"{path}: not valid YAML ({error})"]) from error
    if data is None:
        return []
    if not isinstance(data, list):
        raise CorrectionsError([f"{path}: expected a list of corrections, such as - join: [12, 40]"])
    entries, lines = [], []
    for number, item in enumerate(data, 1):
        try:
            entries.append(_entry(number, item))
        except ValueError as error:
            lines.append(f"{path}: entry {number}: {error}")
    if lines:
        raise CorrectionsError(lines)
    return entries


def content(entries: list[Entry]) -> list[Any]:
    """Put corrections as plain values, to tell whether they changed; notes do not matter."""
    return [[e.verb, e.whom, {k: v for k, v in sorted(e.more.items()) if k != "note"}] for e in entries]


def _entry(number: int, item: Any) -> Entry:
    if not isinstance(item, dict):
        raise ValueError(f"expected one of {', '.join(VERBS)}, got {item!r}")
    verbs = [v for v in VERBS if v in item]
    if len(verbs) != 1:
        raise ValueError(f"expected one of {', '.join(VERBS)}, got {', '.join(map(str, item)) or 'nothing'}")
    verb = verbs[0]
    known = (*VERBS[verb], "note")
    more = {k: v for k, v in item.items() if k != verb}
    if unknown := [str(k) for k in more if k not in known]:
        raise ValueError(f"{verb} takes no {unknown[0]}; it takes {', '.join(known)}")
    _check_whom(verb, item[verb])
    _check_times(verb, more)
    _check_values(verb, more)
    return Entry(number, verb, item[verb], more)


def _check_whom(verb: str, whom: Any) -> None:
    if verb in ("join", "swap"):
        if not isinstance(whom, list) or len(whom) != 2 or not all(map(_is_person, whom)):
            raise ValueError(f"{verb} is of two people, such as [12, 40], got {whom!r}")
    elif verb == "set":
        if not _is_person(whom):
            raise ValueError(f"set is of a person, such as 12 or A7, got {whom!r}")
    elif not isinstance(whom, int) or isinstance(whom, bool):
        raise ValueError(f"{verb} is of a track's number, got {whom!r}")


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
    needed = {"split": "at", "swap": "from"}.get(verb)
    if needed and not {needed, f"{needed}_frame"} & more.keys():
        raise ValueError(f"{verb} needs {needed} (s or mm:ss) or {needed}_frame")


def _check_values(verb: str, more: Mapping[str, Any]) -> None:
    if verb == "assign" and not _is_person(more.get("to")):
        raise ValueError("assign needs to: a person such as 12 or A7, a name, or new")
    if verb != "set":
        return
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
