"""Units and origin of positions in tables that people bring; in the end metres from the centre, y up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from pipeline.core.errors import TrackingError
from pipeline.formats.readers.match_data import Array

Units = Literal["m", "cm"]
Origin = Literal["centre", "bottom-left", "top-left"]

_FARTHEST_M = 130.0
"""Nobody is further from the centre spot, or from a corner, than this."""


@dataclass(frozen=True, slots=True)
class Convention:
    """What the numbers of a table mean; None where it is to be found out."""

    units: Units | None = None
    origin: Origin | None = None
    pitch_m: tuple[float, float] | None = None
    fps: float | None = None


def to_metres(xy: Array, given: Convention, path: Path) -> Array:
    """Turn positions ``(N, 2)`` into metres from the centre spot, y up; NaN stays.

    Units follow from the size of the numbers. An origin in a corner is noticed, but whether y runs up or
    down from it cannot be seen in positions, and a mirrored match looks right: so it has to be said.

    Raises
    ------
    TrackingError
        If the numbers are neither metres nor centimetres, or come from an unnamed corner.
    """
    known = xy[np.isfinite(xy).all(axis=1)]
    if not len(known):
        return xy
    units = given.units or _units(known, path)
    places = xy / 100 if units == "cm" else xy
    low, middle = np.nanpercentile(places, 1, axis=0), np.nanmedian(places, axis=0)
    origin: Origin = given.origin or "centre"
    if given.origin is None and (low > -6).all() and middle[0] > 25 and middle[1] > 15:
        raise TrackingError(
            f"{path}: x and y seem to be counted from a corner of the pitch (medians {middle[0]:.0f} and "
            f"{middle[1]:.0f} m); say --origin bottom-left (y up) or top-left (y down)"
        )
    if origin == "centre":
        return places
    length, width = given.pitch_m or (105.0, 68.0)
    sign = 1.0 if origin == "bottom-left" else -1.0
    return np.column_stack([places[:, 0] - length / 2, sign * (places[:, 1] - width / 2)])


def _units(known: Array, path: Path) -> Units:
    far = float(np.percentile(np.abs(known).max(axis=1), 99))
    if far <= 1.5:
        raise TrackingError(
            f"{path}: positions lie between {known.min():.2f} and {known.max():.2f}: shares of the pitch, "
            "not metres; multiply x by its length and y by its width"
        )
    if far <= _FARTHEST_M:
        return "m"
    if far <= 100 * _FARTHEST_M:
        return "cm"
    raise TrackingError(f"{path}: positions reach {far:.0f}: neither metres nor centimetres; say --units")
