"""Import COCO JSON: polygons, run lengths (compressed or not), or boxes alone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from pipeline.core import rle
from pipeline.core.errors import DataSetError
from pipeline.core.files import inside
from pipeline.core.images import size_px
from pipeline.core.types import CropMask
from pipeline.datasets import polygons
from pipeline.datasets.canonical import MaskSource, read_json
from pipeline.datasets.readers.source import SourceObject, SourcePicture, split_named


def read(src: Path) -> Iterator[SourcePicture]:
    """Read one COCO file, or all those in a folder (and one level below, as Roboflow exports).

    A file's split is in its name or its folder's. Pictures lie beside the file or under ``images``.
    """
    files = [src] if src.is_file() else sorted([*src.glob("*.json"), *src.glob("*/*.json")])
    contents = [(f, read_json(f)) for f in files]
    contents = [(f, c) for f, c in contents if {"images", "annotations", "categories"} <= c.keys()]
    if not contents:
        raise DataSetError(
            f"{src}: no COCO file here (a JSON object with images, annotations and categories)"
        )
    for file, content in contents:
        yield from _pictures(file, content)


def _pictures(file: Path, content: dict[str, Any]) -> Iterator[SourcePicture]:
    split = split_named(file.stem) or split_named(file.parent.name)
    try:
        names = {c["id"]: str(c["name"]) for c in content["categories"]}
        _refuse_twice("category", [c["id"] for c in content["categories"]], file)
        _refuse_twice("image", [i["id"] for i in content["images"]], file)
        by_image: dict[Any, list[dict[str, Any]]] = {i["id"]: [] for i in content["images"]}
        for annotation in content["annotations"]:
            if annotation["image_id"] not in by_image:
                at = f"annotation {annotation.get('id')}"
                raise DataSetError(f"{file}: {at}: no image has the id {annotation['image_id']}")
            by_image[annotation["image_id"]].append(annotation)
        for image in content["images"]:
            name = str(image["file_name"])
            path = _find(file, name)
            size = (int(image.get("height") or -1), int(image.get("width") or -1))
            if min(size) <= 0:  # not said; VIA writes -1
                size = size_px(path) or size
            objects = tuple(_object(a, names, size, file) for a in by_image[image["id"]])
            yield SourcePicture(path, Path(name).name, objects, split, labelled_hw=size)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise DataSetError(f"{file}: an entry lacks what COCO requires: {error!r}") from error


def _refuse_twice(what: str, ids: list[Any], file: Path) -> None:
    if twice := [i for i, n in Counter(ids).items() if n > 1]:
        raise DataSetError(f"{file}: {what} {twice[0]} is there twice; which of them do the labels mean?")


def _object(a: dict[str, Any], names: dict[int, str], size: tuple[int, int], file: Path) -> SourceObject:
    if a["category_id"] not in names:
        raise DataSetError(f"{file}: annotation {a.get('id')}: no category has the id {a['category_id']}")
    try:
        mask = segmentation_mask(a.get("segmentation"), *size)
    except (DataSetError, ValueError) as error:
        raise DataSetError(f"{file}: annotation {a.get('id')}: {error}") from error
    box = None
    if a.get("bbox"):
        box_xywh = [float(v) for v in a["bbox"]]
        if len(box_xywh) != 4 or not np.isfinite(box_xywh).all():
            raise DataSetError(f"{file}: annotation {a.get('id')}: a box is four numbers, got {a['bbox']}")
        x, y, w, h = box_xywh
        box = (x, y, x + w, y + h)
    source: MaskSource = "labelled"
    if a.get("mask_source") in ("teacher", "doubtful"):
        source = a["mask_source"]
    return SourceObject(
        names[a["category_id"]], box, mask, bool(a.get("iscrowd")), source, a.get("mask_score")
    )


def segmentation_mask(segmentation: Any, height_px: int, width_px: int) -> CropMask | None:
    """Read a COCO ``segmentation``: polygons, run lengths, or either as JSON text; None for nothing."""
    if isinstance(segmentation, str):
        segmentation = json.loads(segmentation) if segmentation.strip() else None
    if not segmentation:
        return None
    if isinstance(segmentation, dict):
        if list(segmentation.get("size", ())) != [height_px, width_px]:
            raise DataSetError(
                f"run lengths of a picture of {segmentation.get('size')} px (height, width), but it is "
                f"{height_px} x {width_px}"
            )
        mask = rle.from_coco(segmentation)
    else:
        rings = [np.asarray(p, np.float64).reshape(-1, 2) for p in segmentation]
        mask = polygons.union([polygons.fill([r], height_px, width_px) for r in rings])
    return mask if mask.height else None


def _find(file: Path, name: str) -> Path:
    folders = (file.parent, file.parent / "images", file.parent.parent / "images", file.parent.parent)
    subfolders = ("", file.stem, file.stem.removeprefix("instances_"))
    for folder in folders:
        for sub in subfolders:
            path = inside(folder, str(PurePosixPath(sub) / name.replace("\\", "/")))
            if path.is_file():
                return path
    raise DataSetError(f"{file}: picture {name} is not beside it nor under images/")
