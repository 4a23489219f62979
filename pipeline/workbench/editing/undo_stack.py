"""What undo and redo would take back, from the entries alone: the file is the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.linking.by_hand.entries import MARK, Entry


@dataclass(frozen=True, slots=True)
class UndoState:
    """Numbers of entries that a new ``undo`` would name; None where there is nothing.

    ``undo``: the last correction that holds. ``redo``: the last ``undo`` that holds, if nothing was corrected
    since.
    """

    undo: int | None
    redo: int | None


def undo_state(entries: Sequence[Entry]) -> UndoState:
    """Replay the entries: corrections pile up, an undo takes one off, an undo of an undo puts it back."""
    standing: list[int] = []
    undone: list[tuple[int, int]] = []
    for entry in entries:
        if entry.verb == MARK:
            continue
        if entry.verb != "undo":
            standing.append(entry.number)
            undone = []
        elif entry.whom in standing:
            standing.remove(entry.whom)
            undone.append((entry.number, entry.whom))
        else:
            back = [of for number, of in undone if number == entry.whom]
            undone = [pair for pair in undone if pair[0] != entry.whom]
            standing = sorted(standing + back)
    return UndoState(standing[-1] if standing else None, undone[-1][0] if undone else None)
