"""What is seen in each pixel besides people and ball: grass, lines, goals, boards, and what lies beyond."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.core.types import SURFACE_NAMES
from pipeline.synthetic.venue.field import grass_outline_m
from pipeline.synthetic.venue.props import Layer
from pipeline.synthetic.venue.stadium import Panel, cover
from pipeline.synthetic.venue.true_camera import Camera

GRAPHICS = 255
"""Under the broadcaster's graphics nothing is seen."""
_PITCH, _LINE, _GOAL, _, _OUTSIDE = range(len(SURFACE_NAMES))
_OWN_SHARE = 0.5


def surfaces(
    pitch: Pitch,
    panels: Sequence[Panel],
    layers: Sequence[Layer],
    lines: NDArray[np.float32],
    camera: Camera,
) -> NDArray[np.uint8]:
    """Name the surface of each pixel, as it is in the middle of the exposure.

    Parameters
    ----------
    panels
        Far to near, as they are painted.
    layers
        Goals and flags; their nets and the flags hide nothing.
    lines
        Shape ``(H, W)``: how much of each pixel is painted line.

    Returns
    -------
    Shape ``(H, W)``, uint8: indices into `core.types.SURFACE_NAMES`.
    """
    out = np.full((camera.height_px, camera.width_px), _OUTSIDE, np.uint8)
    if (grass := cover(grass_outline_m(pitch), camera)) is not None:
        out[grass[0]][grass[1]] = _PITCH
    out[(lines >= _OWN_SHARE) & (out == _PITCH)] = _LINE
    for panel in panels:
        if panel.faces(camera) and (seen := cover(panel.outline_m, camera)) is not None:
            out[seen[0]][seen[1]] = SURFACE_NAMES.index(panel.surface)
    for layer in layers:
        out[layer.part()][layer.goal >= _OWN_SHARE] = _GOAL
    return out
