"""Matrices of homographies. No I/O."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def inverted(matrices: NDArray[np.floating]) -> NDArray[np.float64]:
    """Invert ``(..., 3, 3)`` matrices; an oriented view's inverse is oriented."""
    return np.asarray(np.linalg.inv(matrices), dtype=np.float64)
