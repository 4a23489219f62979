"""Semantic training by ultralytics, as fast as a CPU allows."""

from __future__ import annotations

from typing import Any

import torch
from ultralytics.engine.trainer import BaseTrainer
from ultralytics.models.yolo.semantic import SemanticSegmentationTrainer
from ultralytics.utils.loss import SemanticSegmentationLoss

from pipeline.training.cpu_bfloat16 import in_float32, lay_out

_STEP_PX = 2
"""On a CPU the loss looks at every second pixel of each row and column, others in each step: the network's
output is eight times as coarse, and at all pixels the loss takes longer than the network."""


class SemanticTrainer(SemanticSegmentationTrainer):  # type: ignore[misc]
    """A semantic trainer that lays the pictures out as the network is."""

    def preprocess_batch(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Bring a batch to the device."""
        return lay_out(super().preprocess_batch(batch), self.device)


class SparseLoss(SemanticSegmentationLoss):  # type: ignore[misc]
    """The usual loss (255 counts for nothing) in float32, on one pixel of each block, drawn by lot."""

    def forward(self, preds: Any, batch: dict[str, Any]) -> Any:
        """Take the loss as usual on those pixels."""
        top, left = (int(v) for v in torch.randint(_STEP_PX, (2,)))
        labels = batch["semantic_mask"][:, top::_STEP_PX, left::_STEP_PX].contiguous()
        with torch.autocast("cpu", enabled=False):
            return super().forward(in_float32(preds), dict(batch, semantic_mask=labels))


def use_sparse_loss(trainer: BaseTrainer) -> None:
    """On a CPU, give a trainer's network the cheaper loss and the layout in memory that is fastest there."""
    if trainer.device.type == "cpu":
        trainer.model.to(memory_format=torch.channels_last)
        trainer.model.criterion = SparseLoss(trainer.model)
