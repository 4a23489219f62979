"""Upper bodies to paint numbers on, from pictures with boxes (COCO)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.appearance.upper_body import cut_square, torso_square
from pipeline.core import masks
from pipeline.core.errors import DataSetError
from pipeline.datasets.canonical import read_image
from pipeline.datasets.polygons import fill
from pipeline.training.shirt_numbers.painted_cloth import CANVAS_PX, Torso

_MIN_SIDE_PX = 18.0

Picture = NDArray[np.uint8]


def match_of(file: str) -> str:
    """The match that a picture is from: its name up to the first ``_``."""
    return Path(file).name.partition("_")[0]


def read_torsos(coco: Path, images: Path, use: Callable[[str], bool]) -> list[Torso]:
    """Cut the upper bodies of all people with a mask out of a data set.

    Parameters
    ----------
    coco
        COCO annotations; the category ``ball`` is left out.
    images
        The folder of the pictures.
    use
        Which matches to take.

    Raises
    ------
    DataSetError
        If the annotations or a picture cannot be read.
    """
    out: list[Torso] = []
    for file, people in _by_picture(_read_json(coco)):
        if not use(match_of(file)):
            continue
        image = read_image(images / file)
        for person in people:
            x, y, w, h = person["bbox"]
            rings = [np.array(r, np.float64).reshape(-1, 2) for r in person["segmentation"]]
            mask = fill(rings, image.shape[0], image.shape[1])
            square = torso_square(np.array([x, y, x + w, y + h]), mask)
            if square[2] < _MIN_SIDE_PX or not mask.height:
                continue
            inside = np.zeros(image.shape[:2], np.uint8)
            masks.paste(inside, mask, 255)
            cover = cut_square(np.repeat(inside[..., None], 3, 2), *square, CANVAS_PX)[..., 0]
            picture = cut_square(image, *square, CANVAS_PX)
            out.append(Torso(picture, cover.astype(np.float32) / np.float32(255), square[2]))
    return out


def _by_picture(data: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    balls = {c["id"] for c in data["categories"] if c["name"] == "ball"}
    people: dict[int, list[dict[str, Any]]] = {}
    for a in data["annotations"]:
        if a["category_id"] not in balls and a.get("segmentation"):
            people.setdefault(a["image_id"], []).append(a)
    for image in data["images"]:
        yield image["file_name"], people.get(image["id"], [])


def _read_json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataSetError(f"{path}: cannot read the annotations ({error})") from error
    if not isinstance(data, dict) or not {"images", "annotations", "categories"} <= data.keys():
        raise DataSetError(f"{path}: not COCO (expected images, annotations, categories)")
    return data
