"""How one shot gives way to the next: by a cut, a fade or a wipe; and which wipes are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Tiny = NDArray[np.int16]

CUT, FADE, WIPE = "cut", "fade", "wipe"

_LASTS_S = 0.8
"""Cuts closer together than this may be one transition; that is all that a wipe leaves of its pictures."""
_LONGEST_S = 2.0
_SPREADS_S = 0.5
"""How far a transition reaches beyond the cuts that were found in it."""
_BLANK_LEVELS = 6.0
_STRANGE_LEVELS, _SAME_LEVELS = 40, 30
_STRANGE_SHARE, _STRANGE_PICTURES = 0.35, 3
"""A picture is strange if this share of it is like neither shot, and a wipe if it has so many of them."""
_SAME_PLACE, _SAME_LOOK, _SAME_PICTURES = 0.7, 0.8, 3
_DETAIL_LEVELS = 12.0


@dataclass(frozen=True, slots=True)
class Change:
    """A transition from shot ``before`` to shot ``after``; shots between them are part of it.

    ``strange`` ``(K, 18, 32, 3)``: its pictures that are like neither shot, ``where`` ``(K, 18, 32)`` they
    are not.
    """

    before: int
    after: int
    how: str
    strange: Tiny
    where: NDArray[np.bool_]


def changes(
    frame: NDArray[np.int64], time_s: Array, shot: NDArray[np.int64], tiny: Mapping[int, NDArray[np.uint8]]
) -> list[Change]:
    """Find the transitions of a video, in order; ``tiny`` as in `thumbnails.Glimpses`."""
    kept = np.array([int(f) in tiny for f in frame], dtype=bool)
    seen = _Seen(
        time_s[kept],
        shot[kept],
        np.array([tiny[int(f)] for f in frame[kept]], np.uint8).reshape(-1, *_shape(tiny)),
    )
    starts = np.flatnonzero(np.diff(shot) != 0) + 1
    out: list[Change] = []
    for group in _close(starts, time_s):
        whole = _change(seen, group, time_s, shot)
        short = time_s[group[-1]] - time_s[group[0]] <= _LONGEST_S
        if len(group) == 1 or (whole.how == WIPE and short):
            out.append(whole)
        else:
            out += [_change(seen, group[i : i + 1], time_s, shot) for i in range(len(group))]
    return out


def alike(found: list[Change]) -> NDArray[np.bool_]:
    """``(C, C)``: which wipes show the same pictures, as the one into a replay and the one out of it do."""
    out = np.zeros((len(found), len(found)), dtype=bool)
    wipes = [i for i, change in enumerate(found) if change.how == WIPE]
    for n, i in enumerate(wipes):
        for j in wipes[n + 1 :]:
            out[i, j] = out[j, i] = _is_same(found[i], found[j])
    return out


@dataclass(frozen=True, slots=True)
class _Seen:
    """The tiny pictures: ``time_s``, ``shot`` ``(M,)``, ``image`` ``(M, 18, 32, 3)``."""

    time_s: Array
    shot: NDArray[np.int64]
    image: NDArray[np.uint8]

    def pictures(self, rows: NDArray[np.bool_]) -> Tiny:
        """The pictures of some rows, with room for differences."""
        return self.image[rows].astype(np.int16)


def _shape(tiny: Mapping[int, NDArray[np.uint8]]) -> tuple[int, ...]:
    return next(iter(tiny.values())).shape if tiny else (18, 32, 3)


def _close(starts: NDArray[np.intp], time_s: Array) -> list[NDArray[np.intp]]:
    """Group the first rows of shots that may belong to one transition."""
    if not len(starts):
        return []
    return np.split(starts, np.flatnonzero(np.diff(time_s[starts]) > _LASTS_S) + 1)


def _change(seen: _Seen, group: NDArray[np.intp], time_s: Array, shot: NDArray[np.int64]) -> Change:
    """Judge the transition whose cuts lie at the rows ``group``."""
    before, after = int(shot[group[0] - 1]), int(shot[group[-1]])
    since, until = time_s[group[0]] - _SPREADS_S, time_s[group[-1]] + _SPREADS_S
    inside = (seen.time_s > since) & (seen.time_s < until) & (seen.shot >= before) & (seen.shot <= after)
    old = seen.pictures((seen.shot == before) & (seen.time_s <= since))[-6::3]
    new = seen.pictures((seen.shot == after) & (seen.time_s >= until))[:6:3]
    between = seen.pictures(inside)
    nothing = np.zeros((0, *seen.image.shape[1:3]), bool)
    if not len(between) or not len(old) or not len(new):
        return Change(before, after, CUT, between[:0], nothing)
    if (between.std(axis=(1, 2)).max(axis=1) < _BLANK_LEVELS).any():
        return Change(before, after, FADE, between[:0], nothing)
    known = np.concatenate([old, new])
    off = np.abs(between[:, None] - known[None]).max(axis=4).min(axis=1)
    where = off > _STRANGE_LEVELS
    strange = where.mean(axis=(1, 2)) >= _STRANGE_SHARE
    how = WIPE if strange.sum() >= _STRANGE_PICTURES else CUT
    return Change(before, after, how, between[strange], where[strange])


def _is_same(one: Change, other: Change) -> bool:
    """Say whether enough pictures of one wipe come again in the other, where both are strange."""
    both = one.where[:, None] & other.where[None]
    either = one.where[:, None] | other.where[None]
    off = np.abs(one.strange[:, None] - other.strange[None]).max(axis=4) <= _SAME_LEVELS
    n_both = both.sum(axis=(2, 3))
    place = n_both / np.maximum(either.sum(axis=(2, 3)), 1)
    look = (off & both).sum(axis=(2, 3)) / np.maximum(n_both, 1)
    detailed = one.strange.std(axis=(1, 2)).max(axis=1) >= _DETAIL_LEVELS
    same = (place >= _SAME_PLACE) & (look >= _SAME_LOOK) & detailed[:, None]
    return bool(same.any(axis=1).sum() >= _SAME_PICTURES)
