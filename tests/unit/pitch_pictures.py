"""Pictures of a pitch drawn through a known view, with YOLO-pose labels: to learn and test from."""

import cv2
import numpy as np

from pipeline.core.geometry import transform
from pipeline.core.pitch import Pitch
from pipeline.datasets.rendered_pitch import pose_label

PITCH = Pitch()
SIZE = (640, 360)
CLOSE = np.array([[9.0, 0.5, 300.0], [0.0, -4.0, 190.0], [0.0, 0.004, 1.0]])
"""image_from_pitch for `SIZE`: around the centre circle, the far touchline at the top."""


def drawn(view=CLOSE, size=SIZE):
    """A green picture with the painted lines."""
    image = np.full((size[1], size[0], 3), (60, 120, 70), np.uint8)
    for line in PITCH.lines_m(1.0):
        at = transform(line, view)
        at = at[np.isfinite(at).all(axis=1) & (np.abs(at) < 9000).all(axis=1)]
        cv2.polylines(image, [np.round(at * 8).astype(np.int32)], False, (235, 240, 235), 2, cv2.LINE_AA, 3)
    return image


def pose_data(root, names, split="train", view=CLOSE):
    """A data set folder with one picture of each name."""
    for name in names:
        for kind in ("images", "labels"):
            (root / kind / split).mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(root / "images" / split / f"{name}.png"), drawn(view))
        shares = transform(PITCH.keypoints_m(), view) / SIZE
        (root / "labels" / split / f"{name}.txt").write_text(pose_label(shares))
    return root
