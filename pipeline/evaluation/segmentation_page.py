"""The page of an evaluation: the numbers, and the worst cases drawn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipeline.core.boxes import box_iou
from pipeline.core.types import BALL, CLASS_NAMES, Instances
from pipeline.datasets import plain_page
from pipeline.datasets.canonical import DataSet, Label, Sample
from pipeline.datasets.drawing import Figure, cut_out, draw
from pipeline.datasets.plain_page import Block, Figures, Heading, Table, Text
from pipeline.evaluation.matching import (
    EvaluatedPicture,
    calibration_error,
    mask_overlaps,
    match,
    subset,
)
from pipeline.evaluation.segmentation_report import PEOPLE, EvalReport
from pipeline.evaluation.team_maps import TEAM_CLASSES

_N = 8
_Case = tuple[float, int, tuple[float, ...], str]


def write_page(
    path: Path,
    report: EvalReport,
    dataset: DataSet,
    samples: Sequence[Sample],
    pictures: Sequence[EvaluatedPicture],
) -> None:
    """Write numbers and worst cases: the missed, the surest false ones, wrong roles, the poorest masks."""
    about = f"{report.weights} ({report.weights_sha256[:12]}) on {report.n_pictures} pictures of "
    blocks: list[Block] = [Text(f"{about}{report.data} ({report.data_sha256[:12]})"), *_numbers(report)]
    for title, cases in worst_cases(pictures).items():
        shown = [_figure(dataset, samples, pictures, case) for case in cases]
        blocks += [Heading(title), Figures(shown)]
    plain_page.write_page(path, f"Evaluation of {Path(report.weights).name}", blocks)


def worst_cases(pictures: Sequence[EvaluatedPicture]) -> dict[str, list[_Case]]:
    """Pick what to look at: ``(badness, picture, box, caption)``, the worst first."""
    out: dict[str, list[_Case]] = {
        k: [] for k in ("Missed people", "False people", "Wrong role", "Missed balls", "False balls")
    }
    for i, p in enumerate(pictures):
        for classes, missed, false in (
            (PEOPLE, "Missed people", "False people"),
            ((BALL,), "Missed balls", "False balls"),
        ):
            labels = [x for x in p.labels if x.class_id in classes and not x.crowd]
            found = subset(p.found, np.isin(p.found.class_id, classes))
            boxes = np.array([x.box_px for x in labels]).reshape(-1, 4)
            pairs = match(box_iou(boxes, found.boxes_px), found.score, 0.5)
            out[missed] += [_missed(i, x) for k, x in enumerate(labels) if k not in pairs[:, 0]]
            out[false] += [_false(i, found, k) for k in range(len(found.score)) if k not in pairs[:, 1]]
            out["Wrong role"] += [
                _wrong(i, labels[a], found, b) for a, b in pairs if labels[a].class_id != found.class_id[b]
            ]
        out.setdefault("Poorest masks", []).extend(
            (1 - iou, i, p.labels[k].box_px, f"mask IoU {iou:.2f} (label by {source})")
            for _, k, iou, _, source in mask_overlaps([p])
        )
    return {k: sorted(v, key=lambda case: -case[0])[:_N] for k, v in out.items()}


def _numbers(report: EvalReport) -> list[Block]:
    quality = [
        (q.what, q.band, q.min_iou, q.n_labelled, q.recall, q.n_found, q.precision)
        for q in report.qualities
        if q.n_labelled or q.n_found
    ]
    precision = [(a.what, a.kind, a.ap, a.ap50, a.ap75, a.ar100) for a in report.average_precision]
    masks = [(k, v, report.boundary_iou[k]) for k, v in report.mask_iou.items()]
    bins = [
        (f"{i / 10:.1f}-{(i + 1) / 10:.1f}", int(n), s, r) for i, (n, s, r) in enumerate(report.calibration)
    ]
    roles = [(CLASS_NAMES[i], *row) for i, row in enumerate(report.confusion.tolist())]
    regions = [Text(f"Touching people of a label map together: mean IoU {report.region_iou:.3f}")]
    maps = [Table(("label map", "IoU"), list(report.map_iou.items()))]
    return [
        Heading("Found and missed"),
        Table(("what", "height in the picture", "IoU", "labelled", "recall", "found", "precision"), quality),
        Heading("Average precision (pycocotools)"),
        Table(("what", "of", "AP", "AP50", "AP75", "AR100"), precision),
        Heading(f"Roles: {report.role_right:.3f} right"),
        Table(("labelled as", *(f"found as {CLASS_NAMES[i]}" for i in PEOPLE)), roles),
        Heading("Masks of those found"),
        Table(("label's mask from", "mean IoU", "mean boundary IoU (2 px)"), masks),
        *(regions if np.isfinite(report.region_iou) else []),
        Table(("class", "panoptic quality"), list(report.panoptic.items())),
        *(maps if report.map_iou else []),
        *_teams(report),
        Heading(f"Scores: calibration error {calibration_error(report.calibration):.3f}"),
        Table(("score", "people found", "mean score", "share right"), bins),
    ]


def _teams(report: EvalReport) -> list[Block]:
    """Team-level label maps: IoU by class, and what was taken for what, in thousands of pixels."""
    if report.teams is None:
        return []
    score, names = report.teams, (*TEAM_CLASSES, "unclear")
    mean = f"mean IoU {score.mean:.3f}, without the rest of the picture {score.mean_without_rest:.3f}"
    rows = [(n, *(int(v) // 1000 for v in counts)) for n, counts in zip(names, score.counts, strict=True)]
    return [
        Heading(f"Teams: {mean}"),
        Table(("team-level map", "IoU"), list(zip(TEAM_CLASSES, score.iou.tolist(), strict=True))),
        Table(("labelled, 1000 px", *(f"painted as {n}" for n in names)), rows[:-1]),
    ]


def _figure(
    dataset: DataSet, samples: Sequence[Sample], pictures: Sequence[EvaluatedPicture], case: _Case
) -> Figure:
    _, i, box, caption = case
    image, sample = dataset.image(samples[i]), samples[i]
    labels = cut_out(draw(image, sample.labels, 0.3), box)
    found = cut_out(draw(image, _as_labels(pictures[i].found), 0.3), box)
    return Figure(np.hstack([labels, found]), f"{sample.file}: {caption} (labelled | found)")


def _as_labels(found: Instances) -> list[Label]:
    rows = zip(found.boxes_px.tolist(), found.class_id.tolist(), found.masks, strict=True)
    return [Label(c, (b[0], b[1], b[2], b[3]), m, "teacher") for b, c, m in rows]


def _missed(i: int, label: Label) -> _Case:
    height = label.box_px[3] - label.box_px[1]
    return height, i, label.box_px, f"missed {CLASS_NAMES[label.class_id]}, {height:.0f} px high"


def _false(i: int, found: Instances, k: int) -> _Case:
    name, score = CLASS_NAMES[found.class_id[k]], float(found.score[k])
    return score, i, tuple(found.boxes_px[k].tolist()), f"{name} that nobody labelled, score {score:.2f}"


def _wrong(i: int, label: Label, found: Instances, k: int) -> _Case:
    text = (
        f"{CLASS_NAMES[label.class_id]} found as {CLASS_NAMES[found.class_id[k]]}, score {found.score[k]:.2f}"
    )
    return float(found.score[k]), i, label.box_px, text
