"""Team-level semantic label maps, painted from instance masks once teams are known. No I/O."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.core.masks import decode
from pipeline.core.types import LABEL_NAMES, CropMask

_VALUE = {name: value for value, name in enumerate(LABEL_NAMES)}
UNCLEAR, BALL_VALUE, BACKGROUND = _VALUE["unclear"], _VALUE["ball"], _VALUE["background"]

PALETTE_RGB: tuple[tuple[int, int, int], ...] = (
    (0, 0, 0),
    (0, 114, 178),
    (213, 94, 0),
    (86, 180, 233),
    (230, 159, 0),
    (240, 228, 66),
    (255, 255, 255),
    (204, 121, 167),
)
"""Colour of each value of a label map, in the order of `LABEL_NAMES`; told apart with any colour vision.

Source: Okabe and Ito (2008), "Color universal design".
"""


def label_value(role: str, team: str | None) -> int:
    """Give the label map's value for a person or ball; staff and crowd (``other``) are background."""
    if role == "other":
        return BACKGROUND
    if role in ("referee", "ball"):
        return _VALUE[role]
    if team not in ("A", "B") or role not in ("player", "goalkeeper"):
        return UNCLEAR
    return _VALUE[f"{'team' if role == 'player' else 'goalkeeper'}_{team.lower()}"]


def paint_order(values: NDArray[np.integer], foot_y_px: NDArray[np.floating]) -> NDArray[np.intp]:
    """Order to paint in: far to near (feet lower in the picture are nearer), and the ball on top."""
    return np.lexsort((foot_y_px, values == BALL_VALUE))


def paint(
    height: int,
    width: int,
    masks: Sequence[CropMask],
    values: NDArray[np.integer],
    foot_y_px: NDArray[np.floating],
) -> NDArray[np.uint8]:
    """Paint the label map of one frame.

    Parameters
    ----------
    height, width
        Of the frame, px.
    masks
        N masks in the frame.
    values
        Shape ``(N,)``: the value of each, see `label_value`. Background is left out.
    foot_y_px
        Shape ``(N,)``: where each stands in the picture, px from the top.

    Returns
    -------
    Shape ``(height, width)``, uint8; the values index `LABEL_NAMES`.
    """
    canvas = np.zeros((height, width), np.uint8)
    for i in paint_order(values, foot_y_px):
        if values[i] != BACKGROUND:
            mask = masks[i]
            window = canvas[mask.top : mask.top + mask.height, mask.left : mask.left + mask.width]
            np.putmask(window, decode(mask), values[i])
    return canvas


def paint_indices(
    height: int, width: int, masks: Sequence[CropMask], order: NDArray[np.integer]
) -> NDArray[np.int32]:
    """Paint which mask is visible where: ``(height, width)`` int32 row of ``masks``, -1 where none.

    ``order`` lists the rows to paint, far to near; rows that it leaves out are not painted.
    """
    canvas = np.full((height, width), -1, np.int32)
    for i in order:
        mask = masks[i]
        window = canvas[mask.top : mask.top + mask.height, mask.left : mask.left + mask.width]
        np.putmask(window, decode(mask), i)
    return canvas


def legend() -> list[dict[str, object]]:
    """The label map's values with name and colour, to be recorded beside exported maps."""
    return [
        {"value": value, "name": name, "rgb": list(PALETTE_RGB[value])}
        for value, name in enumerate(LABEL_NAMES)
    ]
