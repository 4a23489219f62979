"""The loss of the pitch network."""

from __future__ import annotations

import torch
from torch.nn.functional import binary_cross_entropy_with_logits

_FOCUS = 2.0


def pitch_losses(
    logits: torch.Tensor, truth: torch.Tensor, asked: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Losses of landmarks and lines: cross entropy, weighted by how far off a response is.

    That weight (quality focal loss, Li et al. 2020) keeps the many cells that show nothing, and are right,
    from drowning the few that matter. Each loss is a sum over cells, divided by the sum of the truth.

    Parameters
    ----------
    logits
        ``(N, 33, 72, 128)``, before the sigmoid.
    truth, asked
        The same shape; cells that are not asked for do not count.
    """
    off = (truth - logits.sigmoid()).abs() ** _FOCUS
    loss = off * binary_cross_entropy_with_logits(logits, truth, reduction="none") * asked
    wanted = truth * asked
    landmarks = loss[:, :-1].sum() / wanted[:, :-1].sum().clamp(min=1.0)
    lines = loss[:, -1].sum() / wanted[:, -1].sum().clamp(min=1.0)
    return landmarks, lines
