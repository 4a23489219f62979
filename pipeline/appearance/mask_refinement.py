"""Sharpen masks by colour: the network's are a quarter of its input's size, the picture is finer.

A pixel that looks like the ground around the person leaves the mask; one that clearly does not, and that the
network was in doubt about, joins it. Measured against exact masks: mean IoU .68 -> .87 on the rendered match
(people 49 px high), .867 -> .879 on 76 people in close views of a real one.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pipeline.appearance.surroundings import EVEN, distance
from pipeline.core.types import Ground

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]

_GROUND, _LEAST, _SHARE = 14.0, 6.0, 0.4
"""A colour is the ground's up to this share of the person's own `distance` from it, within these limits."""
_PERSON = 22.0
"""A colour further than this from the ground's is certainly not ground."""
_DOUBT, _SURE = 1.0, 3.0
"""The network is in doubt about pixels with logits from minus the first, sure of those from the second on."""


def refine(
    logits: Array, whose: NDArray[np.int64], ground: Ground, lab_at: Callable[[NDArray[np.int64]], Array]
) -> Mask:
    """Decide the masks of all people of a picture inside their boxes.

    Parameters
    ----------
    logits, whose
        The network's logits ``(P,)`` of all boxes' pixels, one box after the other, and whose box it is.
    ground
        The surroundings of each person.
    lab_at
        Gives the picture's colours ``(K, 3)``, CIE L*a*b*, at chosen ones of these pixels.

    Returns
    -------
    Shape ``(P,)``; just ``logits > 0`` where colour cannot help.
    """
    plain = logits > 0
    even = ground.spread < EVEN
    asked = np.flatnonzero((logits > -_DOUBT) & even[whose])
    if not len(asked):
        return plain
    person, level = whose[asked], logits[asked]
    away = distance(lab_at(asked), ground.lab[person])
    limit = _limits(away, level, person, len(even))
    helped = ~np.isnan(limit)[person]
    refined = ((level > 0) & (away > limit[person])) | (away > _PERSON)
    plain[asked[helped]] = refined[helped]
    return plain


def _limits(away: Array, level: Array, person: NDArray[np.int64], n: int) -> Array:
    """How far from the ground's colour each of ``n`` people begins; NaN where colour cannot help."""
    sure = level > _SURE
    some, counts = away[sure], np.bincount(person[sure], minlength=n).tolist()
    out, end = np.full(n, np.nan, np.float32), 0
    for i, count in enumerate(counts):
        if not count:
            continue
        end += count
        contrast = _median(some[end - count : end])
        if contrast >= 1.5 * _LEAST:  # else a kit as green as the grass, or hardly anybody there
            out[i] = min(_GROUND, max(_LEAST, _SHARE * contrast))
    return out


def _median(values: Array) -> float:
    """The same as `np.median`, without its overhead, which counts for few; orders ``values`` partly."""
    low, high = (len(values) - 1) // 2, len(values) // 2
    values.partition((low, high))
    return float((values[low] + values[high]) / np.float32(2))
