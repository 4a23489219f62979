"""COCO JSON with run-length masks, written as a stream: one image and its annotations at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, TextIO

import numpy as np
from numpy.typing import NDArray

from pipeline.core import rle
from pipeline.core.files import whole_file
from pipeline.core.label_maps import BACKGROUND
from pipeline.core.masks import area
from pipeline.core.types import CLASS_NAMES, LABEL_NAMES
from pipeline.runs.frame_masks import UNTRACKED, FrameMasks


@dataclass(frozen=True, slots=True)
class CocoImage:
    """What a COCO file says about a picture; ``extra`` goes beside COCO's own fields."""

    file_name: str
    height: int
    width: int
    extra: Mapping[str, Any] = field(default_factory=dict)


def video_frame(frame: FrameMasks, height: int, width: int) -> CocoImage:
    """Describe a frame of footage by its number and time."""
    extra = {"frame": frame.frame, "time_s": round(frame.time_s, 6)}
    return CocoImage(f"{frame.frame:06d}.jpg", height, width, extra)


@contextmanager
def coco_file(path: Path, categories: tuple[str, ...]) -> Iterator[CocoWriter]:
    """Open a COCO file for writing; it appears whole or not at all.

    Images are numbered by ``frame + 1``. ``categories`` start at id 1: `INSTANCE_CATEGORIES`, or
    `SEMANTIC_CATEGORIES` for label maps.

    Raises
    ------
    RunError
        If the disk is full or the folder cannot be written.
    """
    with (
        whole_file(path) as part,
        part.open("w", encoding="utf-8") as out,
        TemporaryFile("w+", encoding="utf-8", dir=path.parent) as images,
    ):
        numbered = [{"id": i + 1, "name": name} for i, name in enumerate(categories)]
        out.write('{"info": {"description": "teamshape masks"}, "categories": ')
        out.write(json.dumps(numbered) + ', "annotations": [')
        yield CocoWriter(out, images)
        out.write('\n], "images": [')
        images.seek(0)
        out.writelines(images)
        out.write("\n]}\n")


class CocoWriter:
    """Adds frames to a file opened by `coco_file`; images wait in a file of their own until the end."""

    def __init__(self, out: TextIO, images: IO[str]) -> None:
        self._out, self._images = out, images
        self._n_annotations = self._n_images = 0

    def add_instances(self, frame: FrameMasks, image: CocoImage) -> None:
        """Add a frame: one annotation a mask, with score, track, role and team beside COCO's own fields."""
        height, width = image.height, image.width
        self._add_image(frame, image)
        for i, mask in enumerate(frame.masks):
            extra: dict[str, Any] = {"role": frame.role[i], "team": frame.team[i]}
            if np.isfinite(frame.score[i]):
                extra["score"] = round(float(frame.score[i]), 4)
            if frame.track_id[i] != UNTRACKED:
                extra["track_id"] = int(frame.track_id[i])
            counts = rle.from_mask(mask, height, width)
            box = [mask.left, mask.top, mask.width, mask.height]
            size = [height, width]
            self._add(frame, int(frame.class_id[i]) + 1, size, counts, box, area(mask), extra)

    def add_labels(self, frame: FrameMasks, image: CocoImage, labels: NDArray[np.uint8]) -> None:
        """Add a frame's label map ``(H, W)``: one annotation for each label in it."""
        height, width = image.height, image.width
        self._add_image(frame, image)
        for value in np.unique(labels).tolist():
            if value == BACKGROUND:
                continue
            here = labels == value
            rows, columns = np.flatnonzero(here.any(axis=1)), np.flatnonzero(here.any(axis=0))
            top, left = int(rows[0]), int(columns[0])
            crop = here[top : rows[-1] + 1, left : columns[-1] + 1]
            counts = rle.from_dense(crop, top, left, height, width)
            box = [left, top, crop.shape[1], crop.shape[0]]
            self._add(frame, value, [height, width], counts, box, int(np.count_nonzero(crop)), {})

    def _add_image(self, frame: FrameMasks, image: CocoImage) -> None:
        size = {"height": image.height, "width": image.width}
        row = {"id": frame.frame + 1, "file_name": image.file_name, **size, **image.extra}
        self._images.write(("," if self._n_images else "") + "\n" + json.dumps(row))
        self._n_images += 1

    def _add(
        self,
        frame: FrameMasks,
        category: int,
        size: list[int],
        counts: str,
        box: list[int],
        area_px: int,
        extra: dict[str, Any],
    ) -> None:
        annotation = {
            "id": self._n_annotations + 1,
            "image_id": frame.frame + 1,
            "category_id": category,
            "segmentation": {"size": size, "counts": counts},
            "bbox": box,
            "area": area_px,
            "iscrowd": 0,
            **extra,
        }
        self._out.write(("," if self._n_annotations else "") + "\n" + json.dumps(annotation))
        self._n_annotations += 1


INSTANCE_CATEGORIES = CLASS_NAMES
SEMANTIC_CATEGORIES = LABEL_NAMES[1:]
"""Category ids of COCO files equal the class id plus 1, and the value in the label map."""
