"""Files that appear whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.errors import RunError


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a ``.part`` path to write to; it becomes ``path`` on success and vanishes on any error.

    Raises
    ------
    RunError
        If the disk is full or the folder cannot be written.
    """
    part = path.with_name(path.name + ".part")
    done = False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(path)
        done = True
    except OSError as error:
        reason = error.strerror or error
        raise RunError(f"{path}: cannot write ({reason}); free space or choose another -o") from error
    finally:
        if not done:
            with suppress(OSError):
                part.unlink()
