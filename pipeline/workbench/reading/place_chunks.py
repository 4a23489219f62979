"""Who stands where on the pitch, and where the camera looks, for a window of frames."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.core.camera_lens import LENS_KINDS
from pipeline.tables.cameras.view_lenses import LENS_COLUMNS
from pipeline.tables.schemas import VIEW_COLUMNS
from pipeline.workbench.reading.frame_window import WindowReader, numbers
from pipeline.workbench.reading.packed import pack

POSITIONS = ("track_id", "x_m", "y_m", "error_m", "source")
PLACED = ("player_id", "x_m", "y_m", "error_m")
VIEWS = ("source", "error_m", *VIEW_COLUMNS, *LENS_COLUMNS)
SOURCES = ("observed", "interpolated", "by_hand")
VIEW_SOURCES = ("none", "measured", "tracked", "interpolated")
"""What the numbers in column ``source`` of a chunk mean, by place."""


def position_chunk(positions: WindowReader, placed: WindowReader | None, first: int, last: int) -> bytes:
    """Pack positions: ``frame, track, person`` (-1 where none), ``x, y`` (m), ``error``, ``source``.

    ``person`` is told only by paths that a hand laid; who a track shows, the table ``links`` says.
    """
    table = positions.read(first, last)
    columns = {
        "frame": numbers(table, "frame", 0, "int32"),
        "track": numbers(table, "track_id", -1, "int32"),
        "person": np.full(len(table), -1, np.int32),
        "x": numbers(table, "x_m", np.nan, "float32"),
        "y": numbers(table, "y_m", np.nan, "float32"),
        "error": numbers(table, "error_m", np.nan, "float32"),
        "source": _codes(table, SOURCES),
    }
    if placed is not None and len(more := placed.read(first, last)):
        added = {
            "frame": numbers(more, "frame", 0, "int32"),
            "track": np.full(len(more), -1, np.int32),
            "person": numbers(more, "player_id", -1, "int32"),
            **{n: numbers(more, f"{n}_m", np.nan, "float32") for n in ("x", "y", "error")},
            "source": np.full(len(more), SOURCES.index("by_hand"), np.uint8),
        }
        columns = {n: np.concatenate([columns[n], added[n]]) for n in columns}
        order = np.argsort(columns["frame"], kind="stable")
        columns = {n: v[order] for n, v in columns.items()}
    return pack(columns, first=first, last=last, sources=SOURCES)


def view_chunk(views: WindowReader, first: int, last: int) -> bytes:
    """Pack camera views: ``frame, source, error`` (m), ``h``, nine numbers a frame, and the lens.

    ``h`` is the homography pitch_from_image of the straightened picture, row by row, NaN without a view.
    ``lens`` is its kind (see ``lenses``), ``bend`` five numbers a frame: its middle and focal length, px,
    k1, k2; see `pipeline.core.camera_lens`.
    """
    table = views.read(first, last)
    matrix = np.column_stack([numbers(table, c, np.nan, "float64") for c in VIEW_COLUMNS])
    columns = {
        "frame": numbers(table, "frame", 0, "int32"),
        "source": _codes(table, VIEW_SOURCES),
        "error": numbers(table, "error_m", np.nan, "float32"),
        "h": matrix.ravel(),
        "lens": _codes(table, LENS_KINDS, LENS_COLUMNS[0]),
        "bend": np.column_stack([numbers(table, c, 0.0, "float64") for c in LENS_COLUMNS[1:]]).ravel(),
    }
    return pack(columns, first=first, last=last, sources=VIEW_SOURCES, lenses=LENS_KINDS)


def _codes(table: Any, names: tuple[str, ...], column: str = "source") -> np.ndarray:
    """Number the words of a column by their place in ``names``; the first stands for none of them."""
    if column not in table.column_names:
        return np.zeros(len(table), np.uint8)
    code = {name: i for i, name in enumerate(names)}
    told = table.column(column).to_pylist()
    return np.array([code.get(t, 0) for t in told], np.uint8)
