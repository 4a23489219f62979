"""The one interface behind which torch and OpenVINO run the segmentation network."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from typing import Literal

from pipeline.core.errors import WeightsError
from pipeline.networks.backend_interface import Backend, Device
from pipeline.networks.weights import Weights


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
        from pipeline.networks.openvino_backend import OpenVinoBackend

        return OpenVinoBackend.open(weights, threads, exact=exact)
    from pipeline.networks.torch_backend import TorchBackend

    return TorchBackend.open(weights, chosen, exact=exact)


def n_cores() -> int:
    """Count the cores that this process may use; all of the machine's where that is not known."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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
    from pipeline.networks.torch_backend import available_devices

    there = available_devices()
    if device == "auto":
        return there[0] if there else "cpu"
    if device not in there:
        found = ", ".join(["cpu", *there])
        raise WeightsError(f"segment.device {device}: not available here (found {found}); use device=auto")
    return device
