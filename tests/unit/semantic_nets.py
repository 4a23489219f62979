"""Semantic networks to test with: untrained, and sure of one class."""

from pathlib import Path

CLASSES = ("pitch", "people", "ball", "outside")


def sure_of(name: str, path: Path) -> Path:
    """Write a network that takes every pixel for the class ``name``."""
    from pipeline.networks.quiet import silence_libraries

    silence_libraries()
    import torch
    from ultralytics.nn.tasks import SemanticSegmentationModel

    model = SemanticSegmentationModel("yolo26n-sem.yaml", nc=len(CLASSES), verbose=False)
    model.names, model.task = dict(enumerate(CLASSES)), "semantic"
    last = model.model[-1].classifier[-1]
    with torch.no_grad():
        last.weight.zero_()
        last.bias.zero_()
        last.bias[CLASSES.index(name)] = 5.0
    torch.save({"model": model.half(), "train_args": {"task": "semantic"}}, path)
    return path
