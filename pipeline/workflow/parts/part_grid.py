"""Footage cut into parts of equal time, and the record of which are done.

A part is known by its times alone, so every process names the same pictures by the same number, whoever did
the parts before. The record is a file for each stretch of parts done, named by its first and last: several
processes can write it at once, and a stretch in which there is no picture costs one file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.core.config import VideoSettings
from pipeline.core.types import VideoInfo

FRAMES_A_PART = 1000
_LONGEST_S, _USUAL_S = 60.0, 40.0
_FEWEST_FRAMES = 200
"""A part is longer than `_LONGEST_S` if it would have fewer pictures than this."""
_EPSILON_S = 1e-6
_DONE = re.compile(r"(\d+)-(\d+)\.done")


@dataclass(frozen=True, slots=True)
class PartGrid:
    """Parts of ``length_s`` from ``start_s`` on; the header promises ``n_expected``, but may be wrong."""

    start_s: float
    length_s: float
    n_expected: int

    def number(self, time_s: float) -> int:
        """Which part a moment belongs to."""
        return int((time_s - self.start_s + _EPSILON_S) // self.length_s)

    def numbers(self, time_s: NDArray[np.float64]) -> NDArray[np.int64]:
        """Which part each of some moments ``(N,)`` belongs to."""
        return np.array([self.number(t) for t in time_s.tolist()], np.int64)

    def begins_s(self, number: int) -> float:
        """When a part begins."""
        return self.start_s + number * self.length_s


@dataclass(frozen=True, slots=True)
class Stretch:
    """Parts from ``first`` up to ``end``, which is not among them; None is the end of the footage."""

    first: int
    end: int | None


def grid_of(info: VideoInfo, settings: VideoSettings, frames_a_part: int = FRAMES_A_PART) -> PartGrid:
    """Cut the chosen footage into parts of about ``frames_a_part`` pictures, by what its header says."""
    shown_s = 1 / info.fps if info.fps > 0 else _USUAL_S / FRAMES_A_PART
    step_s = max(shown_s, settings.every_s or 0.0)
    length_s = min(frames_a_part * step_s, max(_LONGEST_S, _FEWEST_FRAMES * step_s))
    if settings.every_s:  # the grid of chosen pictures and that of parts must meet
        length_s = ceil(length_s / settings.every_s - _EPSILON_S) * settings.every_s
    ends_s = [s for s in (info.duration_s, settings.end_s) if s is not None]
    known_s = min(ends_s) - settings.start_s if info.duration_s else 0.0
    return PartGrid(settings.start_s, length_s, max(1, ceil(known_s / length_s)))


def mark_done(folder: Path, first: int, last: int) -> None:
    """Record that the parts from ``first`` to ``last`` are done: their tables, if any, are there."""
    (folder / f"{first:06d}-{last:06d}.done").touch()


def missing(folder: Path, n_expected: int) -> list[Stretch]:
    """List the stretches of parts that are not done; what may lie behind the expected parts is always one."""
    out, at = [], 0
    for first, last in sorted(_done(folder)):
        if first > at:
            out.append(Stretch(at, first))
        at = max(at, last + 1)
    if at < n_expected:
        return [*out, Stretch(at, n_expected), Stretch(n_expected, None)]
    return [*out, Stretch(at, None)]


def common(some: Iterable[Stretch], others: Iterable[Stretch]) -> list[Stretch]:
    """Give what is in both of two lists of stretches, each in order."""
    others, out = list(others), []
    for one in some:
        for other in others:
            first = max(one.first, other.first)
            ends = [e for e in (one.end, other.end) if e is not None]
            if not ends or first < min(ends):
                out.append(Stretch(first, min(ends, default=None)))
    return out


def share(todo: Iterable[Stretch], task: int, n_tasks: int) -> list[Stretch]:
    """Take the ``task``-th (from 0) of ``n_tasks`` equal shares of the parts to do, neighbours together.

    The stretch to the end of the footage goes with the parts before it, to the last task.
    """
    bounded = [n for s in todo if s.end is not None for n in range(s.first, s.end)]
    mine = bounded[len(bounded) * task // n_tasks : len(bounded) * (task + 1) // n_tasks]
    out = list(_runs(mine))
    if task + 1 == n_tasks:
        for tail in (s for s in todo if s.end is None):
            if out and out[-1].end == tail.first:
                out[-1] = Stretch(out[-1].first, None)
            else:
                out.append(tail)
    return out


def _runs(numbers: list[int]) -> Iterator[Stretch]:
    first = 0
    for i, number in enumerate(numbers):
        if i + 1 == len(numbers) or numbers[i + 1] != number + 1:
            yield Stretch(numbers[first], number + 1)
            first = i + 1


def _done(folder: Path) -> Iterator[tuple[int, int]]:
    for path in folder.glob("*.done"):
        if found := _DONE.fullmatch(path.name):
            yield int(found[1]), int(found[2])
