"""The one form in which data sets are kept: a folder that people, this package and ultralytics can read.

::

    ds/
      data.yaml                     for YOLO-seg training: class names, where the images are
      images/<split>/...            the pictures
      annotations/<split>.json      COCO: boxes, masks as run lengths, where each mask is from and its score
      labels/<split>/<stem>.txt     the same as YOLO-seg outlines
      semantic/<split>/<stem>.png   label maps, where the source has them
      semantic.yaml                 their classes
      teams/<split>/<stem>.png      label maps with the teams (values of `LABEL_NAMES`), likewise

``annotations`` is the truth; ``labels`` and the YAML files are written from it.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
import yaml
from numpy.typing import NDArray

from pipeline.core import images, masks, rle
from pipeline.core.errors import DataSetError
from pipeline.core.files import inside, whole_file
from pipeline.core.types import CropMask
from pipeline.datasets import polygons

Split = Literal["train", "val"]
SPLITS: tuple[Split, ...] = ("train", "val")
MaskSource = Literal["labelled", "teacher", "doubtful", "none"]
"""Where a mask is from: people, an agreeing teacher network, a guess that needs a look, or there is none."""

IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff")
MAX_SIDE_PX = 32_768
"""Pictures larger than this are none; sizes in files are believed up to here only."""
VOID = 255
"""Pixel value of a label map that counts for nothing."""


@dataclass(frozen=True, slots=True)
class Label:
    """One object. ``box_px`` is xyxy; ``mask`` is None when only the box is known.

    ``mask_score`` is how far to trust a mask that no person drew, 0 to 1, else None. ``crowd`` marks a region
    of many objects (COCO's iscrowd): found objects inside count neither as right nor as wrong.
    """

    class_id: int
    box_px: tuple[float, float, float, float]
    mask: CropMask | None
    mask_source: MaskSource
    mask_score: float | None = None
    crowd: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture. ``file`` is relative to ``images/<split>``; ``group`` is the match that it is from."""

    file: str
    width_px: int
    height_px: int
    split: Split
    group: str
    labels: tuple[Label, ...]
    has_label_map: bool = False
    has_team_map: bool = False

    @property
    def stem(self) -> str:
        """The file's name without its ending, as labels and label maps are called."""
        return str(Path(self.file).with_suffix(""))


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set on disk. ``semantic_names`` are the classes of its label maps; empty when it has none."""

    root: Path
    class_names: tuple[str, ...]
    semantic_names: tuple[str, ...]
    samples: tuple[Sample, ...]

    def image_path(self, sample: Sample) -> Path:
        """Where a sample's picture is."""
        return inside(self.root, f"images/{sample.split}/{sample.file}")

    def image(self, sample: Sample) -> NDArray[np.uint8]:
        """Read a sample's picture, ``(H, W, 3)`` uint8 BGR.

        Raises
        ------
        DataSetError
            If it is missing or cannot be decoded.
        """
        return read_image(self.image_path(sample))

    def label_map(self, sample: Sample) -> NDArray[np.uint8]:
        """Read a sample's label map, ``(H, W)``: indices into ``semantic_names``, `VOID` for nothing."""
        return read_label_map(inside(self.root, f"semantic/{sample.split}/{sample.stem}.png"))

    def team_map(self, sample: Sample) -> NDArray[np.uint8]:
        """Read a sample's label map with teams, ``(H, W)``: indices into `LABEL_NAMES`, or `VOID`."""
        return read_label_map(inside(self.root, f"teams/{sample.split}/{sample.stem}.png"))

    def split(self, split: Split) -> tuple[Sample, ...]:
        """The samples of one split."""
        return tuple(s for s in self.samples if s.split == split)


def read_image(path: Path) -> NDArray[np.uint8]:
    """Read a picture as BGR; a `DataSetError` says which one cannot be read."""
    image = images.decode(_bytes(path))
    if image is None:
        raise DataSetError(f"{path}: not a picture that can be decoded; remove it or export it again")
    return image


def read_label_map(path: Path) -> NDArray[np.uint8]:
    """Read a palette or grey PNG as its values, ``(H, W)``: colours of a palette are never mixed in."""
    from PIL import Image, UnidentifiedImageError

    if not path.is_file():
        raise DataSetError(f"{path}: the label map is missing")
    try:
        with Image.open(path) as picture:
            values = np.array(picture)
    except (UnidentifiedImageError, OSError, ImportError) as error:
        raise DataSetError(f"{path}: not a label map that can be decoded ({error})") from error
    if values.ndim != 2 or values.dtype not in (np.uint8, np.bool_):
        raise DataSetError(
            f"{path}: expected one 8-bit value a pixel (a palette or grey PNG), "
            f"got {values.dtype} {values.shape}"
        )
    return values.astype(np.uint8)


def write_label_map(path: Path, values: NDArray[np.uint8]) -> None:
    """Write a label map ``(H, W)`` as a grey PNG, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.write_bytes(cv2.imencode(".png", values)[1].tobytes())
    except OSError as error:
        raise DataSetError(f"{path}: cannot write ({error.strerror})") from error


def check_vacant(out: Path) -> None:
    """See that a new data set can go into ``out``; a `DataSetError` says that other things are there."""
    if out.exists() and any(out.iterdir()):
        raise DataSetError(f"{out}: not empty; give a new folder")


def load(root: Path) -> DataSet:
    """Open a data set folder.

    Raises
    ------
    DataSetError
        If it is not one, or its annotations contradict themselves.
    """
    files = [(s, root / "annotations" / f"{s}.json") for s in SPLITS]
    if not any(path.is_file() for _, path in files):
        raise DataSetError(
            f"{root}: no annotations/train.json or val.json; make it with: teamshape data import"
        )
    names: tuple[str, ...] = ()
    semantic: tuple[str, ...] = ()
    samples: list[Sample] = []
    for split, path in files:
        if not path.is_file():
            continue
        content = read_json(path)
        names = tuple(c["name"] for c in content["categories"])
        semantic = tuple(content.get("info", {}).get("semantic_names", ()))
        samples.extend(samples_of(content, split, path))
    return DataSet(root, names, semantic, tuple(samples))


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object, or tell which file is broken."""
    try:
        content = json.loads(_bytes(path))
    except (ValueError, RecursionError) as error:
        raise DataSetError(f"{path}: not valid JSON ({error})") from error
    if not isinstance(content, dict):
        raise DataSetError(f"{path}: expected a JSON object, got {type(content).__name__}")
    return content


def save(dataset: DataSet) -> None:
    """Write annotations, YOLO-seg labels and YAML files; the pictures and label maps are there already."""
    for split in SPLITS:
        samples = dataset.split(split)
        texts = [inside(dataset.root, f"labels/{split}/{s.stem}.txt") for s in samples]
        with whole_file(inside(dataset.root, f"annotations/{split}.json")) as partial:
            partial.write_text(json.dumps(to_coco(samples, dataset)), encoding="utf-8")
        for sample, text in zip(samples, texts, strict=True):
            text.parent.mkdir(parents=True, exist_ok=True)
            text.write_text("".join(yolo_lines(sample)), encoding="utf-8")
    _write_yaml(dataset)


def to_coco(samples: Iterable[Sample], dataset: DataSet) -> dict[str, Any]:
    """Put samples in COCO's form: category ids from 1, boxes xywh, masks as compressed run lengths."""
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for i, sample in enumerate(samples, 1):
        images.append(
            {"id": i, "file_name": sample.file, "width": sample.width_px, "height": sample.height_px}
            | {"group": sample.group, "label_map": sample.has_label_map, "team_map": sample.has_team_map}
        )
        for label in sample.labels:
            annotations.append({"id": len(annotations) + 1, "image_id": i} | _to_coco_label(label, sample))
    return {
        "info": {"description": "teamshape data set", "semantic_names": list(dataset.semantic_names)},
        "categories": [{"id": i, "name": n} for i, n in enumerate(dataset.class_names, 1)],
        "images": images,
        "annotations": annotations,
    }


def yolo_lines(sample: Sample) -> list[str]:
    """Put a sample's labels in YOLO-seg's form, one line each: class and outline in shares of the image.

    A box without a mask becomes the ellipse inside it: an outline is all that the format knows.
    """
    scale = np.array([sample.width_px, sample.height_px], np.float64)
    lines = []
    for label in sample.labels:
        mask = label.mask or polygons.ellipse(label.box_px, sample.height_px, sample.width_px)
        ring = polygons.one_outline(mask) / scale
        if len(ring) >= 3 and not label.crowd:
            lines.append(f"{label.class_id} " + " ".join(f"{v:.6f}" for v in ring.ravel()) + "\n")
    return lines


def fingerprint(dataset: DataSet) -> str:
    """Identify annotations and pictures by content (pictures by name and size): SHA-256, 64 hex digits."""
    digest = hashlib.sha256()
    for split in SPLITS:
        path = dataset.root / "annotations" / f"{split}.json"
        digest.update(path.read_bytes() if path.is_file() else b"-")
    for sample in sorted(dataset.samples, key=lambda s: (s.split, s.file)):
        path = dataset.image_path(sample)
        size = path.stat().st_size if path.is_file() else -1
        digest.update(f"{sample.split}/{sample.file}:{size}\n".encode())
    return digest.hexdigest()


def _to_coco_label(label: Label, sample: Sample) -> dict[str, Any]:
    x1, y1, x2, y2 = label.box_px
    out: dict[str, Any] = {
        "category_id": label.class_id + 1,
        "bbox": [round(x1, 3), round(y1, 3), round(x2 - x1, 3), round(y2 - y1, 3)],
        "area": float(masks.area(label.mask) if label.mask else (x2 - x1) * (y2 - y1)),
        "iscrowd": int(label.crowd),
        "mask_source": label.mask_source,
    }
    if label.mask is not None:
        out["segmentation"] = rle.to_coco(label.mask, sample.height_px, sample.width_px)
    if label.mask_score is not None:
        out["mask_score"] = round(label.mask_score, 4)
    return out


def samples_of(content: dict[str, Any], split: Split, path: Path) -> list[Sample]:
    """Read the samples of `to_coco` again; ``path`` is the file that holds them, in the data set's folder.

    Raises
    ------
    DataSetError
        If it is not of this form, or names pictures outside of the folder.
    """
    by_image: dict[int, list[Label]] = {}
    try:
        for i in content["images"]:
            inside(path.parent.parent, f"images/{split}/{i['file_name']}")
            if not 0 < int(i["width"]) <= MAX_SIDE_PX or not 0 < int(i["height"]) <= MAX_SIDE_PX:
                raise ValueError(f"{i['file_name']} is {i['width']} x {i['height']} px")
        for a in content["annotations"]:
            x, y, w, h = (float(v) for v in a["bbox"])
            if not all(math.isfinite(v) for v in (x, y, w, h)):
                raise ValueError(f"annotation {a.get('id')}: its box has no numbers")
            segmentation = a.get("segmentation")
            by_image.setdefault(a["image_id"], []).append(
                Label(
                    a["category_id"] - 1,
                    (x, y, x + w, y + h),
                    rle.from_coco(segmentation) if segmentation else None,
                    a["mask_source"],
                    a.get("mask_score"),
                    bool(a["iscrowd"]),
                )
            )
        return [
            Sample(
                i["file_name"],
                i["width"],
                i["height"],
                split,
                i["group"],
                tuple(by_image.get(i["id"], ())),
                bool(i.get("label_map")),
                bool(i.get("team_map")),
            )
            for i in content["images"]
        ]
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise DataSetError(f"{path}: not written by teamshape data import ({error!r})") from error


def _write_yaml(dataset: DataSet) -> None:
    train = "images/train" if dataset.split("train") else "images/val"
    val = "images/val" if dataset.split("val") else "images/train"
    paths: dict[str, Any] = {"train": train, "val": val}  # relative to the YAML file: the folder may be moved
    content = paths | {"names": dict(enumerate(dataset.class_names))}
    (dataset.root / "data.yaml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    if dataset.semantic_names:
        content = paths | {"masks_dir": "semantic", "names": dict(enumerate(dataset.semantic_names))}
        (dataset.root / "semantic.yaml").write_text(
            yaml.safe_dump(content, sort_keys=False), encoding="utf-8"
        )


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataSetError(f"{path}: cannot read ({error.strerror})") from error
