"""Columns of numbers as bytes: a header in JSON, then the arrays, each at a multiple of eight bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

TYPES = {
    "int8": "i1",
    "uint8": "u1",
    "int16": "<i2",
    "uint16": "<u2",
    "int32": "<i4",
    "uint32": "<u4",
    "float32": "<f4",
    "float64": "<f8",
}
"""What JavaScript has typed arrays for, as numpy writes them."""
_ALIGN = 8


def pack(columns: Mapping[str, NDArray[Any]], **facts: Any) -> bytes:
    """Pack one-dimensional arrays by name, and ``facts`` that JSON knows.

    Layout: the header's length (uint32, little-endian), the header (JSON: ``facts`` and ``columns``, a list
    of ``[name, type, length, offset]`` with the offset from the first array), then the arrays.

    Raises
    ------
    KeyError
        For an array of a type that is not in `TYPES`.
    """
    listed, parts, at = [], [], 0
    for name, values in columns.items():
        kind = values.dtype.name
        data = np.ascontiguousarray(values, TYPES[kind]).tobytes()
        padding = -len(data) % _ALIGN
        listed.append([name, kind, len(values), at])
        parts += [data, b"\0" * padding]
        at += len(data) + padding
    head = json.dumps({"facts": facts, "columns": listed}, separators=(",", ":")).encode()
    head += b" " * (-(4 + len(head)) % _ALIGN)
    return len(head).to_bytes(4, "little") + head + b"".join(parts)


def unpack(data: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Read what `pack` wrote: facts and columns."""
    size = int.from_bytes(data[:4], "little")
    head = json.loads(data[4 : 4 + size])
    columns = {
        name: np.frombuffer(data, TYPES[kind], n, 4 + size + at) for name, kind, n, at in head["columns"]
    }
    return head["facts"], columns
