"""The lenses in table ``views``: one for each frame, in few columns. Runs of before them have none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core.camera_lens import LENS_KINDS, STRAIGHT, Lens
from pipeline.tables.columns import Column, floats

if TYPE_CHECKING:
    import pandas as pd

LENS_COLUMNS = ("lens", "lens_x_px", "lens_y_px", "lens_focal_px", "lens_k1", "lens_k2")
"""Of table ``views``; all of them or, in runs of version 2 of step calibrate and before, none."""

LENS_SCHEMA = (
    Column(
        "lens",
        "str",
        "how the picture is bent: straight, radial (k1, k2) or cylinder (a stitched panorama); null where "
        "source is none. The homography is that of the straightened picture",
        True,
        values=LENS_KINDS,
    ),
    *floats(
        "lens_x_px lens_y_px lens_focal_px",
        "middle of the bending and focal length, px; null for straight ones",
        "float64",
        nullable=True,
    ),
    *floats(
        "lens_k1 lens_k2",
        "Brown's radial distortion in focal lengths, as OpenCV has it; null for straight ones",
        "float64",
        nullable=True,
    ),
)


def lens_columns(lenses: Sequence[Lens | None]) -> dict[str, list[Any]]:
    """Lay out a lens for each row (None: no view) as the columns of `LENS_COLUMNS`."""
    bent = [lens if lens is not None and lens.bends else None for lens in lenses]
    values: list[list[Any]] = [
        [None if lens is None else lens.kind for lens in lenses],
        [None if b is None else b.centre_px[0] for b in bent],
        [None if b is None else b.centre_px[1] for b in bent],
        [None if b is None else b.focal_px for b in bent],
        [None if b is None else b.k1 for b in bent],
        [None if b is None else b.k2 for b in bent],
    ]
    return dict(zip(LENS_COLUMNS, values, strict=True))


def view_lenses(views: pd.DataFrame) -> list[Lens]:
    """Take the lens of each row of table ``views``; straight where there is none."""
    if LENS_COLUMNS[0] not in views:
        return [STRAIGHT] * len(views)
    known: dict[tuple[Any, ...], Lens] = {}
    rows = views[list(LENS_COLUMNS)].itertuples(index=False, name=None)
    return [known.setdefault(row, _lens(row)) if _bent(row[0]) else STRAIGHT for row in rows]


def lens_of(row: Mapping[str, Any]) -> Lens:
    """The lens in one row of table ``views``, by column; straight without such columns."""
    values = tuple(row.get(name) for name in LENS_COLUMNS)
    return _lens(values) if _bent(values[0]) else STRAIGHT


def stored_lens_columns(path: Path) -> tuple[str, ...]:
    """The lens columns that a stored table has: all or none."""
    import pyarrow.parquet as pq

    return LENS_COLUMNS if LENS_COLUMNS[0] in pq.read_schema(path).names else ()


def _bent(kind: Any) -> bool:
    return kind in LENS_KINDS and kind != STRAIGHT.kind


def _lens(row: Sequence[Any]) -> Lens:
    kind, x, y, focal, k1, k2 = row
    return Lens(kind, (float(x), float(y)), float(focal), float(k1), float(k2))
