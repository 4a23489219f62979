"""Whether this installation can do its work here: versions, codecs, weights, cache, devices, memory, disk."""

from __future__ import annotations

import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from pipeline.core.errors import UserError

State = Literal["ok", "warning", "broken"]
_GB = 1e9
_LITTLE_DISK, _NO_DISK, _LITTLE_MEMORY = 5 * _GB, 0.5 * _GB, 4 * _GB
_DECODERS = ("h264", "hevc", "mpeg4", "mpeg2video", "vp9", "prores", "mjpeg")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``hint`` says what to do where it is not ok."""

    what: str
    state: State
    value: str
    hint: str = ""


def examine(work: Path) -> list[Finding]:
    """Look at everything; ``work`` is the folder whose disk counts. A check that fails is a finding."""
    found: list[Finding] = []
    for name, look in _CHECKS.items():
        try:
            found += look(work)
        except Exception as error:  # noqa: BLE001 - a doctor survives what he finds
            text = str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
            found.append(Finding(name, "broken", text.splitlines()[0] if text else name, "install again"))
    return found


def _packages(_: Path) -> Iterator[Finding]:
    right = sys.version_info >= (3, 11)
    yield Finding(
        "python", "ok" if right else "broken", platform.python_version(), "" if right else "use 3.11 or newer"
    )
    for name in ("teamshape", *_required()):
        try:
            yield Finding(f"package {name}", "ok", metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Finding(f"package {name}", "broken", "not installed", f"pip install {name}")


def _required() -> list[str]:
    """Names of what teamshape cannot do without."""
    listed = metadata.requires("teamshape") or []
    return sorted({re.split(r"[^A-Za-z0-9._-]", r)[0].lower() for r in listed if "extra ==" not in r})


def _codecs(_: Path) -> Iterator[Finding]:
    import av

    missing = [c for c in _DECODERS if not _decodes(c)]
    state: State = "broken" if "h264" in missing else "warning" if missing else "ok"
    text = f"FFmpeg {av.ffmpeg_version_info} reads {', '.join(c for c in _DECODERS if c not in missing)}"
    yield Finding(
        "codecs", state, text, f"cannot read {', '.join(missing)}; pip install av" if missing else ""
    )
    yield _clip_there_and_back()


def _decodes(name: str) -> bool:
    import av

    try:
        av.Codec(name, "r")
    except av.codec.codec.UnknownCodecError:
        return False
    return True


def _clip_there_and_back() -> Finding:
    import numpy as np

    from pipeline import video
    from pipeline.video.writer import VideoWriter

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        with VideoWriter(path, 64, 48, 25.0) as out:
            for i in range(5):
                out.write(np.full((48, 64, 3), 40 * i, np.uint8), i / 25)
        n = sum(1 for _ in video.frames(path))
    right = n == 5
    hint = "" if right else "no overlay can be written; pip install av"
    return Finding("video there and back", "ok" if right else "broken", f"{n} of 5 pictures", hint)


def _weights(_: Path) -> Iterator[Finding]:
    from pipeline.networks.weights import bundled_names, resolve

    for name in bundled_names():
        try:
            yield Finding(f"weights {name}", "ok", f"SHA-256 {resolve(name).sha256[:16]}, as delivered")
        except UserError as error:
            yield Finding(f"weights {name}", "broken", str(error), "install teamshape again")


def _cache(_: Path) -> Iterator[Finding]:
    from pipeline.networks.convert import converted
    from pipeline.networks.quiet import cache_folder, cache_is_lasting

    folder = cache_folder()
    if not cache_is_lasting(folder):
        hint = "networks are converted anew each time; make the user's cache folder writable"
        yield Finding("cache", "warning", f"{folder}, only for now", hint)
        return
    state = converted(folder)
    damaged = sum(not whole for whole in state.values())
    hint = "made again when used" if damaged else ""
    text = f"{folder}: {len(state)} converted networks, {damaged} of them damaged"
    yield Finding("cache", "warning" if damaged else "ok", text, hint)


def _devices(_: Path) -> Iterator[Finding]:
    from pipeline.networks.backends import n_cores
    from pipeline.networks.openvino_graph import cpu_name
    from pipeline.networks.torch_backend import available_devices

    names = [cpu_name(), *available_devices()]
    yield Finding("devices", "ok", f"{', '.join(names)}; {n_cores()} cores")


def _memory(_: Path) -> Iterator[Finding]:
    import psutil

    memory = psutil.virtual_memory()
    little = memory.available < _LITTLE_MEMORY
    text = f"{memory.available / _GB:.1f} of {memory.total / _GB:.1f} GB free"
    yield Finding("memory", "warning" if little else "ok", text, "close other programs" if little else "")


def _disk(work: Path) -> Iterator[Finding]:
    from pipeline.networks.quiet import cache_folder

    for what, folder in (("disk", work), ("disk of the cache", cache_folder())):
        there = next(p for p in (folder.resolve(), *folder.resolve().parents) if p.exists())
        free = shutil.disk_usage(there).free
        state: State = "broken" if free < _NO_DISK else "warning" if free < _LITTLE_DISK else "ok"
        yield Finding(
            what, state, f"{there}: {free / _GB:.1f} GB free", "" if state == "ok" else "free space"
        )


_CHECKS: dict[str, Callable[[Path], Iterator[Finding]]] = {
    "packages": _packages,
    "codecs": _codecs,
    "weights": _weights,
    "cache": _cache,
    "devices": _devices,
    "memory": _memory,
    "disk": _disk,
}
