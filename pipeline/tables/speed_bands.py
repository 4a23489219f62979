"""Speed bands as columns: ``band_0_7_m`` holds the metres at 0 to 7 km/h, ``band_25_plus_m`` those above.

A run's bands follow from its setting ``measure.speed_bands_kmh``, and can be read back from its columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.tables.columns import Column

_COLUMN = re.compile(r"^band_(\d+(?:p\d+)?)_(\d+(?:p\d+)?|plus)_m$")


@dataclass(frozen=True, slots=True)
class SpeedBand:
    """Speeds from ``from_kmh`` up to ``to_kmh`` (None: and all above)."""

    from_kmh: float
    to_kmh: float | None

    @property
    def column(self) -> str:
        """Name of its column; 14.4 km/h is written 14p4, so that SQL needs no quotes."""
        low, high = _name(self.from_kmh), "plus" if self.to_kmh is None else _name(self.to_kmh)
        return f"band_{low}_{high}_m"

    @property
    def label(self) -> str:
        """The band as people write it, without the unit: 0–7, 25+."""
        low = f"{self.from_kmh:g}"
        return f"{low}+" if self.to_kmh is None else f"{low}–{self.to_kmh:g}"


def speed_bands(edges_kmh: Sequence[float]) -> tuple[SpeedBand, ...]:
    """Cut all speeds at ``edges_kmh``, increasing: one band more than there are edges."""
    between = tuple(SpeedBand(low, high) for low, high in pairwise((0.0, *edges_kmh)))
    return (*between, SpeedBand(edges_kmh[-1], None))


def bands_among(columns: Iterable[str]) -> tuple[SpeedBand, ...]:
    """Find the bands that a table has columns of, slowest first."""
    found = [match for match in map(_COLUMN.match, columns) if match]
    bands = [SpeedBand(_speed(m[1]), None if m[2] == "plus" else _speed(m[2])) for m in found]
    return tuple(sorted(bands, key=lambda b: b.from_kmh))


def band_columns(bands: Iterable[SpeedBand], *, nullable: bool = False) -> tuple[Column, ...]:
    """Declare one column a band."""
    return tuple(
        Column(b.column, "float64", f"metres at {b.label.replace('–', '-')} km/h", nullable, low=0)
        for b in bands
    )


def _name(kmh: float) -> str:
    return f"{kmh:g}".replace(".", "p")


def _speed(name: str) -> float:
    return float(name.replace("p", "."))
