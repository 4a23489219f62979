"""Views as a table and back. No I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.types import CameraView

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ["h11", "h12", "h13", "h21", "h22", "h23", "h31", "h32", "h33"]


def views_table(
    views: Sequence[CameraView], frames: pd.DataFrame, n_points: Mapping[int, int]
) -> pd.DataFrame:
    """Lay out views as table ``views``; ``n_points`` gives the agreeing landmarks of frames looked at."""
    import pandas as pd

    nothing = np.full((3, 3), np.nan)
    matrices = [nothing if v.pitch_from_image is None else v.pitch_from_image for v in views]
    table = pd.DataFrame(np.array(matrices).reshape(-1, 9), columns=COLUMNS)
    number = np.array([v.frame for v in views], dtype=np.int64)
    time_s = frames.set_index("frame")["time_s"]
    table["frame"] = number
    table["time_s"] = time_s.loc[number.tolist()].to_numpy()
    table["source"] = [v.source for v in views]
    table["error_m"] = [np.nan if v.error_m is None else v.error_m for v in views]
    table["n_points"] = [n_points.get(v.frame, 0) if v.source != "none" else 0 for v in views]
    return table


def matrices(views: pd.DataFrame) -> NDArray[np.float64]:
    """Homographies pitch_from_image of table ``views``, ``(N, 3, 3)``, NaN where there is none."""
    return np.asarray(views[COLUMNS].to_numpy(np.float64).reshape(-1, 3, 3))
