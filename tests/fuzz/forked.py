"""Commands as forks of one process that has imported everything: a case costs its own work only.

A fork is as good as a process of its own while the parent has no threads and has not yet used a decoder or
a network; `preload` sees to that.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import pkgutil
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

CPU_S, MEMORY_KB = 60, 2_000_000
"""Limits of a case: seconds of the processor, so that a busy machine breaks no rule; and memory."""
_HANGS_S = 600
_ADDRESSES = 12 << 30
"""No case may take the machine down with it; libraries reserve far more addresses than memory."""
_LAZY = ("pandera.pandas", "pyarrow.parquet", "PIL.Image", "jinja2", "scipy.optimize", "duckdb", "kloppy")
_HEAVY = ("pipeline.__main__", "pipeline.training.")


@dataclass(frozen=True)
class End:
    """How a command ended: exit code (negative: the signal), CPU seconds, peak memory, what it said."""

    code: int
    cpu_s: float
    peak_kb: int
    said: str


def preload() -> None:
    """Import all that commands import, except what trains; threads must not have been started."""
    import pipeline
    from pipeline.networks.quiet import no_usage_events, silence_libraries

    names = [m.name for m in pkgutil.walk_packages(pipeline.__path__, "pipeline.")]
    for name in (*_LAZY, *names):
        if not name.startswith(_HEAVY):
            with contextlib.suppress(ImportError):  # an extra that is not installed
                importlib.import_module(name)
    silence_libraries()
    with no_usage_events():
        _without_threads(importlib.import_module("openvino"))
    gc.freeze()


def _without_threads(_: ModuleType) -> None:
    import threading

    running = threading.enumerate()
    assert len(running) == 1, running


def begin(command: list[str], folder: Path, log: Path, before: Callable[[], object] | None = None) -> int:
    """Fork a process that runs ``command`` in ``folder``; its number. ``before`` runs first in the child."""
    child = os.fork()
    if child == 0:
        _be(command, folder, log, before)
    return child


def end(child: int, log: Path, hangs_s: float = _HANGS_S) -> End:
    """Wait for the process, or kill it after ``hangs_s``; its log is removed."""
    began = time.monotonic()
    while True:
        done, status, usage = os.wait4(child, os.WNOHANG)
        if done:
            break
        if time.monotonic() - began > hangs_s:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.01)
    text = log.read_text(errors="replace") if log.exists() else ""
    log.unlink(missing_ok=True)
    took = usage.ru_utime + usage.ru_stime
    return End(os.waitstatus_to_exitcode(status), took, usage.ru_maxrss, text)


def call(command: list[str], folder: Path) -> End:
    """Run one command to its end, within the limits of a case."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S + 5))
        resource.setrlimit(resource.RLIMIT_AS, (_ADDRESSES, resource.RLIM_INFINITY))

    log = folder / ".said"
    return end(begin(command, folder, log, limit), log)


def _be(command: list[str], folder: Path, log: Path, before: Callable[[], object] | None) -> None:
    """Become the command; never returns."""
    code = 99
    try:
        handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(handle, 1)
        os.dup2(handle, 2)
        # A test runner has put its own streams there.
        sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
        os.chdir(folder)
        sys.argv = ["teamshape", *command]
        if before is not None:
            before()
        from pipeline.cli.main import main

        main()
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 0 if error.code is None else 1
    except BaseException:  # noqa: BLE001 - this is what is looked for
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
