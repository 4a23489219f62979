"""How much faster is the lean path than ultralytics' predict()? Both on the same frames, in turn.

    python benchmarks/segment_speed.py FOOTAGE [--frames 40]

Times depend on the machine and on what else it does; their ratio much less, as all run side by side.
CPU time counts all threads: where the machine is busy otherwise, it is the fairer of the two.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline import video
from pipeline.appearance.kit_colours import kit_colours
from pipeline.core.config import SegmentSettings
from pipeline.networks import segmenter
from pipeline.networks.quiet import silence_libraries
from pipeline.networks.weights import resolve

Picture = NDArray[np.uint8]


def main() -> None:
    """Run the comparison and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("footage", type=Path)
    parser.add_argument("--frames", type=int, default=40)
    parser.add_argument("--imgsz", type=int, default=1280)
    options = parser.parse_args()
    pictures = [f.image for f in islice(video.frames(options.footage), options.frames)]
    settings = SegmentSettings(imgsz=options.imgsz, device="cpu")
    runners = {
        "ultralytics predict(), masks at network size": ultralytics(settings, retina_masks=False),
        "ultralytics predict(), masks at picture size": ultralytics(settings, retina_masks=True),
        "lean, float32": lean(settings.model_copy(update={"precision": "float32"})),
        "lean, default": lean(settings),
        "lean, default, with kit colours": lean(settings, kits=True),
    }
    wall: dict[str, list[float]] = {name: [] for name in runners}
    cpu: dict[str, list[float]] = {name: [] for name in runners}
    for run in runners.values():  # compile, warm up
        run(pictures[:2])
    for first in range(0, len(pictures), 8):
        for name, run in runners.items():
            chunk = pictures[first : first + 8]
            began = time.perf_counter(), time.process_time()
            run(chunk)
            wall[name].append((time.perf_counter() - began[0]) / len(chunk))
            cpu[name].append((time.process_time() - began[1]) / len(chunk))
    base = "ultralytics predict(), masks at picture size"
    for name in runners:
        line = f"{name:46s}"
        for kind, times in (("wall", wall), ("CPU", cpu)):
            mine, theirs = np.median(times[name]), np.median(times[base])
            line += f"  {kind} {mine * 1e3:7.1f} ms {theirs / mine:5.2f} x"
        print(line)


def lean(settings: SegmentSettings, *, kits: bool = False) -> Callable[[list[Picture]], None]:
    """Our own path, decoding and using results while the network works."""
    network = segmenter.load(settings)

    def run(pictures: list[Picture]) -> None:
        for image, found in network.stream((image, i, image) for i, image in enumerate(pictures)):
            if kits:
                kit_colours(image, found)

    return run


def ultralytics(settings: SegmentSettings, *, retina_masks: bool) -> Callable[[list[Picture]], None]:
    """The way of the manual: one call for each picture."""
    silence_libraries()
    from ultralytics import YOLO

    model = YOLO(str(resolve(settings.weights).path))

    def run(pictures: list[Picture]) -> None:
        for image in pictures:
            (result,) = model.predict(
                image, imgsz=settings.imgsz, retina_masks=retina_masks, verbose=False, device="cpu"
            )
            if result.masks is not None:
                result.masks.data.numpy()

    return run


if __name__ == "__main__":
    main()
