"""Import Pascal VOC: SegmentationObject, SegmentationClass, and boxes from Annotations."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import DataSetError
from pipeline.core.masks import crop
from pipeline.datasets import polygons
from pipeline.datasets.canonical import VOID, Split
from pipeline.datasets.readers.source import (
    SourceObject,
    SourcePicture,
    need_subfolder,
    pictures_in,
    subfolder,
)

_NAMES = (
    "background aeroplane bicycle bird boat bottle bus car cat chair cow diningtable dog horse motorbike "
    "person pottedplant sheep sofa train tvmonitor"
)
VOC_NAMES = list(_NAMES.split(" "))
_SAME_BOX = 0.5


def read(src: Path) -> Iterator[SourcePicture]:
    """Read a VOC folder. Class names come from ``labelmap.txt`` (as CVAT writes), else they are VOC's own 20.

    Pictures of ``ImageSets`` keep their split. Where a picture has masks and boxes, a box that no mask
    explains becomes an object without a mask. The void border (255, or 224,224,192) belongs to nothing.
    """
    images = need_subfolder(src, "pictures", "JPEGImages")
    names, colours = _names(src)
    splits = _splits(src)
    for path in pictures_in(images):
        stem = path.stem
        classes = _values(_png(src, "SegmentationClass", stem), colours)
        objects = _values(_png(src, "SegmentationObject", stem), None)
        found = (
            list(_instances(classes, objects, names)) if classes is not None and objects is not None else []
        )
        boxes = list(_boxes(src / "Annotations" / f"{stem}.xml"))
        unseen = [b for b in boxes if all(_overlap(b, f) < _SAME_BOX for f in found)]
        yield SourcePicture(
            path, path.name, (*found, *unseen), splits.get(stem), classes, dict(enumerate(names))
        )


def _instances(
    classes: NDArray[np.uint8], objects: NDArray[np.uint8], names: list[str]
) -> Iterator[SourceObject]:
    if classes.shape != objects.shape:
        raise DataSetError("SegmentationClass and SegmentationObject differ in size")
    for value in np.unique(objects):
        inside = objects == value
        known = classes[inside & (classes != VOID)].ravel()
        if value == 0 or not len(known):
            continue
        class_id = int(np.bincount(known).argmax())
        if class_id >= len(names):
            raise DataSetError(f"class {class_id} has no name; add labelmap.txt with one line a class")
        if class_id == 0:
            continue
        mask = crop(inside)
        yield SourceObject(names[class_id], polygons.box_of(mask), mask)


def _names(src: Path) -> tuple[list[str], dict[tuple[int, int, int], int] | None]:
    """Class names by index, and their colours for PNGs without a palette."""
    file = src / "labelmap.txt"
    if not file.is_file():
        return VOC_NAMES, None
    names: list[str] = []
    colours: dict[tuple[int, int, int], int] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, rest = line.partition(":")
            try:
                red, green, blue = (int(v) for v in rest.split(":")[0].split(","))
            except ValueError:
                raise DataSetError(
                    f"{file}: {line.strip()!r}: expected NAME:RED,GREEN,BLUE::, such as player:51,221,255::"
                ) from None
            colours[red, green, blue] = len(names)
            names.append(name)
    return _background_first(names, colours)


def _background_first(
    names: list[str], colours: dict[tuple[int, int, int], int]
) -> tuple[list[str], dict[tuple[int, int, int], int]]:
    """Number classes with the background as 0, wherever its line stands: by its name, or by black."""
    by_name = [i for i, n in enumerate(names) if n.strip().lower() in ("background", "_background_")]
    at = by_name[0] if by_name else colours.get((0, 0, 0))
    order = list(range(len(names)))
    if at is None:
        names, order = ["background", *names], [i + 1 for i in order]
    else:
        names = [names[at], *(n for i, n in enumerate(names) if i != at)]
        order = [0 if i == at else i + 1 if i < at else i for i in order]
    return names, {colour: order[i] for colour, i in colours.items()}


def _png(src: Path, kind: str, stem: str) -> Path | None:
    folder = subfolder(src, kind)
    path = folder / f"{stem}.png" if folder else None
    return path if path and path.is_file() else None


def _values(path: Path | None, colours: dict[tuple[int, int, int], int] | None) -> NDArray[np.uint8] | None:
    """The values of a PNG: of its palette, or by colour (numbered as they come when ``colours`` is None)."""
    if path is None:
        return None
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as picture:
            plain = picture.mode in ("P", "L")
            values = np.array(picture if plain else picture.convert("RGB"))
    except (UnidentifiedImageError, OSError, ImportError) as error:
        raise DataSetError(f"{path}: not a picture that can be decoded ({error})") from error
    if plain and not (colours and VOID in values and (VOID, VOID, VOID) in colours):
        return values if colours is None else _numbered(values, colours)
    rgb = (np.repeat(values[..., None], 3, axis=2) if plain else values).astype(np.int64)
    key = rgb[..., 0] << 16 | rgb[..., 1] << 8 | rgb[..., 2]
    void = 224 << 16 | 224 << 8 | 192
    out = np.zeros(key.shape, np.uint8)
    known = {r << 16 | g << 8 | b: i for (r, g, b), i in (colours or {}).items()}
    for i, value in enumerate(v for v in np.unique(key) if v not in (0, void)):
        if colours is not None and int(value) not in known:
            raise DataSetError(f"{path}: colour #{int(value):06x} is not in labelmap.txt")
        out[key == value] = known[int(value)] if colours is not None else i + 1
    out[key == void] = VOID
    return out


def _numbered(values: NDArray[np.uint8], colours: dict[tuple[int, int, int], int]) -> NDArray[np.uint8]:
    """Turn numbers of labelmap.txt's lines, counted from 0, into our class numbers."""
    table = np.arange(256, dtype=np.uint8)
    table[: len(colours)] = list(colours.values())
    return np.asarray(table[values], np.uint8)


def _boxes(path: Path) -> Iterator[SourceObject]:
    if not path.is_file():
        return
    try:
        root = ElementTree.parse(path).getroot()
        for item in root.iter("object"):
            corner = [float(item.findtext(f"bndbox/{k}", "")) for k in ("xmin", "ymin", "xmax", "ymax")]
            # VOC counts pixels from 1, and its corners are pixels of the object.
            box = (corner[0] - 1, corner[1] - 1, corner[2], corner[3])
            yield SourceObject(item.findtext("name", ""), box, None)
    except (ElementTree.ParseError, ValueError) as error:
        raise DataSetError(f"{path}: not a VOC annotation ({error})") from error


def _splits(src: Path) -> dict[str, Split]:
    out: dict[str, Split] = {}
    pairs: tuple[tuple[Split, str], ...] = (("train", "train"), ("val", "val"), ("val", "test"))
    for split, name in pairs:
        for kind in ("Segmentation", "Main"):
            file = src / "ImageSets" / kind / f"{name}.txt"
            if file.is_file():
                stems = (line.split()[0] for line in file.read_text("utf-8").splitlines() if line.strip())
                out.update({s: split for s in stems if s not in out})
    return out


def _overlap(a: SourceObject, b: SourceObject) -> float:
    if a.box_px is None or b.box_px is None:
        return 0.0
    ax1, ay1, ax2, ay2 = a.box_px
    bx1, by1, bx2, by2 = b.box_px
    shared = max(0.0, min(ax2, bx2) - max(ax1, bx1)) * max(0.0, min(ay2, by2) - max(ay1, by1))
    total = (ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - shared
    return shared / total if total > 0 else 0.0
