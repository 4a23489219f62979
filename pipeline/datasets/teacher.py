"""A network as a teacher: the pipeline's own segmenter on enlarged views."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.core.config import SegmentSettings
from pipeline.core.types import Instances
from pipeline.datasets.pseudo_masks import VIEW_PX
from pipeline.networks import segmenter


def teacher(
    weights: str,
    *,
    trust_weights: bool = False,
    min_score: float = 0.1,
    classes: Mapping[str, str] | None = None,
) -> Callable[[Sequence[NDArray[np.uint8]]], Iterable[Instances]]:
    """Load a network to ask for masks (see `pseudo_masks.pseudo_masks`).

    Scores are low on enlarged pictures and the box decides what is right, hence the low ``min_score``.
    ``classes``: see `SegmentSettings`.

    Raises
    ------
    WeightsError
        As `segmenter.load`.
    """
    asked = {"weights": weights, "trust_weights": trust_weights, "classes": dict(classes or {})}
    settings = SegmentSettings.model_validate(
        asked | {"imgsz": VIEW_PX, "min_score": min_score, "nms_iou": 0.7}
    )
    network = segmenter.load(settings)

    def ask(pictures: Sequence[NDArray[np.uint8]]) -> Iterable[Instances]:
        return (found for _, found in network.stream((i, i, p) for i, p in enumerate(pictures)))

    return ask
