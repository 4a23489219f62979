"""Where the camera of each shot stands, from its views. Tables in, table out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.pinhole import decompose
from pipeline.calibration.sequence.view_tables import view_matrices

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

_TAKEN = 60
_MAX_SPREAD_M = 3.0


def camera_places(views: pd.DataFrame, shot: pd.Series, size_px: tuple[int, int]) -> pd.DataFrame:
    """Find where each shot's camera stands: the middle of the places that its views tell one by one.

    Parameters
    ----------
    views
        The table of that name.
    shot
        The shot of each frame, by frame number.
    size_px
        Width and height of the pictures.

    Returns
    -------
    By shot, ``x_m, y_m, z_m`` of the camera. No row where no view was found, or where the views of the shot
    don't agree on a place to 3 m: a camera that moves, or a picture cut from the side of a wider one.
    """
    import pandas as pd

    known = views[views["source"] != "none"]
    of_shot = shot.reindex(known["frame"]).to_numpy()
    matrices, _ = view_matrices(known)
    rows = {}
    for number in np.unique(of_shot):
        own = matrices[of_shot == number]
        own = own[np.linspace(0, len(own) - 1, min(len(own), _TAKEN)).astype(int)]
        place = _middle(own, (size_px[0] / 2, size_px[1] / 2))
        if place is not None:
            rows[int(number)] = place
    return pd.DataFrame.from_dict(rows, orient="index", columns=["x_m", "y_m", "z_m"], dtype=float)


def _middle(matrices: Array, centre_px: tuple[float, float]) -> Array | None:
    """The median place of the cameras behind homographies, None where they don't agree."""
    cameras = [decompose(matrix, centre_px) for matrix in matrices]
    places = np.array([camera.position_m for camera in cameras if camera is not None])
    if len(places) < max(1, len(cameras) / 2):
        return None
    middle = np.median(places, axis=0)
    spread = float(np.median(np.linalg.norm(places - middle, axis=1)))
    return np.asarray(middle) if spread <= _MAX_SPREAD_M else None
