"""The segmentation network as the rest of the pipeline sees it: pictures in, instances out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from pipeline.core.config import SegmentSettings
from pipeline.core.types import Instances
from pipeline.networks import backends, letterbox, yolo_decoder
from pipeline.networks.backend_interface import Backend, NetworkInfo
from pipeline.networks.weights import class_map, resolve
from pipeline.networks.yolo_decoder import Limits

Tag = TypeVar("Tag")
Image = NDArray[np.uint8]
_Raw = tuple[NDArray[np.float32], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class _Batch(Generic[Tag]):
    """Pictures at work ``(tag, frame, image or None to repeat)``, and the network's output to come."""

    items: list[tuple[Tag, int, Image | None]]
    box: letterbox.Letterbox | None
    raw: Future[_Raw] | None


class Segmenter:
    """A loaded network with its settings; `segment_image` for stills, `stream` for footage."""

    def __init__(self, backend: Backend, imgsz: int, limits: Limits, *, sharpen: bool = True) -> None:
        self._backend = backend
        self._imgsz = imgsz
        self._limits = limits
        self._sharpen = sharpen
        self._class_of = class_map(backend.info.class_names)

    @property
    def info(self) -> NetworkInfo:
        """What is loaded."""
        return self._backend.info

    def stream(self, pictures: Iterable[tuple[Tag, int, Image | None]]) -> Iterator[tuple[Tag, Instances]]:
        """Segment pictures ``(tag, frame, image BGR)`` as they come, in order.

        None for an image repeats what was found in the one before: a duplicate costs nothing. The network
        works on its own thread while the caller prepares the next picture and uses the last one; at most
        three batches are alive, whatever the length.
        """
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="network") as pool:
            waiting: deque[_Batch[Tag]] = deque()
            last = _nothing()
            for group in chain(self._groups(pictures), [None]):
                if group is not None:
                    waiting.append(self._submit(group, pool))
                while len(waiting) > (1 if group is not None else 0):
                    for tag, found in self._finish(waiting.popleft(), last):
                        last = found
                        yield tag, found

    def _submit(self, group: list[tuple[Tag, int, Image | None]], pool: ThreadPoolExecutor) -> _Batch[Tag]:
        images = [image for _, _, image in group if image is not None]
        if not images:
            return _Batch(group, None, None)
        box = letterbox.fit((images[0].shape[0], images[0].shape[1]), self._imgsz, self.info.fixed_hw)
        batch = np.stack([letterbox.apply(image, box) for image in images])
        return _Batch(group, box, pool.submit(self._backend.forward, batch))

    def _finish(self, batch: _Batch[Tag], last: Instances) -> Iterator[tuple[Tag, Instances]]:
        raw = iter(()) if batch.raw is None else zip(*batch.raw.result(), strict=True)
        for tag, frame, image in batch.items:
            if image is not None and batch.box is not None:
                last = self._decode(*next(raw), batch.box, image)
            last = replace(last, frame=frame)
            yield tag, last

    def _decode(
        self,
        prediction: NDArray[np.float32],
        protos: NDArray[np.float32],
        box: letterbox.Letterbox,
        image: Image,
    ) -> Instances:
        found = yolo_decoder.select(prediction, self._class_of, self._limits)
        soft = yolo_decoder.soft_masks(found, protos, box)
        return yolo_decoder.instances(0, found, soft, box, image if self._sharpen else None)

    def _groups(
        self, pictures: Iterable[tuple[Tag, int, Image | None]]
    ) -> Iterator[list[tuple[Tag, int, Image | None]]]:
        """Gather as many pictures of one size as the device takes at a time, with the duplicates between."""
        group: list[tuple[Tag, int, Image | None]] = []
        shape, n_images = None, 0
        for item in pictures:
            image = item[2]
            if (image is not None and n_images and image.shape != shape) or len(
                group
            ) == 2 * self._backend.batch:
                yield group
                group, n_images = [], 0
            group.append(item)
            if image is not None:
                shape, n_images = image.shape, n_images + 1
                if n_images == self._backend.batch:
                    yield group
                    group, n_images = [], 0
        if group:
            yield group


def load(settings: SegmentSettings) -> Segmenter:
    """Load the network that ``settings`` asks for.

    Raises
    ------
    WeightsError
        If it is missing, damaged, untrusted, not for segmenting people, or its device is not there.
    """
    weights = resolve(settings.weights, trust=settings.trust_weights)
    limits = Limits(settings.min_score, settings.min_ball_score, settings.nms_iou, settings.max_instances)
    exact = settings.precision == "float32"
    backend = backends.load(weights, settings.device, settings.threads, exact=exact)
    return Segmenter(backend, settings.imgsz, limits, sharpen=settings.sharpen_masks)


def segment_image(image: Image, segmenter: Segmenter) -> Instances:
    """Segment one still picture ``(H, W, 3)`` uint8 BGR; its frame number is 0."""
    ((_, found),) = segmenter.stream([(None, 0, image)])
    return found


def _nothing() -> Instances:
    return Instances(0, np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int8), ())
