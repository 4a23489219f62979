"""Kill this process, or refuse it the disk, at its n-th step that writes; or count those steps.

Steps are what Python itself does to files: opened for writing, renamed, removed, made. What a library writes
in a file that it opened by itself lies between two of them.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

_STEPS = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.link", "os.symlink")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def kill_at(step: int) -> Callable[[], None]:
    """Make what kills the process that calls it, when it comes to ``step`` (from 0)."""

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    return _at(lambda n: n == step, die)


def full_from(step: int) -> Callable[[], None]:
    """Make what refuses the disk from ``step`` on; removing goes on working, as on a full disk."""

    def refuse() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    return _at(lambda n: n >= step, refuse, ("os.remove", "os.rmdir"))


def counted(into: Path) -> Callable[[], None]:
    """Make what writes the number of steps into a file, a byte each."""
    handle = os.open(into, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)

    def count() -> None:
        os.write(handle, b".")

    return _at(lambda n: True, count)


def _at(
    when: Callable[[int], bool], what: Callable[[], None], free: tuple[str, ...] = ()
) -> Callable[[], None]:
    def begin() -> None:
        home, n = str(Path.cwd()), 0

        def hook(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal n
            if event in free or not _is_step(event, arguments, home):
                return
            n += 1
            if when(n - 1):
                what()

        sys.addaudithook(hook)

    return begin


def _is_step(event: str, arguments: tuple[Any, ...], home: str) -> bool:
    """Whether this writes in the folder where the command runs."""
    if event == "open":
        writes = isinstance(arguments[2], int) and arguments[2] & _WRITES
        return bool(writes) and _lies_in(arguments[0], home)
    return event in _STEPS and _lies_in(arguments[0], home)


def _lies_in(name: Any, home: str) -> bool:
    if not isinstance(name, str | bytes | os.PathLike):
        return False
    return str(Path(home, os.fsdecode(name))).startswith(home)
