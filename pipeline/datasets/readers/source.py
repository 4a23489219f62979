"""What an importer hands over, and what all importers share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import DataSetError
from pipeline.core.masks import crop
from pipeline.core.types import CropMask
from pipeline.datasets.canonical import IMAGE_SUFFIXES, MaskSource, Split


@dataclass(frozen=True, slots=True)
class SourceObject:
    """One object under its source's class name. Of box (xyxy, px) and mask at least one is given."""

    name: str
    box_px: tuple[float, float, float, float] | None
    mask: CropMask | None
    crowd: bool = False
    mask_source: MaskSource = "labelled"
    mask_score: float | None = None


@dataclass(frozen=True, slots=True)
class SourcePicture:
    """One picture of a source.

    ``file`` is its name in the new data set; ``split`` None leaves the choice open; ``label_map`` has the
    source's own values, named by ``map_names``; ``labelled_hw`` is the size that its
    labels are made for, px.
    """

    path: Path
    file: str
    objects: tuple[SourceObject, ...]
    split: Split | None = None
    label_map: NDArray[np.uint8] | None = None
    map_names: dict[int, str] | None = None
    labelled_hw: tuple[int, int] | None = None


def pictures_in(folder: Path) -> list[Path]:
    """All pictures of a folder and its subfolders, sorted."""
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in IMAGE_SUFFIXES)


def subfolder(root: Path, *names: str) -> Path | None:
    """The first of these folders that exists, whatever its case."""
    if not root.is_dir():
        return None
    there = {p.name.lower(): p for p in sorted(root.iterdir()) if p.is_dir()}
    return next((there[n.lower()] for n in names if n.lower() in there), None)


def need_subfolder(root: Path, what: str, *names: str) -> Path:
    """As `subfolder`, but tell what is missing."""
    found = subfolder(root, *names)
    if found is None:
        raise DataSetError(f"{root}: no folder {' or '.join(names)} with the {what}")
    return found


def split_named(name: str) -> Split | None:
    """The split that a folder's or file's name means: val, valid and test are for validation."""
    plain = name.lower()
    if "train" in plain:
        return "train"
    return "val" if any(word in plain for word in ("val", "test")) else None


def components(mask: NDArray[np.bool_], min_area_px: int) -> Iterator[CropMask]:
    """Take a mask apart into its connected parts (diagonals connect) of at least this area."""
    n, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    for i in range(1, n):
        x, y, w, h, area = (int(v) for v in stats[i])
        if area >= min_area_px:
            yield crop(labels[y : y + h, x : x + w] == i, y, x)
