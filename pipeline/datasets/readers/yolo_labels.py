"""Import YOLO labels: outlines (YOLO-seg) or boxes, in shares of the image."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.core.errors import DataSetError, OutsideError
from pipeline.core.files import inside
from pipeline.core.images import size_px
from pipeline.core.text import yaml_text
from pipeline.datasets import polygons
from pipeline.datasets.canonical import Split
from pipeline.datasets.readers.source import SourceObject, SourcePicture, pictures_in

_LARGEST_SHARE = 2.0
"""An outline may reach a little beyond its picture; pixels are far larger than that."""


def read(src: Path) -> Iterator[SourcePicture]:
    """Read the data set of a ``data.yaml`` (or the folder that holds one).

    A line of five numbers is a box, one of seven or more an outline; labels lie under ``labels`` as the
    pictures lie under ``images``.
    """
    file = _yaml_file(src)
    content = _content(file)
    names = content["names"]
    root = _root(file, content.get("path"))
    seen: set[Path] = set()
    keys: tuple[tuple[Split, str], ...] = (("train", "train"), ("val", "val"), ("val", "test"))
    for split, key in keys:
        for folder in _folders(content.get(key), root, file):
            for path in pictures_in(folder):
                if path not in seen:
                    seen.add(path)
                    yield SourcePicture(path, path.name, tuple(_objects(path, names)), split)


def _root(file: Path, named: Any) -> Path:
    """Where the pictures lie: in the folder of the YAML file, or in its ``path``, if that is there.

    Raises
    ------
    OutsideError
        If ``path`` is there, but elsewhere: strangers' files do not choose what is read.
    """
    if not named or not (file.parent / str(named)).is_dir():
        return file.parent
    root = (file.parent / str(named)).resolve()
    if not root.is_relative_to(file.parent.resolve()):
        raise OutsideError(f"{file}: path {named} leads out of {file.parent}; put the YAML file there")
    return root


def _yaml_file(src: Path) -> Path:
    if src.is_file():
        return src
    found = sorted([*src.glob("*.yaml"), *src.glob("*.yml")])
    named = [p for p in found if p.stem == "data"] or found
    if len(named) != 1:
        raise DataSetError(f"{src}: expected one data.yaml, found {len(named)} YAML files")
    return named[0]


def _content(file: Path) -> dict[str, Any]:
    try:
        content = yaml_text.read(file)
    except yaml_text.BadYamlError as error:
        raise DataSetError(f"{file}: cannot be read as YAML ({error})") from error
    if not isinstance(content, dict) or "names" not in content:
        raise DataSetError(f"{file}: not a YOLO data file (no class names)")
    content["names"] = _names(content["names"], file)
    return content


def _names(names: Any, file: Path) -> dict[int, str]:
    if isinstance(names, list):
        names = dict(enumerate(names))
    numbered = isinstance(names, dict) and all(str(k).isdigit() for k in names)
    if not numbered or any(isinstance(v, list | dict) or v is None for v in names.values()):
        raise DataSetError(
            f"{file}: names must be a list, or names by number such as '0: player', got {names!r}"
        )
    return {int(k): str(v) for k, v in names.items()}


def _folders(value: Any, root: Path, file: Path) -> Iterator[Path]:
    for item in value if isinstance(value, list) else [value] if value else []:
        # Exports often say ../train/images of a folder that lies beside the YAML file.
        name = str(item).removeprefix("../")
        folder = next((t for r in (root, file.parent) if (t := inside(r, name)).is_dir()), None)
        if folder is None:
            raise DataSetError(f"{file}: there is no folder {item}")
        yield folder


def _label_file(image: Path) -> Path:
    parts = list(image.parts)
    at = max((i for i, p in enumerate(parts[:-1]) if p == "images"), default=None)
    if at is None:
        return image.with_suffix(".txt")
    parts[at] = "labels"
    return Path(*parts).with_suffix(".txt")


def _objects(image: Path, names: dict[int, str]) -> Iterator[SourceObject]:
    file = _label_file(image)
    try:
        text = file.read_text(encoding="utf-8-sig") if file.is_file() else ""
    except UnicodeDecodeError as error:
        raise DataSetError(f"{file}: not UTF-8 ({error}); save it as plain text") from error
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return
    height, width = _size(image)
    for number, line in enumerate(lines, 1):
        try:
            class_id, values = int(float(line.split()[0])), np.array(line.split()[1:], np.float64)
            if not np.isfinite(values).all():
                raise ValueError("not finite")
        except (ValueError, OverflowError) as error:
            raise DataSetError(f"{file}:{number}: not numbers ({error})") from error
        if len(values) and np.abs(values).max() > _LARGEST_SHARE:
            raise DataSetError(
                f"{file}:{number}: {np.abs(values).max():g} is no share of the picture; labels are "
                "shares of its width and height, 0 to 1"
            )
        if class_id not in names:
            raise DataSetError(f"{file}:{number}: class {class_id} has no name in the YAML file")
        if len(values) == 4:
            x, y, w, h = values * (width, height, width, height)
            yield SourceObject(names[class_id], (x - w / 2, y - h / 2, x + w / 2, y + h / 2), None)
        elif len(values) >= 6 and len(values) % 2 == 0:
            mask = polygons.fill([values.reshape(-1, 2) * (width, height)], height, width)
            box = polygons.box_of(mask) if mask.height else None
            yield SourceObject(names[class_id], box, mask)
        else:
            raise DataSetError(
                f"{file}:{number}: {len(values)} numbers after the class; expected 4 (a box) "
                "or pairs (an outline)"
            )


def _size(image: Path) -> tuple[int, int]:
    size = size_px(image)
    if size is None:
        raise DataSetError(f"{image}: not a picture that can be decoded; remove it or export it again")
    return size
