"""The parts of a match that the page tells apart, and time as the match counts it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.report.style.texts import words
from pipeline.report.style.wording import clock

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.run_data import RunData

REGULAR_MIN = {1: (0, 45), 2: (45, 90), 3: (90, 105), 4: (105, 120)}
"""Minutes of the match at which each period begins and should end."""
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)


@dataclass(frozen=True, slots=True)
class Part:
    """A part: its number in table ``periods`` (None where there are none), name, seconds of the run."""

    period: int | None
    name: str
    start_s: float
    end_s: float


def parts(run: RunData) -> list[Part]:
    """List the periods; all of the footage as one part where none are known."""
    if not len(run.periods):
        first = float(run.frames["time_s"].min()) if len(run.frames) else 0.0
        return [Part(None, words("parts.all"), first, run.end_s)]
    return [
        Part(int(row["period"]), words(f"parts.{min(int(row['period']), 5)}"), row["start_s"], row["end_s"])
        for row in run.periods.sort_values("start_s").to_dict("records")
    ]


def time_ticks(periods: pd.DataFrame, start_s: float, end_s: float, most: int = 9) -> list[tuple[float, str]]:
    """Choose round moments between two times, s, with what the match's clock shows."""
    step = next((s for s in _STEPS_S if (end_s - start_s) / s <= most), _STEPS_S[-1])
    known = [r for r in periods.sort_values("start_s").to_dict("records") if r["period"] in REGULAR_MIN]
    if not known:
        first = int(-(-start_s // step))
        return [(float(i * step), clock(i * step)) for i in range(first, int(end_s // step) + 1)]
    out: list[tuple[float, str]] = []
    for row in known:
        length, begins = float(row["end_s"]) - float(row["start_s"]), REGULAR_MIN[int(row["period"])][0]
        for passed in range(0, int(length) + 1, step):
            at = float(row["start_s"]) + passed
            if start_s - 1e-6 <= at <= end_s + 1e-6 and (not out or at - out[-1][0] > 0.6 * step):
                out.append((at, _minutes(60 * begins + passed)))
    return out


def _minutes(seconds: float) -> str:
    whole = int(seconds + 1e-6)
    return f"{whole // 60}:{whole % 60:02d}"
