"""Measure what a training step costs on a CPU: float32 as ultralytics runs it, and as `teamshape train` does.

    python benchmarks/train_speed.py [--batch 16] [--steps 3]

One step is forward, loss and backward of the bundled network on random crops of 512 px. Both ways take turns.
"""

from __future__ import annotations

import argparse
import statistics
import time
from contextlib import nullcontext

from pipeline.networks.quiet import silence_libraries


def main() -> None:
    """Print the seconds of a step both ways, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--steps", type=int, default=3)
    given = parser.parse_args()
    silence_libraries()
    import torch
    from ultralytics import YOLO
    from ultralytics.cfg import get_cfg

    from pipeline.networks.weights import resolve
    from pipeline.training.cpu_bfloat16 import has_bfloat16
    from pipeline.training.segmentation.ultralytics_trainer import TrustLoss

    network = YOLO(str(resolve("football-seg-n").path)).model.float().train()
    network.args = get_cfg()
    for weight in network.parameters():
        weight.requires_grad = True
    loss, batch = TrustLoss(network), random_batch(given.batch)
    seconds: dict[str, list[float]] = {"float32": [], "teamshape train": []}
    for _ in range(given.steps + 1):
        for way, times in seconds.items():
            ours = way != "float32"
            layout = torch.channels_last if ours else torch.contiguous_format
            half = torch.autocast("cpu", dtype=torch.bfloat16) if ours and has_bfloat16() else nullcontext()
            network.to(memory_format=layout)
            pictures = batch["img"].contiguous(memory_format=layout)
            start = time.perf_counter()
            with half:
                total = loss(network(pictures), batch)[0].sum()
            total.backward()
            times.append(time.perf_counter() - start)
            network.zero_grad()
    medians = {way: statistics.median(times[1:]) for way, times in seconds.items()}
    print(f"bfloat16 of its own: {has_bfloat16()}; {torch.get_num_threads()} threads, batch {given.batch}")
    for way, median in medians.items():
        print(f"{way:<16} {median:.2f} s a step")
    print(f"ratio {medians['float32'] / medians['teamshape train']:.2f}")


def random_batch(n: int, per_picture: int = 8) -> dict[str, object]:
    """Noise with ``per_picture`` boxes of people's size in each of ``n`` pictures."""
    import torch

    torch.manual_seed(0)
    boxes = torch.rand(n * per_picture, 4) * 0.8 + 0.1
    boxes[:, 2:] = torch.tensor([0.04, 0.1])
    masks = torch.zeros(n, 128, 128)
    for i, (x, y, w, h) in enumerate((boxes * 128).int().tolist()):
        part = masks[i // per_picture, max(0, y - h // 2) : y + h // 2, max(0, x - w // 2) : x + w // 2]
        part[...] = i % per_picture + 1
    return {
        "img": torch.rand(n, 3, 512, 512),
        "batch_idx": torch.arange(n).repeat_interleave(per_picture).float(),
        "cls": torch.randint(0, 4, (n * per_picture, 1)).float(),
        "bboxes": boxes,
        "masks": masks,
    }


if __name__ == "__main__":
    main()
