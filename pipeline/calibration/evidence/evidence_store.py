"""Evidence on disk, so that a run that was killed need not look again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.calibration.evidence.pitch_evidence import Evidence
from pipeline.core.files import whole_file

_NUMBERS = ("frame", "time_s", "width_px", "height_px")
_FLAT = ("keypoint", "keypoints_px", "score", "line_px", "line_normal")
_STACKED = ("line_map", "map_from_image")


def write_evidence(evidence: Sequence[Evidence], path: Path) -> None:
    """Write the evidence of some pictures (at least one) as one ``.npz``, whole or not at all.

    Raises
    ------
    RunError
        If the disk is full or the folder cannot be written.
    """
    arrays: dict[str, Any] = {
        name: np.array([getattr(e, name) for e in evidence]) for name in (*_NUMBERS, *_STACKED)
    }
    for name in _FLAT:
        arrays[name] = np.concatenate([getattr(e, name) for e in evidence])
    arrays["n_keypoints"] = np.array([len(e.keypoint) for e in evidence])
    arrays["n_lines"] = np.array([len(e.line_px) for e in evidence])
    with whole_file(path) as part, part.open("wb") as handle:
        np.savez_compressed(handle, **arrays)


def read_evidence(path: Path) -> list[Evidence]:
    """Read what `write_evidence` wrote."""
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    keypoints = np.concatenate([[0], np.cumsum(arrays["n_keypoints"])])
    lines = np.concatenate([[0], np.cumsum(arrays["n_lines"])])
    out = []
    for i in range(len(arrays["frame"])):
        k, n = slice(keypoints[i], keypoints[i + 1]), slice(lines[i], lines[i + 1])
        out.append(
            Evidence(
                int(arrays["frame"][i]),
                float(arrays["time_s"][i]),
                int(arrays["width_px"][i]),
                int(arrays["height_px"][i]),
                arrays["keypoint"][k],
                arrays["keypoints_px"][k],
                arrays["score"][k],
                arrays["line_px"][n],
                arrays["line_normal"][n],
                arrays["line_map"][i],
                arrays["map_from_image"][i],
            )
        )
    return out
