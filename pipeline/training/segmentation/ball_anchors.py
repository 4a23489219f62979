"""Which anchors learn the ball: its own, also where it lies at somebody's feet."""

from __future__ import annotations

from typing import Any

import torch
from ultralytics.utils.tal import TaskAlignedAssigner

from pipeline.core.types import BALL

_LEAST_OVERLAP = 0.3


class BallFirstAssigner(TaskAlignedAssigner):  # type: ignore[misc]
    """The task-aligned assigner (Feng et al. 2021), but a ball keeps the anchors inside its box.

    An anchor inside two boxes goes to the one that its present guess fits better. At a player's feet that is
    always the player: nothing there ever learns the ball, and so no guess will ever fit it.
    """

    def get_box_metrics(
        self, pd_scores: Any, pd_bboxes: Any, gt_labels: Any, gt_bboxes: Any, mask_gt: Any, **extra: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """As usual; guesses at a ball's anchors count as meeting it at least a little."""
        align, overlaps = super().get_box_metrics(
            pd_scores, pd_bboxes, gt_labels, gt_bboxes, mask_gt, **extra
        )
        floor = (mask_gt.bool() & (gt_labels == BALL)) * _LEAST_OVERLAP
        overlaps = torch.maximum(overlaps, floor.to(overlaps.dtype))
        return torch.maximum(align, floor.to(align.dtype) ** self.beta), overlaps

    def get_pos_mask(
        self,
        pd_scores: Any,
        pd_bboxes: Any,
        gt_labels: Any,
        gt_bboxes: Any,
        anc_points: Any,
        mask_gt: Any,
        **extra: Any,
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """As usual; anchors that a ball has are nobody else's."""
        chosen, align, overlaps = super().get_pos_mask(
            pd_scores, pd_bboxes, gt_labels, gt_bboxes, anc_points, mask_gt, **extra
        )
        is_ball = (gt_labels == BALL) & mask_gt.bool()
        taken = (chosen.bool() & is_ball).any(dim=1, keepdim=True)
        return chosen * (is_ball | ~taken), align, overlaps
