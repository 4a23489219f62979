"""Import LabelMe JSON: polygons, rectangles and circles; shapes of one ``group_id`` are one object."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import DataSetError
from pipeline.core.files import inside
from pipeline.core.masks import crop
from pipeline.core.types import CropMask
from pipeline.datasets import polygons
from pipeline.datasets.canonical import read_image, read_json
from pipeline.datasets.readers.source import SourceObject, SourcePicture, split_named


def read(src: Path) -> Iterator[SourcePicture]:
    """Read all LabelMe files of a folder and its subfolders; pictures lie beside them."""
    files = [src] if src.is_file() else sorted(src.rglob("*.json"))
    contents = [(f, read_json(f)) for f in files]
    contents = [(f, c) for f, c in contents if "shapes" in c]
    if not contents:
        raise DataSetError(f"{src}: no LabelMe file here (a JSON object with shapes)")
    for file, content in contents:
        try:
            yield _picture(file, content)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
            raise DataSetError(f"{file}: not as LabelMe writes it: {error!r:.200}") from error


def _picture(file: Path, content: dict[str, Any]) -> SourcePicture:
    path = _image(file, content)
    height, width = content.get("imageHeight"), content.get("imageWidth")
    if not height or not width:
        height, width = read_image(path).shape[:2]
    size = (int(height), int(width))
    objects = tuple(_objects(content["shapes"], *size, file))
    return SourcePicture(path, path.name, objects, split_named(file.parent.name), labelled_hw=size)


def _image(file: Path, content: dict[str, Any]) -> Path:
    name = str(content.get("imagePath") or "").replace("\\", "/")
    if name:  # often with the folders of the computer where it was labelled: then the name alone counts
        path = inside(file.parent, Path(name).name)
        if ".." not in name and not Path(name).is_absolute() and inside(file.parent, name).is_file():
            path = inside(file.parent, name)
        if path.is_file():
            return path
    beside = [file.with_suffix(s) for s in (".jpg", ".jpeg", ".png") if file.with_suffix(s).is_file()]
    if beside:
        return beside[0]
    raise DataSetError(f"{file}: picture {name or '(unnamed)'} is not beside it; save the pictures as files")


def _objects(shapes: list[dict[str, Any]], height: int, width: int, file: Path) -> Iterator[SourceObject]:
    groups: dict[tuple[str, Any], list[dict[str, Any]]] = {}
    for i, shape in enumerate(shapes):
        group = shape.get("group_id")
        key = (str(shape.get("label", "")), f"alone {i}" if group is None else group)
        groups.setdefault(key, []).append(shape)
    for (name, _), members in groups.items():
        if all(m.get("shape_type") == "rectangle" for m in members):
            points = np.concatenate([_points(m, file) for m in members])
            (x1, y1), (x2, y2) = points.min(axis=0), points.max(axis=0)
            yield SourceObject(name, (float(x1), float(y1), float(x2), float(y2)), None)
            continue
        parts = [_mask(m, height, width, file) for m in members]
        mask = polygons.union(parts)
        yield SourceObject(name, polygons.box_of(mask) if mask.height else None, mask)


def _points(shape: dict[str, Any], file: Path) -> NDArray[np.float64]:
    try:
        points = np.asarray(shape["points"], np.float64).reshape(-1, 2)
        if not np.isfinite(points).all() or not len(points):
            raise ValueError("not finite" if len(points) else "none")
        if shape.get("shape_type") == "rectangle" and len(points) < 2:
            raise ValueError("a rectangle has two corners")
        return points
    except (KeyError, ValueError, TypeError) as error:
        raise DataSetError(f"{file}: shape {shape.get('label')!r} has no usable points ({error})") from error


def _mask(shape: dict[str, Any], height: int, width: int, file: Path) -> CropMask:
    points, kind = _points(shape, file), shape.get("shape_type", "polygon")
    if kind == "polygon":
        return polygons.fill([points], height, width)
    if kind == "rectangle":
        (x1, y1), (x2, y2) = points.min(axis=0), points.max(axis=0)
        return polygons.fill([np.array([[x1, y1], [x2, y1], [x2, y2], [x1, y2]])], height, width)
    if kind == "circle" and len(points) == 2:
        (x, y), radius = points[0], float(np.hypot(*(points[1] - points[0])))
        return polygons.ellipse((x - radius, y - radius, x + radius, y + radius), height, width)
    if kind == "mask" and shape.get("mask"):
        left, top = (round(float(v)) for v in points.min(axis=0))
        return crop(_embedded(shape["mask"], file), top, left)
    raise DataSetError(
        f"{file}: shape {shape.get('label')!r} is a {kind}; polygon, rectangle, circle and mask are read"
    )


def _embedded(text: str, file: Path) -> NDArray[np.bool_]:
    try:
        data = np.frombuffer(base64.b64decode(text, validate=True), np.uint8)
    except binascii.Error as error:
        raise DataSetError(f"{file}: an embedded mask is not base64 ({error})") from error
    image = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE) if len(data) else None
    if image is None:
        raise DataSetError(f"{file}: an embedded mask is not a picture")
    return np.asarray(image > 0)
