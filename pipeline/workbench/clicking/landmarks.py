"""What can be clicked: places on the pitch that pictures show, and markings."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.calibration.manual.marked_points import line_names
from pipeline.core.pitch import Pitch

_STEP_M = 1.0


def landmarks(pitch: Pitch) -> list[dict[str, Any]]:
    """List keypoints and spots: how each is said in ``points.yaml``, and where it is, m."""
    places = pitch.keypoints_m()
    known = [i for i in range(len(places)) if np.isfinite(places[i]).all()]
    out = [{"said": {"keypoint": i}, "at": _at(places[i])} for i in known]
    for spot in pitch.spots_m():
        if not any(np.allclose(spot, places[i], atol=0.01) for i in known):
            out.append({"said": {"pitch": _at(spot)}, "at": _at(spot)})
    return out


def markings_to_click(pitch: Pitch) -> list[dict[str, Any]]:
    """List the lines and circles on which a click may lie anywhere: name, and the polyline, m."""
    lines = [*map(_ends, pitch.segments_m()), *pitch.lines_m(_STEP_M)[len(pitch.segments_m()) :]]
    return [
        {"said": {"line": name}, "path": [_at(p) for p in lines[number]]}
        for name, number in line_names(pitch).items()
    ]


def _ends(segment: Any) -> np.ndarray:
    return np.array([segment[:2], segment[2:]], float)


def _at(place: Any) -> list[float]:
    return [round(float(v), 2) for v in place]
