"""Where the time of a run goes: each part of the pass over the footage, then each step with its memory.

Measured is the processor's time of the thread that does the work, with one thread a library, so that what
else the machine does matters less. "Around the network" is all that the pass does besides the people network,
decoding and what the camera view needs; there is a bar for it.

    python benchmarks/throughput.py FOOTAGE [--end 4] [--imgsz 640] [--steps] [-- --set calibrate.every_s=1]

Exits with 1 if more than --most-ms a frame go around the network.
"""

from __future__ import annotations

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import argparse  # noqa: E402
import json  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable, Iterator  # noqa: E402
from contextlib import ExitStack, contextmanager  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402
from unittest import mock  # noqa: E402

import cv2  # noqa: E402
from long_match import measured  # noqa: E402

from pipeline.cli.console import progress  # noqa: E402
from pipeline.core import config  # noqa: E402
from pipeline.egomotion.camera_motion import MotionEstimator  # noqa: E402
from pipeline.egomotion.cut_detection import ShotDetector  # noqa: E402
from pipeline.networks import letterbox, yolo_decoder  # noqa: E402
from pipeline.networks.openvino_backend import OpenVinoBackend  # noqa: E402
from pipeline.networks.pitch_network import PitchNet  # noqa: E402
from pipeline.video import video_file  # noqa: E402
from pipeline.workflow import plan  # noqa: E402
from pipeline.workflow.instance_rows import Rows  # noqa: E402
from pipeline.workflow.observers import pitch_looks, small_pictures  # noqa: E402
from pipeline.workflow.parts import part_task, segment_parts  # noqa: E402
from pipeline.workflow.step import Context, fingerprints  # noqa: E402
from pipeline.workflow.steps import segment  # noqa: E402

ELSEWHERE: tuple[tuple[str, Any, str], ...] = (
    ("decoding: to BGR", video_file, "_bgr"),
    ("people network", OpenVinoBackend, "forward"),
    ("camera view: pitch network", PitchNet, "read"),
    ("camera view: painted lines", pitch_looks, "collect"),
)
NETWORK_THREAD: tuple[tuple[str, Any, str], ...] = (
    ("input of the network", letterbox, "apply"),
    ("boxes", yolo_decoder, "select"),
    ("masks: decode", yolo_decoder, "soft_masks"),
    ("masks: sharpen, share, encode", yolo_decoder, "assembled"),
)
MAIN_THREAD: tuple[tuple[str, Any, str], ...] = (
    ("reduce the picture", segment_parts, "reduced"),
    ("cuts and repeats", ShotDetector, "update"),
    ("grass", segment_parts, "grass_share"),
    ("camera motion", MotionEstimator, "update"),
    ("kit colours", segment_parts, "kit_colours"),
    ("feet and rows", Rows, "add"),
    ("tables", segment_parts, "_write"),
    ("small pictures", small_pictures.SmallPictures, "see"),
    ("small pictures, written", small_pictures.SmallPictures, "end"),
    ("pitch looks: choose", pitch_looks.PitchLooks, "see"),
    ("pitch looks, written", pitch_looks.PitchLooks, "end"),
)
WHOLE = ("whole", segment_parts, "write_parts")
WARM_UP_S = 0.4


class Clock:
    """Time of a function's own thread, over all its calls; and by the clock."""

    def __init__(self) -> None:
        self.seconds, self.wall_s = 0.0, 0.0

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a function (or method)."""

        def timed(*given: Any, **named: Any) -> Any:
            began, wall = time.thread_time(), time.perf_counter()
            try:
                return call(*given, **named)
            finally:
                self.seconds += time.thread_time() - began
                self.wall_s += time.perf_counter() - wall

        return timed


@contextmanager
def timed_stages() -> Iterator[dict[str, Clock]]:
    """Time the stages while inside."""
    clocks: dict[str, Clock] = {}
    with ExitStack() as stack:
        for name, owner, attribute in (*ELSEWHERE, *NETWORK_THREAD, *MAIN_THREAD, WHOLE):
            clocks[name] = Clock()
            call = getattr(owner, attribute)
            stack.enter_context(mock.patch.object(owner, attribute, clocks[name].around(call)))
        yield clocks


def time_pass(root: Path, footage: Path, chosen: config.Config) -> tuple[dict[str, Clock], int]:
    """Do the pass of a new run in this process: its clocks, and the number of frames."""
    n = 0

    def on_frame() -> None:
        nonlocal n
        n += 1

    with plan.begun_from_footage(footage, root, chosen, progress.versions(), force=False) as (steps, record):
        mark = fingerprints(steps, chosen, record["video"]["fingerprint"])[segment.NAME]
        context = Context(root, footage, chosen, lambda *_: None, lambda _: None, mark)
        task, _ = segment.planned(context)
        with timed_stages() as clocks:
            part_task.do(task, part_task.todo(task), 1, on_frame)
    return clocks, n


def show_pass(clocks: dict[str, Clock], n: int) -> float:
    """Print the pass as a table, and give the ms a frame around the network."""
    main_s = sum(clocks[name].seconds for name, _, _ in MAIN_THREAD)
    rest_s = clocks["whole"].seconds - main_s
    around_s = clocks["whole"].seconds + sum(clocks[name].seconds for name, _, _ in NETWORK_THREAD)
    print("| of the pass | ms a frame | frames/s |\n|---|---|---|")
    rows = [(name, clocks[name].seconds) for name, _, _ in (*ELSEWHERE, *NETWORK_THREAD, *MAIN_THREAD)]
    for name, s in [*rows, ("rest of the loop", rest_s)]:
        print(f"| {name} | {1e3 * s / n:.2f} | {n / max(s, 1e-9):.0f} |")
    wall_s = clocks["whole"].wall_s
    print(f"| **around the network** | **{1e3 * around_s / n:.2f}** | {n / around_s:.0f} |")
    print(f"| the pass, by the clock | {1e3 * wall_s / n:.1f} | {n / wall_s:.1f} |", flush=True)
    return 1e3 * around_s / n


def main() -> int:
    """Measure, and print Markdown tables."""
    ours = sys.argv[1 : sys.argv.index("--")] if "--" in sys.argv else sys.argv[1:]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("footage", type=Path)
    parser.add_argument("--end", type=float, default=4.0, help="seconds of footage")
    parser.add_argument("--imgsz", type=int, default=1280)
    parser.add_argument("--steps", action="store_true", help="also each step, with its memory")
    parser.add_argument("--most-ms", type=float, default=10.0)
    options = parser.parse_args(ours)
    given = [x for x in sys.argv[len(ours) + 2 :] if x != "--set"]
    settings = {"video.end_s": options.end, "segment.imgsz": options.imgsz, "segment.device": "cpu"}
    settings |= config.parse_set(given)
    cv2.setNumThreads(1)
    footage = options.footage.resolve()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "run"
        time_pass(Path(folder) / "warm", footage, config.load(None, settings | {"video.end_s": WARM_UP_S}))
        clocks, n = time_pass(root, footage, config.load(None, settings))
        around = show_pass(clocks, n)
        if options.steps:
            names = list(json.loads((root / "run.json").read_text())["steps"])
            print("\n| step | ms of CPU a frame | frames/s by the clock | peak MB |\n|---|---|---|---|")
            for name in names:
                began = time.perf_counter()
                cpu_s, peak = measured(root, name)
                s = time.perf_counter() - began
                print(f"| {name} | {1e3 * cpu_s / n:.1f} | {n / s:.1f} | {peak:.0f} |", flush=True)
    return int(around > options.most_ms)


if __name__ == "__main__":
    sys.exit(main())
