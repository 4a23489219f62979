"""Which frames the pitch network looks at. No I/O."""

from __future__ import annotations

from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

_SLACK_S = 1e-3

Item = TypeVar("Item")


class KeyFrames(Generic[Item]):
    """Choose frames as they come: the first and last of each span, and one every ``every_s`` between.

    A span is a shot, or the part of it that lies in one part of the footage.
    """

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._span: object = None
        self._due_s = -np.inf
        self._held: list[Item] = []

    def offer(self, item: Item, time_s: float, span: object) -> list[Item]:
        """Take the next frame that is worth a look, and give those that are chosen now, in order."""
        chosen = self.rest() if span != self._span else []
        self._span = span
        if time_s >= self._due_s - _SLACK_S:
            self._due_s, self._held = time_s + self._every_s, []
            return [*chosen, item]
        self._held = [item]
        return chosen

    def rest(self) -> list[Item]:
        """End the span: its last frame, unless it is chosen already."""
        held, self._held, self._due_s = self._held, [], -np.inf
        return held


def key_frames(
    time_s: NDArray[np.float64],
    span: NDArray[np.int64],
    skip: NDArray[np.bool_],
    every_s: float,
) -> NDArray[np.intp]:
    """Choose rows of a table of frames: the first and last of each span, and one every ``every_s`` between.

    Parameters
    ----------
    time_s, span
        ``(N,)`` of the frames, in order.
    skip
        ``(N,)``: frames not worth a look (repeated pictures, no grass at all).
    """
    keys: KeyFrames[int] = KeyFrames(every_s)
    chosen: list[int] = []
    for row in np.flatnonzero(~skip).tolist():
        chosen += keys.offer(row, float(time_s[row]), int(span[row]))
    return np.array([*chosen, *keys.rest()], dtype=np.intp)
