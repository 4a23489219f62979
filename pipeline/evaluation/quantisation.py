"""What quantisation costs: recall and mask AP of a network before and after."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.core.types import ProgressCallback
from pipeline.datasets.canonical import DataSet
from pipeline.evaluation.segmentation import evaluate
from pipeline.evaluation.segmentation_report import EvalReport, EvalSettings
from pipeline.networks.weights import Weights

MAX_RECALL_LOSS, MAX_MASK_AP_LOSS = 0.01, 0.02


@dataclass(frozen=True, slots=True)
class Loss:
    """Before and after: people's recall at IoU .5, and mask AP of all classes."""

    recall: tuple[float, float]
    mask_ap: tuple[float, float]

    @property
    def passes(self) -> bool:
        """Whether at most 1 point of recall and 2 points of mask AP are lost. Unknown numbers fail."""
        return (
            self.recall[0] - self.recall[1] <= MAX_RECALL_LOSS
            and self.mask_ap[0] - self.mask_ap[1] <= MAX_MASK_AP_LOSS
        )


def accuracy_loss(
    original: Weights,
    made: str,
    dataset: DataSet,
    imgsz: int,
    *,
    trust: bool = False,
    progress: ProgressCallback | None = None,
) -> Loss:
    """Measure both on the val split.

    Raises
    ------
    DataSetError
        If there are no pictures to validate on.
    """
    settings = EvalSettings(imgsz=imgsz, device="cpu", trust_weights=trust or original.bundled)
    before, after = (
        evaluate(w, dataset, settings=settings, progress=progress) for w in (str(original.path), made)
    )
    recall = before.quality("people").recall, after.quality("people").recall
    return Loss(recall, (_mask_ap(before), _mask_ap(after)))


def _mask_ap(report: EvalReport) -> float:
    return next(a.ap for a in report.average_precision if (a.what, a.kind) == ("all", "segm"))
