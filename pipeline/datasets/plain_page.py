"""A plain page of headings, tables, pictures and curves that needs no other file: checks and evaluations."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import ClassVar

import cv2
import jinja2
import numpy as np
from numpy.typing import NDArray

from pipeline.core.files import whole_file
from pipeline.datasets.drawing import Figure

_TEMPLATE = "plain_page.html"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``bad`` ones are red."""

    kind: ClassVar[str] = "heading"
    text: str
    level: int = 2
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    kind: ClassVar[str] = "text"
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table; floats are shown with three digits, None and NaN as a dash."""

    kind: ClassVar[str] = "table"
    header: Sequence[str]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Pictures with captions; ``wide`` ones are not made smaller."""

    kind: ClassVar[str] = "figures"
    items: Sequence[Figure]
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of text behind a word to click on."""

    kind: ClassVar[str] = "lines"
    summary: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Legend:
    """What colours mean: names with their RGB."""

    kind: ClassVar[str] = "legend"
    colours: Sequence[tuple[str, tuple[int, int, int]]]


@dataclass(frozen=True, slots=True)
class Curve:
    """A line in a box of ``width`` x ``height`` px: SVG ``points``, and from where to where it goes."""

    kind: ClassVar[str] = "curve"
    title: str
    points: str
    extent: str
    width: int
    height: int


Block = Heading | Text | Table | Figures | Lines | Legend | Curve


def write_page(path: Path, title: str, blocks: Iterable[Block]) -> None:
    """Write a page whole or not at all, making its folder.

    Raises
    ------
    RunError
        If the disk is full or the folder cannot be written.
    """
    with whole_file(path) as part:
        part.write_text(page(title, blocks), encoding="utf-8")


def page(title: str, blocks: Iterable[Block]) -> str:
    """Put a page together as HTML."""
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    template = (resources.files("pipeline.datasets") / "assets" / _TEMPLATE).read_text(encoding="utf-8")
    return environment.from_string(template).render(title=title, blocks=list(blocks), jpeg=_jpeg) + "\n"


def _jpeg(image: NDArray[np.uint8]) -> str:
    data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 80])[1]
    return base64.b64encode(data.tobytes()).decode("ascii")
