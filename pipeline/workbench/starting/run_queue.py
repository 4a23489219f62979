"""The queue of the start page: one job at a time, each in a process of its own, the others wait."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pipeline.core.config import Config
from pipeline.core.errors import RunError
from pipeline.core.json_files import write_json
from pipeline.workbench.starting.job import Job, JobKind, waiting_steps
from pipeline.workbench.working.child import Child
from pipeline.workbench.working.hub import Hub
from pipeline.workflow import plan

MODULE = "pipeline.workbench.starting.run_job"
_MOST_WAITING, _MOST_KEPT = 50, 100
_CHECK = "check"

Start = Callable[..., Child]


class RunQueue:
    """Jobs in the order in which they were asked for.

    Parameters
    ----------
    start
        Starts a process; tests give their own.

    Attributes
    ----------
    made
        Called with the run directory when a run has been made, or was made in part.
    """

    def __init__(self, start: Start = Child) -> None:
        self.hub = Hub()
        self.made: Callable[[Path], None] = lambda root: None
        self._start = start
        self._lock = threading.RLock()
        self._jobs: list[Job] = []
        self._count = 0
        self._active: tuple[Job, Child] | None = None
        self._stopped: set[int] = set()
        self._closed = False
        self._files = tempfile.TemporaryDirectory(prefix="teamshape-")

    def run(self, source: Path, root: Path, config: Config) -> Job:
        """Ask for a run of ``source`` in ``root``, or for going on with it.

        Raises
        ------
        RunError
            If the same run is under way or waits, or too many do.
        """
        said: dict[str, Any] = {"kind": "run", "source": str(source), "root": str(root)}
        said["config"] = config.model_dump(mode="json")
        steps = waiting_steps([step.name for step in plan.chosen(config)])
        return self._add("run", source, root, said, steps)

    def data(self, sources: Sequence[Path], root: Path, config: Config) -> Job:
        """Ask for a run from tracking data, the files of one match; raises as `run`."""
        said: dict[str, Any] = {"kind": "data", "sources": [str(s) for s in sources], "root": str(root)}
        said["config"] = config.model_dump(mode="json", exclude_unset=True)
        steps = waiting_steps([step.name for step in plan.tracking_steps()])
        return self._add("data", sources[0], root, said, steps)

    def check(self, source: Path, total: int | None) -> Job:
        """Ask for decoding all of ``source``; ``total``: about how many frames it has, None if unknown."""
        said = {"kind": _CHECK, "source": str(source), "total": total}
        return self._add("check", source, None, said, waiting_steps([_CHECK]))

    def cancel(self, number: int) -> None:
        """Stop a job, or take it out of the queue; what a run has made so far stays.

        Raises
        ------
        RunError
            If there is no such job, or it has ended.
        """
        with self._lock:
            job = next((j for j in self._jobs if j.number == number), None)
            if job is None or job.state not in ("waiting", "running"):
                raise RunError("that has ended already")
            self._stopped.add(number)
            if job.state == "waiting":
                job.end(None, stopped=True)
            elif self._active is not None:
                self._active[1].stop()
        self._publish()

    def told(self) -> dict[str, Any]:
        """Tell all jobs, the newest first."""
        with self._lock:
            return {"event": "queue", "jobs": [job.told() for job in reversed(self._jobs)]}

    def close(self) -> None:
        """Stop what runs; the rest is forgotten."""
        with self._lock:
            self._closed = True
            active = self._active
        if active is not None:
            active[1].stop()
            active[1].wait(10.0)
        self._files.cleanup()

    def settle(self, timeout_s: float | None = None) -> None:
        """Wait until nothing is left to do."""
        while (active := self._active) is not None:
            active[1].wait(timeout_s)

    def _add(
        self,
        kind: JobKind,
        source: Path,
        root: Path | None,
        said: dict[str, Any],
        steps: list[dict[str, Any]],
    ) -> Job:
        with self._lock:
            waiting = [j for j in self._jobs if j.state in ("waiting", "running")]
            if root is not None and any(j.root == root for j in waiting):
                raise RunError(f"{root.name}: is being made, or waits, already")
            if len(waiting) > _MOST_WAITING:
                raise RunError(f"{len(waiting)} wait already; let some of them end first")
            self._count += 1
            job = Job(self._count, kind, source, root, said, steps)
            ended = [j for j in self._jobs if j not in waiting][-_MOST_KEPT:]
            self._jobs = sorted([*ended, *waiting, job], key=lambda j: j.number)
            self._next()
        self._publish()
        return job

    def _next(self) -> None:
        """Start the job that has waited longest, unless one is at work."""
        if self._active is not None or self._closed:
            return
        job = next((j for j in self._jobs if j.state == "waiting"), None)
        if job is None:
            return
        path = Path(self._files.name) / f"{job.number}.json"
        write_json(path, job.said)
        job.state = "running"
        heard = lambda event: self._heard(job, event)  # noqa: E731 - two short callbacks
        ended = lambda died: self._ended(job, died)  # noqa: E731
        self._active = job, self._start(MODULE, path, heard, ended)

    def _heard(self, job: Job, event: dict[str, Any]) -> None:
        with self._lock:
            job.hear(event)
        self._publish()

    def _ended(self, job: Job, died: str | None) -> None:
        if job.root is not None:
            self.made(job.root)
        with self._lock:
            self._active = None
            job.end(died, stopped=job.number in self._stopped or self._closed)
            self._next()
        self._publish()

    def _publish(self) -> None:
        self.hub.publish(self.told())
