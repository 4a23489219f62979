"""Cut training crops out of frames: small objects at native scale for a fraction of the frame's cost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core import images, masks
from pipeline.core.errors import DataSetError
from pipeline.core.files import whole_folder
from pipeline.core.masks import crop
from pipeline.core.types import BALL, PLAYER, CropMask
from pipeline.datasets import canonical
from pipeline.datasets.canonical import DataSet, Label, Sample
from pipeline.training.segmentation.ball_pasting import ball_cutouts, paste_balls

_MIN_SIDE_PX = 3.0


@dataclass(frozen=True, slots=True)
class CropSettings:
    """What to cut: ``per_frame`` crops of ``size_px`` at each of ``scales`` (1 is native).

    A crop is laid around a label drawn by lot; balls are drawn ``ball_weight`` times, goalkeepers and
    referees ``rare_weight`` times as often as players. Up to ``paste_balls`` balls of other frames are laid
    into each.
    A label stays when at least ``min_visible`` of its box is in the crop.
    """

    size_px: int = 512
    scales: tuple[float, ...] = (1.0, 2 / 3)
    per_frame: int = 2
    ball_weight: float = 8.0
    rare_weight: float = 1.0
    paste_balls: int = 0
    min_visible: float = 0.25
    seed: int = 0


def make_crops(datasets: Sequence[DataSet], out: Path, settings: CropSettings | None = None) -> DataSet:
    """Cut crops of the train splits into one new data set; val frames are linked in whole.

    Raises
    ------
    DataSetError
        If ``out`` has other content, or nothing could be cut.
    """
    canonical.check_vacant(out)
    with whole_folder(out, "data.yaml", replace=False) as part:
        made = _make_crops(datasets, part, settings or CropSettings())
    return replace(made, root=out)


def _make_crops(datasets: Sequence[DataSet], out: Path, settings: CropSettings) -> DataSet:
    rng = np.random.default_rng(settings.seed)
    cutouts = ball_cutouts(datasets) if settings.paste_balls else ()
    samples: list[Sample] = []
    for number, dataset in enumerate(datasets):
        for sample in dataset.split("train"):
            image = dataset.image(sample)
            for n, (picture, labels) in enumerate(crops_of(image, sample.labels, settings, rng)):
                if cutouts:
                    n_balls = int(rng.integers(settings.paste_balls + 1))
                    picture, labels = paste_balls(picture, labels, cutouts, n_balls, rng)
                name = f"{number}_{sample.stem.replace('/', '_')}_crop{n}.jpg"
                images.write_jpeg(out / "images" / "train" / name, picture)
                side = settings.size_px
                samples.append(Sample(name, side, side, "train", sample.group, labels))
        samples.extend(_link(dataset, sample, number, out) for sample in dataset.split("val"))
    if not any(sample.split == "train" for sample in samples):
        roots = ", ".join(str(d.root) for d in datasets)
        raise DataSetError(f"{roots}: no training pictures to cut crops from")
    made = DataSet(out, datasets[0].class_names, (), tuple(samples))
    canonical.save(made)
    return made


def _link(dataset: DataSet, sample: Sample, number: int, out: Path) -> Sample:
    """Bring a validation frame in whole, without copying it where the file system allows."""
    path = Path(sample.file)
    file = str(path.with_name(f"{number}_{path.name}"))
    target = out / "images" / "val" / file
    target.parent.mkdir(parents=True, exist_ok=True)
    source = dataset.image_path(sample).resolve()
    try:
        target.hardlink_to(source)
    except OSError:  # another file system
        shutil.copyfile(source, target)
    return replace(sample, file=file, has_label_map=False, has_team_map=False)


def crops_of(
    image: NDArray[np.uint8], labels: Sequence[Label], settings: CropSettings, rng: np.random.Generator
) -> Iterator[tuple[NDArray[np.uint8], tuple[Label, ...]]]:
    """Cut the crops of one frame, each with its labels in the crop's px."""
    for corner, scale in places(labels, image.shape[1::-1], settings, rng):
        picture = cut(image, corner, scale, settings.size_px)
        moved = (cut_label(x, corner, scale, settings) for x in labels)
        yield picture, tuple(x for x in moved if x is not None)


def places(
    labels: Sequence[Label], size_px: Sequence[int], settings: CropSettings, rng: np.random.Generator
) -> Iterator[tuple[NDArray[np.float64], float]]:
    """Draw where to cut a frame of ``size_px`` (width, height): top left corners, px, and scales."""
    weights = {PLAYER: 1.0, BALL: settings.ball_weight}
    weight = np.array([weights.get(x.class_id, settings.rare_weight) for x in labels])
    for scale in settings.scales:
        for _ in range(settings.per_frame):
            side = settings.size_px / scale
            if len(labels):
                x1, y1, x2, y2 = labels[int(rng.choice(len(labels), p=weight / weight.sum()))].box_px
                centre = np.array([(x1 + x2) / 2, (y1 + y2) / 2]) + rng.uniform(-0.4, 0.4, 2) * side
            else:
                centre = rng.uniform(0, 1, 2) * size_px
            yield _inside(centre - side / 2, side, size_px), scale


def cut(
    image: NDArray[np.uint8], corner: NDArray[np.float64], scale: float, size_px: int
) -> NDArray[np.uint8]:
    """Cut a square whose top left corner is at ``corner`` (px of the image), enlarged by ``scale``."""
    reach = int(np.ceil(size_px / scale)) + 2
    left, top = (int(v) for v in np.floor(corner))
    padded = image[max(0, top) : top + reach, max(0, left) : left + reach]
    if scale < 1:
        # Average over what falls together, or thin lines and far players flicker.
        padded = cv2.GaussianBlur(padded, (0, 0), 0.35 / scale)
    matrix = _matrix(corner - [max(0, left), max(0, top)], scale)
    how = cv2.INTER_LINEAR if scale <= 1 else cv2.INTER_CUBIC
    warped = cv2.warpAffine(padded, matrix, (size_px, size_px), flags=how, borderValue=(114, 114, 114))
    return np.asarray(warped, np.uint8)


def cut_map(
    values: NDArray[np.uint8], corner: NDArray[np.float64], scale: float, size_px: int
) -> NDArray[np.uint8]:
    """Cut a label map as `cut` does a picture, its classes unmixed; beyond the frame is void."""
    warped = cv2.warpAffine(
        values,
        _matrix(corner, scale),
        (size_px, size_px),
        flags=cv2.INTER_NEAREST,
        borderValue=canonical.VOID,
    )
    return np.asarray(warped, np.uint8)


def cut_label(
    label: Label, corner: NDArray[np.float64], scale: float, settings: CropSettings
) -> Label | None:
    """Move a label into a crop's px; None when too little of it is there."""
    box = (np.array(label.box_px).reshape(2, 2) - corner) * scale
    shown = box.clip(0, settings.size_px)
    size, shown_size = box[1] - box[0], shown[1] - shown[0]
    if shown_size.min() < _MIN_SIDE_PX or shown_size.prod() < settings.min_visible * size.prod():
        return None
    mask, source = label.mask, label.mask_source
    if mask is not None:
        mask = _cut_mask(mask, corner, scale, shown)
        if not masks.area(mask):
            mask, source = None, "none"
    (x1, y1), (x2, y2) = shown.tolist()
    return replace(label, box_px=(x1, y1, x2, y2), mask=mask, mask_source=source)


def _cut_mask(
    mask: CropMask, corner: NDArray[np.float64], scale: float, shown: NDArray[np.float64]
) -> CropMask:
    left, top = (int(v) for v in np.maximum(np.floor(shown[0]) - 2, 0))
    right, bottom = (int(v) for v in np.ceil(shown[1]) + 2)
    dense = masks.decode(mask).astype(np.float32)
    if scale < 1:
        dense = cv2.GaussianBlur(np.pad(dense, 2), (0, 0), 0.35 / scale)
    origin = np.array([mask.left, mask.top]) - (2 if scale < 1 else 0)
    matrix = _matrix(corner - origin, scale)
    matrix[:, 2] -= [left, top]
    part = cv2.warpAffine(dense, matrix, (right - left, bottom - top), flags=cv2.INTER_LINEAR)
    inside = part > 0.5
    limit = (np.array([right, bottom]) - np.ceil(shown[1])).astype(int)  # nothing beyond the crop's edge
    inside = inside[: inside.shape[0] - int(limit[1]), : inside.shape[1] - int(limit[0])]
    return crop(np.asarray(inside), top, left)


def _matrix(corner: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    """crop_from_image for warpAffine, which maps centres of pixels, not their edges."""
    shift = -scale * np.asarray(corner, np.float64) + (scale - 1) / 2
    return np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])


def _inside(corner: NDArray[np.float64], side: float, size: Sequence[int]) -> NDArray[np.float64]:
    room = np.array(size, np.float64) - side
    return np.asarray(np.where(room > 0, corner.clip(0, room.clip(0)), room / 2))
