"""The page of a semantic network's evaluation: the numbers, and the worst pictures drawn."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from pipeline.datasets.canonical import VOID, DataSet
from pipeline.datasets.drawing import Figure, figures, page, table
from pipeline.datasets.semantic_classes import palette, tint
from pipeline.evaluation.semantic_report import TOLERANCE_PX, Compared, SemanticReport

_WIDTH_PX = 560


def write_page(path: Path, report: SemanticReport, dataset: DataSet, worst: Sequence[Compared]) -> None:
    """Write the numbers, and each of ``worst`` as labelled, as found, and what is wrong."""
    shown = [_figure(dataset, report, w) for w in worst]
    parts = [
        f"<p>{html.escape(report.weights)} ({report.weights_sha256[:12]}) on {report.n_pictures} pictures of "
        f"{html.escape(report.data)} ({report.data_sha256[:12]})</p>",
        *_numbers(report),
        "<h2>Worst pictures: labelled, found, wrong pixels</h2>",
        f"<p>{_legend(report.classes)}</p>",
        f"<style>figure{{max-width:none}}</style>{figures(shown)}",
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(f"Evaluation of {Path(report.weights).name}", parts), encoding="utf-8")


def _numbers(report: SemanticReport) -> list[str]:
    n_true = report.counts.sum(axis=1)
    share = report.counts / np.maximum(n_true, 1)[:, None]
    scores = zip(report.classes, report.iou.tolist(), report.boundary_f.tolist(), strict=True)
    parts_of_all = (n_true / max(1, int(n_true.sum()))).tolist()
    rows = [(*score, part) for score, part in zip(scores, parts_of_all, strict=True)]
    taken = [(name, *row) for name, row in zip(report.classes, share.tolist(), strict=True)]
    return [
        f"<h2>Mean IoU {report.mean_iou:.3f}, pixel accuracy {report.pixel_accuracy:.3f}</h2>",
        table(("class", "IoU", f"boundary F ({TOLERANCE_PX} px)", "share of labelled pixels"), rows),
        "<h2>What is taken for what (shares of the labelled pixels)</h2>",
        table(("labelled", *(f"found as {name}" for name in report.classes)), taken),
    ]


def _legend(classes: Sequence[str]) -> str:
    boxes = zip(classes, palette(classes), strict=True)
    return " ".join(
        f'<span style="border-left:1em solid rgb{rgb};padding:0 1em 0 .3em">{html.escape(name)}</span>'
        for name, rgb in boxes
    )


def _figure(dataset: DataSet, report: SemanticReport, one: Compared) -> Figure:
    image = dataset.image(one.sample)
    wrong = image // 3
    differs = (one.truth != one.found) & (one.truth != VOID)
    wrong[differs] = (60, 60, 255)
    pictures = [tint(image, values, report.classes) for values in (one.truth, one.found)]
    height = max(1, round(_WIDTH_PX * image.shape[0] / image.shape[1]))
    small = [cv2.resize(p, (_WIDTH_PX, height), interpolation=cv2.INTER_AREA) for p in (*pictures, wrong)]
    return Figure(np.hstack(small), f"{one.sample.file}: mean IoU {one.mean_iou:.3f}")
