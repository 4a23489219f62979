"""Camera motion between any two frames of a shot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_BLOCK = 64


class Chain:
    """The motions of a shot, multiplied up in blocks so that long shots stay well-conditioned."""

    def __init__(self, motion: Array) -> None:
        """Take image_from_previous for each frame, ``(F, 3, 3)``, without NaN."""
        self._within = np.empty_like(motion)
        for i, step in enumerate(motion):
            product = step if i % _BLOCK == 0 else step @ self._within[i - 1]
            self._within[i] = product / np.cbrt(np.linalg.det(product) or 1.0)

    def between(self, source: int, target: int) -> Array:
        """Homography target_from_source, ``(3, 3)``, between two frames counted within the shot."""
        if target < source:
            return np.asarray(np.linalg.inv(self.between(target, source)))
        out = self._within[target]
        for block in range(target // _BLOCK, source // _BLOCK, -1):
            out = out @ self._within[block * _BLOCK - 1]
        out = out @ np.linalg.inv(self._within[source])
        return np.asarray(out / out[2, 2])
