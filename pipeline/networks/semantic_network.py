"""A semantic network: pictures in, label maps out."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import WeightsError
from pipeline.networks import letterbox
from pipeline.networks.backend_interface import Device
from pipeline.networks.backends import choose_device
from pipeline.networks.convert import class_names, read_checkpoint, ready
from pipeline.networks.letterbox import Letterbox
from pipeline.networks.weights import Weights, task_of


class SemanticNet:
    """A loaded semantic network; ``class_names`` are the values of its label maps, in order."""

    def __init__(self, model: Any, imgsz: int) -> None:
        self.class_names = class_names(model)
        self._model = model
        self._imgsz = imgsz

    @classmethod
    def open(cls, weights: Weights, imgsz: int = 1280, device: Device = "auto") -> SemanticNet:
        """Load a network; pictures will be scaled to ``imgsz`` px on their longer side.

        Raises
        ------
        WeightsError
            If it is unreadable or not a semantic network, or the device is not there.
        """
        if task_of(weights) != "semantic":
            raise WeightsError(f"{weights.path}: not a semantic network of ultralytics (.pt)")
        chosen = choose_device(weights, device)
        return cls(ready(read_checkpoint(weights.path)).to(chosen), imgsz)

    def label_map(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Name the class of each pixel of a picture ``(H, W, 3)`` BGR: ``(H, W)``, indices of the names."""
        import torch

        box = letterbox.fit((image.shape[0], image.shape[1]), self._imgsz)
        rgb = letterbox.apply(image, box)[:, :, ::-1].transpose(2, 0, 1)
        weight = next(self._model.parameters())
        with torch.inference_mode():
            picture = torch.from_numpy(np.ascontiguousarray(rgb)[None]).to(weight.device)
            logits = self._model(picture.to(weight.dtype).div(255))[0]
            return strongest(logits.float().cpu().numpy(), box)


def strongest(logits: NDArray[np.float32], box: Letterbox) -> NDArray[np.uint8]:
    """Name the strongest class of each pixel of the picture.

    Parameters
    ----------
    logits
        Shape ``(classes, h, w)``, coarser than the network's input; they are interpolated, not the classes.
    """
    height, width = box.source_hw
    top, left = box.pad_xy[1], box.pad_xy[0]
    best = np.full((height, width), -np.inf, np.float32)
    out = np.zeros((height, width), np.uint8)
    for value, plane in enumerate(logits):
        fine = cv2.resize(plane, box.input_hw[::-1], interpolation=cv2.INTER_LINEAR)
        fine = fine[top : top + box.content_hw[0], left : left + box.content_hw[1]]
        fine = cv2.resize(fine, (width, height), interpolation=cv2.INTER_LINEAR)
        stronger = fine > best
        best[stronger], out[stronger] = fine[stronger], value
    return out
