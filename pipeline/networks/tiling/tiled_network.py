"""A YOLO network that looks at wide pictures through tiles, and joins what it finds there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from pipeline.core.types import BALL, Instances
from pipeline.networks import yolo_decoder
from pipeline.networks.backend_interface import NetworkInfo
from pipeline.networks.families.yolo_network import YoloNetwork
from pipeline.networks.letterbox import Letterbox
from pipeline.networks.tiling.tile_layout import Tile, bands_for, laid_out, own, people_seen, plain_tiles
from pipeline.networks.yolo_decoder import Detections, SoftMask

Image = NDArray[np.uint8]

TALL_PX = 26.0
"""How tall small people should be in the network's input."""
_LARGEST_SCALE = 2.0
_SURE, _FEWEST = 0.4, 3


@dataclass(frozen=True, slots=True)
class _Found:
    """What one tile shows: its own detections with boxes in the picture's px, and their masks."""

    detections: Detections
    soft: list[SoftMask]


class TiledNetwork:
    """Gives instances of whole pictures, each found in the tile in whose core it stands."""

    def __init__(self, network: YoloNetwork, tiles: tuple[Tile, ...]) -> None:
        self._network = network
        self.tiles = tiles

    @property
    def info(self) -> NetworkInfo:
        """What is loaded."""
        return self._network.info

    @property
    def batch(self) -> int:
        """Pictures at a time: one, since its tiles are a batch by themselves."""
        return 1

    def segment(self, images: Sequence[Image]) -> list[Instances]:
        """Find people and ball: see `SegmentationNetwork.segment`."""
        return [self._one(image) for image in images]

    def _one(self, image: Image) -> Instances:
        found = list(self._looks(image))
        soft = [s for part in found for s in part.soft]
        everything = _joined([part.detections for part in found])
        limits = self._network.limits
        people = np.flatnonzero(everything.class_id != BALL)
        balls = np.flatnonzero(everything.class_id == BALL)
        kept = np.concatenate(
            [
                some[yolo_decoder.suppress(everything.boxes[some], everything.score[some], limits.nms_iou)]
                for some in (people, balls)
            ]
        ).astype(np.int64)
        kept = kept[np.argsort(-everything.score[kept], kind="stable")][: limits.max_instances]
        return yolo_decoder.assembled(
            0,
            _taken(everything, kept),
            [soft[i] for i in kept],
            (image.shape[0], image.shape[1]),
            image if self._network.sharpens else None,
        )

    def _looks(self, image: Image) -> Iterator[_Found]:
        """Look through each tile; on a device that takes several pictures at a time, in batches."""
        step = self._network.batch
        for (_, _, imgsz), alike in groupby(self.tiles, key=lambda t: (t.width, t.height, t.imgsz)):
            same = list(alike)
            for group in (same[i : i + step] for i in range(0, len(same), step)):
                crops = [image[t.top : t.top + t.height, t.left : t.left + t.width] for t in group]
                looks = self._network.look(crops, imgsz)
                for tile, (found, protos, box) in zip(group, looks, strict=True):
                    yield _of_tile(found, protos, box, tile)


def _of_tile(found: Detections, protos: NDArray[np.float32], box: Letterbox, tile: Tile) -> _Found:
    shift = np.array([tile.left, tile.top, tile.left, tile.top], np.float32)
    boxes = box.to_source(found.boxes) + shift
    mine = np.flatnonzero(own(boxes.astype(np.float64), tile))
    chosen = _taken(found, mine)
    soft = [
        replace(s, top=s.top + tile.top, left=s.left + tile.left)
        for s in yolo_decoder.soft_masks(chosen, protos, box)
    ]
    return _Found(replace(chosen, boxes=boxes[mine]), soft)


def _taken(found: Detections, which: NDArray[np.int64]) -> Detections:
    return Detections(
        found.boxes[which], found.score[which], found.class_id[which], found.coefficients[which]
    )


def _joined(parts: list[Detections]) -> Detections:
    return Detections(
        *(
            np.concatenate([getattr(p, name) for p in parts])
            for name in ("boxes", "score", "class_id", "coefficients")
        )
    )


def first_look(network: YoloNetwork, image: Image) -> tuple[Tile, ...]:
    """Choose the tiles for footage by its first picture: how tall people are in it, and in which rows.

    Where nobody is seen it stays at tiles of the picture's own size.
    """
    size = (image.shape[1], image.shape[0])
    plain = plain_tiles(size, network.imgsz)
    seen = TiledNetwork(network, plain).segment([image])[0]
    sure = (seen.class_id != BALL) & (seen.score >= _SURE)
    if sure.sum() < _FEWEST:
        return plain
    people = people_seen(seen.boxes_px[sure].astype(np.float64))
    scales = (network.imgsz / max(size), _LARGEST_SCALE)
    return laid_out(size[0], bands_for(people, size[1], TALL_PX, scales), network.imgsz)
