"""How the pass over the footage scales with worker processes, its network replaced by a sleep.

The sleep stands for a network that keeps no core of this machine busy (a GPU, say): the rest is what
workers have in common. Each has a part of its own, as in a run; told are frames a second while all work, from
when each has done its first picture. ``--real`` takes the true network instead, the cores shared out.

    python benchmarks/scale.py FOOTAGE [--workers 1 2 4 8] [--sleep-ms 400] [--frames 20] [--real]

Exits with 1 if eight sleeping workers are not six times as fast as one.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from pipeline import video
from pipeline.core import config
from pipeline.core.types import CLASS_NAMES, Instances
from pipeline.networks import segmenter
from pipeline.networks.backend_interface import NetworkInfo
from pipeline.networks.backends import n_cores
from pipeline.workflow.parts import part_grid, part_task

LEAST_EIGHT = 6.0


class Asleep:
    """A network that takes its time, and sees nobody."""

    batch = 1
    info = NetworkInfo(CLASS_NAMES, "none", "cpu")

    def __init__(self, seconds: float) -> None:
        self._seconds, self._running = seconds, Lock()

    def segment(self, images: Sequence[NDArray[np.uint8]]) -> list[Instances]:
        """Sleep once a picture."""
        with self._running:
            time.sleep(self._seconds * len(images))
        nobody = np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int8)
        return [Instances(0, *nobody, ()) for _ in images]


def work(folder: Path, number: int, n: int, sleep_s: float, threads: int) -> None:
    """Do one share, and print when each frame was done."""
    if sleep_s:
        segmenter.load = lambda _: segmenter.Segmenter(Asleep(sleep_s))
    task, done_s = part_task.load(folder), []
    wanted = part_grid.share(part_task.todo(task), number, n)

    def on_frame() -> None:
        if not done_s:  # all begin together
            (folder / f"{number}.ready").touch()
            while len(list(folder.glob("*.ready"))) < n:
                time.sleep(0.02)
        done_s.append(time.time())

    part_task.do(task, wanted, threads, on_frame)
    print(json.dumps(done_s))


def frames_a_second(footage: Path, options: argparse.Namespace, n: int) -> float:
    """Let ``n`` workers do a part each; frames a second from all at work until the first has ended."""
    info = video.probe(footage)
    length_s = options.frames / info.fps
    chosen = config.load(
        overrides={"video.end_s": n * length_s, "segment.imgsz": options.imgsz, "segment.device": "cpu"}
    )
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root) / "steps" / "segment.parts"
        folder.mkdir(parents=True)
        grid = part_grid.PartGrid(0.0, length_s, n)
        part_task.save(part_task.PartTask(folder, footage, chosen, grid))
        given = ["--sleep-ms", str(0 if options.real else options.sleep_ms), "--workers", str(n)]
        command = [sys.executable, __file__, str(footage), *given, "--work", str(folder)]
        workers = [subprocess.Popen([*command, str(i)], stdout=subprocess.PIPE, text=True) for i in range(n)]
        told = [np.array(json.loads(worker.communicate()[0])) for worker in workers]
    since, until = max(t[0] for t in told), min(t[-1] for t in told)
    if until <= since:
        raise SystemExit("the workers were never at work together: give more --frames or --sleep-ms")
    return float(sum(((t > since) & (t <= until)).sum() for t in told) / (until - since))


def main() -> int:
    """Print a Markdown table: a row a number of workers."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("footage", type=Path)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--sleep-ms", type=float, default=400.0)
    parser.add_argument("--frames", type=int, default=20, help="frames a worker")
    parser.add_argument("--imgsz", type=int, default=640)
    parser.add_argument("--real", action="store_true", help="the true network")
    parser.add_argument("--work", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        n = options.workers[0]
        threads = max(1, n_cores() // n)
        work(Path(options.work[0]), int(options.work[1]), n, options.sleep_ms / 1e3, threads)
        return 0
    rates: dict[int, float] = {}
    print("| workers | frames/s | times one |\n|---|---|---|")
    for n in options.workers:
        rates[n] = frames_a_second(options.footage.resolve(), options, n)
        print(f"| {n} | {rates[n]:.2f} | {rates[n] / rates[options.workers[0]]:.2f} |", flush=True)
    missed = not options.real and {1, 8} <= rates.keys() and rates[8] < LEAST_EIGHT * rates[1]
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
