"""A column of the movement tables as one function, with what the column means declared beside it.

>>> @metric_column("time in the attacking half, s", heading="high, s", digits=0)
... def high_s(samples: Samples) -> float:
...     return float(samples.step_s[samples.x_m > 0].sum())

Named as the entry point of `pipeline.core.extensions.METRIC_COLUMNS`, it is measured for each player and
each part of a match, and has its place in the tables ``movement`` and ``movement_parts``, their CSV, their
documentation, the command ``movement`` and the page.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.core.errors import ExtensionError
from pipeline.core.extensions import METRIC_COLUMNS, loaded
from pipeline.tables.columns import Column

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.core.config import MeasureSettings

_NAME = re.compile(r"^[a-z][a-z0-9_]*$")


@dataclass(frozen=True, slots=True)
class Samples:
    """The smooth motion of one player in one part of a match; arrays ``(N,)`` in order of time, may be empty.

    ``time_s``; ``x_m`` and ``y_m`` from the centre spot; ``step_s`` and ``step_m`` since the sample before (0
    at the start of a stretch); ``speed_mps``; ``error_m`` of the position; ``observed``: the step was seen,
    not interpolated; ``steady``: fit for peaks of speed. ``settings`` are those of the run.
    """

    time_s: NDArray[np.float64]
    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    step_s: NDArray[np.float64]
    step_m: NDArray[np.float64]
    speed_mps: NDArray[np.float64]
    error_m: NDArray[np.float64]
    observed: NDArray[np.bool_]
    steady: NDArray[np.bool_]
    settings: MeasureSettings


Measure = Callable[[Samples], float | None]


@dataclass(frozen=True, slots=True)
class MetricColumn:
    """A function and its column: ``heading`` and ``digits`` are for tables that people read."""

    measure: Measure
    column: Column
    heading: str
    digits: int

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name

    def of(self, samples: Samples) -> float | None:
        """Measure; None where there is no number.

        Raises
        ------
        ExtensionError
            If the function fails or gives something else than a number.
        """
        try:
            value = self.measure(samples)
            number = math.nan if value is None else float(value)
        except Exception as error:  # another package's code may fail in any way
            raise ExtensionError(
                f"metric column {self.column.name}: failed ({type(error).__name__}: {error}); "
                "mend it or uninstall its package"
            ) from error
        return number if math.isfinite(number) else None


def metric_column(
    about: str, *, heading: str | None = None, digits: int = 1, low: float | None = None
) -> Callable[[Measure], MetricColumn]:
    """Declare a column beside the function that measures it; the function's name is the column's.

    Parameters
    ----------
    about
        What it means, with its unit.
    heading, digits
        For tables that people read; by default the column's name, and one digit.
    low
        The least value it can have.
    """

    def declare(measure: Measure) -> MetricColumn:
        name = getattr(measure, "__name__", "")
        if not _NAME.match(name):
            raise ExtensionError(f"metric column {name!r}: expected a name such as high_speed_m")
        column = Column(name, "float64", about, True, low=low)
        return MetricColumn(measure, column, heading or name, digits)

    return declare


def metric_columns() -> tuple[MetricColumn, ...]:
    """List the columns that installed packages add.

    Raises
    ------
    ExtensionError
        If one is broken.
    """
    return tuple(loaded(METRIC_COLUMNS, MetricColumn).values())
