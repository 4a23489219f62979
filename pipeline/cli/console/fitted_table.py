"""Tables as wide as the terminal: heads break at spaces, then columns leave; a number is never cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from pipeline.cli.console import consoles

_GAP = 2
_NARROWEST = 12
"""Columns that a text column keeps at least when its cells have to fold."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``head`` may break at spaces; 0 in ``leaves`` stays, the highest number leaves first."""

    head: str
    right: bool = False
    leaves: int = 0
    style: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of cells, with a rich style."""

    cells: Sequence[str | Text]
    style: str = ""


def show(
    columns: Sequence[Column], lines: Sequence[Line], *, title: str = "", wide: bool = False
) -> tuple[str, ...]:
    """Print a table in the width there is; gives the heads that had no room."""
    room = consoles.width(wide)
    kept, widths = fit(columns, lines, room)
    table = Table(
        title=Text(title) if title else None,
        title_justify="left",
        title_style="bold",
        header_style="dim",
        box=None,
        pad_edge=False,
    )
    for at, wanted in zip(kept, widths, strict=True):
        column = columns[at]
        table.add_column(
            Text(column.head),
            justify="right" if column.right else "left",
            style=column.style,
            width=wanted,
            overflow="fold",
        )
    for line in lines:
        table.add_row(*(line.cells[at] for at in kept), style=line.style or None)
    consoles.out(room).print(table)
    return tuple(c.head for at, c in enumerate(columns) if at not in kept)


def fit(columns: Sequence[Column], lines: Sequence[Line], room: int) -> tuple[list[int], list[int]]:
    """Choose what fits into ``room`` columns: indices of ``columns``, and the width of each.

    Heads are broken at spaces before anything leaves. Where even the columns that stay are too wide, the
    widest text folds.
    """
    kept = list(range(len(columns)))
    whole = [max(_longest_line(c.head), _cells(lines, at)) for at, c in enumerate(columns)]
    if _total(whole) <= room:
        return kept, whole
    least = [max(_longest_word(c.head), _cells(lines, at)) for at, c in enumerate(columns)]
    while _total([least[at] for at in kept]) > room:
        most = max((columns[at].leaves for at in kept), default=0)
        if most == 0:
            break
        kept.remove(max(at for at in kept if columns[at].leaves == most))
    widths = [least[at] for at in kept]
    if (over := _total(widths) - room) > 0:
        _fold(widths, over, [not columns[at].right for at in kept])
    return kept, widths


def left_out(heads: Sequence[str], how: str) -> None:
    """Say which columns had no room and how to see them; nothing if all were shown."""
    if heads:
        names = ", ".join(h.replace("\n", " ") for h in heads)
        consoles.out().print(f"no room for: {names}; {how}", style="dim", markup=False)


def print_line(text: str) -> None:
    """Print a line of rich markup, folded at the terminal's width."""
    consoles.out().print(text)


def _fold(widths: list[int], over: int, is_text: Sequence[bool]) -> None:
    texts = [i for i, text in enumerate(is_text) if text]
    while over > 0 and texts:
        widest = max(texts, key=lambda i: widths[i])
        if widths[widest] <= _NARROWEST:
            return
        cut = min(over, widths[widest] - _NARROWEST)
        widths[widest] -= cut
        over -= cut


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + _GAP * (len(widths) - 1)


def _cells(lines: Sequence[Line], at: int) -> int:
    return max((_length(line.cells[at]) for line in lines), default=0)


def _length(cell: str | Text) -> int:
    text = cell if isinstance(cell, Text) else Text.from_markup(cell)
    return max((part.cell_len for part in text.split()), default=0)


def _longest_line(head: str) -> int:
    return max(len(part) for part in head.split("\n"))


def _longest_word(head: str) -> int:
    return max((len(word) for word in head.split()), default=0)
