"""Figures on how much of the footage the numbers rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.report.drawing.heat_picture import heat_image
from pipeline.report.drawing.pitch_drawing import pitch_svg
from pipeline.report.heatmap.heatmap_ground import Ground
from pipeline.report.page import time_figures
from pipeline.report.page.match_halves import time_ticks
from pipeline.report.page.person_names import team_name
from pipeline.report.style.texts import words

if TYPE_CHECKING:
    from pipeline.report.run_data import RunData

Array = NDArray[np.float64]
COVERAGE = (60, 110, 150)
"""The colour of what the camera shows."""
_PLAYERS = ("player", "goalkeeper", "unclear")


def people(run: RunData) -> Any:
    """Draw how many players are in view over time."""
    time_s = run.frames["time_s"].to_numpy(float)
    rows = run.labels[run.labels["role"].isin(_PLAYERS)]
    counts: dict[str, Array] = {}
    for name, own in (
        (team_name(run, "A"), rows[rows["team"] == "A"]),
        (team_name(run, "B"), rows[rows["team"] == "B"]),
        (words("quality.all_players"), rows),
    ):
        per_frame = own.groupby("frame").size().reindex(run.frames["frame"], fill_value=0)
        counts[name] = np.asarray(per_frame, np.float64)
    return time_figures.people_figure(time_s, counts, ticks(run), words("quality.people_label"))


def views(run: RunData) -> Any:
    """Draw where the camera view comes from over time."""
    time_s = run.frames["time_s"].to_numpy(float)
    source = run.views.set_index("frame")["source"].reindex(run.frames["frame"]).fillna("none")
    cuts = run.frames["shot"].diff().fillna(0).to_numpy() > 0
    return time_figures.view_figure(
        time_s,
        source.to_numpy(dtype=object),
        run.end_s,
        time_s[cuts],
        ticks(run),
        words("quality.views_label"),
    )


def coverage(run: RunData, ground: Ground) -> Any:
    """Draw how much of the time the camera shows each part of the pitch; None if it shows none."""
    in_view = ground.in_view_s(None)
    if not in_view.any():
        return None
    percent = 100 * in_view / max(run.duration_s, 1e-6)
    label = words("quality.coverage_label")
    return pitch_svg(run.pitch, label, under=heat_image(percent, 100.0, COVERAGE, run.pitch))


def errors(run: RunData) -> Any:
    """Draw how the expected errors of positions spread."""
    error = run.positions["error_m"].to_numpy(float)
    return time_figures.histogram_figure(error, "m", words("quality.errors"))


def tracks(run: RunData) -> Any:
    """Draw how long tracks are."""
    length = (run.identities["last_s"] - run.identities["first_s"]).to_numpy(float)
    return time_figures.histogram_figure(length, "s", words("quality.track_lengths"))


def ticks(run: RunData) -> list[tuple[float, str]]:
    """Give the ticks of figures over all of the run's time."""
    start = float(run.frames["time_s"].min()) if len(run.frames) else 0.0
    return time_ticks(run.periods, start, run.end_s)
