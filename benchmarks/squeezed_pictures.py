"""Pictures squeezed to a square, as data sets for networks have them: how many get a view, and how good.

    python benchmarks/squeezed_pictures.py --shared ../shared [--split val]

Labelled pictures of 1280 x 720, squeezed to 720 x 720, taken as they are (square pixels) and as `teamshape
calibrate` takes them. Truth is the homography through a picture's own labels.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Literal, get_args

import cv2
import numpy as np

from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.initial_views.single_view import picture_grid, through_points
from pipeline.core.config import CalibrateSettings
from pipeline.core.geometry import to_pitch
from pipeline.core.pitch import Pitch
from pipeline.datasets.pitch_labels import LabelledPicture, read_labelled
from pipeline.networks.pitch_network import PitchNet
from pipeline.workflow import calibrate_stills

Split = Literal["train", "val"]
PITCH = Pitch()


def main() -> None:
    """Print both rows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--shared", default="../shared")
    parser.add_argument("--split", choices=get_args(Split), default="val")
    asked = parser.parse_args()
    cv2.setNumThreads(2)
    pictures = read_labelled(Path(asked.shared) / "datasets" / "pitch" / "pitch_317", asked.split, None)
    network, stretches = PitchNet("pitch-lines-n"), calibrate_stills._stretches
    for name, chosen in (("as they are", lambda size: (1.0,)), ("found out", stretches)):
        calibrate_stills._stretches = chosen
        errors = [_error(picture, network) for picture in pictures]
        known = np.array([e for e in errors if e is not None and np.isfinite(e)])
        with_view = sum(e is not None for e in errors)
        print(
            f"{name}: {with_view} of {len(errors)} with a view, median {np.median(known):.3f} m, "
            f"95th percentile {np.percentile(known, 95):.3f} m"
        )


def _error(picture: LabelledPicture, network: PitchNet) -> float | None:
    """Median distance over the visible pitch, m; None without a view, NaN without truth."""
    image = picture.image()
    side = image.shape[0]
    squeezed = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA)
    found = calibrate_stills.view_of_still(
        picture.path.name, 0, squeezed, network, CalibrateSettings(), PITCH
    )
    if found.pitch_from_image is None:
        return None
    marked = np.isfinite(picture.keypoints[:, 0])
    truth = through_points(PITCH.keypoints_m()[marked], picture.keypoints[marked] * side)
    if truth is None:
        return float("nan")
    grid = picture_grid(side, side)
    true, ours = to_pitch(grid, inverted(truth)), to_pitch(grid, found.pitch_from_image)
    on = PITCH.contains(true) & np.isfinite(ours[:, 0])
    return float(np.median(np.linalg.norm(true[on] - ours[on], axis=1)))


if __name__ == "__main__":
    main()
