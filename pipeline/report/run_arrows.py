"""Off-ball runs on the pitch, as PNG: an arrow each, coloured by kind, attack from left to right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core.files import whole_file
from pipeline.core.pitch import Pitch
from pipeline.report.heatmap.heatmap_axes import markings
from pipeline.report.style.pitch_plot import BORDER_M, FAINT, INK
from pipeline.tables.play.off_ball_schemas import RUN_KINDS

if TYPE_CHECKING:
    import pandas as pd

_INKS = ("#d55e00", "#0072b2", "#56b4e9", "#cc79a7", "#009e73", "#e69f00", "#9aa39d")
"""In the order of `RUN_KINDS`; told apart with any colour vision (after Okabe and Ito 2008)."""
_WIDE_IN, _HEAD_IN, _FOOT_IN = 9.6, 0.75, 0.55


def write_runs(runs: pd.DataFrame, title: str, pitch: Pitch, path: Path) -> None:
    """Draw ``runs``: rows of table ``off_ball_runs``.

    A filled head: the ball came to the runner; a thin line: it did not, or that is not known.

    Raises
    ------
    RunError
        If the file cannot be written.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    span = pitch.length_m + 2 * BORDER_M, pitch.width_m + 2 * BORDER_M
    tall = _WIDE_IN * span[1] / span[0]
    figure = Figure(figsize=(_WIDE_IN, tall + _HEAD_IN + _FOOT_IN), dpi=150, facecolor="white")
    FigureCanvasAgg(figure)
    high = figure.get_figheight()
    axes = figure.add_axes((0, _FOOT_IN / high, 1, tall / high))
    axes.set(xlim=(-span[0] / 2, span[0] / 2), ylim=(-span[1] / 2, span[1] / 2), aspect="equal")
    axes.axis("off")
    markings(axes, pitch)
    for run in runs.to_dict("records"):
        _arrow(axes, run)
    figure.text(0.03, 1 - 0.32 / high, title, size=15, color=INK, weight="bold", va="center")
    figure.text(
        0.97, 1 - 0.32 / high, "attack from left to right", size=9, color=FAINT, ha="right", va="center"
    )
    _key(figure, runs, high)
    with whole_file(path) as part, part.open("wb") as handle:
        figure.savefig(handle, format="png")


def _arrow(axes: Any, run: dict[Any, Any]) -> None:
    """One run, turned so that its team attacks to the right."""
    along = run["end_x_m"] - run["start_x_m"]
    turn = -1.0 if along * run["forward_m"] < 0 else 1.0
    start, end = ((turn * run[f"{w}_x_m"], turn * run[f"{w}_y_m"]) for w in ("start", "end"))
    came = run["received"] is True or run["received"] == True  # noqa: E712 (a nullable boolean)
    ink = _INKS[RUN_KINDS.index(run["kind"])]
    look = {
        "color": ink,
        "lw": 2.0 if came else 0.9,
        "shrinkA": 0,
        "shrinkB": 0,
        "alpha": 1.0 if came else 0.75,
    }
    style = "-|>" if came else "->"
    axes.annotate(
        "", xy=end, xytext=start, arrowprops={"arrowstyle": style, "mutation_scale": 11} | look, zorder=5
    )


def _key(figure: Any, runs: pd.DataFrame, high: float) -> None:
    """Name the kinds that are there, with how many."""
    counts = runs["kind"].value_counts()
    there = [(k, ink) for k, ink in zip(RUN_KINDS, _INKS, strict=True) if counts.get(k, 0)]
    for i, (kind, ink) in enumerate(there):
        text = f"{kind.replace('_', ' ')} {counts[kind]}"
        figure.text(0.03 + i * 0.13, 0.33 / high, text, size=9, color=ink, weight="bold", va="center")
    figure.text(0.97, 0.12 / high, "thick: the ball came", size=7.5, color=FAINT, ha="right", va="center")
