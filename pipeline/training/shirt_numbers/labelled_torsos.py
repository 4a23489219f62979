"""Real upper bodies whose numbers somebody read by eye, and the crops made of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.appearance.upper_body import cut_square, torso_square
from pipeline.core.errors import DataSetError
from pipeline.datasets.canonical import read_image
from pipeline.training.shirt_numbers.number_loop import Answered
from pipeline.training.shirt_numbers.painted_numbers import UNKNOWN, degraded

_SHIFT, _RESIZE = 0.05, 0.14
_HARM = 0.5
"""How much worse copies are filmed than the original, see `degraded`."""
_AFAR_PX = (14.0, 60.0)
_CLOSE_PX = 80.0
"""A square larger than this is a close view: its copies are filmed from afar, with `_AFAR_PX` across."""
_DIGITS = 0.3
"""Height of the digits, in sides of the square."""
_CLEAR_PX, _LOST_PX = 7.5, 4.5

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Label:
    """An answer for the person in a box of a picture (``file`` is relative to the data's root).

    ``number`` is `UNKNOWN` where none was read; ``legible`` is 1, 0, or `UNKNOWN` for a likely number.
    """

    file: str
    box_px: tuple[float, float, float, float]
    legible: int
    number: int


def read_labels(table: Path, part: str) -> list[Label]:
    """Read a part of a table of labels, in its order.

    Parameters
    ----------
    table
        CSV with ``file``, ``x1_px y1_px x2_px y2_px``, ``answer`` and ``part``. An answer is a number, a
        likely number as ``17?``, ``illegible``, or ``unsure``, which is left out.

    Raises
    ------
    DataSetError
        If the table cannot be read or has no such rows.
    """
    try:
        with table.open(encoding="utf-8", newline="") as handle:
            rows = [r for r in csv.DictReader(handle) if r["part"] == part and r["answer"] != "unsure"]
            out = [_label(r) for r in rows]
    except OSError as error:
        raise DataSetError(f"{table}: cannot read the labels ({error.strerror})") from error
    except (KeyError, ValueError) as error:
        raise DataSetError(f"{table}: not a table of shirt numbers ({error})") from error
    if not out:
        raise DataSetError(f"{table}: no rows of part {part}")
    return out


def _label(row: dict[str, str]) -> Label:
    x1, y1, x2, y2 = (float(row[c]) for c in ("x1_px", "y1_px", "x2_px", "y2_px"))
    if row["answer"] == "illegible":
        return Label(row["file"], (x1, y1, x2, y2), 0, UNKNOWN)
    number = int(row["answer"].removesuffix("?"))
    if not 1 <= number <= 99:
        raise ValueError(f"answer {row['answer']}: numbers go from 1 to 99")
    return Label(row["file"], (x1, y1, x2, y2), UNKNOWN if row["answer"].endswith("?") else 1, number)


def cut_labelled(
    labels: list[Label], root: Path, copies: tuple[int, int, int], rng: np.random.Generator
) -> Answered:
    """Cut labelled upper bodies out of pictures.

    Parameters
    ----------
    copies
        How many crops of each legible, likely and illegible one: the first as it is, others displaced and
        filmed a little worse. Of close views all are filmed from afar, which some do not survive legibly.

    Raises
    ------
    DataSetError
        If a picture cannot be read.
    """
    legible, likely, illegible = copies
    often = {1: legible, UNKNOWN: likely, 0: illegible}
    crops: list[Picture] = []
    clear: list[int] = []
    number: list[int] = []
    for label, image in _pictures(labels, root):
        square = torso_square(np.array(label.box_px))
        for copy in range(often[label.legible]):
            if square[2] > _CLOSE_PX:
                crop, height_px = _from_afar(image, square, rng)
                clear.append(_seen_from_afar(label.legible, height_px))
            else:
                crop = _again(image, square, rng) if copy else cut_square(image, *square)
                clear.append(label.legible)
            crops.append(crop)
            number.append(label.number)
    return Answered(np.stack(crops), np.array(clear, np.int8), np.array(number, np.int8))


def _seen_from_afar(legible: int, height_px: float) -> int:
    if height_px < _LOST_PX:
        return 0
    return UNKNOWN if legible == 1 and height_px <= _CLEAR_PX else legible


def _pictures(labels: list[Label], root: Path) -> Iterator[tuple[Label, Picture]]:
    for file, some in groupby(labels, lambda label: label.file):
        image = read_image(root / file)
        for label in some:
            yield label, image


def _moved(square: tuple[float, float, float], rng: np.random.Generator) -> tuple[float, float, float]:
    x, y, side = square
    dx, dy = rng.normal(0, _SHIFT, 2) * side
    return x + float(dx), y + float(dy), side * float(rng.uniform(1 - _RESIZE, 1 + _RESIZE))


def _again(image: Picture, square: tuple[float, float, float], rng: np.random.Generator) -> Picture:
    moved = _moved(square, rng)
    side_px = max(10, round(moved[2]))
    return degraded(cut_square(image, *moved, side_px), side_px, rng, _HARM)[0]


def _from_afar(
    image: Picture, square: tuple[float, float, float], rng: np.random.Generator
) -> tuple[Picture, float]:
    """Film a close view from afar; also the height that its digits have then, over the blur, px."""
    moved = _moved(square, rng)
    near, far = np.log(_AFAR_PX)
    side_px = min(float(np.exp(rng.uniform(near, far))), moved[2])
    crop, blur = degraded(cut_square(image, *moved, 120), side_px, rng)
    return crop, _DIGITS * side_px * square[2] / moved[2] / max(1.0, 1.2 * blur)
