"""Colours of a person by zone of the body: head, shirt, shorts, socks. From the pixels of his mask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.appearance import flat_masks
from pipeline.appearance.surroundings import claimed, distance, ground_around, to_lab
from pipeline.core import masks
from pipeline.core.types import CropMask

ZONES: dict[str, tuple[float, float]] = {
    "head": (0.0, 0.13),
    "shirt": (0.18, 0.48),
    "shorts": (0.52, 0.67),
    "socks": (0.74, 0.92),
}
"""Share of the person's height from above. The head is hair and skin together."""
_RIM_PX = 14
"""Masks at least this wide lose their outermost pixels, which are half grass."""
_MIN_PX = 6
_LIKE_GROUND, _KEEP = 6.0, 0.3
"""Pixels nearer to the ground's colour than this (CIE L*a*b*) are left out, if so many others remain."""

Array = NDArray[np.float64]
Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class ZoneColours:
    """For N people: median colours ``(N, 4, 3)`` CIE L*a*b* in the order of `ZONES`, and pixels ``(N, 4)``.

    NaN where a zone shows too little.
    """

    lab: Array
    n_px: NDArray[np.int64]


def zone_colours(image_bgr: Picture, everybody: Sequence[CropMask], wanted: Sequence[int]) -> ZoneColours:
    """Measure people in a picture ``(H, W, 3)`` BGR.

    Parameters
    ----------
    everybody
        The masks of all that was found: what two claim belongs to nobody.
    wanted
        The indices of those to measure.
    """
    flat = flat_masks.decode(everybody)
    where = flat_masks.boxes_of(everybody)
    claims = claimed((image_bgr.shape[0], image_bgr.shape[1]), where, flat)
    ground = ground_around(image_bgr, flat_masks.boxes_of([everybody[i] for i in wanted]), claims).lab
    size = (len(wanted), len(ZONES))
    out = ZoneColours(np.full((*size, 3), np.nan), np.zeros(size, np.int64))
    for row, i in enumerate(wanted):
        window = _window(everybody[i])
        mask = masks.decode(everybody[i])
        inside = _own(mask, claims[window])
        if not inside.any():
            continue
        lab = to_lab(image_bgr[window][inside])
        depth = _depth(mask)[np.nonzero(inside)[0]]
        for zone, (start, end) in enumerate(ZONES.values()):
            part = _without_ground(lab[(depth >= start) & (depth < end)], ground[row])
            out.n_px[row, zone] = len(part)
            if len(part) >= _MIN_PX:
                out.lab[row, zone] = np.median(part, axis=0)
    return out


def zone_statistics(zones: Array) -> dict[str, float]:
    """Mean, spread and count of each zone over samples ``(K, 4, 3)``, by their names in the table."""
    out: dict[str, float] = {}
    for i, name in enumerate(ZONES):
        seen = zones[:, i][~np.isnan(zones[:, i]).any(axis=1)]
        for k, channel in enumerate("lab"):
            out[f"{name}_{channel}"] = float(seen[:, k].mean()) if len(seen) else np.nan
            out[f"{name}_{channel}_spread"] = float(seen[:, k].std(ddof=1)) if len(seen) > 1 else np.nan
        out[f"{name}_n"] = len(seen)
    return out


def _window(mask: CropMask) -> tuple[slice, slice]:
    """Index of the mask's box in the picture."""
    return slice(mask.top, mask.top + mask.height), slice(mask.left, mask.left + mask.width)


def _own(inside: NDArray[np.bool_], claims: NDArray[np.uint8]) -> NDArray[np.bool_]:
    own = inside & (claims <= 1)
    if inside.any(axis=0).sum() < _RIM_PX:
        return own
    inner = cv2.erode(inside.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=0)
    return np.asarray(own & (inner > 0))


def _depth(inside: NDArray[np.bool_]) -> Array:
    """How far down the body each row lies, 0 to 1 over the mask's own rows."""
    rows = np.flatnonzero(inside.any(axis=1))
    return np.asarray((np.arange(len(inside)) - rows[0] + 0.5) / (rows[-1] - rows[0] + 1))


def _without_ground(lab: NDArray[np.float32], ground: NDArray[np.float32]) -> NDArray[np.float32]:
    if not len(lab) or np.isnan(ground).any():
        return lab
    away = distance(lab, ground) >= _LIKE_GROUND
    return lab[away] if away.sum() >= max(_MIN_PX, _KEEP * len(lab)) else lab
