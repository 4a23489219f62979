"""Sharpen masks by colour: the network's are a quarter of its input's size, the picture is finer.

A pixel that looks like the ground around the person leaves the mask; one that clearly does not, and that the
network was in doubt about, joins it. Measured against exact masks: mean IoU .68 -> .87 on the rendered match
(people 49 px high), .867 -> .879 on 76 people in close views of a real one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.appearance.surroundings import EVEN, distance

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]

_GROUND, _LEAST, _SHARE = 14.0, 6.0, 0.4
"""A colour is the ground's up to this share of the person's own `distance` from it, within these limits."""
_PERSON = 22.0
"""A colour further than this from the ground's is certainly not ground."""
_DOUBT, _SURE = 1.0, 3.0
"""The network is in doubt about pixels with logits from minus the first, sure of those from the second on."""


def refine(logits: Array, lab: Array, ground: Array, spread: float) -> Mask:
    """Decide the mask of one person inside the box.

    Parameters
    ----------
    logits, lab
        The network's logits ``(h, w)`` and the picture ``(h, w, 3)`` CIE L*a*b* there.
    ground, spread
        The surroundings, a row of `pipeline.appearance.surroundings.Ground`.

    Returns
    -------
    Shape ``(h, w)``; just ``logits > 0`` where colour cannot help.
    """
    plain = logits > 0
    if not spread < EVEN:
        return plain
    away = distance(lab, ground)
    sure = away[logits > _SURE]
    contrast = float(np.median(sure)) if len(sure) else 0.0
    if contrast < 1.5 * _LEAST:  # a kit as green as the grass, or hardly anybody there
        return plain
    limit = min(_GROUND, max(_LEAST, _SHARE * contrast))
    refined = (plain & (away > limit)) | ((logits > -_DOUBT) & (away > _PERSON))
    return np.asarray(refined)
