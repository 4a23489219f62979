"""Which of our classes each class of a network is: by its name, or as the user says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import WeightsError
from pipeline.core.types import BALL, CLASS_NAMES, GOALKEEPER, PLAYER, REFEREE

_SYNONYMS: dict[str, int] = {
    **dict.fromkeys(("player", "players", "person", "people", "footballer", "outfield player"), PLAYER),
    **dict.fromkeys(("goalkeeper", "goalkeepers", "goalie", "keeper", "gk"), GOALKEEPER),
    **dict.fromkeys(("referee", "referees", "ref", "linesman", "official", "officials"), REFEREE),
    **dict.fromkeys(("ball", "balls", "sports ball", "football", "soccer ball"), BALL),
}
_WORDS = {
    **dict.fromkeys(("goalkeeper", "keeper", "goalie"), GOALKEEPER),
    "referee": REFEREE,
    **dict.fromkeys(("player", "players"), PLAYER),
}
_OTHERS = frozenset(
    (
        *(
            "non",
            "not",
            "no",
            "without",
            "other",
            "others",
            "former",
            "unknown",
            "ignore",
            "shadow",
            "poster",
        ),
        *("substitute", "substitutes", "bench", "coach", "staff", "medic", "steward", "mascot", "ballboy"),
        *("fan", "fans", "supporter", "supporters", "spectator", "spectators", "crowd", "audience"),
        *("photographer", "board", "logo", "bus", "flag", "kit", "goal", "scarf", "official", "officials"),
    )
)
"""Words that make somebody else, or nobody, of whatever they stand beside."""
_TEAM_WORDS = ("team", "home", "away")


def class_map(names: Sequence[str], given: Mapping[str, str] | None = None) -> NDArray[np.int8]:
    """Say which of our classes each class of a network is, by name.

    Parameters
    ----------
    given
        Name of the network's class, in any language -> one of `CLASS_NAMES`, or empty to drop it.

    Returns
    -------
    Shape ``(len(names),)``: an index into `CLASS_NAMES`, or -1 for a class that is dropped.

    Raises
    ------
    WeightsError
        If none of the classes is a person of football, or ``given`` names a class that is not there.
    """
    said = {_plain(name): ours for name, ours in (given or {}).items()}
    if unknown := [name for name in given or {} if _plain(name) not in map(_plain, names)]:
        raise WeightsError(
            f"--class {unknown[0]}: the network has no class of that name; it has {_shown(names)}"
        )
    out = np.array([_chosen(said, name) for name in names], dtype=np.int8)
    if not np.isin(out, (PLAYER, GOALKEEPER, REFEREE)).any():
        raise WeightsError(
            f"segment.weights: none of the network's classes ({_shown(names)}) is a player or person; say "
            f"which is, such as --class {names[0] if names else 'NAME'}=player"
        )
    return out


def our_class(name: str) -> int:
    """Give the class that a name plainly means, an index into `CLASS_NAMES`; -1 where it means none."""
    plain = _plain(name)
    if plain in _SYNONYMS:
        return _SYNONYMS[plain]
    words = re.findall(r"\w+", plain)
    if not words or not _OTHERS.isdisjoint(words):
        return -1
    for word, ours in _WORDS.items():
        if word in words:
            return ours
    return PLAYER if words[0] in _TEAM_WORDS else -1


def _chosen(said: Mapping[str, str], name: str) -> int:
    ours = said.get(_plain(name))
    if ours is None:
        return our_class(name)
    return CLASS_NAMES.index(ours) if ours else -1


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())


def _shown(names: Sequence[str]) -> str:
    return ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
