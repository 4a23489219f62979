"""Views given by hand: landmarks of a fixed camera, or of anchor frames of a moving one."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Any

import cv2
import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.errors import ConfigError
from pipeline.geometry import orient, to_pitch
from pipeline.pitch import Pitch
from pipeline.types import CameraView

Array = NDArray[np.float64]

_MIN_ERROR_M = 0.1
_MAX_MISS_M = 5.0
_Pair = Annotated[list[float], Field(min_length=2, max_length=2)]


class _Point(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    image: _Pair
    pitch: _Pair | None = None
    keypoint: int | None = Field(None, ge=0, le=31)

    @model_validator(mode="after")
    def _one_target(self) -> _Point:
        if (self.pitch is None) == (self.keypoint is None):
            raise ValueError("give either pitch: [x, y] in metres or keypoint: 0-31")
        return self


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    points: list[_Point] = Field(min_length=4)


def read_view(path: Path, pitch: Pitch) -> tuple[Array, float]:
    """Read the view of a fixed camera from a YAML file of at least four landmarks.

    ```yaml
    points:
      - {image: [412, 388], keypoint: 13}      # one of the 32 numbered landmarks
      - {image: [960, 540], pitch: [0.0, 0.0]} # or metres from the centre spot
    ```

    Returns
    -------
    The homography pitch_from_image, oriented, and the median distance at the landmarks, m.

    Raises
    ------
    ConfigError
        Naming the file and what is wrong with it.
    """
    points = _read(path)
    landmarks = pitch.keypoints_m()
    image = np.array([p.image for p in points], dtype=np.float64)
    ground = np.array([p.pitch if p.pitch is not None else landmarks[p.keypoint] for p in points])
    for name, values in (("image", image), ("pitch", ground)):
        if _on_a_line(values):
            raise ConfigError(f"{path}: the {name} points lie on a line; give four that span an area")
    found, _ = cv2.findHomography(image, ground, 0)
    if found is None:
        raise ConfigError(f"{path}: the points do not fit any camera; check their order")
    view = orient(np.asarray(found, dtype=np.float64), (float(image[:, 0].mean()), float(image[:, 1].mean())))
    miss = np.linalg.norm(to_pitch(image, view) - ground, axis=1)
    if not np.isfinite(miss).all():
        raise ConfigError(f"{path}: the points do not fit any camera; check their order")
    if miss.max() > _MAX_MISS_M:
        raise ConfigError(f"{path}: the points fit only within {miss.max():.1f} m; check their order")
    return view, float(np.median(miss))


def _read(path: Path) -> list[_Point]:
    try:
        data: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot read the calibration ({error.strerror})") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid YAML ({' '.join(str(error).split())})") from error
    try:
        return _File.model_validate(data).points
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(p) for p in first["loc"]) or "file"
        raise ConfigError(f"{path}: {where}: {first['msg']} (got {first['input']!r})") from None


def _on_a_line(points: Array) -> bool:
    spread = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    return bool(spread[-1] < 1e-3 * max(spread[0], 1e-12))


def fixed_views(path: Path, frames: NDArray[np.integer], pitch: Pitch) -> list[CameraView]:
    """Give every frame the one view that the file describes (see `read_view`)."""
    view, error_m = read_view(path, pitch)
    return [CameraView(int(f), view, max(error_m, _MIN_ERROR_M), "measured") for f in frames]


def fingerprint(path: Path) -> str:
    """SHA-256 of the file's content.

    Raises
    ------
    ConfigError
        If it cannot be read.
    """
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ConfigError(f"{path}: cannot read the calibration ({error.strerror})") from error
