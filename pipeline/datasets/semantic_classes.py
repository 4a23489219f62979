"""The classes of semantic networks, and how the label maps of any data set are read as them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core.types import CLASS_NAMES
from pipeline.datasets.canonical import VOID

Rgb = tuple[int, int, int]

PEOPLE, BALL = "people", "ball"
CLASSES = ("pitch", "line", PEOPLE, BALL, "goal", "board", "outside")
"""What semantic networks tell apart, whatever the teams and roles; further classes of a data set follow."""
_RGB = {
    "pitch": (0, 158, 115),
    "line": (240, 240, 240),
    PEOPLE: (213, 94, 0),
    BALL: (240, 228, 66),
    "goal": (204, 121, 167),
    "board": (0, 114, 178),
    "outside": (70, 70, 70),
}
_PART_OF = {"line": "pitch", "board": "outside"}
"""Not all data sets tell these apart from what they are part of."""
_CALLED = {
    **dict.fromkeys(CLASS_NAMES, PEOPLE),
    **dict.fromkeys(("crowd", "stand", "stands", "bench", "sky"), "outside"),
    BALL: BALL,
}


def common_classes(names: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Choose the classes as which all of several sets of class names can be read.

    A line counts as pitch, and a board as outside, if any of the sets has the pitch without lines, or
    the outside without boards. Classes that this package does not know come last, as they are.
    """
    plain = [[_CALLED.get(name, name) for name in each] for each in names]
    mixed = {
        part for part, whole in _PART_OF.items() if any(whole in each and part not in each for each in plain)
    }
    there = dict.fromkeys(_PART_OF[n] if n in mixed else n for each in plain for n in each)
    return (*(n for n in CLASSES if n in there), *(n for n in there if n not in CLASSES))


def class_table(names: Sequence[str], classes: Sequence[str]) -> NDArray[np.uint8]:
    """Say what each value of a label map is.

    Parameters
    ----------
    names
        Of the label map's values, in order.
    classes
        As `common_classes` gives them.

    Returns
    -------
    Shape ``(256,)``: indices into ``classes``; `VOID` for values without a name or class.
    """
    out = np.full(256, VOID, np.uint8)
    for value, name in enumerate(names):
        plain = _CALLED.get(name, name)
        known = plain if plain in classes else _PART_OF.get(plain)
        if known in classes:
            out[value] = classes.index(known)
    return out


def palette(classes: Sequence[str]) -> list[Rgb]:
    """Colours of classes, told apart with any colour vision (Okabe and Ito 2008); greys for unknown ones."""
    greys = (int(120 + 100 * i / max(1, len(classes))) for i in range(len(classes)))
    return [_RGB.get(name, (grey, grey, grey)) for name, grey in zip(classes, greys, strict=True)]


def tint(
    image: NDArray[np.uint8], values: NDArray[np.uint8], classes: Sequence[str], strength: float = 0.5
) -> NDArray[np.uint8]:
    """Lay a label map over a picture BGR of its size; void stays dark."""
    table = np.zeros((256, 3), np.uint8)
    table[: len(classes)] = np.array(palette(classes), np.uint8).reshape(-1, 3)[:, ::-1]
    return np.asarray(cv2.addWeighted(image, 1 - strength, table[values], strength, 0), np.uint8)
