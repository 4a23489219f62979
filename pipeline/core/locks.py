"""One process at a time in a folder; who holds it is written in the lock, for the one who has to wait."""

from __future__ import annotations

import getpass
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from pipeline.core.errors import RunError
from pipeline.core.text.printable import printable

fcntl: Any
try:
    import fcntl as _fcntl

    fcntl = _fcntl
except ImportError:  # Windows
    fcntl = None

_LONGEST_NAME = 120


@contextmanager
def alone(lock: Path, folder: Path) -> Iterator[None]:
    """Keep other processes out of ``folder`` while the file ``lock`` is held; a killed holder lets go.

    Raises
    ------
    RunError
        If another process holds it: with its number, user and machine.
    """
    if fcntl is None:
        yield
        return
    with _held(lock, folder) as handle:
        with suppress(OSError):  # a full disk: the lock holds without a name
            os.ftruncate(handle.fileno(), 0)
            os.write(handle.fileno(), f"process {os.getpid()} of {_user()} on {platform.node()}".encode())
        yield


@contextmanager
def _held(lock: Path, folder: Path) -> Iterator[IO[str]]:
    while True:
        with lock.open("a+", encoding="utf-8", errors="replace") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                handle.seek(0)
                owner = printable(handle.read(_LONGEST_NAME).strip()) or "another process"
                raise RunError(
                    f"{folder}: another teamshape works in it ({owner}); wait for it, or choose another -o"
                ) from None
            except OSError:  # a disk without locks
                pass
            # The one before may have cleared the folder away, and this file with it.
            if lock.exists() and os.path.samestat(lock.stat(), os.fstat(handle.fileno())):
                yield handle
                return
        lock.parent.mkdir(parents=True, exist_ok=True)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user number without a name, as in containers
        return f"user {os.getuid()}"
