"""Lay balls of other frames into training crops: a frame has one ball at most, too few to learn from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core import masks
from pipeline.core.masks import crop
from pipeline.core.types import BALL, CropMask
from pipeline.datasets.canonical import DataSet, Label

_MARGIN = 0.75
"""Surroundings taken along on each side of a ball, in its own width."""
_BALL_TO_PERSON = (0.09, 0.19)
"""A ball is 0.22 m wide, a person about 1.8 m high, often bent, and a ball in the air is nearer."""
_SCALE = (0.5, 1.6)
"""Beyond this a ball's sharpness would give it away."""
_LIGHT = (0.6, 1.6)
_TRIES = 8
_AT_FEET = 0.6
_MIN_PX = 6
"""Smaller balls cannot be told from noise."""


@dataclass(frozen=True, slots=True)
class Cutout:
    """A ball with its surroundings: ``pixels`` ``(h, w, 3)`` BGR and its ``mask`` ``(h, w)``, 0 to 1."""

    pixels: NDArray[np.uint8]
    mask: NDArray[np.float32]
    size_px: float


def ball_cutouts(datasets: Iterable[DataSet]) -> tuple[Cutout, ...]:
    """Cut every ball with a mask out of the train splits, in their order."""
    found: list[Cutout] = []
    for dataset in datasets:
        for sample in dataset.split("train"):
            balls = [x for x in sample.labels if x.class_id == BALL and x.mask is not None and not x.crowd]
            if balls:
                image = dataset.image(sample)
                found.extend(c for ball in balls if (c := _cutout(image, ball)) is not None)
    return tuple(found)


def paste_balls(
    image: NDArray[np.uint8],
    labels: Sequence[Label],
    cutouts: Sequence[Cutout],
    count: int,
    rng: np.random.Generator,
) -> tuple[NDArray[np.uint8], tuple[Label, ...]]:
    """Lay up to ``count`` balls beside the people of a crop, of a size that fits them and in its light.

    Returns the new picture ``(H, W, 3)`` and its labels; both as they were when there are no people or no
    cutouts, or no ball of a fitting size was found. Balls are never laid over another ball.
    """
    people = np.array([x.box_px for x in labels if x.class_id != BALL and not x.crowd]).reshape(-1, 4)
    if not len(people) or not cutouts:
        return image, tuple(labels)
    image, out = image.copy(), list(labels)
    for _ in range(count):
        for _ in range(_TRIES):
            laid = _lay(image, people, cutouts[int(rng.integers(len(cutouts)))], rng)
            if laid is not None and not any(x.class_id == BALL and _meet(x, laid.label) for x in out):
                _blend(image, laid)
                out.append(laid.label)
                break
    return image, tuple(out)


@dataclass(frozen=True, slots=True)
class _Laid:
    """A cutout at its size and place in a crop, not yet drawn."""

    pixels: NDArray[np.uint8]
    alpha: NDArray[np.float32]
    corner: tuple[int, int]
    label: Label


def _cutout(image: NDArray[np.uint8], ball: Label) -> Cutout | None:
    """One ball with surroundings; None at the picture's edge, where part of the ball may be missing."""
    x1, y1, x2, y2 = ball.box_px
    size = max(x2 - x1, y2 - y1)
    left, top = (int(v) for v in np.floor([x1 - _MARGIN * size, y1 - _MARGIN * size]))
    right, bottom = (int(v) for v in np.ceil([x2 + _MARGIN * size, y2 + _MARGIN * size]))
    if ball.mask is None or left < 0 or top < 0 or right > image.shape[1] or bottom > image.shape[0]:
        return None
    dense = np.zeros((bottom - top, right - left), np.uint8)
    moved = replace(ball.mask, top=ball.mask.top - top, left=ball.mask.left - left)
    if not masks.area(moved) or moved.top < 0 or moved.left < 0:
        return None
    masks.paste(dense, moved, 1)
    return Cutout(image[top:bottom, left:right].copy(), dense.astype(np.float32), size)


def _lay(
    image: NDArray[np.uint8], people: NDArray[np.float64], cutout: Cutout, rng: np.random.Generator
) -> _Laid | None:
    """Choose size and place of a ball near one of the people; None when it does not fit."""
    x1, y1, x2, y2 = people[int(rng.integers(len(people)))]
    height = y2 - y1
    scale = height * rng.uniform(*_BALL_TO_PERSON) / cutout.size_px
    if not _SCALE[0] <= scale <= _SCALE[1]:
        return None
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    pixels = cv2.resize(cutout.pixels, None, fx=scale, fy=scale, interpolation=how)
    mask = cv2.resize(cutout.mask, None, fx=scale, fy=scale, interpolation=how)
    if rng.uniform() < 0.5:
        pixels, mask = pixels[:, ::-1], mask[:, ::-1]
    x, y = (x1 + x2) / 2, y2
    if rng.uniform() < _AT_FEET:
        x, y = x + rng.normal(0, 0.3) * height, y + rng.uniform(-0.15, 0.05) * height
    else:
        x, y = x + rng.normal(0, 1.5) * height, y + (0.2 - rng.exponential(0.35)) * height
    left, top = int(x - mask.shape[1] / 2), int(y - mask.shape[0] / 2)
    under = image[max(top, 0) : top + mask.shape[0], max(left, 0) : left + mask.shape[1]]
    inside = mask > 0.5
    if under.shape[:2] != mask.shape or inside.sum() < _MIN_PX:
        return None
    return _Laid(
        pixels,
        cv2.GaussianBlur(mask, (0, 0), 0.4 + 0.04 * cutout.size_px * scale),
        (top, left),
        _label(crop(inside, top, left)),
    )


def _blend(image: NDArray[np.uint8], laid: _Laid) -> None:
    """Draw a ball in the light of the place where it comes to lie, in place."""
    top, left = laid.corner
    height, width = laid.alpha.shape
    under = image[top : top + height, left : left + width]
    gain = np.clip(under.mean() / max(float(laid.pixels[laid.alpha < 0.05].mean()), 1.0), *_LIGHT)
    alpha = laid.alpha[..., None]
    under[:] = np.clip(under * (1 - alpha) + laid.pixels * gain * alpha, 0, 255)


def _label(mask: CropMask) -> Label:
    left, top = float(mask.left), float(mask.top)
    return Label(BALL, (left, top, left + mask.width, top + mask.height), mask, "teacher")


def _meet(first: Label, second: Label) -> bool:
    a, b = first.box_px, second.box_px
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
