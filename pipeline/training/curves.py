"""The curves of a training as a page that needs no other file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipeline.datasets.plain_page import Block, Curve, Table, Text, write_page

_WIDTH, _HEIGHT = 420, 160


def write_curves(rows: Sequence[dict[str, float]], path: Path, name: str) -> None:
    """Draw each column over the epochs, and the last values as a table."""
    keys = [k for k in rows[0] if k not in ("epoch", "time")] if rows else []
    about = f"{len(rows)} epochs, {rows[-1].get('time', float('nan')):.0f} s" if rows else "no epochs"
    curves = [curve(k, [row[k] for row in rows]) for k in keys]
    ends = [(k, *_three(k, [row[k] for row in rows])) for k in keys]
    blocks: list[Block] = [
        Text(about),
        *(c for c in curves if c is not None),
        Table(("", "first", "last", "best"), ends),
    ]
    write_page(path, f"Training {name}", blocks)


def curve(title: str, values: Sequence[float]) -> Curve | None:
    """One curve; values that are not finite are left out. None where all are."""
    data = np.asarray(values, np.float64)
    known = np.isfinite(data)
    if not known.any():
        return None
    low, high = float(data[known].min()), float(data[known].max())
    x = np.linspace(10, _WIDTH - 10, len(data)) if len(data) > 1 else np.array([_WIDTH / 2])
    y = _HEIGHT - 20 - (data - low) / ((high - low) or 1.0) * (_HEIGHT - 50)
    dots = " ".join(f"{a:.1f},{b:.1f}" for a, b, ok in zip(x, y, known, strict=True) if ok)
    return Curve(title, dots, f"{low:.4g} to {high:.4g}", _WIDTH, _HEIGHT)


def _three(key: str, values: Sequence[float]) -> tuple[float, float, float]:
    best = min(values) if "loss" in key or key.endswith("_px") else max(values)
    return values[0], values[-1], best
