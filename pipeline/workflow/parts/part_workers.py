"""The parts of one footage by several processes at once on this machine."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path
from queue import SimpleQueue

from pipeline.core import errors
from pipeline.core.config import SegmentSettings
from pipeline.core.errors import RunError, UserError
from pipeline.networks.backends import choose_device, n_cores
from pipeline.workflow.parts import part_grid, part_task
from pipeline.workflow.parts.part_grid import Stretch
from pipeline.workflow.parts.part_task import PartTask

_CORES_A_WORKER, _CORES_A_GPU_WORKER, _MOST_ON_GPU = 4, 2, 4
_Line = tuple[int, str | None]
"""What a worker told, or None when it has ended."""


def n_workers(settings: SegmentSettings, n_parts: int) -> int:
    """Choose the number of workers: ``settings.jobs``, or what suits cores and device; at most one a part.

    On a CPU one for four cores: the network of one process keeps about that many busy beside the rest.
    """
    if settings.jobs:
        return max(1, min(settings.jobs, n_parts))
    from pipeline.networks.weights import resolve

    cores = n_cores()
    if cores < 2 * _CORES_A_WORKER:
        return 1
    weights = resolve(settings.weights, trust=settings.trust_weights)
    on_cpu = choose_device(weights, settings.device) == "cpu"
    wanted = cores // _CORES_A_WORKER if on_cpu else min(_MOST_ON_GPU, cores // _CORES_A_GPU_WORKER)
    return max(1, min(wanted, n_parts))


def do_parts(task: PartTask, on_frames: Callable[[int], None]) -> None:
    """Do all parts that are not done, by as many processes as the settings say.

    Parameters
    ----------
    on_frames
        Called with how many more pictures are done.

    Raises
    ------
    UserError
        Of any worker; `RunError` if one was killed. What is done stays.
    """
    todo = part_task.todo(task)
    n_parts = sum(s.end - s.first for s in todo if s.end is not None)
    settings = task.config.segment
    n = n_workers(settings, n_parts)
    if n == 1:
        part_task.do(task, todo, settings.threads, lambda: on_frames(1))
        return
    threads = settings.threads or max(1, n_cores() // n)
    workers = [_start(task.folder, part_grid.share(todo, i, n), threads) for i in range(n)]
    try:
        _listen(workers, on_frames)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
            for pipe in (worker.stdin, worker.stdout):
                if pipe is not None:
                    pipe.close()


def _start(folder: Path, wanted: list[Stretch], threads: int) -> subprocess.Popen[str]:
    order = json.dumps({"folder": str(folder), "wanted": [astuple(s) for s in wanted], "threads": threads})
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline.workflow.parts.worker_process", order],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,  # Ctrl-C is for the parent, whose end ends them
    )


def _listen(workers: list[subprocess.Popen[str]], on_frames: Callable[[int], None]) -> None:
    lines: SimpleQueue[_Line] = SimpleQueue()
    for number, worker in enumerate(workers):
        threading.Thread(target=_pass_on, args=(number, worker, lines), daemon=True).start()
    at_work = set(range(len(workers)))
    while at_work:
        number, line = lines.get()
        if line is not None:
            _take(line, on_frames)
            continue
        at_work.remove(number)
        if code := workers[number].wait():
            how = f"signal {-code}; too little memory?" if code < 0 else f"exit code {code}"
            raise RunError(
                f"worker {number + 1} of {len(workers)} ended early ({how}); the same command continues, "
                "with fewer --jobs if memory is short"
            )


def _take(line: str, on_frames: Callable[[int], None]) -> None:
    told = json.loads(line)
    if "error" in told:
        kind = getattr(errors, told["kind"], UserError)
        raise (kind if kind is not errors.CorrectionsError else UserError)(told["error"])
    on_frames(told["frames"])


def _pass_on(number: int, worker: subprocess.Popen[str], lines: SimpleQueue[_Line]) -> None:
    for line in worker.stdout or ():
        lines.put((number, line))
    lines.put((number, None))
