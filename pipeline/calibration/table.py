"""Between the tables and the calibration's own types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline import tables
from pipeline.calibration.fill import Limits
from pipeline.calibration.sequence import Footage, VideoViews
from pipeline.schemas import MOTION_COLUMNS, VIEW_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.config import CalibrateSettings


def footage(frames: pd.DataFrame) -> Footage:
    """Take what calibration needs from the table ``frames``."""
    return Footage(
        frames["frame"].to_numpy(np.int64),
        frames["time_s"].to_numpy(np.float64),
        frames["shot"].to_numpy(np.int64),
        tables.matrices(frames, MOTION_COLUMNS),
    )


def limits(settings: CalibrateSettings) -> Limits:
    """Take the limits from the settings."""
    return Limits(settings.max_gap_s, settings.max_error_m)


def views_table(seen: Footage, found: VideoViews) -> pd.DataFrame:
    """Lay out views as the table ``views``."""
    import pandas as pd

    none = found.source == "none"
    matrices = found.pitch_from_image.reshape(-1, 9).copy()
    matrices[none] = np.nan
    columns = {name: matrices[:, i] for i, name in enumerate(VIEW_COLUMNS)}
    return pd.DataFrame(
        {
            "frame": seen.frame,
            "time_s": seen.time_s,
            "source": found.source.astype(object),
            **columns,
            "error_m": np.where(none, np.nan, found.error_m),
            "n_points": found.n_points,
        }
    )


def view_matrices(views: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Take the homographies ``(N, 3, 3)`` pitch_from_image (NaN where none) and ``error_m`` ``(N,)``."""
    return tables.matrices(views, VIEW_COLUMNS), views["error_m"].to_numpy(np.float64)
