"""torch on CUDA (half precision) and MPS."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import WeightsError
from pipeline.networks.backend_interface import NetworkInfo, check_classes, check_outputs
from pipeline.networks.convert import load_torch
from pipeline.networks.quiet import silence_libraries
from pipeline.networks.weights import Weights

GpuDevice = Literal["cuda", "mps"]


def available_devices() -> list[GpuDevice]:
    """The GPUs that torch can use here, best first."""
    silence_libraries()
    import torch

    out: list[GpuDevice] = []
    if torch.cuda.is_available():
        out.append("cuda")
    if torch.backends.mps.is_available():
        out.append("mps")
    return out


class TorchBackend:
    """A torch network on ``device``: half precision on CUDA unless ``exact``, single elsewhere."""

    def __init__(self, model: Any, info: NetworkInfo, batch: int) -> None:
        self.info = info
        self.batch = batch
        self._model = model

    @classmethod
    def open(cls, weights: Weights, device: str, *, exact: bool = False) -> TorchBackend:
        """Load a ``.pt`` onto ``device`` (any that torch knows).

        Raises
        ------
        WeightsError
            If it is unreadable or not a segmentation network, or the device cannot hold it.
        """
        model, names = load_torch(weights.path)
        import torch

        try:
            model = model.to(device)
        except RuntimeError as error:
            raise WeightsError(
                f"segment.device {device}: {str(error).splitlines()[0]}; use device=cpu"
            ) from error
        if device.startswith("cuda") and not exact:
            model = model.half().to(memory_format=torch.channels_last)
        with torch.inference_mode():
            picture = torch.zeros(1, 3, 64, 64, device=device, dtype=next(model.parameters()).dtype)
            shapes = [tuple(o.shape) for o in model(picture)]
        check_outputs(shapes, weights.path)
        check_classes(shapes, len(names), weights.path)
        return cls(model, NetworkInfo(names, "torch", device), batch=8 if device.startswith("cuda") else 1)

    def forward(self, batch: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Run the network; see `pipeline.networks.backend_interface.Backend.forward`."""
        import torch

        weight = next(self._model.parameters())
        with torch.inference_mode():
            pictures = torch.from_numpy(batch).to(weight.device, non_blocking=True)
            pictures = pictures.permute(0, 3, 1, 2).flip(1).to(weight.dtype).div(255)
            predictions, protos = self._model(pictures)
            return predictions.float().cpu().numpy(), protos.float().cpu().numpy()
