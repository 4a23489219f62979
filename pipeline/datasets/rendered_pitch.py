"""Rendered pictures of the pitch as a YOLO-pose data set of its 32 landmarks, with their exact views."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import DataSetError
from pipeline.core.files import whole_file
from pipeline.core.geometry import to_image
from pipeline.core.images import write_jpeg
from pipeline.core.pitch import MIRRORED_KEYPOINT, Pitch
from pipeline.datasets.growing import growing

VIEWS_FILE = "views.json"
"""In the data set's folder; `pipeline.datasets.pitch_labels` reads it."""


class Camera(Protocol):
    """Where a rendered picture was taken; see `pipeline.synthetic.venue.true_camera.Camera`."""

    def pitch_from_image(self) -> NDArray[np.float64]:
        """``(3, 3)``, px to metres, oriented."""


class RenderedPitchPicture(Protocol):
    """A rendered picture; see `pipeline.synthetic.render.RenderedFrame`."""

    @property
    def image(self) -> NDArray[np.uint8]:
        """Shape ``(H, W, 3)``, BGR."""

    @property
    def camera(self) -> Camera:
        """Its camera."""


def save_rendered_pitch(
    pictures: Callable[[int], Iterable[tuple[RenderedPitchPicture, Pitch]]],
    out: Path,
    recipe: Mapping[str, Any],
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write pictures, the landmarks that lie in them, and their views, all of it to train on.

    ``pictures`` and ``recipe`` are as for `pipeline.datasets.rendered_people.save_rendered`.

    Returns
    -------
    How many pictures there are.

    Raises
    ------
    DataSetError
        If ``out`` has other content, or nothing was rendered.
    """
    with growing(out, {"kind": "pitch", **recipe}) as grown:
        done = len(grown.records)
        for number, (picture, pitch) in enumerate(pictures(done), done):
            grown.add(_record(picture, pitch, f"rendered_{number:05d}", out))
            if progress is not None:
                progress(number + 1)
        if not grown.records:
            raise DataSetError(f"{out}: no pictures to write")
        views = {stem: view for record in grown.records for stem, view in record.items()}
        with whole_file(out / VIEWS_FILE) as part:
            part.write_text(json.dumps(views), encoding="utf-8")
        with whole_file(out / "data.yaml") as part:
            part.write_text(_yaml(), encoding="utf-8")
    return len(views)


def _record(picture: RenderedPitchPicture, pitch: Pitch, stem: str, out: Path) -> dict[str, Any]:
    """Write one picture with its label; gives its view by its name."""
    view = picture.camera.pitch_from_image()
    height, width = picture.image.shape[:2]
    write_jpeg(out / "images" / "train" / f"{stem}.jpg", picture.image)
    with whole_file(out / "labels" / "train" / f"{stem}.txt") as part:
        part.write_text(pose_label(to_image(pitch.keypoints_m(), view) / [width, height]), encoding="utf-8")
    about = {"width_px": width, "height_px": height, "pitch_from_image": view.tolist()}
    return {stem: about | {"length_m": pitch.length_m, "width_m": pitch.width_m}}


def pose_label(landmarks: NDArray[np.float64]) -> str:
    """A line of YOLO-pose for landmarks ``(32, 2)``, shares of the picture; those outside are not visible."""
    with np.errstate(invalid="ignore"):
        inside = np.asarray(((landmarks >= 0) & (landmarks < 1)).all(axis=1))
    points = np.where(inside[:, None], landmarks, 0.0)
    rows = (f"{x:.6f} {y:.6f} {2 * int(seen)}" for (x, y), seen in zip(points, inside, strict=True))
    return "0 0.5 0.5 1 1 " + " ".join(rows) + "\n"


def _yaml() -> str:
    flips = ", ".join(map(str, MIRRORED_KEYPOINT))
    return f"train: images/train\nkpt_shape: [32, 3]\nflip_idx: [{flips}]\nnames:\n  0: pitch\n"
