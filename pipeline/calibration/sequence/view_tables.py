"""Between the tables and the calibration's own types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.sequence.frame_views import Limits
from pipeline.calibration.sequence.video_views import Footage, VideoViews
from pipeline.tables import storage
from pipeline.tables.cameras.view_lenses import lens_columns
from pipeline.tables.schemas import MOTION_COLUMNS, SPREAD_COLUMNS, VIEW_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.core.config import CalibrateSettings


def footage(frames: pd.DataFrame) -> Footage:
    """Take what calibration needs from the table ``frames``."""
    return Footage(
        frames["frame"].to_numpy(np.int64),
        frames["time_s"].to_numpy(np.float64),
        frames["shot"].to_numpy(np.int64),
        storage.matrices(frames, MOTION_COLUMNS),
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
            **lens_columns(
                [None if blind else lens for blind, lens in zip(none, found.lenses(), strict=True)]
            ),
        }
    )


def errors_table(seen: Footage, found: VideoViews) -> pd.DataFrame:
    """Lay out spreads as the table ``view_errors``."""
    import pandas as pd

    known = found.source != "none"
    rows, columns = np.tril_indices(8)
    roots = _roots(found.spread[known])[:, rows, columns]
    return pd.DataFrame({"frame": seen.frame[known], **dict(zip(SPREAD_COLUMNS, roots.T, strict=True))})


def view_spreads(errors: pd.DataFrame, views: pd.DataFrame) -> NDArray[np.float64]:
    """Take the spreads ``(N, 8, 8)`` for the rows of ``views`` from ``view_errors``; NaN where none."""
    out = np.full((len(views), 8, 8), np.nan)
    at = np.searchsorted(views["frame"].to_numpy(), errors["frame"].to_numpy())
    root = np.zeros((len(errors), 8, 8))
    root[(slice(None), *np.tril_indices(8))] = errors[list(SPREAD_COLUMNS)].to_numpy(np.float64)
    out[at] = root @ np.swapaxes(root, 1, 2)
    return out


def _roots(spread: NDArray[np.floating]) -> NDArray[np.float64]:
    """Lower triangular roots ``(N, 8, 8)`` of covariances, also of singular ones."""
    scale = np.einsum("nii->n", spread.astype(np.float64))[:, None, None]
    return np.linalg.cholesky(spread + 1e-9 * scale * np.eye(8)) if len(spread) else np.zeros((0, 8, 8))


def view_matrices(views: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Take the homographies ``(N, 3, 3)`` pitch_from_image (NaN where none) and ``error_m`` ``(N,)``."""
    return storage.matrices(views, VIEW_COLUMNS), views["error_m"].to_numpy(np.float64)
