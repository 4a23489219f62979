"""What is laid over the picture and stays there, such as the score bug; and where it is gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Edges = NDArray[np.uint8]

_OUTLINE = 24
_MOST_OF_PICTURE, _MOST_IN_MIDDLE = 0.04, 0.3
_BAND = 0.25
"""Graphics are looked for in this share of the picture's height at its upper and lower edge."""
_LEAST_PX = 25
_JOIN_PX = (13, 5)
THERE, GONE = 0.55, 0.25
"""From which correlation of outlines on a graphic is there, and below which it is gone."""


@dataclass(frozen=True, slots=True)
class Graphic:
    """A graphic: its ``outlines`` ``(h, w)`` within the small picture, from ``top`` and ``left``."""

    top: int
    left: int
    outlines: NDArray[np.float64]

    def likeness(self, edges: Edges) -> float:
        """Correlation of ``edges`` (``(180, 320)``) with the graphic where it should be, -1 to 1."""
        height, width = self.outlines.shape
        here = edges[self.top : self.top + height, self.left : self.left + width].astype(np.float64)
        one, two = here - here.mean(), self.outlines - self.outlines.mean()
        size = float(np.sqrt((one**2).sum() * (two**2).sum()))
        return float((one * two).sum()) / size if size > 0 else 0.0


def graphics(edges: Mapping[int, Edges], trusted: list[int]) -> list[Graphic]:
    """Find what stays in place in the shots ``trusted``, whose camera should be the main one.

    Nothing is found where the camera stands so still that the scene itself stays in place.
    """
    chosen = [edges[shot] for shot in trusted if shot in edges]
    if not chosen:
        return []
    typical = np.median(chosen, axis=0)
    lasting = typical >= _OUTLINE
    band = round(_BAND * len(lasting))
    middle = lasting[band : len(lasting) - band]
    if lasting.mean() > _MOST_OF_PICTURE or middle.sum() > _MOST_IN_MIDDLE * lasting.sum():
        return []
    middle[:] = False
    joined = cv2.dilate(lasting.astype(np.uint8), np.ones(_JOIN_PX[::-1], np.uint8))
    _, marks, boxes, _ = cv2.connectedComponentsWithStats(joined)
    out = []
    for mark, (left, top, wide, high, _) in enumerate(boxes.tolist()):
        if mark > 0 and int((lasting & (marks == mark)).sum()) >= _LEAST_PX:
            out.append(Graphic(top, left, typical[top : top + high, left : left + wide]))
    return out


def gone(edges: Mapping[int, Edges], trusted: list[int]) -> set[int]:
    """Find the shots in which a graphic is missing that the shots ``trusted`` before and after show.

    Before the first and after the last of them, the one on the other side is enough. What no shot but those
    of the main camera shows may be part of the scene, and is not missed.
    """
    out: set[int] = set()
    order = sorted(trusted)
    for graphic in graphics(edges, trusted):
        likeness = {shot: graphic.likeness(e) for shot, e in edges.items()}
        others = set(likeness) - set(order)
        if not any(likeness[shot] >= THERE for shot in others):
            continue
        for shot in others:
            sides = [[s for s in order if s < shot][-1:], [s for s in order if s > shot][:1]]
            near = [likeness.get(s, 0.0) for side in sides for s in side]
            if near and min(near) >= THERE and likeness[shot] < GONE:
                out.add(shot)
    return out
