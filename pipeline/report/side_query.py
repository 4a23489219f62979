"""What a user types to name a side of a match: ``RUN[:TEAM][:half1][:in]`` or ``RUN:KEY=VALUE,...``.

All commands read it here, so that a team, a half and a phase are spelled alike everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from pipeline.core.errors import UserError
from pipeline.tables.play.phase_names import PHASE_TEXTS

_FORMER = {"from": "start", "to": "end"}
"""Keys by the names that they had before."""


def split_side(text: str, keys: Collection[str]) -> tuple[Path | None, dict[str, str]]:
    """Take a side apart: the run (None where none is named), and what is said of it by key.

    Parameters
    ----------
    keys
        What may be said. ``half2`` is ``half=2``; ``in``, ``out`` and the phases of play are ``phase=...``; a
        first word that is none of these is a team.

    Raises
    ------
    UserError
        If a word says none of ``keys``.
    """
    root, words = text, list[str]()
    while root and not Path(root).exists() and ":" in root:
        root, _, word = root.rpartition(":")
        words.insert(0, word)
    said: dict[str, str] = {}
    for at, word in enumerate(words):
        for item in word.split(",") if "=" in word else [word]:
            if item:
                key, value = _said(item, at == 0, text, keys)
                said[key] = value
    return (Path(root) if root else None), said


def team_letter(asked: str, names: Mapping[str, str], where: str) -> str:
    """Give the letter, A or B, of the team that is ``asked`` for by letter or name, whatever the case.

    Parameters
    ----------
    names
        The teams' names by letter, where they are known.
    where
        What begins the message, such as ``--team Reds``.

    Raises
    ------
    UserError
        If there is no such team.
    """
    wanted = asked.casefold()
    found = [t for t in ("A", "B") if wanted in (t.casefold(), names.get(t, t).casefold())]
    if len(found) == 1:
        return found[0]
    known = " or ".join(dict.fromkeys(n for t in ("A", "B") for n in (t, names.get(t, t))))
    trouble = "both teams are called that" if found else "no such team"
    raise UserError(f"{where}: {trouble}; expected {known}")


def _said(item: str, first: bool, text: str, keys: Collection[str]) -> tuple[str, str]:
    """Key and value of one word."""
    key, equals, value = item.partition("=")
    key = _FORMER.get(key, key)
    if not equals:
        if found := re.fullmatch(r"half([1-5])", item):
            return "half", found[1]
        if item in PHASE_TEXTS:
            return "phase", item
        if first:
            return "team", item
    elif key in keys:
        return key, value
    expected = "half1, half2, in, out, a phase of play" + (
        f", or KEY=VALUE with KEY one of {', '.join(keys)}"
    )
    raise UserError(f"{text}: {item!r} is no part of a match; expected {expected}")
