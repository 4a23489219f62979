"""Tiles over a wide picture: where they lie, and which tile a person belongs to. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

WIDE = 2.0
"""Pictures with a longer side above this many times the network's input are looked at through tiles."""
_FIRST_OVERLAP_PX = 200
_TALLER, _LEAST_ROWS = 2.0, 60
"""A band ends where people are this many times as tall as where it begins; none has fewer rows."""
_ALIKE = 0.25
"""The same person's middle may differ by this share of the height between two tiles."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of the picture, px: ``left``, ``top``, ``width``, ``height``; and its core, whose people are its
    own: ``core`` is left, top, right, bottom. The network sees it with ``imgsz`` px for the longer side.
    """

    left: int
    top: int
    width: int
    height: int
    core: tuple[float, float, float, float]
    imgsz: int

    @property
    def scale(self) -> float:
        """How much the network sees it enlarged."""
        return self.imgsz / max(self.width, self.height)


@dataclass(frozen=True, slots=True)
class Band:
    """Rows of the picture, from ``low`` to ``high``, to be seen enlarged by ``scale``; people whose middle is
    from ``core_low`` to ``core_high`` are its own.
    """

    low: int
    high: int
    core_low: float
    core_high: float
    scale: float
    overlap_px: tuple[int, int]


@dataclass(frozen=True, slots=True)
class People:
    """How tall people are in a picture, px: ``grow * (row - horizon)``, their feet at ``row``; without growth
    between ``small`` and ``large`` everywhere. None are above ``first_row``.
    """

    small: float
    large: float
    grow: float
    horizon: float
    first_row: int


def laid_out(width_px: int, bands: tuple[Band, ...], longest_px: int) -> tuple[Tile, ...]:
    """Cover the bands of a picture with tiles that overlap, of one size in each band.

    Parameters
    ----------
    longest_px
        Longest side of the network's input.
    """
    tiles = []
    for band in bands:
        largest = longest_px / band.scale
        across = _cuts(0, width_px, largest, band.overlap_px[0])
        down = _cuts(band.low, band.high, largest, band.overlap_px[1])
        longer = max(across[0][1], down[0][1])
        imgsz = min(longest_px, max(32, round(longer * band.scale)))
        for y, height, y_low, y_high in down:
            inner = max(y_low, band.core_low), min(y_high, band.core_high)
            tiles += [
                Tile(x, y, width, height, (x_low, inner[0], x_high, inner[1]), imgsz)
                for x, width, x_low, x_high in across
            ]
    return tuple(tiles)


def bands_for(
    people: People, height_px: int, tall_px: float, scales: tuple[float, float]
) -> tuple[Band, ...]:
    """Divide the rows from the first with people down, so that those far away are enlarged the most.

    Parameters
    ----------
    tall_px
        How tall the smallest people of a band are to be made.
    scales
        Least and largest enlargement.
    """
    edges: list[float] = [people.first_row]
    if people.grow > 0:
        row = people.horizon + people.small / people.grow
        while (row := people.horizon + _TALLER * (row - people.horizon)) < height_px - _LEAST_ROWS:
            edges.append(float(row - people.grow * (row - people.horizon) / 2))
    out = []
    for i, low in enumerate(edges):
        tallest = (
            people.large
            if people.grow <= 0
            else _tall(people, edges[i + 1] if i + 1 < len(edges) else height_px)
        )
        smallest = people.small if i == 0 or people.grow <= 0 else _tall(people, low)
        room = round(1.2 * tallest)
        high = height_px if i + 1 == len(edges) else min(height_px, round(edges[i + 1]) + room)
        out.append(
            Band(
                max(0, round(low) - (room if i else 0)),
                high,
                -np.inf if i == 0 else low,
                np.inf if i + 1 == len(edges) else edges[i + 1],
                float(np.clip(tall_px / max(smallest, 1.0), *scales)),
                (room, round(1.6 * tallest)),
            )
        )
    return tuple(out)


def _tall(people: People, middle: float) -> float:
    """How tall somebody is whose middle is at a row."""
    return max(people.small, people.grow * (middle - people.horizon) / (1 - people.grow / 2))


def is_wide(size_px: tuple[int, int], imgsz: int) -> bool:
    """Say whether pictures of this width and height are looked at through tiles."""
    return max(size_px) > WIDE * imgsz


def plain_tiles(size_px: tuple[int, int], imgsz: int) -> tuple[Tile, ...]:
    """Tiles at the picture's own size, for a first look."""
    overlap = min(_FIRST_OVERLAP_PX, imgsz // 3)
    return laid_out(size_px[0], (Band(0, size_px[1], -np.inf, np.inf, 1.0, (overlap, overlap)),), imgsz)


def _cuts(low: int, high: int, largest: float, overlap: int) -> list[tuple[int, int, float, float]]:
    """Equal pieces of ``low`` to ``high``: start, length, and the borders of their cores."""
    whole = high - low
    overlap = min(overlap, int(largest / 2))
    n = max(1, int(np.ceil((whole - overlap) / (largest - overlap))))
    length = int(np.ceil((whole + (n - 1) * overlap) / n))
    starts = np.round(np.linspace(low, high - length, n)).astype(int)
    borders = [-np.inf, *((starts[:-1] + length + starts[1:]) / 2), np.inf]
    return [(int(s), length, float(borders[i]), float(borders[i + 1])) for i, s in enumerate(starts)]


def own(boxes_px: Array, tile: Tile) -> NDArray[np.bool_]:
    """Which of a tile's boxes ``(N, 4)`` xyxy, in the picture's px, are its own: their middle is in its core.

    A little beyond too, so that nobody is lost between tiles; who is found twice is suppressed later.
    """
    middle = (boxes_px[:, :2] + boxes_px[:, 2:]) / 2
    slack = _ALIKE * (boxes_px[:, 3] - boxes_px[:, 1])
    left, top, right, bottom = tile.core
    inside = (middle[:, 0] > left - slack) & (middle[:, 0] < right + slack)
    return np.asarray(inside & (middle[:, 1] > top - slack) & (middle[:, 1] < bottom + slack))


def people_seen(boxes_px: Array) -> People:
    """Learn from the people in one picture, ``(N, 4)`` xyxy, at least one, how tall people are in it.

    They are smaller the higher up they stand; where they would be less than half as tall as the smallest
    ones seen is beyond the pitch.
    """
    tall, feet = boxes_px[:, 3] - boxes_px[:, 1], boxes_px[:, 3]
    small, large = np.percentile(tall, (10, 95))
    grow = min(_slope(feet, tall), 1.0)
    horizon, top = 0.0, 0.0
    if grow > 0:
        horizon = float(np.median(feet - tall / grow))
        top = min(horizon + 0.5 * small / grow, feet.min()) - 1.5 * small
    return People(float(small), float(large), grow, horizon, max(0, int(top)))


def _slope(feet: Array, tall: Array) -> float:
    """How much taller people get by row: the median over all pairs (Theil, Sen); 0 with too few."""
    rows = np.subtract.outer(feet, feet)
    taller = np.subtract.outer(tall, tall)
    far = rows > 0.2 * max(float(np.ptp(feet)), 1.0)
    return float(np.median(taller[far] / rows[far])) if far.sum() >= 3 else 0.0
