"""Grids over the pitch: cells of about a metre, and 20 positional zones. Arrays in, arrays out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Grid:
    """Edges of cells over the pitch: ``x_edges_m`` ``(nx + 1,)``, ``y_edges_m`` ``(ny + 1,)``, increasing.

    Values over it are ``(ny, nx)``: row 0 at the lowest y.
    """

    x_edges_m: Array
    y_edges_m: Array

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns."""
        return len(self.y_edges_m) - 1, len(self.x_edges_m) - 1

    @property
    def cell_m(self) -> tuple[float, float]:
        """Height and width of a cell, m."""
        return float(self.y_edges_m[1] - self.y_edges_m[0]), float(self.x_edges_m[1] - self.x_edges_m[0])

    def middles_m(self) -> tuple[Array, Array]:
        """Middles of the columns ``(nx,)`` along the length and of the rows ``(ny,)`` across."""
        return (self.x_edges_m[1:] + self.x_edges_m[:-1]) / 2, (self.y_edges_m[1:] + self.y_edges_m[:-1]) / 2

    def centres_m(self) -> Array:
        """Middle of each cell, ``(ny * nx, 2)``, row by row."""
        x, y = self.middles_m()
        return np.column_stack([np.tile(x, len(y)), np.repeat(y, len(x))])


def metre_grid(pitch: Pitch, cell_m: float = 1.0) -> Grid:
    """Divide the pitch into whole cells of about ``cell_m``."""
    return Grid(
        *(
            np.linspace(-size / 2, size / 2, max(1, round(size / cell_m)) + 1)
            for size in (pitch.length_m, pitch.width_m)
        )
    )


@dataclass(frozen=True, slots=True)
class Zone:
    """A rectangle of the pitch, metres, seen in the direction of attack (left to right)."""

    name: str
    x_low_m: float
    x_high_m: float
    y_low_m: float
    y_high_m: float


def zones(pitch: Pitch) -> tuple[Zone, ...]:
    """Divide the pitch into 20 positional zones; on 105 x 68 m x is cut at -36, -18, 0, 18, 36.

    Six columns (the outer ones as deep as the penalty area) by five bands: the two wide bands have
    six zones each, the three inner ones two each, spanning two columns, and each penalty area is one.
    """
    half_l, half_w = pitch.length_m / 2, pitch.width_m / 2
    box = half_l - min(pitch.box_m[0], 0.8 * half_l)
    third = box / 2
    x = (-half_l, -box, -third, 0.0, third, box, half_l)
    inner, wide = pitch.lanes_m
    out = []
    columns = ("own box", "own deep", "own half", "opposite half", "opposite deep", "opposite box")
    for side, low, high in (("right wing", -half_w, -wide), ("left wing", wide, half_w)):
        for i, column in enumerate(columns):
            out.append(Zone(f"{side}, {column.replace('box', 'end')}", x[i], x[i + 1], low, high))
    for side, low, high in (
        ("right half-space", -wide, -inner),
        ("centre", -inner, inner),
        ("left half-space", inner, wide),
    ):
        out.append(Zone(f"{side}, own half", x[1], x[3], low, high))
        out.append(Zone(f"{side}, opposite half", x[3], x[5], low, high))
    out.append(Zone("own box", x[0], x[1], -wide, wide))
    out.append(Zone("opposite box", x[5], x[6], -wide, wide))
    return tuple(out)


def zone_seconds(places_m: Array, seconds: Array, pitch: Pitch) -> dict[str, float]:
    """Add up the seconds spent in each zone, by name; a place on an edge belongs to the zone beyond it.

    Places off the pitch count for the nearest zone.
    """
    half = np.array([pitch.length_m / 2, pitch.width_m / 2])
    inside = np.clip(places_m, -half, np.nextafter(half, 0))
    out = {}
    for zone in zones(pitch):
        x, y = inside[:, 0], inside[:, 1]
        within = (x >= zone.x_low_m) & (x < zone.x_high_m) & (y >= zone.y_low_m) & (y < zone.y_high_m)
        out[zone.name] = float(seconds[within].sum())
    return out


def zone_means(values: Array, grid: Grid, pitch: Pitch) -> Array:
    """Average values ``(ny, nx)`` over each zone, ``(20,)`` in the order of `zones`, by area."""
    out = []
    for zone in zones(pitch):
        across = _shared_m(grid.x_edges_m, zone.x_low_m, zone.x_high_m)
        along = _shared_m(grid.y_edges_m, zone.y_low_m, zone.y_high_m)
        out.append(along @ values @ across / (along.sum() * across.sum()))
    return np.array(out)


def _shared_m(edges: Array, low: float, high: float) -> Array:
    """How much of each cell lies between ``low`` and ``high``, m."""
    return np.diff(np.clip(edges, low, high))
