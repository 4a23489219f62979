"""Pictures whose pitch landmarks people have marked: a YOLO-pose data set with the 32 keypoints."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core import images
from pipeline.core.errors import DataSetError
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_N_KEYPOINTS = 32
_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp")
_VIEWS_FILE = "views.json"
"""Exact views of rendered pictures, beside ``images`` and ``labels``."""
_ADDED = re.compile(r"(_(png|jpe?g))*(\.rf\.[0-9a-f]+)?$", re.IGNORECASE)
"""What annotation sites append to a picture's name."""


@dataclass(frozen=True, slots=True)
class ExactView:
    """The view of a rendered picture: ``shares_from_pitch`` ``(3, 3)``, oriented, and the pitch it shows."""

    shares_from_pitch: Array
    pitch: Pitch


@dataclass(frozen=True, slots=True)
class LabelledPicture:
    """A picture on disk and its labels, as shares of its width and height.

    ``keypoints`` ``(32, 2)``, order of `Pitch.keypoints_m`, NaN where not marked; ``feet`` ``(P, 2)``: bottom
    middle of the boxes of people, empty where nobody is marked. ``view`` is None unless the picture is
    rendered.
    """

    path: Path
    keypoints: Array
    feet: Array
    view: ExactView | None = None

    @property
    def n_keypoints(self) -> int:
        """How many landmarks are marked."""
        return int(np.isfinite(self.keypoints[:, 0]).sum())

    def image(self) -> NDArray[np.uint8]:
        """Read the picture, BGR; a square one is widened to 16 : 9, from which such sets were squeezed.

        Raises
        ------
        DataSetError
            If it cannot be read.
        """
        image = images.read(self.path)
        if image is None:
            raise DataSetError(f"{self.path}: cannot read the picture; replace it or remove its label")
        if image.shape[0] == image.shape[1]:
            image = cv2.resize(image, (1280, 720), interpolation=cv2.INTER_CUBIC)
        return np.asarray(image, np.uint8)


def magnified(image: NDArray[np.uint8], points_px: Array, zoom: float) -> tuple[NDArray[np.uint8], Array]:
    """Cut the middle out of a picture, 1 / ``zoom`` of its width and height, and enlarge it to the same size.

    Returns
    -------
    The picture, and where ``points_px`` ``(N, 2)`` are in it; some may lie outside.
    """
    height, width = image.shape[:2]
    matrix = np.array([[zoom, 0, (1 - zoom) * (width - 1) / 2], [0, zoom, (1 - zoom) * (height - 1) / 2]])
    larger = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_CUBIC)
    return np.asarray(larger, np.uint8), np.asarray(points_px @ matrix[:, :2].T + matrix[:, 2])


def read_labelled(folder: Path, split: str, boxes: Path | None = None) -> list[LabelledPicture]:
    """Read all label files of a split, in ``folder`` itself or any data set below it.

    Parameters
    ----------
    split
        Such as ``val``: files lie in ``labels/val`` (pictures in ``images/val``) or ``val/labels``
        (``val/images``).
    boxes
        COCO JSON with boxes of people in the same pictures, matched by name; those of a category ``ball``
        are left out.

    Raises
    ------
    DataSetError
        If there is no such split, a label is broken, or a picture is missing.
    """
    found = _split_folders(folder, split)
    if not found:
        names = sorted({p.name for place in _label_folders(folder) for p in place.iterdir() if p.is_dir()})
        raise DataSetError(
            f"{folder}: no labels of split {split}; expected labels/{split}/*.txt"
            + (f" (there are {', '.join(names)})" if names else "")
        )
    feet = {} if boxes is None else _feet(boxes)
    views = {place: _views(place) for place in found}
    return [_read(path, feet, views[place]) for place in found for path in sorted(place.glob("*.txt"))]


def has_split(folder: Path, split: str) -> bool:
    """Say whether `read_labelled` would find pictures of this split."""
    return bool(_split_folders(folder, split))


def _label_folders(folder: Path) -> list[Path]:
    return [p for p in sorted(folder.rglob("labels")) if p.is_dir()]


def _split_folders(folder: Path, split: str) -> list[Path]:
    return [p for place in _label_folders(folder) for p in (place / split, place) if _is_split(p, split)]


def _is_split(folder: Path, split: str) -> bool:
    named = split in (folder.name, folder.parent.name)
    return named and folder.is_dir() and any(folder.glob("*.txt"))


def _read(path: Path, feet: Mapping[str, Array], views: Mapping[str, ExactView]) -> LabelledPicture:
    rows = path.read_text(encoding="utf-8").split("\n")
    try:
        numbers = np.array(rows[0].split(), dtype=np.float64)
    except ValueError as error:
        raise DataSetError(f"{path}: {error}; expected numbers") from error
    if len(numbers) not in (5 + 3 * _N_KEYPOINTS, 5 + 2 * _N_KEYPOINTS):
        raise DataSetError(
            f"{path}: {len(numbers)} numbers; expected a YOLO pose label of {_N_KEYPOINTS} keypoints: "
            f"{5 + 3 * _N_KEYPOINTS} (x, y, visible) or {5 + 2 * _N_KEYPOINTS} (x, y)"
        )
    points = numbers[5:].reshape(_N_KEYPOINTS, -1)
    marked = points[:, 2:] > 0 if points.shape[1] == 3 else (points > 0).any(axis=1, keepdims=True)
    keypoints = np.where(marked, points[:, :2], np.nan)
    stood = feet.get(_bare(path.stem), np.zeros((0, 2)))
    return LabelledPicture(_picture(path), keypoints, stood, views.get(path.stem))


def _views(place: Path) -> dict[str, ExactView]:
    """Exact views of the pictures of one label folder by name; empty for pictures that were not rendered."""
    folder = place.parent if place.name == "labels" else place.parent.parent
    path = folder / _VIEWS_FILE
    if not path.is_file():
        return {}
    try:
        rows: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return {name: _exact_view(row) for name, row in rows.items()}
    except (ValueError, KeyError, TypeError, AttributeError, np.linalg.LinAlgError) as error:
        raise DataSetError(f"{path}: not views of pictures ({type(error).__name__}: {error})") from error


def _exact_view(row: Mapping[str, Any]) -> ExactView:
    shares_from_image = np.diag([1 / row["width_px"], 1 / row["height_px"], 1.0])
    image_from_pitch = np.linalg.inv(np.array(row["pitch_from_image"], dtype=np.float64).reshape(3, 3))
    return ExactView(shares_from_image @ image_from_pitch, Pitch(row["length_m"], row["width_m"]))


def _picture(label: Path) -> Path:
    parts = list(label.parts)
    at = len(parts) - 1 - parts[::-1].index("labels")
    parts[at] = "images"
    for suffix in (*_SUFFIXES, *(s.upper() for s in _SUFFIXES)):
        path = Path(*parts).with_name(label.stem + suffix)
        if path.exists():
            return path
    raise DataSetError(f"{label}: no picture {label.stem} in {Path(*parts).parent}")


def _bare(stem: str) -> str:
    return _ADDED.sub("", stem)


def _feet(path: Path) -> dict[str, Array]:
    """Bottom middles of people's boxes by bare name of the picture, as shares of its size."""
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        images = {i["id"]: i for i in data["images"]}
        balls = {c["id"] for c in data["categories"] if c["name"] == "ball"}
        out: dict[str, list[tuple[float, float]]] = {}
        for item in data["annotations"]:
            if item["category_id"] not in balls:
                image, (x, y, width, height) = images[item["image_id"]], item["bbox"]
                foot = ((x + width / 2) / image["width"], (y + height) / image["height"])
                out.setdefault(_bare(Path(image["file_name"]).stem), []).append(foot)
    except OSError as error:
        raise DataSetError(f"{path}: cannot read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError) as error:
        raise DataSetError(f"{path}: not COCO JSON with boxes ({type(error).__name__}: {error})") from error
    return {name: np.array(feet) for name, feet in out.items()}
