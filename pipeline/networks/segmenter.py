"""The segmentation network as the rest of the pipeline sees it: pictures in, instances out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain
from typing import Generic, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from pipeline.core.config import SegmentSettings
from pipeline.core.types import Instances
from pipeline.networks import backends
from pipeline.networks.backend_interface import Backend, NetworkInfo
from pipeline.networks.families.class_names import class_map
from pipeline.networks.families.network_family import SegmentationNetwork, family_of
from pipeline.networks.families.yolo_network import YoloNetwork
from pipeline.networks.tiling.tile_layout import Tile, is_wide
from pipeline.networks.tiling.tiled_network import TiledNetwork, first_look
from pipeline.networks.weights import resolve
from pipeline.networks.yolo_decoder import Limits

Tag = TypeVar("Tag")
Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Batch(Generic[Tag]):
    """Pictures at work ``(tag, frame, image or None to repeat)``, and the instances to come."""

    items: list[tuple[Tag, int, Image | None]]
    found: Future[list[Instances]] | None


class Segmenter:
    """A loaded network of any family, for footage: `stream`. `segment_image` is for stills."""

    def __init__(self, network: SegmentationNetwork) -> None:
        self._network = network

    def for_footage(self, first: Image, wanted: Literal["auto", "off"]) -> tuple[Segmenter, tuple[Tile, ...]]:
        """Prepare for footage that begins with ``first``: wide pictures are looked at through tiles.

        Returns
        -------
        What segments the footage, and its tiles, none if pictures are looked at whole.
        """
        network, size = self._network, (first.shape[1], first.shape[0])
        if wanted == "off" or not isinstance(network, YoloNetwork) or network.info.fixed_hw is not None:
            return self, ()
        if not is_wide(size, network.imgsz):
            return self, ()
        tiles = first_look(network, first)
        return Segmenter(TiledNetwork(network, tiles)), tiles

    @property
    def info(self) -> NetworkInfo:
        """What is loaded."""
        return self._network.info

    def stream(self, pictures: Iterable[tuple[Tag, int, Image | None]]) -> Iterator[tuple[Tag, Instances]]:
        """Segment pictures ``(tag, frame, image BGR)`` as they come, in order.

        None for an image repeats what was found in the one before: a duplicate costs nothing. The network
        works on threads of its own while the caller prepares the next picture and uses the last one: one
        batch is in the network while the one before is decoded. At most three batches are alive, whatever
        the length.
        """
        with ThreadPoolExecutor(max_workers=2, thread_name_prefix="network") as pool:
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
        return _Batch(group, pool.submit(self._network.segment, images) if images else None)

    def _finish(self, batch: _Batch[Tag], last: Instances) -> Iterator[tuple[Tag, Instances]]:
        found = iter(()) if batch.found is None else iter(batch.found.result())
        for tag, frame, image in batch.items:
            if image is not None:
                last = next(found)
            last = replace(last, frame=frame)
            yield tag, last

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
            ) == 2 * self._network.batch:
                yield group
                group, n_images = [], 0
            group.append(item)
            if image is not None:
                shape, n_images = image.shape, n_images + 1
                if n_images == self._network.batch:
                    yield group
                    group, n_images = [], 0
        if group:
            yield group


def load(settings: SegmentSettings) -> Segmenter:
    """Load the network that ``settings`` asks for, of the family that its weights belong to.

    Raises
    ------
    WeightsError
        If it is missing, damaged, untrusted, not for segmenting people, or its device is not there.
    ExtensionError
        If an installed family of networks is broken.
    """
    weights = resolve(settings.weights, trust=settings.trust_weights)
    if not weights.bundled and (family := family_of(weights.path)):
        return Segmenter(family.open(weights.path, settings))
    limits = Limits(settings.min_score, settings.min_ball_score, settings.nms_iou, settings.max_instances)
    exact = settings.precision == "float32"
    backend = backends.load(weights, settings.device, settings.threads, exact=exact)
    classes = class_map(backend.info.class_names, settings.classes)
    network = YoloNetwork(backend, classes, settings.imgsz, limits, sharpen=settings.sharpen_masks)
    return Segmenter(network)


def yolo(backend: Backend, imgsz: int, limits: Limits, *, sharpen: bool = True) -> YoloNetwork:
    """Make a YOLO network of its backend, whose classes are found by their names.

    Raises
    ------
    WeightsError
        If none of its classes is a person of football.
    """
    return YoloNetwork(backend, class_map(backend.info.class_names), imgsz, limits, sharpen=sharpen)


def segment_image(image: Image, segmenter: Segmenter) -> Instances:
    """Segment one still picture ``(H, W, 3)`` uint8 BGR; its frame number is 0."""
    ((_, found),) = segmenter.stream([(None, 0, image)])
    return found


def _nothing() -> Instances:
    return Instances(0, np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int8), ())
