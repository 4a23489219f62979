"""Masks of a window of frames as run lengths, with the track that each shows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core.label_maps import UNCLEAR, label_value
from pipeline.workbench.reading.frame_window import WindowReader, numbers
from pipeline.workbench.reading.packed import pack

SEGMENTS = ("instance", "top", "left", "height", "width", "runs")
LABELS = ("instance", "role", "team")
TRACKS = ("instance", "track_id")
UNTRACKED = -1
_MOST = np.iinfo(np.uint16).max


def mask_chunk(
    segments: WindowReader, labels: WindowReader, tracks: WindowReader | None, first: int, last: int
) -> bytes:
    """Pack the masks of people and ball in the frames ``first`` to ``last``.

    Columns, a value for each mask: ``frame``, ``track`` (`UNTRACKED` where none), ``label`` (value of the
    label map), ``top, left, height, width`` (px), and ``start``, one more than masks: where the runs of each
    begin in ``runs``.
    """
    table = segments.read(first, last)
    instance = numbers(table, "instance", -1, "int64")
    things = np.flatnonzero(instance >= 0)
    table, instance = table.take(things), instance[things]
    frame = numbers(table, "frame", 0, "int64")
    key = _key(frame, instance)
    runs, start = _runs(table.column("runs").to_pylist())
    columns: dict[str, NDArray[Any]] = {
        "frame": frame.astype(np.int32),
        "track": _tracks(key, tracks, first, last),
        "label": _labels(key, labels, first, last),
        **{n: numbers(table, n, 0, "uint16") for n in ("top", "left", "height", "width")},
        "start": start,
        "runs": runs,
    }
    return pack(columns, first=first, last=last)


def _runs(packed: list[bytes]) -> tuple[NDArray[Any], NDArray[np.uint32]]:
    """Lay all runs end to end, in the smallest type that holds them, and where each mask's begin."""
    runs = np.frombuffer(b"".join(packed), "<u4")
    start = np.cumsum([0, *(len(p) // 4 for p in packed)]).astype(np.uint32)
    small = not len(runs) or int(runs.max()) <= _MOST
    return runs.astype(np.uint16 if small else np.uint32), start


def _key(frame: NDArray[np.int64], instance: NDArray[np.int64]) -> NDArray[np.int64]:
    return frame * 65536 + instance


def _tracks(key: NDArray[np.int64], reader: WindowReader | None, first: int, last: int) -> NDArray[np.int32]:
    if reader is None:
        return np.full(len(key), UNTRACKED, np.int32)
    table = reader.read(first, last)
    known = _key(numbers(table, "frame", 0, "int64"), numbers(table, "instance", -1, "int64"))
    return _picked(key, known, numbers(table, "track_id", UNTRACKED, "int32"), UNTRACKED)


def _labels(key: NDArray[np.int64], reader: WindowReader, first: int, last: int) -> NDArray[np.uint8]:
    table = reader.read(first, last)
    known = _key(numbers(table, "frame", 0, "int64"), numbers(table, "instance", -1, "int64"))
    told = zip(table.column("role").to_pylist(), table.column("team").to_pylist(), strict=True)
    values = np.array([label_value(role or "unclear", team) for role, team in told], np.uint8)
    return _picked(key, known, values, UNCLEAR)


def _picked(
    wanted: NDArray[np.int64], known: NDArray[np.int64], values: NDArray[Any], missing: int
) -> NDArray[Any]:
    """For each wanted key the value of the same known key, ``missing`` where there is none."""
    if not len(known):
        return np.full(len(wanted), missing, values.dtype)
    order = np.argsort(known, kind="stable")
    at = np.minimum(np.searchsorted(known[order], wanted), len(known) - 1)
    found = order[at]
    return np.where(known[found] == wanted, values[found], missing).astype(values.dtype)
