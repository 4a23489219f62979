"""Views of a whole video from views that a person marked. No I/O."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.manual.marked_points import MarkedView
from pipeline.calibration.sequence.frame_views import Keys, Limits, fill
from pipeline.calibration.sequence.video_views import Footage, VideoViews
from pipeline.core.errors import ConfigError
from pipeline.core.pitch import Pitch

_WHATEVER = Limits(max_gap_s=np.inf, max_error_m=np.inf)


def solve_by_hand(
    footage: Footage, marked: Sequence[MarkedView], size_px: tuple[int, int], pitch: Pitch, name: str
) -> VideoViews:
    """Give all frames the one view of a fixed camera, or carry anchor views along the camera's motion.

    Parameters
    ----------
    marked
        One view without a frame, or views of anchor frames.
    name
        Of the file with the points, for messages.

    Raises
    ------
    ConfigError
        If an anchor is not among the processed frames.
    """
    n = len(footage.frame)
    out = VideoViews.empty(n)
    if marked[0].frame is None:
        out.pitch_from_image[:] = inverted(marked[0].view)
        out.spread[:], out.n_points[:] = marked[0].spread, marked[0].n_points
        out.error_m[:], out.source[:] = marked[0].error_m, "measured"
        out.bend(np.arange(n), marked[0].lens)
        return out
    anchors = {int(view.frame): view for view in marked if view.frame is not None}
    if absent := sorted(set(anchors) - set(footage.frame.tolist())):
        raise ConfigError(
            f"calibrate.points {name}: frame {absent[0]} is not among the processed frames "
            f"({footage.frame[0]} to {footage.frame[-1]})"
            if n
            else f"calibrate.points {name}: frame {absent[0]} does not exist"
        )
    for shot in np.unique(footage.shot):
        rows = np.flatnonzero(footage.shot == shot)
        at = np.array([i for i, row in enumerate(rows) if int(footage.frame[row]) in anchors], dtype=np.intp)
        if len(at) == 0:
            continue
        chosen = [anchors[int(footage.frame[row])] for row in rows[at]]
        sure = np.ones(len(at), bool)
        views, spread = np.array([v.view for v in chosen]), np.array([v.spread for v in chosen])
        filled = fill(
            footage.time_s[rows],
            footage.motion[rows],
            Keys(at, views, spread, sure, sure),
            size_px,
            pitch,
            _WHATEVER,
        )
        out.put(rows, filled)
        out.n_points[rows[at]] = [v.n_points for v in chosen]
    return out
