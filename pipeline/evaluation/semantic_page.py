"""The page of a semantic network's evaluation: the numbers, and the worst pictures drawn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from pipeline.datasets import plain_page
from pipeline.datasets.canonical import VOID, DataSet
from pipeline.datasets.drawing import Figure
from pipeline.datasets.plain_page import Block, Figures, Heading, Legend, Table, Text
from pipeline.datasets.semantic_classes import palette, tint
from pipeline.evaluation.semantic_report import TOLERANCE_PX, Compared, SemanticReport

_WIDTH_PX = 560


def write_page(path: Path, report: SemanticReport, dataset: DataSet, worst: Sequence[Compared]) -> None:
    """Write the numbers, and each of ``worst`` as labelled, as found, and what is wrong."""
    about = f"{report.weights} ({report.weights_sha256[:12]}) on {report.n_pictures} pictures of "
    blocks = [
        Text(f"{about}{report.data} ({report.data_sha256[:12]})"),
        *_numbers(report),
        Heading("Worst pictures: labelled, found, wrong pixels"),
        Legend(list(zip(report.classes, palette(report.classes), strict=True))),
        Figures([_figure(dataset, report, w) for w in worst], wide=True),
    ]
    plain_page.write_page(path, f"Evaluation of {Path(report.weights).name}", blocks)


def _numbers(report: SemanticReport) -> list[Block]:
    n_true = report.counts.sum(axis=1)
    share = report.counts / np.maximum(n_true, 1)[:, None]
    scores = zip(report.classes, report.iou.tolist(), report.boundary_f.tolist(), strict=True)
    parts_of_all = (n_true / max(1, int(n_true.sum()))).tolist()
    rows = [(*score, part) for score, part in zip(scores, parts_of_all, strict=True)]
    taken = [(name, *row) for name, row in zip(report.classes, share.tolist(), strict=True)]
    return [
        Heading(f"Mean IoU {report.mean_iou:.3f}, pixel accuracy {report.pixel_accuracy:.3f}"),
        Table(("class", "IoU", f"boundary F ({TOLERANCE_PX} px)", "share of labelled pixels"), rows),
        Heading("What is taken for what (shares of the labelled pixels)"),
        Table(("labelled", *(f"found as {name}" for name in report.classes)), taken),
    ]


def _figure(dataset: DataSet, report: SemanticReport, one: Compared) -> Figure:
    image = dataset.image(one.sample)
    wrong = image // 3
    differs = (one.truth != one.found) & (one.truth != VOID)
    wrong[differs] = (60, 60, 255)
    pictures = [tint(image, values, report.classes) for values in (one.truth, one.found)]
    height = max(1, round(_WIDTH_PX * image.shape[0] / image.shape[1]))
    small = [cv2.resize(p, (_WIDTH_PX, height), interpolation=cv2.INTER_AREA) for p in (*pictures, wrong)]
    return Figure(np.hstack(small), f"{one.sample.file}: mean IoU {one.mean_iou:.3f}")
