"""What an evaluation of a segmentation network measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core.json_files import plain
from pipeline.core.types import BALL
from pipeline.evaluation.average_precision import AveragePrecision
from pipeline.evaluation.matching import Quality, calibration_error
from pipeline.evaluation.team_maps import TeamScore
from pipeline.networks.backend_interface import Device

PEOPLE = tuple(range(BALL))


@dataclass(frozen=True, slots=True)
class EvalSettings:
    """How to measure. Average precision looks at all scores, everything else at what passes ``min_score``.

    ``classes``: what classes of the network are (see `SegmentSettings`).
    ``one_match``: teams are told apart over all pictures together, whatever their groups.
    """

    imgsz: int = 1280
    min_score: float = 0.25
    min_ball_score: float = 0.25
    device: Device = "auto"
    trust_weights: bool = False
    classes: Mapping[str, str] = field(default_factory=dict)
    one_match: bool = False


@dataclass(frozen=True, slots=True)
class EvalReport:
    """What was measured.

    ``confusion`` counts people by labelled (row) and found (column) role. ``mask_iou`` and ``boundary_iou``
    are means over found people and balls with a mask labelled (by source of that mask). ``map_iou`` is IoU
    of people and ball against the label maps, where there are any, and ``teams`` is that of teams, if they
    were named. ``region_iou``: see `region_iou.region_ious`. ``calibration`` is its table.
    """

    weights: str
    weights_sha256: str
    data: str
    data_sha256: str
    n_pictures: int
    qualities: tuple[Quality, ...]
    average_precision: tuple[AveragePrecision, ...]
    confusion: NDArray[np.int64]
    mask_iou: dict[str, float]
    boundary_iou: dict[str, float]
    panoptic: dict[str, float]
    map_iou: dict[str, float]
    region_iou: float
    teams: TeamScore | None
    calibration: NDArray[np.float64]

    @property
    def role_right(self) -> float:
        """Share of the found people with the right role; NaN without any."""
        n = self.confusion.sum()
        return float(np.trace(self.confusion) / n) if n else float("nan")

    def quality(self, what: str, band: str = "all", min_iou: float = 0.5) -> Quality:
        """One row of ``qualities``."""
        return next(q for q in self.qualities if (q.what, q.band, q.min_iou) == (what, band, min_iou))

    def as_json(self) -> dict[str, Any]:
        """Everything as plain JSON values, NaN as null."""
        out = asdict(self)
        for row, q in zip(out["qualities"], self.qualities, strict=True):
            row |= {"recall": q.recall, "precision": q.precision}
        out["role_right"] = self.role_right
        if self.teams is not None:
            out["teams"] |= {"mean": self.teams.mean, "mean_without_rest": self.teams.mean_without_rest}
        out["calibration_error"] = calibration_error(self.calibration)
        return dict(plain(out))
