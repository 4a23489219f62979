"""Measure a segmentation network on labelled pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.core.config import SegmentSettings
from pipeline.core.errors import DataSetError
from pipeline.core.json_files import write_json
from pipeline.core.types import BALL, CLASS_NAMES, ProgressCallback
from pipeline.datasets.canonical import DataSet, Sample, Split
from pipeline.datasets.canonical import fingerprint as data_fingerprint
from pipeline.evaluation import label_map_iou
from pipeline.evaluation.average_precision import average_precisions
from pipeline.evaluation.matching import (
    EvaluatedPicture,
    Quality,
    calibration,
    confident,
    mask_overlaps,
    panoptic_quality,
    qualities,
    role_confusion,
)
from pipeline.evaluation.region_iou import region_ious
from pipeline.evaluation.segmentation_report import PEOPLE, EvalReport, EvalSettings
from pipeline.evaluation.team_maps import Namer, team_score
from pipeline.networks import segmenter
from pipeline.networks.weights import fingerprint as weights_fingerprint

_LOWEST_SCORE = 0.02


def evaluate(
    weights: str,
    dataset: DataSet,
    *,
    split: Split = "val",
    settings: EvalSettings | None = None,
    namer: Namer | None = None,
    page: Path | None = None,
    progress: ProgressCallback | None = None,
) -> EvalReport:
    """Run a network over one split and compare with the labels.

    Parameters
    ----------
    weights
        As `pipeline.networks.weights.resolve` takes it.
    namer
        Tells teams and roles apart; without it team-level label maps are not compared.
    page
        Where to write an HTML page with the worst cases; its numbers go beside it as JSON.
    progress
        Called with pictures done and pictures in all.

    Raises
    ------
    DataSetError
        If the split is empty or a picture unreadable.
    WeightsError
        If the network cannot be loaded.
    """
    settings = settings or EvalSettings()
    samples = dataset.split(split)
    if not samples:
        raise DataSetError(f"{dataset.root}: no pictures in {split}")
    pictures = list(predict(weights, dataset, samples, settings, progress))
    report = compare(weights, dataset, samples, pictures, settings, namer)
    if page is not None:
        from pipeline.evaluation.segmentation_page import write_page

        write_page(page, report, dataset, samples, [_sure(p, settings) for p in pictures])
        write_json(page.with_suffix(".json"), report.as_json())
    return report


def predict(
    weights: str,
    dataset: DataSet,
    samples: Sequence[Sample],
    settings: EvalSettings,
    progress: ProgressCallback | None = None,
) -> Iterator[EvaluatedPicture]:
    """Run a network over pictures; keeps also unsure objects, for average precision."""
    network = segmenter.load(
        SegmentSettings.model_validate(
            {
                "weights": weights,
                "trust_weights": settings.trust_weights,
                "classes": dict(settings.classes),
                "imgsz": settings.imgsz,
                "min_score": _LOWEST_SCORE,
                "min_ball_score": _LOWEST_SCORE,
                "max_instances": 300,
                "device": settings.device,
            }
        )
    )
    images = ((sample, i, dataset.image(sample)) for i, sample in enumerate(samples))
    for i, (sample, found) in enumerate(network.stream(images)):
        if progress is not None:
            progress(i + 1, len(samples))
        yield EvaluatedPicture(sample.file, sample.labels, found)


def compare(
    weights: str,
    dataset: DataSet,
    samples: Sequence[Sample],
    pictures: Sequence[EvaluatedPicture],
    settings: EvalSettings,
    namer: Namer | None = None,
) -> EvalReport:
    """Compare what was found with the labels; see `EvalReport`."""
    sure = [_sure(p, settings) for p in pictures]
    overlaps = mask_overlaps(sure)
    return EvalReport(
        weights=weights,
        weights_sha256=weights_fingerprint(weights),
        data=dataset.root.name,
        data_sha256=data_fingerprint(dataset),
        n_pictures=len(samples),
        qualities=tuple(_qualities(sure)),
        average_precision=tuple(average_precisions(pictures, [(s.height_px, s.width_px) for s in samples])),
        confusion=role_confusion(sure),
        mask_iou=_by_source(overlaps, 2),
        boundary_iou=_by_source(overlaps, 3),
        panoptic={name: panoptic_quality(sure, i) for i, name in enumerate(CLASS_NAMES)},
        map_iou=_map_ious(dataset, samples, sure),
        region_iou=_region_iou(samples, sure),
        teams=team_score(dataset, samples, sure, namer, settings.one_match) if namer else None,
        calibration=calibration(pictures),
    )


def _sure(picture: EvaluatedPicture, settings: EvalSettings) -> EvaluatedPicture:
    found = confident(picture.found, settings.min_score, settings.min_ball_score)
    return EvaluatedPicture(picture.name, picture.labels, found)


def _qualities(sure: Sequence[EvaluatedPicture]) -> Iterator[Quality]:
    yield from qualities(sure, PEOPLE, "people", 0.5)
    for i, name in enumerate(CLASS_NAMES):
        yield from qualities(sure, (i,), name, 0.5)
    yield from qualities(sure, (BALL,), "ball", 0.3)


def _by_source(rows: Sequence[tuple[str, int, float, float, str]], column: int) -> dict[str, float]:
    """Mean of one column over the rows of each source, and over all but doubtful ones; empty without rows."""
    out = {s: [float(r[column]) for r in rows if r[4] == s] for s in sorted({r[4] for r in rows})}
    out["all"] = [v for s, values in out.items() if s != "doubtful" for v in values]
    return {s: float(np.mean(v)) for s, v in out.items() if v}


def _map_ious(
    dataset: DataSet, samples: Sequence[Sample], sure: Sequence[EvaluatedPicture]
) -> dict[str, float]:
    def pairs() -> Iterator[tuple[NDArray[np.uint8], NDArray[np.uint8]]]:
        for sample, picture in zip(samples, sure, strict=True):
            if sample.has_label_map:
                truth = label_map_iou.people_and_ball(dataset.label_map(sample), dataset.semantic_names)
                yield truth, label_map_iou.paint(picture.found, sample.height_px, sample.width_px)

    if not any(s.has_label_map for s in samples):
        return {}
    ious = label_map_iou.class_ious(label_map_iou.total_confusion(pairs(), 3))
    return {
        "rest": float(ious[0]),
        "people": float(ious[1]),
        "ball": float(ious[2]),
        "mean": float(np.nanmean(ious)),
    }


def _region_iou(samples: Sequence[Sample], sure: Sequence[EvaluatedPicture]) -> float:
    """Mean over the regions of pictures with label maps; NaN without any."""
    ious = [
        iou
        for sample, picture in zip(samples, sure, strict=True)
        if sample.has_label_map
        for iou in region_ious(picture)
    ]
    return float(np.mean(ious)) if ious else float("nan")
