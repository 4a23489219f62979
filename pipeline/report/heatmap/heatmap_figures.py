"""Parts of heatmaps as Plotly figures."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.heatmap.pitch_grid import Grid
from pipeline.report.heatmap.heatmap_ground import outline
from pipeline.report.style.pitch_plot import UNSEEN


def unseen_trace(grid: Grid, unseen: NDArray[np.bool_]) -> Any:
    """Cover in grey what was hardly ever in view, ``unseen`` ``(ny, nx)``."""
    import plotly.graph_objects as go

    x, y, field = outline(grid, unseen)
    clear = "rgba(0,0,0,0)"
    return go.Contour(
        x=np.round(x, 2),
        y=np.round(y, 2),
        z=np.round(field, 2).astype(np.float32),
        zmin=0,
        zmax=1,
        contours={"start": 0.5, "end": 0.5, "size": 1},
        colorscale=[[0, clear], [0.5, clear], [0.5, UNSEEN], [1, UNSEEN]],
        line_width=0,
        showscale=False,
        hoverinfo="skip",
    )
