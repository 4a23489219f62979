"""The entries of ``corrections.yaml``: what each verb takes, checked before anything is applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.core.errors import CorrectionsError
from pipeline.core.text.said import read_said
from pipeline.linking.by_hand.entry_checks import VERBS, check_entry

MARK = "tracks"
"""The verb that corrects nothing: it says for which tracks the file was written."""


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
    data = read_said(path)
    if data is None:
        return []
    if not isinstance(data, list):
        raise CorrectionsError([f"{path}: expected a list of corrections, such as - join: [12, 40]"])
    entries, lines = [], []
    for number, item in enumerate(data, 1):
        try:
            entries.append(entry_of(number, item))
        except ValueError as error:
            lines.append(f"{path}: entry {number}: {error}")
    if lines:
        raise CorrectionsError(lines)
    return entries


def content(entries: list[Entry]) -> list[Any]:
    """Put corrections as plain values, to tell whether they changed; notes and marks do not matter."""
    said = [e for e in entries if e.verb != MARK]
    return [[e.verb, e.whom, {k: v for k, v in sorted(e.more.items()) if k != "note"}] for e in said]


def as_line(entry: Entry) -> str:
    """Write an entry as the line that says it."""
    import yaml

    flow = yaml.safe_dump({entry.verb: entry.whom, **entry.more}, default_flow_style=True, sort_keys=False)
    return f"- {' '.join(flow.split())}"


def standing_entries(entries: list[Entry]) -> list[Entry]:
    """Leave out what an ``undo`` withdraws (also another ``undo``), the undoing itself, and marks.

    Raises
    ------
    CorrectionsError
        One line for each ``undo`` of nothing, of itself or what follows, or of what is undone already.
    """
    known = {e.number: e for e in entries}
    by: dict[int, int] = {}
    lines = []
    for entry in reversed(entries):
        if entry.verb != "undo" or entry.number in by:
            continue
        of = known.get(entry.whom)
        if of is None or of.number >= entry.number or of.verb == MARK:
            why = f"there is no entry {entry.whom} before it that corrects anything"
        elif entry.whom in by:
            why = f"entry {entry.whom} is undone already, by entry {by[entry.whom]}"
        else:
            by[entry.whom] = entry.number
            continue
        lines.append(f"corrections, entry {entry.number} (undo): {why}")
    if lines:
        raise CorrectionsError(lines[::-1])
    return [e for e in entries if e.verb not in ("undo", MARK) and e.number not in by]


def entry_of(number: int, item: Any) -> Entry:
    """Check an entry as it is in YAML, and give it its number in the file.

    Raises
    ------
    ValueError
        If it is no correction; the text says what was expected.
    """
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
    check_entry(verb, item[verb], more)
    return Entry(number, verb, item[verb], more)
