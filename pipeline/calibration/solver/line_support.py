"""Whether the painted lines are where a view puts them. No I/O."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.markings import Markings
from pipeline.calibration.evidence.pitch_evidence import Evidence
from pipeline.calibration.solver.observations import alone
from pipeline.calibration.solver.residuals import match_lines
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_CLOSE, _NEAR, _FEW = 0.005, 0.02, 12
"""Right on a line and near one, as shares of the picture's longer side; and how many points are few."""
_SEEN = 50
"""Response of the line map (of 255) from which a line counts as seen."""


def line_support(view: Array, evidence: Evidence, pitch: Pitch) -> float:
    """Share of the markings' length in the picture at which the network saw a line, 0 to 1.

    Parameters
    ----------
    view
        ``image_from_pitch``, ``(3, 3)``.

    Returns
    -------
    NaN when the view puts hardly any marking into the picture: less than a quarter of its longer side.
    """
    start, end = _pieces(pitch)
    a, b = start @ view.T, end @ view.T
    ahead = (a[:, 2] > 1e-9) & (b[:, 2] > 1e-9)
    a, b = a[ahead], b[ahead]
    a, b = a[:, :2] / a[:, 2:], b[:, :2] / b[:, 2:]
    if evidence.lens.bends:
        a, b = evidence.lens.bent(a), evidence.lens.bent(b)
    middle = (a + b) / 2
    inside = ((middle > 0) & (middle < [evidence.width_px, evidence.height_px])).all(axis=1)
    length = np.linalg.norm(b - a, axis=1)[inside]
    if length.sum() < 0.25 * max(evidence.width_px, evidence.height_px):
        return float("nan")
    scale, shift = evidence.map_from_image[[0, 1], [0, 1]], evidence.map_from_image[:2, 2]
    cells = np.round(middle[inside] * scale + shift).astype(int)
    rows, columns = evidence.line_map.shape
    seen = evidence.line_map[np.clip(cells[:, 1], 0, rows - 1), np.clip(cells[:, 0], 0, columns - 1)] > _SEEN
    return float(length[seen].sum() / length.sum())


def explained(view: Array, evidence: Evidence, marks: Markings) -> float:
    """Share of the picture's line points that lie on a marking of the view, 0 to 1; NaN without points."""
    if len(evidence.line_px) == 0:
        return float("nan")
    return _n_within(view, evidence, marks, _CLOSE) / len(evidence.line_px)


def sharpness(view: Array, evidence: Evidence, marks: Markings) -> float:
    """Of the line points near a marking of the view, the share that lie right on it, 0 to 1.

    Tells a view that sits on the lines from one that runs a little beside them. NaN with few points near.
    """
    near = _n_within(view, evidence, marks, _NEAR)
    return _n_within(view, evidence, marks, _CLOSE) / near if near >= _FEW else float("nan")


def _n_within(view: Array, evidence: Evidence, marks: Markings, reach: float) -> int:
    seen = alone([evidence], np.zeros((32, 2)))
    return len(match_lines(view[None], seen, marks, reach).point)


@lru_cache(maxsize=8)
def _pieces(pitch: Pitch) -> tuple[Array, Array]:
    """Starts and ends of short pieces of all markings, homogeneous, ``(M, 3)`` each."""
    lines = pitch.lines_m(1.0)
    start, end = np.concatenate([p[:-1] for p in lines]), np.concatenate([p[1:] for p in lines])
    return np.c_[start, np.ones(len(start))], np.c_[end, np.ones(len(end))]
