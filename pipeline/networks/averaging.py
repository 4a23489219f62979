"""The mean of two networks of one descent: often better at everything than the one that was tuned last."""

from __future__ import annotations

from pathlib import Path

from pipeline.core.errors import WeightsError
from pipeline.networks.convert import bare, class_names, read_torch, save_torch
from pipeline.networks.weights import Weights


def average(first: Weights, second: Weights, share: float, out: Path) -> None:
    """Write the weighted mean of two ``.pt`` networks as a new one, in half precision.

    ``share`` of ``second``, the rest of ``first`` (Wortsman et al. 2022, "Robust fine-tuning of zero-shot
    models"). It makes sense when one was trained on from the other.

    Raises
    ------
    WeightsError
        If one is no ``.pt``, unreadable, or they are not networks of one form and one set of classes.
    """
    for weights in (first, second):
        if weights.kind != "torch":
            raise WeightsError(f"{weights.path}: only .pt networks can be averaged")
    model, other = read_torch(first.path), read_torch(second.path)
    mine, theirs = model.state_dict(), other.state_dict()
    alike = class_names(model) == class_names(other) and mine.keys() == theirs.keys()
    if not alike or any(mine[k].shape != theirs[k].shape for k in mine):
        raise WeightsError(f"{second.path}: not a network of the same form and classes as {first.path}")
    import torch

    with torch.no_grad():
        for key, value in mine.items():
            if value.is_floating_point():
                value.lerp_(theirs[key], share)
    save_torch(bare(model), out)
