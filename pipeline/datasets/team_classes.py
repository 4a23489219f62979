"""Which classes of a label map are teams: the truth that team-level maps are measured against."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from pipeline.core.types import BALL, GOALKEEPER, LABEL_NAMES, PLAYER, REFEREE
from pipeline.datasets.canonical import VOID

_LETTER = re.compile(r"\b(?:team|goalkeeper|goalie|keeper|gk|players?) ?([ab12])\b")
_UNKNOWN = re.compile(r"unlabell?ed|void|ignore")
_SIDES = {"home": "a", "away": "b"}


def team_table(names: Mapping[int, str], classes: Mapping[str, int]) -> NDArray[np.uint8] | None:
    """Find what the values of a source's label map are in a team-level one.

    Parameters
    ----------
    names
        Pixel value -> class name of the source, such as "Team A (black)", "Goalkeeper B", "away player".
    classes
        Class name -> our class; names that are not in it are scenery.

    Returns
    -------
    Shape ``(256,)``: an index into `LABEL_NAMES`, or `VOID` for goalkeepers whose team is not told.
    None unless the names tell two teams.
    """
    players = sorted(name for name in names.values() if classes.get(name) == PLAYER)
    if len(players) != 2:
        return None
    letters = {name: _letter(name) for name in names.values()}
    if sorted(letters[p] or "" for p in players) != ["a", "b"]:
        letters |= dict(zip(players, "ab", strict=True))  # "red team", "white team": in order of the names
    table = np.full(256, VOID, np.uint8)
    for value, name in names.items():
        if value < VOID and not _UNKNOWN.search(name.lower()):
            table[value] = _value(classes.get(name), letters[name])
    return table


def _letter(name: str) -> str | None:
    plain = re.sub(r"[\s_-]+", " ", name.lower())
    if side := next((letter for word, letter in _SIDES.items() if word in plain.split()), None):
        return side
    found = _LETTER.search(plain)
    return {"1": "a", "2": "b"}.get(found.group(1), found.group(1)) if found else None


def _value(class_id: int | None, letter: str | None) -> int:
    if class_id in (PLAYER, GOALKEEPER):
        kind = "team" if class_id == PLAYER else "goalkeeper"
        return LABEL_NAMES.index(f"{kind}_{letter}") if letter else VOID
    other = {REFEREE: "referee", BALL: "ball"}
    return LABEL_NAMES.index("background" if class_id is None else other.get(class_id, "background"))
