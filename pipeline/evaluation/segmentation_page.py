"""The page of an evaluation: the numbers, and the worst cases drawn."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipeline.core.types import BALL, CLASS_NAMES, Instances
from pipeline.datasets.canonical import DataSet, Label, Sample
from pipeline.datasets.drawing import Figure, cut_out, draw, figures, page, table
from pipeline.evaluation.matching import (
    Picture,
    box_ious,
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
    path: Path, report: EvalReport, dataset: DataSet, samples: Sequence[Sample], pictures: Sequence[Picture]
) -> None:
    """Write numbers and worst cases: the missed, the surest false ones, wrong roles, the poorest masks."""
    parts = [
        f"<p>{html.escape(report.weights)} ({report.weights_sha256[:12]}) on {report.n_pictures} pictures of "
        f"{html.escape(report.data)} ({report.data_sha256[:12]})</p>",
        *_numbers(report),
    ]
    for title, cases in worst_cases(pictures).items():
        shown = [_figure(dataset, samples, pictures, case) for case in cases]
        parts += [f"<h2>{title}</h2>", figures(shown) or "<p>none</p>"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(f"Evaluation of {Path(report.weights).name}", parts), encoding="utf-8")


def worst_cases(pictures: Sequence[Picture]) -> dict[str, list[_Case]]:
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
            pairs = match(box_ious(boxes, found.boxes_px), found.score, 0.5)
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


def _numbers(report: EvalReport) -> list[str]:
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
    return [
        "<h2>Found and missed</h2>",
        table(("what", "height in the picture", "IoU", "labelled", "recall", "found", "precision"), quality),
        "<h2>Average precision (pycocotools)</h2>",
        table(("what", "of", "AP", "AP50", "AP75", "AR100"), precision),
        f"<h2>Roles: {report.role_right:.3f} right</h2>",
        table(("labelled as", *(f"found as {CLASS_NAMES[i]}" for i in PEOPLE)), roles),
        "<h2>Masks of those found</h2>",
        table(("label's mask from", "mean IoU", "mean boundary IoU (2 px)"), masks),
        f"<p>Touching people of a label map together: mean IoU {report.region_iou:.3f}</p>"
        if np.isfinite(report.region_iou)
        else "",
        table(("class", "panoptic quality"), list(report.panoptic.items())),
        table(("label map", "IoU"), list(report.map_iou.items())) if report.map_iou else "",
        *_teams(report),
        f"<h2>Scores: calibration error {calibration_error(report.calibration):.3f}</h2>",
        table(("score", "people found", "mean score", "share right"), bins),
    ]


def _teams(report: EvalReport) -> list[str]:
    """Team-level label maps: IoU by class, and what was taken for what, in thousands of pixels."""
    if report.teams is None:
        return []
    score, names = report.teams, (*TEAM_CLASSES, "unclear")
    mean = f"mean IoU {score.mean:.3f}, without the rest of the picture {score.mean_without_rest:.3f}"
    rows = [(n, *(int(v) // 1000 for v in counts)) for n, counts in zip(names, score.counts, strict=True)]
    return [
        f"<h2>Teams: {mean}</h2>",
        table(("team-level map", "IoU"), list(zip(TEAM_CLASSES, score.iou.tolist(), strict=True))),
        table(("labelled, 1000 px", *(f"painted as {n}" for n in names)), rows[:-1]),
    ]


def _figure(dataset: DataSet, samples: Sequence[Sample], pictures: Sequence[Picture], case: _Case) -> Figure:
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
