"""The curves of a training as a page that needs no other file."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipeline.datasets.drawing import page, table

_WIDTH, _HEIGHT = 420, 160


def write_curves(rows: Sequence[dict[str, float]], path: Path, name: str) -> None:
    """Draw each column over the epochs, and the last values as a table."""
    keys = [k for k in rows[0] if k not in ("epoch", "time")] if rows else []
    parts = [
        f"<p>{len(rows)} epochs, {rows[-1].get('time', float('nan')):.0f} s</p>"
        if rows
        else "<p>no epochs</p>"
    ]
    parts += [curve(k, [row[k] for row in rows]) for k in keys]
    parts.append(table(("", "first", "last", "best"), [(k, *_three(k, [r[k] for r in rows])) for k in keys]))
    path.write_text(page(f"Training {name}", parts), encoding="utf-8")


def curve(title: str, values: Sequence[float]) -> str:
    """One curve as an SVG figure; values that are not finite leave gaps."""
    data = np.asarray(values, np.float64)
    known = np.isfinite(data)
    if not known.any():
        return ""
    low, high = float(data[known].min()), float(data[known].max())
    x = np.linspace(10, _WIDTH - 10, len(data)) if len(data) > 1 else np.array([_WIDTH / 2])
    y = _HEIGHT - 20 - (data - low) / ((high - low) or 1.0) * (_HEIGHT - 50)
    dots = " ".join(f"{a:.1f},{b:.1f}" for a, b, ok in zip(x, y, known, strict=True) if ok)
    return (
        f'<figure><svg width="{_WIDTH}" height="{_HEIGHT}" role="img"><title>{html.escape(title)}</title>'
        f'<polyline points="{dots}" fill="none" stroke="#2a7" stroke-width="2"/>'
        f'<text x="10" y="16" font-size="13">{html.escape(title)}: {low:.4g} to {high:.4g}</text>'
        "</svg></figure>"
    )


def _three(key: str, values: Sequence[float]) -> tuple[float, float, float]:
    best = min(values) if "loss" in key or key.endswith("_px") else max(values)
    return values[0], values[-1], best
