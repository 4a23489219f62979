"""Files and folders that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import mkdtemp

from pipeline.core.errors import OutsideError, RunError


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
        to_disk(part)
        part.replace(path)
        to_disk(path.parent)
        done = True
    except OSError as error:
        reason = error.strerror or error
        raise RunError(f"{path}: cannot write ({reason}); free space or choose another -o") from error
    finally:
        if not done:
            with suppress(OSError):
                part.unlink()


@contextmanager
def whole_folder(path: Path, mark: str, replace: bool) -> Iterator[Path]:
    """Give a folder beside ``path`` to fill; it becomes ``path`` on success and vanishes on any error.

    Parameters
    ----------
    path
        Must be absent, an empty folder, or with ``replace`` a folder that has the file ``mark``: only what
        was made this way is ever deleted.
    mark
        Name of a file that every finished folder of this kind has.
    replace
        Put the new folder in the place of an older one.

    Raises
    ------
    RunError
        If ``path`` holds other things, or cannot be written.
    """
    path = path.resolve()
    _check_vacant(path, mark, replace)
    scratch = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(mkdtemp(prefix=f"{path.name}.", dir=path.parent))
        part, old = scratch / "new", scratch / "old"
        part.mkdir()
        yield part
        for name in part.rglob("*"):
            to_disk(name)
        if path.exists():
            path.replace(old)
        try:
            part.replace(path)
        except OSError:
            if old.exists():
                old.replace(path)
            raise
    except OSError as error:
        reason = error.strerror or error
        raise RunError(f"{path}: cannot write ({reason}); free space or choose another -o") from error
    else:
        to_disk(path.parent)
    finally:
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)


def to_disk(path: Path) -> None:
    """Have a file's content, or a folder's list of names, written through, so that a power cut keeps it."""
    if os.name != "posix" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network disks know no such thing
            raise
    finally:
        os.close(handle)


def _check_vacant(path: Path, mark: str, replace: bool) -> None:
    if not path.exists():
        return
    if not path.is_dir():
        raise RunError(f"{path}: a file, not a folder; choose another -o")
    if not any(path.iterdir()):
        return
    if not (path / mark).exists():
        raise RunError(f"{path}: a folder with other things in it; choose an empty or new one with -o")
    if not replace:
        raise RunError(f"{path}: holds an earlier export; choose another -o, or --force to replace it")


def inside(root: Path, name: str) -> Path:
    """Join ``name``, which somebody else wrote, to ``root``: the one way to follow such names.

    Raises
    ------
    OutsideError
        If that leaves ``root``: by an absolute name, by ``..``, or through a link.
    """
    plain = PurePosixPath(name.replace("\\", "/"))
    if not name or plain.is_absolute() or PureWindowsPath(name).drive or ".." in plain.parts or "\0" in name:
        raise OutsideError(f"{name!r} is no name inside {root}")
    path = root / plain
    if not path.resolve().is_relative_to(root.resolve()):
        raise OutsideError(f"{name!r} leads out of {root} through a link")
    return path
