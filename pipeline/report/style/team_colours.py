"""The teams' kit colours, from a sample of the run's frames."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.report.style.colours import Colours, Lab, choose
from pipeline.runs.frame_masks import match
from pipeline.tables import storage
from pipeline.tables.frame_stream import FrameReader

_SAMPLES = 300


def kit_colours(folder: Path) -> Colours:
    """Choose the colours of the match whose tables (frames, instances, labels) lie in ``folder``."""
    kits = {team: measured_kit(folder, team) for team in ("A", "B")}
    return choose(kits["A"], kits["B"])


def measured_kit(folder: Path, team: str) -> Lab | None:
    """Median colour of the upper bodies of a team's outfield players, CIE L*a*b*; None if none seen."""
    frames = np.sort(storage.read(folder / "frames.parquet", "frames", ["frame"])["frame"].to_numpy())
    chosen = frames[np.unique(np.linspace(0, len(frames) - 1, min(_SAMPLES, len(frames))).astype(int))]
    columns = ("torso_l", "torso_a", "torso_b", "kit_px")
    instances = FrameReader(folder / "instances.parquet", ("instance", *columns))
    labels = FrameReader(folder / "labels.parquet", ("instance", "role", "team"))
    found = []
    for frame in chosen.tolist():
        people, names = instances.take(frame), labels.take(frame)
        ours = (names["role"] == "player") & (names["team"] == team)
        rows = match(names["instance"][ours], people)
        rows = rows[rows >= 0]
        found.append(np.column_stack([people[c][rows] for c in columns]).astype(np.float64))
    return typical_kit(np.concatenate(found) if found else np.zeros((0, 4)))


def typical_kit(colours: NDArray[np.float64]) -> Lab | None:
    """Median of the half of ``colours`` ``(N, 4)``, L*a*b* and pixels behind them, with the most pixels.

    The colour of small people is mixed with grass. None where no colour is known.
    """
    colours = colours[np.isfinite(colours).all(axis=1)]
    if not len(colours):
        return None
    large = colours[colours[:, 3] >= np.median(colours[:, 3]), :3]
    lightness, a, b = (float(v) for v in np.median(large, axis=0))
    return lightness, a, b
