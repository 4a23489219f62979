"""What a segmentation network of any family has to offer, and how its family is found by its weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.core.config import SegmentSettings
from pipeline.core.extensions import NETWORKS, loaded
from pipeline.core.types import Instances
from pipeline.networks.backend_interface import NetworkInfo


class SegmentationNetwork(Protocol):
    """A loaded network: pictures in, instances out. Used from two threads at a time."""

    @property
    def info(self) -> NetworkInfo:
        """What is loaded."""

    @property
    def batch(self) -> int:
        """How many pictures at a time suit this device."""

    def segment(self, images: Sequence[NDArray[np.uint8]]) -> list[Instances]:
        """Find people and ball.

        Parameters
        ----------
        images
            One to ``batch`` pictures of one size, each ``(H, W, 3)`` uint8 BGR.

        Returns
        -------
        One `Instances` a picture, whose frame number does not matter: boxes in the picture's px, scores, our
        classes (`pipeline.core.types.CLASS_NAMES`), and a mask each. People's masks should not overlap.
        """


@dataclass(frozen=True, slots=True)
class NetworkFamily:
    """How networks of one architecture are recognised and opened.

    ``accepts`` looks at the file, at its name or metadata, without running anything of it; ``suffixes`` are
    kinds of file beside .pt, .onnx and .xml that the family brings. ``open`` loads the network, and raises
    `WeightsError` for a file that is not fit.
    """

    name: str
    accepts: Callable[[Path], bool]
    open: Callable[[Path, SegmentSettings], SegmentationNetwork]
    suffixes: tuple[str, ...] = ()


def added_suffixes() -> tuple[str, ...]:
    """Kinds of file that installed families bring."""
    return tuple(s.lower() for family in _families() for s in family.suffixes)


def family_of(path: Path) -> NetworkFamily | None:
    """Find the installed family that takes this file; None is for YOLO, which comes with the package.

    Raises
    ------
    ExtensionError
        If an installed family is broken.
    """
    return next((family for family in _families() if family.accepts(path)), None)


def _families() -> list[NetworkFamily]:
    return list(loaded(NETWORKS, NetworkFamily).values())
