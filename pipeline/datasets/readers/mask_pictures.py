"""Import mask pictures: binary masks, or label maps whose pixel values are classes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import DataSetError
from pipeline.core.images import size_px
from pipeline.core.masks import crop
from pipeline.core.text import yaml_text
from pipeline.datasets import polygons
from pipeline.datasets.canonical import IMAGE_SUFFIXES, VOID, read_label_map
from pipeline.datasets.readers.source import (
    SourceObject,
    SourcePicture,
    components,
    need_subfolder,
    pictures_in,
    split_named,
)

MIN_AREA_PX = 12
"""Smaller specks of a mask are taken for errors of drawing."""
_MOST = 0.6
"""No picture of a match shows more people than this; a mask in which black is the object does."""


def read_binary(src: Path) -> Iterator[SourcePicture]:
    """Read ``images/NAME.jpg`` with masks, not black where the object is.

    ``masks/NAME/player_03.png`` is one object each, its class before the number; ``masks/NAME.png`` is
    one mask whose connected parts are each a player.
    """
    images = need_subfolder(src, "pictures", "images")
    folder = need_subfolder(src, "masks", "masks", "labels")
    for path in pictures_in(images):
        relative = path.relative_to(images)
        single = folder / relative.with_suffix("")
        if single.is_dir():
            objects = tuple(_one_each(single))
        else:
            file = next(
                (f for s in IMAGE_SUFFIXES if (f := folder / relative.with_suffix(s)).is_file()), None
            )
            objects = tuple(_connected(file, size_px(path))) if file else ()
        yield SourcePicture(path, _flat(relative), objects, split_named(str(relative.parent)))


def read_label_maps(src: Path) -> Iterator[SourcePicture]:
    """Read ``images`` and ``labels`` (or ``masks``), PNGs of the same names with classes as values.

    ``classes.json`` (or ``.yaml``) maps value to name. Connected parts of a class become objects too: people
    who touch come out as one, which `teamshape data check` lists as unusually wide.
    """
    images = need_subfolder(src, "pictures", "images")
    maps = need_subfolder(src, "label maps", "labels", "masks", "semantic")
    names = _names(src)
    for path in pictures_in(images):
        relative = path.relative_to(images)
        values = read_label_map(maps / relative.with_suffix(".png"))
        unknown = sorted(set(np.unique(values).tolist()) - names.keys() - {VOID})
        if unknown:
            raise DataSetError(f"{maps / relative.with_suffix('.png')}: values {unknown} have no name")
        objects = tuple(
            SourceObject(name, polygons.box_of(mask), mask)
            for value, name in names.items()
            for mask in components(values == value, MIN_AREA_PX)
        )
        yield SourcePicture(path, _flat(relative), objects, split_named(str(relative.parent)), values, names)


def _flat(relative: Path) -> str:
    """One name for a picture in a subfolder; a folder that names a split adds nothing."""
    parts = [p for p in relative.parts[:-1] if split_named(p) is None]
    return "_".join([*parts, relative.name])


def _one_each(folder: Path) -> Iterator[SourceObject]:
    for file in pictures_in(folder):
        mask = crop(_marked(file))
        name = re.sub(r"[-_ ]*\d*$", "", file.stem) or "player"
        yield SourceObject(name, polygons.box_of(mask) if mask.height else None, mask)


def _connected(file: Path, labelled_hw: tuple[int, int] | None) -> Iterator[SourceObject]:
    marked = _marked(file)
    if labelled_hw is not None and marked.shape != labelled_hw:
        raise DataSetError(
            f"{file}: {marked.shape[1]} x {marked.shape[0]} px, but its picture is {labelled_hw[1]} x "
            f"{labelled_hw[0]}; a mask has the size of its picture"
        )
    if marked.mean() > _MOST:
        raise DataSetError(
            f"{file}: {marked.mean():.0%} of it is not black, but only people are to be so; is it inverted?"
        )
    found = list(components(marked, MIN_AREA_PX))
    if not found and marked.any():
        raise DataSetError(f"{file}: marks no part of {MIN_AREA_PX} px or more; is it a mask?")
    for mask in found:
        yield SourceObject("player", polygons.box_of(mask), mask)


def _marked(file: Path) -> NDArray[np.bool_]:
    """What is not black, ``(H, W)``, whatever its value; halfway in pictures that were compressed.

    Raises
    ------
    DataSetError
        If it is no mask of one thing, or drawn in the transparency.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(file) as picture:
            bands, extremes = picture.getbands(), picture.getextrema()
            if "A" in bands and extremes[-1] != (255, 255):
                raise DataSetError(f"{file}: has transparency, which marks nothing here; save it without")
            values = np.array(picture.convert("RGB") if len(bands) > 1 else picture)
    except (UnidentifiedImageError, OSError, ImportError) as error:
        raise DataSetError(f"{file}: not a mask that can be decoded ({error})") from error
    values = values if values.ndim == 2 else values.max(axis=2)
    if file.suffix.lower() in (".jpg", ".jpeg", ".webp"):
        return np.asarray(values > 127)
    if len(np.unique(values)) > 2:
        raise DataSetError(f"{file}: has more than two values; import it as a labelmap")
    return np.asarray(values > 0)


def _names(src: Path) -> dict[int, str]:
    for name in ("classes.json", "classes.yaml", "classes.yml"):
        file = src / name
        if not file.is_file():
            continue
        try:
            content = yaml_text.read(file)  # JSON is YAML too
        except yaml_text.BadYamlError as error:
            raise DataSetError(f"{file}: cannot be read ({error})") from error
        if isinstance(content, list):
            content = dict(enumerate(content))
        if isinstance(content, dict) and all(str(k).isdigit() for k in content):
            return {int(k): str(v) for k, v in content.items()}
        raise DataSetError(f"{file}: expected names by pixel value, such as {{0: background, 1: player}}")
    raise DataSetError(f"{src}: classes.json is missing (names by pixel value)")
