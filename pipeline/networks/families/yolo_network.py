"""YOLO segmentation networks, in whichever backend runs them."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from pipeline.core.types import Instances
from pipeline.networks import letterbox, yolo_decoder
from pipeline.networks.backend_interface import Backend, NetworkInfo
from pipeline.networks.yolo_decoder import Detections, Limits

Look = tuple[Detections, NDArray[np.float32], letterbox.Letterbox]


class YoloNetwork:
    """A YOLO network with what it needs to give instances.

    Parameters
    ----------
    class_of
        Our class of each of the network's, -1 to drop it (`weights.class_map`).
    imgsz
        Longer side of the network's input, px, unless it has a fixed one.
    sharpen
        Let the picture's colours decide at the masks' edges.
    """

    def __init__(
        self,
        backend: Backend,
        class_of: NDArray[np.int8],
        imgsz: int,
        limits: Limits,
        *,
        sharpen: bool = True,
    ) -> None:
        self._backend = backend
        self._class_of = class_of
        self.imgsz = imgsz
        self.limits = limits
        self.sharpens = sharpen
        self._running = Lock()

    @property
    def info(self) -> NetworkInfo:
        """What is loaded."""
        return self._backend.info

    @property
    def batch(self) -> int:
        """How many pictures at a time suit this device."""
        return self._backend.batch

    def segment(self, images: Sequence[NDArray[np.uint8]]) -> list[Instances]:
        """Find people and ball; the network itself runs for one caller at a time, decoding for several."""
        out = []
        for (found, protos, box), image in zip(self.look(images, self.imgsz), images, strict=True):
            soft = yolo_decoder.soft_masks(found, protos, box)
            out.append(yolo_decoder.instances(0, found, soft, box, image if self.sharpens else None))
        return out

    def look(self, images: Sequence[NDArray[np.uint8]], imgsz: int) -> list[Look]:
        """Find boxes of people and balls in pictures of one size, with ``imgsz`` px for their longer side.

        Returns
        -------
        For each the detections in input px, the prototypes of masks, and how the picture lies in the input.
        """
        box = letterbox.fit((images[0].shape[0], images[0].shape[1]), imgsz, self.info.fixed_hw)
        batch = np.stack([letterbox.apply(image, box) for image in images])
        with self._running:
            predictions, protos = self._backend.forward(batch)
        return [
            (yolo_decoder.select(prediction, self._class_of, self.limits), proto, box)
            for prediction, proto in zip(predictions, protos, strict=True)
        ]
