"""Units and origin of positions in tables that people bring; in the end metres from the centre, y up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import TrackingError
from pipeline.formats.readers.match_data import Array

Units = Literal["m", "cm"]
Origin = Literal["centre", "bottom-left", "top-left"]

_FARTHEST_M = 130.0
"""Nobody is further from the centre spot, or from a corner, than this."""
_SMALLEST_CM = 1300.0
"""A match in centimetres reaches further than this: 13 m. What lies between is neither."""
_SHARES = 1.5
"""Numbers up to this are shares of the pitch, from a corner or from the middle."""
_SENTINELS = (999.0, 9999.0, 99999.0, 999999.0)
_ABSENT_CM = (5550.0, 4400.0)
"""Where TRACAB puts what it does not see."""
_STRAYS = 0.005
"""Share of positions that may lie beyond what the unit allows, as chance errors."""


@dataclass(frozen=True, slots=True)
class Convention:
    """What the numbers of a table mean; None where it is to be found out."""

    units: Units | None = None
    origin: Origin | None = None
    pitch_m: tuple[float, float] | None = None
    fps: float | None = None


_CORNER_SHARE = 0.23
"""Medians beyond this share of length and width are counted from a corner, not from the middle."""


def unseen(xy: Array, z: Array | None = None) -> NDArray[np.bool_]:
    """Say which positions ``(N, 2)``, as stored, are somebody's way to write that nothing was seen.

    -999 and the like twice, TRACAB's (5550, 4400), and heights ``(N,)`` far below the grass, as Second
    Spectrum's (0, 0, -10).
    """
    twice = (xy[:, 0] == xy[:, 1]) & (np.isin(-xy[:, 0], _SENTINELS) | np.isin(xy[:, 0], _SENTINELS[1:]))
    out = twice | (np.abs(xy) == _ABSENT_CM).all(axis=1)
    return np.asarray(out if z is None else out | (z < -1))


def to_metres(xy: Array, given: Convention, path: Path) -> Array:
    """Turn positions ``(N, 2)`` into metres from the centre spot, y up; NaN stays, `unseen` becomes NaN.

    Units follow from the size of the numbers, if one fits all. An origin in a corner is noticed, but whether
    y runs up or down from it cannot be seen in positions, and a mirrored match looks right: so it has to be
    said.

    Raises
    ------
    TrackingError
        If the numbers are neither metres nor centimetres, or come from an unnamed corner.
    """
    xy = np.where(unseen(xy)[:, None], np.nan, xy)
    known = xy[np.isfinite(xy).all(axis=1)]
    if not len(known):
        return xy
    units = given.units or _units(known, path)
    if units == "m":  # 999 m is nowhere; 999 cm is
        xy = np.where((xy == _SENTINELS[0]).all(axis=1)[:, None], np.nan, xy)
    places = xy / 100 if units == "cm" else xy
    _refuse_shares(known / 100 if units == "cm" else known, units, path)
    low, middle = np.nanpercentile(places, 1, axis=0), np.nanmedian(places, axis=0)
    origin: Origin = given.origin or "centre"
    length, width = given.pitch_m or (105.0, 68.0)
    in_corner = middle[0] > _CORNER_SHARE * length and middle[1] > _CORNER_SHARE * width
    if given.origin is None and (low > -6).all() and in_corner:
        raise TrackingError(
            f"{path}: x and y seem to be counted from a corner of the pitch (medians {middle[0]:.0f} and "
            f"{middle[1]:.0f} m); say --origin bottom-left (y up) or top-left (y down)"
        )
    if origin == "centre":
        return places
    sign = 1.0 if origin == "bottom-left" else -1.0
    return np.column_stack([places[:, 0] - length / 2, sign * (places[:, 1] - width / 2)])


def _refuse_shares(known_m: Array, units: Units, path: Path) -> None:
    if (most := float(np.percentile(np.abs(known_m).max(axis=1), 99.5))) <= _SHARES:
        raise TrackingError(
            f"{path}: taken as {units}, all positions are within {most:.2f} m of the origin; say other "
            "--units, or multiply shares of the pitch by its length and width"
        )


def _units(known: Array, path: Path) -> Units:
    far = np.abs(known).max(axis=1)
    usual, most = np.percentile(far, (50, 99.5))
    if most <= _SHARES:
        raise TrackingError(
            f"{path}: positions lie between {known.min():.2f} and {known.max():.2f}: shares of the pitch, "
            "not metres; multiply x by its length and y by its width"
        )
    beyond = known[far > _FARTHEST_M]
    if len(beyond) <= _STRAYS * len(known) or (beyond == 999).all(axis=1).all():
        return "m"
    if _SMALLEST_CM < most <= 100 * _FARTHEST_M and usual > _FARTHEST_M:
        return "cm"
    x, y = beyond[0]
    raise TrackingError(
        f"{path}: positions reach {far.max():.0f}: neither metres nor centimetres fit all ({len(beyond)} of "
        f"{len(known)} lie further out than {_FARTHEST_M:.0f}, such as {x:g}, {y:g}); leave empty what was "
        "not seen, or say --units"
    )
