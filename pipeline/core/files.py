"""Files and folders that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath, PureWindowsPath

from pipeline.core.errors import OutsideError, RunError
from pipeline.core.locks import alone

_SCRATCH_MARK = ".teamshape"


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
        raise _cannot_write(path, error) from error
    finally:
        if not done:
            with suppress(OSError):
                part.unlink()


@contextmanager
def whole_folder(path: Path, mark: str, replace: bool) -> Iterator[Path]:
    """Give a folder beside ``path`` to fill; it becomes ``path`` on success and vanishes on any error.

    What a killed process leaves, ``<path>.part``, is cleared by the next; two at a time are refused.

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
        If ``path`` holds other things, cannot be written, or another process is writing it.
    """
    path = path.resolve()
    scratch = path.with_name(path.name + ".part")
    if (scratch / _SCRATCH_MARK).exists():
        with alone(scratch / _SCRATCH_MARK, path):
            _after_a_kill(path, scratch)
    _check_vacant(path, mark, replace)
    _claim(scratch)
    with alone(scratch / _SCRATCH_MARK, path):
        new, old = scratch / "new", scratch / "old"
        try:
            new.mkdir()
            yield new
            for name in new.rglob("*"):
                to_disk(name)
            if path.exists():
                path.replace(old)
            try:
                new.replace(path)
            except OSError:
                if old.exists():
                    old.replace(path)
                raise
            to_disk(path.parent)
        except OSError as error:
            raise _cannot_write(path, error) from error
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _claim(scratch: Path) -> None:
    """Make the folder to fill, or take over one that a killed process left; never somebody else's."""
    try:
        if scratch.exists() and not (scratch / _SCRATCH_MARK).exists() and any(scratch.iterdir()):
            raise RunError(f"{scratch}: in the way, and not made by teamshape; move it or choose another -o")
        scratch.mkdir(parents=True, exist_ok=True)
        (scratch / _SCRATCH_MARK).touch()
    except OSError as error:
        raise _cannot_write(scratch, error) from error


def _after_a_kill(path: Path, scratch: Path) -> None:
    """Clear what a killed process left; the older folder goes back from where it had been put aside."""
    if (scratch / "old").exists() and not path.exists():
        (scratch / "old").replace(path)
    shutil.rmtree(scratch)


def _cannot_write(path: Path, error: OSError) -> RunError:
    return RunError(f"{path}: cannot write ({error.strerror or error}); free space or choose another -o")


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
