"""The one interface behind which torch and OpenVINO run the segmentation network."""

from __future__ import annotations

import ctypes
import platform
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import WeightsError
from pipeline.models.weights import Weights

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


def load(weights: Weights, device: Device = "auto", threads: int = 0, *, exact: bool = False) -> Backend:
    """Load a network where it runs best: OpenVINO on a CPU, torch on CUDA or MPS.

    ``exact`` computes in float32 throughout; else in the half precision that is native to the device.

    Raises
    ------
    WeightsError
        If the file is unreadable, not a segmentation network, or the device is not there.
    """
    chosen = choose_device(weights, device)
    if chosen == "cpu":
        from pipeline.models.backend_openvino import OpenVinoBackend

        return OpenVinoBackend.open(weights, threads, exact=exact)
    from pipeline.models.backend_torch import TorchBackend

    return TorchBackend.open(weights, chosen, exact=exact)


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


def _gpu_driver() -> bool:
    """Say whether this machine could have a GPU for torch: a CUDA driver, or Apple's own chip."""
    if sys.platform == "darwin":
        return platform.machine() == "arm64"
    try:
        ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return False
    return True


def choose_device(weights: Weights, device: Device) -> Literal["cpu", "cuda", "mps"]:
    """Say where a network will run.

    Raises
    ------
    WeightsError
        If the device is not there, or cannot run this kind of file.
    """
    if device == "cpu" or weights.kind != "torch":
        if device in ("cuda", "mps"):
            raise WeightsError(
                f"segment.device {device}: {weights.path.name} runs on the CPU; give a .pt, or device=cpu"
            )
        return "cpu"
    if device == "auto" and not _gpu_driver():
        return "cpu"  # without importing torch
    from pipeline.models.backend_torch import available_devices

    there = available_devices()
    if device == "auto":
        return there[0] if there else "cpu"
    if device not in there:
        found = ", ".join(["cpu", *there])
        raise WeightsError(f"segment.device {device}: not available here (found {found}); use device=auto")
    return device
