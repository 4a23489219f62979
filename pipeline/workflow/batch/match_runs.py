"""A process a match, repeated where that may help, and the record of how each ended."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Literal

from pipeline.core.json_files import write_json
from pipeline.workflow.batch.match_list import Match

RECORD = "batch.json"
_USERS_MISTAKE = 2
State = Literal["finished", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a match ended: after how many attempts and seconds, and the last line that it said if it failed."""

    match: str
    state: State
    attempts: int
    seconds: float
    error: str = ""


Command = Callable[[Match], list[str]]
"""The arguments behind the interpreter that process one match."""


def process(
    matches: Sequence[Match],
    out: Path,
    command: Command,
    on_end: Callable[[Outcome], None],
    at_once: int = 1,
    retries: int = 1,
) -> list[Outcome]:
    """Process each match by ``command`` in a process of its own, ``at_once`` at a time.

    What a match says goes to ``<match>.log`` in ``out``, how it ended to `RECORD`. One that ends in a mistake
    of the user's is not tried again; one that crashes, or is killed, is, ``retries`` times, and goes on where
    it was. Others are not affected. Stopped, it stops its processes.

    Raises
    ------
    RunError
        If ``out`` cannot be written.
    """
    outcomes: dict[str, Outcome] = {}
    write_json(out / RECORD, _record(matches, outcomes))
    running = _Running()
    with ThreadPoolExecutor(at_once) as pool:
        try:
            todo = {pool.submit(_one, match, out, command, retries, running) for match in matches}
            while todo:
                done, todo = wait(todo, return_when=FIRST_COMPLETED)
                for outcome in map(Future.result, done):
                    outcomes[outcome.match] = outcome
                    write_json(out / RECORD, _record(matches, outcomes))
                    on_end(outcome)
        except BaseException:
            running.stop()
            pool.shutdown(cancel_futures=True)
            raise
    return [outcomes[match.name] for match in matches]


def _record(matches: Sequence[Match], outcomes: dict[str, Outcome]) -> dict[str, object]:
    return {
        "matches": [
            asdict(outcomes[m.name]) if m.name in outcomes else {"match": m.name, "state": "waiting"}
            for m in matches
        ]
    }


class _Running:
    """The processes at work, so that they can be stopped together."""

    def __init__(self) -> None:
        self._lock, self._stopped = threading.Lock(), False
        self._there: set[subprocess.Popen[bytes]] = set()

    def run(self, arguments: list[str], log: IO[bytes]) -> int | None:
        """Run one process to its end, and give its exit code; None if all were stopped."""
        with self._lock:
            if self._stopped:
                return None
            worker = subprocess.Popen(
                [sys.executable, *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
            self._there.add(worker)
        code = worker.wait()
        with self._lock:
            self._there.discard(worker)
            return None if self._stopped else code

    def stop(self) -> None:
        """Stop them; no further one begins."""
        with self._lock:
            self._stopped = True
            for worker in self._there:
                worker.terminate()


def _one(match: Match, out: Path, command: Command, retries: int, running: _Running) -> Outcome:
    log, began, attempt = out / f"{match.name}.log", time.monotonic(), 0
    code: int | None = None
    while attempt <= retries:
        attempt += 1
        with log.open("wb") as handle:
            code = running.run(command(match), handle)
        if code in (0, None, _USERS_MISTAKE):
            break
    seconds = round(time.monotonic() - began, 1)
    if code == 0:
        return Outcome(match.name, "finished", attempt, seconds)
    return Outcome(match.name, "failed", attempt, seconds, _last_line(log, code))


def _last_line(log: Path, code: int | None) -> str:
    lines = [x.strip() for x in log.read_text(encoding="utf-8", errors="replace").splitlines() if x.strip()]
    if code is not None and code < 0:
        return f"ended by signal {-code}" + ("; too little memory?" if code == -9 else "")
    return lines[-1].removeprefix("teamshape: ") if lines else f"exit code {code}"
