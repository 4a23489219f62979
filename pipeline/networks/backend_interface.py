"""What every backend of the segmentation network gives, and what its outputs must look like."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import WeightsError

Device = Literal["auto", "cpu", "cuda", "mps"]


@dataclass(frozen=True, slots=True)
class NetworkInfo:
    """What a loaded network is: its class names in order, and where and with what it runs.

    ``fixed_hw`` is the only input size of a network exported with a fixed one, else None.
    """

    class_names: tuple[str, ...]
    backend: str
    device: str
    fixed_hw: tuple[int, int] | None = None


class Backend(Protocol):
    """A YOLO segmentation network, ready to run."""

    @property
    def info(self) -> NetworkInfo:
        """What is loaded."""

    @property
    def batch(self) -> int:
        """How many pictures at a time suit this device."""

    def forward(self, batch: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Run the network.

        Parameters
        ----------
        batch
            Shape ``(N, h, w, 3)`` uint8 BGR, sides multiples of 32.

        Returns
        -------
        Predictions ``(N, 4 + classes + 32, anchors)``: boxes as centre and size in input px, class scores
        0 to 1, mask coefficients; and prototypes ``(N, 32, h / 4, w / 4)``.
        """


_WANTED = "expected a YOLO segmentation network (two outputs: predictions and mask prototypes)"


def check_outputs(shapes: list[tuple[int, ...]], path: Path) -> None:
    """Check that a network puts out predictions and prototypes; free sides of the shapes are -1.

    Raises
    ------
    WeightsError
        For a detection network, or anything else.
    """
    if len(shapes) != 2 or len(shapes[0]) != 3 or len(shapes[1]) != 4:
        raise WeightsError(f"segment.weights {path}: not a segmentation network, outputs {shapes}; {_WANTED}")


def check_classes(shapes: list[tuple[int, ...]], n_classes: int, path: Path) -> None:
    """Check that the predictions hold a box, a score for each class and the mask coefficients.

    Raises
    ------
    WeightsError
        For a network exported with NMS inside, or with other class names than its own.
    """
    n_values, n_masks = shapes[0][1], shapes[1][1]
    if n_values != 4 + n_classes + n_masks:
        raise WeightsError(
            f"segment.weights {path}: predictions have {n_values} values for {n_classes} classes and "
            f"{n_masks} mask coefficients; {_WANTED}, exported without nms=True"
        )
