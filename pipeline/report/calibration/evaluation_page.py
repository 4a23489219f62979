"""The page of `teamshape evaluate-calibration`: the numbers, and the worst pictures drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.evaluation.view_errors import Measured, Summary
from pipeline.core.pitch import Pitch
from pipeline.datasets import plain_page
from pipeline.datasets.drawing import Figure
from pipeline.datasets.plain_page import Block, Figures, Heading, Table, Text
from pipeline.report.calibration.pitch_lines import draw_view

_N = 8
_WIDTH_PX = 960
_TRUTH_BGR = (255, 220, 40)

_VIEWS = (
    *(
        "pictures",
        "n",
        "with a view",
        "reprojection, px at 1080p",
        "at landmarks, m",
        "over the pitch, m",
        "p95",
    ),
    *("at feet, m", "p95", "feet", "JaC@5", "JaC@10"),
)
_STATED = (
    *("stated errors", "stated over the pitch, m", "true, m", "the labels' own, m", "true < 2 x stated"),
    *("with the labels' own", "at feet: true < 2 x stated", "with the labels' own"),
)


def write_page(
    path: Path,
    about: str,
    summaries: Sequence[Summary],
    pictures: Sequence[Measured],
    image: Callable[[int], NDArray[np.uint8]],
    pitch: Pitch,
) -> None:
    """Write numbers and the worst pictures.

    Parameters
    ----------
    image
        Gives the picture of a row of ``pictures``, BGR.
    """
    blocks: list[Block] = [Text(about), *_numbers(summaries)]
    missing = [i for i, p in enumerate(pictures) if p.view is None]
    unlike = [i for i, p in enumerate(pictures) if p.view is not None and len(p.pitch.true_m)]
    unlike.sort(key=lambda i: -float(np.median(pictures[i].pitch.true_m)))
    blocks.append(Text("Red: the view that was found. Light blue: through the picture's own labels."))
    for title, chosen in (("Without a view", missing), ("Furthest from the labels", unlike)):
        shown = [_figure(pictures[i], image(i), pitch) for i in chosen[:_N]]
        blocks += [Heading(title), Figures(shown)]
    plain_page.write_page(path, "Evaluation of calibration", blocks)


def _numbers(summaries: Sequence[Summary]) -> list[Block]:
    views = [
        (
            *(s.name, s.n, s.complete, s.reprojected_px, s.landmarks_m, s.pitch_m, s.pitch_p95_m),
            *(s.feet_m, s.feet_p95_m, s.n_feet, *s.jac),
        )
        for s in summaries
    ]
    stated = [
        (
            *(s.name, s.stated_m, s.pitch_m, s.label_m, s.covered, s.covered_with_labels),
            *(s.feet_covered, s.feet_covered_with_labels),
        )
        for s in summaries
    ]
    return [Table(_VIEWS, views), Table(_STATED, stated)]


def _figure(item: Measured, image: NDArray[np.uint8], pitch: Pitch) -> Figure:
    truth = None if item.truth is None else inverted(item.truth)
    drawn = draw_view(image, truth, pitch, _TRUTH_BGR)
    drawn = draw_view(drawn, None if item.view is None else inverted(item.view), pitch)
    size = (_WIDTH_PX, round(_WIDTH_PX * image.shape[0] / image.shape[1]))
    caption = f"{item.name}: {item.n_labels} labels, {item.kind or 'kind unclear'}"
    if len(item.pitch.true_m):
        true, stated = np.median(item.pitch.true_m), np.median(item.pitch.stated_m)
        caption += f", {true:.2f} m from the labels' view, stated {stated:.2f} m"
    return Figure(np.asarray(cv2.resize(drawn, size, interpolation=cv2.INTER_AREA), np.uint8), caption)
