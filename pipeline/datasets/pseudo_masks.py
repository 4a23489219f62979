"""Masks for objects of which only the box is known, from networks that look at each one enlarged.

A mask is trusted when its own box agrees with the labelled one and when several looks (other networks, the
mirrored picture) agree on its pixels. Otherwise colours alone decide, and the mask is marked doubtful.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core import masks
from pipeline.core.boxes import box_iou
from pipeline.core.masks import crop
from pipeline.core.types import BALL, CropMask, Instances, ProgressCallback
from pipeline.datasets import canonical, polygons
from pipeline.datasets.canonical import DataSet, Label

Row = tuple[str, str, int, float, bool]
Teacher = Callable[[Sequence[NDArray[np.uint8]]], Iterable[Instances]]
"""A network: pictures ``(VIEW_PX, VIEW_PX, 3)`` BGR in, what it finds in each out. See `teacher`."""

VIEW_PX = 256
"""Side of the enlarged view of one object."""
CONTEXT = 1.9
"""How much of the surroundings the view shows: its side over the box's longer side."""


@dataclass(frozen=True, slots=True)
class PseudoRule:
    """When a mask is trusted.

    ``min_box_iou``: overlap of its own box with the labelled box; ``min_score``: that times the agreement
    between looks; ``margin_px``: how far it may reach beyond the labelled box.
    """

    min_box_iou: float = 0.75
    min_score: float = 0.6
    margin_px: float = 3.0


@dataclass(frozen=True, slots=True)
class PseudoMask:
    """A mask that no person drew, with its trust from 0 to 1 (see `judge`)."""

    mask: CropMask
    score: float
    doubtful: bool


@dataclass(frozen=True, slots=True)
class PseudoReport:
    """What came of it. ``doubtful`` lists ``(split, file, label's position, score)``, least trusted first."""

    n_boxes: int
    n_trusted: int
    doubtful: tuple[tuple[str, str, int, float], ...]


@dataclass(frozen=True, slots=True)
class View:
    """An enlarged look at a box: its picture and where it lies (``view_from_image``, shape ``(2, 3)``).

    ``box`` is the labelled box in the view's px, ``image_wh`` the size of the whole image.
    """

    picture: NDArray[np.uint8]
    view_from_image: NDArray[np.float64]
    box: tuple[float, float, float, float]
    image_wh: tuple[int, int]


def pseudo_masks(
    dataset: DataSet,
    teachers: Sequence[Teacher],
    *,
    rule: PseudoRule | None = None,
    flip: bool = True,
    progress: ProgressCallback | None = None,
) -> PseudoReport:
    """Give a mask to each box that has none, and write the data set again.

    Leaves ``pseudo.csv`` beside the annotations: one line a mask, with its score.

    Parameters
    ----------
    teachers
        The networks to ask; the more, the better their agreement tells right from wrong.
    flip
        Ask each also about the mirrored view: twice the time.
    progress
        Called with pictures done and pictures in all.
    """
    rule = rule or PseudoRule()
    samples: list[canonical.Sample] = []
    rows: list[Row] = []
    for i, sample in enumerate(dataset.samples):
        todo = [k for k, label in enumerate(sample.labels) if label.mask is None and not label.crowd]
        labels = list(sample.labels)
        if todo:
            image = dataset.image(sample)
            found = masks_for(image, [labels[k] for k in todo], teachers, rule=rule, flip=flip)
            for k, result in zip(todo, found, strict=True):
                labels[k] = _with_mask(labels[k], result)
                rows.append((sample.split, sample.file, k, round(result.score, 4), result.doubtful))
        samples.append(replace(sample, labels=tuple(labels)))
        if progress is not None:
            progress(i + 1, len(dataset.samples))
    canonical.save(replace(dataset, samples=tuple(samples)))
    _write_list(dataset.root / "pseudo.csv", rows)
    doubtful = [r[:4] for r in sorted(rows, key=_score_of) if r[4]]
    return PseudoReport(len(rows), len(rows) - len(doubtful), tuple(doubtful))


def masks_for(
    image: NDArray[np.uint8],
    labels: Sequence[Label],
    teachers: Sequence[Teacher],
    *,
    rule: PseudoRule,
    flip: bool = True,
) -> Iterator[PseudoMask]:
    """Find a mask for each labelled box of one picture, in order."""
    height, width = image.shape[:2]
    people = [k for k, label in enumerate(labels) if label.class_id != BALL]
    views = {k: view_of(image, labels[k].box_px) for k in people}
    looks: dict[int, list[list[NDArray[np.bool_]]]] = {k: [] for k in people}
    for teacher in teachers:
        for mirrored in (False, True) if flip else (False,):
            pictures = [_mirror(views[k].picture) if mirrored else views[k].picture for k in people]
            for k, found in zip(people, teacher(pictures) if pictures else (), strict=True):
                looks[k].append([m[:, ::-1] if mirrored else m for m in _dense(found)])
    for k, label in enumerate(labels):
        if label.class_id == BALL:
            yield PseudoMask(polygons.ellipse(label.box_px, height, width), 0.9, False)
            continue
        yield judge(views[k], looks[k], rule) or by_colour(image, label.box_px)


def view_of(image: NDArray[np.uint8], box_px: tuple[float, float, float, float]) -> View:
    """Cut out a box with its surroundings and bring it to `VIEW_PX`."""
    x1, y1, x2, y2 = box_px
    scale = VIEW_PX / max(24.0, CONTEXT * max(x2 - x1, y2 - y1))
    shift = VIEW_PX / 2 - scale * np.array([(x1 + x2) / 2, (y1 + y2) / 2])
    view_from_image = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    # warpAffine maps centres of pixels; the matrix here maps edges.
    centres = view_from_image.copy()
    centres[:, 2] += (scale - 1) / 2
    picture = cv2.warpAffine(image, centres, (VIEW_PX, VIEW_PX), flags=how, borderMode=cv2.BORDER_REPLICATE)
    corners = np.array([[x1, y1], [x2, y2]]) * scale + shift
    box = (float(corners[0, 0]), float(corners[0, 1]), float(corners[1, 0]), float(corners[1, 1]))
    return View(np.asarray(picture, np.uint8), view_from_image, box, (image.shape[1], image.shape[0]))


def judge(view: View, looks: Sequence[Sequence[NDArray[np.bool_]]], rule: PseudoRule) -> PseudoMask | None:
    """Vote over the looks' best masks; None where they do not agree well enough with the box and each other.

    Each look offers its mask whose box fits best. Pixels in at least half of the offers make the mask. Its
    score is the overlap of the mask's box with the labelled one times the mean overlap (IoU) of the offers
    with the mask; a look that offers nothing counts as 0 in that mean.
    """
    offers = []
    for masks_seen in looks:
        fits = [(_fit(m, view), m) for m in masks_seen if m.any()]
        good = [m for fit, m in fits if fit >= rule.min_box_iou and fit == max(f for f, _ in fits)]
        offers.extend(good[:1])
    if not offers:
        return None
    voted = np.mean(offers, axis=0) >= 0.5
    agreement = sum((voted & m).sum() / (voted | m).sum() for m in offers) / len(looks)
    fit = _fit(voted, view) if voted.any() else 0.0
    score = float(fit * agreement)
    if fit < rule.min_box_iou or score < rule.min_score:
        return None
    mask = _to_image(voted, view, rule.margin_px)
    return PseudoMask(mask, score, False) if masks.area(mask) else None


def by_colour(image: NDArray[np.uint8], box_px: tuple[float, float, float, float]) -> PseudoMask:
    """Tell object from surroundings by colour (GrabCut), or take an ellipse: always doubtful.

    Score .4 when the colours give a plausible shape (a quarter to nine tenths of the box), else .2.
    """
    height, width = image.shape[:2]
    ellipse = polygons.ellipse(box_px, height, width)
    x1, y1, x2, y2 = (round(v) for v in box_px)
    margin = max(6, (y2 - y1) // 4)
    left, top = max(0, x1 - margin), max(0, y1 - margin)
    part = image[top : y2 + margin, left : x2 + margin]
    rect = (max(1, x1 - left), max(1, y1 - top), max(1, x2 - x1), max(1, y2 - y1))
    if rect[2] < 4 or rect[3] < 6 or rect[2] * rect[3] >= 0.9 * part.shape[0] * part.shape[1]:
        return PseudoMask(ellipse, 0.2, True)
    state = np.zeros(part.shape[:2], np.uint8)
    cv2.setRNGSeed(0)
    try:
        cv2.grabCut(part, state, rect, np.zeros((1, 65)), np.zeros((1, 65)), 3, cv2.GC_INIT_WITH_RECT)
    except cv2.error:  # too few colours for its mixture
        return PseudoMask(ellipse, 0.2, True)
    inside = np.isin(state, (cv2.GC_FGD, cv2.GC_PR_FGD))
    share = inside.sum() / (rect[2] * rect[3])
    if not 0.25 <= share <= 0.9:
        return PseudoMask(ellipse, 0.2, True)
    return PseudoMask(crop(inside, top, left), 0.4, True)


def _fit(mask: NDArray[np.bool_], view: View) -> float:
    """Overlap (IoU) of the mask's own box with the labelled one."""
    return float(box_iou(_tight(mask), view.box)[0, 0])


def _with_mask(label: Label, result: PseudoMask) -> Label:
    source: canonical.MaskSource = "doubtful" if result.doubtful else "teacher"
    if not masks.area(result.mask):
        return label
    return replace(label, mask=result.mask, mask_source=source, mask_score=result.score)


def _to_image(voted: NDArray[np.bool_], view: View, margin_px: float) -> CropMask:
    """Bring a mask of the view back to the image's pixels, not further than ``margin_px`` beyond the box."""
    scale, shift = view.view_from_image[0, 0], view.view_from_image[:, 2]
    box = (np.array(view.box).reshape(2, 2) - shift) / scale
    left, top = np.floor(np.maximum(box[0] - margin_px, 0)).astype(int)
    right, bottom = np.ceil(np.minimum(box[1] + margin_px, view.image_wh)).astype(int)
    size = (max(1, int(right - left)), max(1, int(bottom - top)))
    to_part = np.array([[scale, 0, shift[0] + scale * left], [0, scale, shift[1] + scale * top]])
    to_part[:, 2] += (scale - 1) / 2
    smooth = cv2.blur(voted.astype(np.float32), (max(1, round(scale)),) * 2)
    part = cv2.warpAffine(smooth, to_part, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    return crop(part > 0.5, int(top), int(left))


def _dense(found: Instances) -> list[NDArray[np.bool_]]:
    out = []
    for mask, class_id in zip(found.masks, found.class_id, strict=True):
        if class_id != BALL:
            canvas = np.zeros((VIEW_PX, VIEW_PX), np.uint8)
            masks.paste(canvas, mask, 1)
            out.append(canvas.astype(bool))
    return out


def _tight(mask: NDArray[np.bool_]) -> tuple[float, float, float, float]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)


def _mirror(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(picture[:, ::-1])


def _write_list(path: Path, rows: Sequence[Row]) -> None:
    with path.open("w", newline="", encoding="utf-8") as handle:
        out = csv.writer(handle)
        out.writerow(("split", "file", "label", "score", "doubtful"))
        for row in sorted(rows, key=_score_of):
            out.writerow(row)


def _score_of(row: Row) -> float:
    return row[3]
