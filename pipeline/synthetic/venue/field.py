"""The grass: mown stripes, wear, noise, the painted lines, and shadows on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.synthetic.looks import Light
from pipeline.synthetic.venue.true_camera import Camera

Array = NDArray[np.float64]
Image32 = NDArray[np.float32]
Mowing = Literal["across", "checked", "plain", "diagonal"]

LINE_WIDTH_M = 0.12
_PX_PER_M = 12
_RUN_OFF_M = (16.0, 14.0)
_GRASS_BEYOND_M = (8.4, 8.0)
_GRASS_MIDDLE_Y_M = 2.0
_SUB = 4
_CONCRETE = (62.0, 60.0, 57.0)


@dataclass(frozen=True, slots=True)
class Grass:
    """How the pitch is kept: bands ``stripe_m`` wide of ``contrast``; ``wear`` 0..1 of mud and bare spots."""

    mowing: Mowing = "across"
    stripe_m: float = 5.5
    contrast: float = 0.10
    wear: float = 0.3
    line_white: float = 0.9


@dataclass(frozen=True, slots=True)
class Turf:
    """The ground as a texture, ``(h, w, 3)`` uint8, and how it lies: ``pitch_from_texture`` ``(3, 3)``."""

    texture: NDArray[np.uint8]
    pitch_from_texture: Array


def turf(pitch: Pitch, grass: Grass, light: Light, rng: np.random.Generator) -> Turf:
    """Grow the grass: a texture of the pitch with its run-off, lit (the stand's shadow is in it)."""
    half_x, half_y = pitch.length_m / 2 + _RUN_OFF_M[0], pitch.width_m / 2 + _RUN_OFF_M[1]
    width, height = round(2 * half_x * _PX_PER_M), round(2 * half_y * _PX_PER_M)
    x = (np.arange(width, dtype=np.float32) + 0.5) / _PX_PER_M - half_x
    y = half_y - (np.arange(height, dtype=np.float32) + 0.5) / _PX_PER_M
    level = 1.0 + grass.contrast * _stripes(pitch, grass, x[None], y[:, None])
    level = level + 0.030 * _noise((height, width), 40, rng) + 0.022 * _noise((height, width), 9, rng)
    level = level + 0.020 * _noise((height, width), 3, rng) + 0.022 * _noise((height, width), 1, rng)
    colour = np.array(light.grass, np.float32) * level[..., None]
    dull = np.clip(_noise((height, width), 25, rng) * 0.5 + 0.2, 0, 1) * grass.wear
    dull += (
        _worn(pitch, x[None], y[:, None]) * grass.wear * np.clip(0.6 + _noise((height, width), 5, rng), 0, 1)
    )
    dull = np.clip(dull, 0, 0.8)[..., None]
    colour = colour * (1 - 0.5 * dull) + 0.5 * dull * np.array(light.grass, np.float32) * [1.25, 0.98, 1.2]
    colour *= _shade(light, x[None], y[:, None])[..., None]
    left, top = grass_outline_m(pitch)[0, :2]
    beyond = (np.abs(x[None]) > -left) | (np.abs(y[:, None] - _GRASS_MIDDLE_Y_M) > top - _GRASS_MIDDLE_Y_M)
    colour[beyond] = _CONCRETE
    scale = 1.0 / _PX_PER_M
    pitch_from_texture = np.array(
        [[scale, 0, 0.5 * scale - half_x], [0, -scale, half_y - 0.5 * scale], [0, 0, 1.0]]
    )
    return Turf(np.clip(colour, 0, 255).astype(np.uint8), pitch_from_texture)


def grass_outline_m(pitch: Pitch) -> Array:
    """Corners of all grass, ``(4, 3)``, from -x and +y on; concrete lies beyond."""
    half_x, half_y = pitch.length_m / 2 + _GRASS_BEYOND_M[0], pitch.width_m / 2 + _GRASS_BEYOND_M[1]
    low, high = _GRASS_MIDDLE_Y_M - half_y, _GRASS_MIDDLE_Y_M + half_y
    return np.array([[-half_x, high, 0.0], [half_x, high, 0.0], [half_x, low, 0.0], [-half_x, low, 0.0]])


def draw_turf(turf: Turf, camera: Camera) -> NDArray[np.uint8]:
    """Photograph the ground alone, ``(H, W, 3)``; concrete lies beyond the texture."""
    image_from_texture = camera.image_from_pitch() @ turf.pitch_from_texture
    size = (camera.width_px, camera.height_px)
    out: NDArray[np.uint8] = cv2.warpPerspective(
        turf.texture, image_from_texture, size, flags=cv2.INTER_LINEAR, borderValue=_CONCRETE
    )
    return out


def line_coverage(pitch: Pitch, camera: Camera, supersample: int = 2) -> Image32:
    """How much of each pixel is painted line, ``(H, W)`` in 0..1: exact ribbons, projected."""
    canvas = np.zeros((camera.height_px * supersample, camera.width_px * supersample), np.uint8)
    for line in pitch.lines_m(step_m=1.0):
        for ribbon in _ribbon(line):
            _fill(canvas, ribbon, camera, supersample)
    for spot in pitch.spots_m():
        angle = np.linspace(0, 2 * np.pi, 16, endpoint=False)
        _fill(canvas, spot + 0.12 * np.c_[np.cos(angle), np.sin(angle)], camera, supersample)
    small = cv2.resize(canvas, (camera.width_px, camera.height_px), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.float32) / 255.0


def project_ground(points_m: Array, camera: Camera) -> Array | None:
    """Pixels of ground points ``(N, 2)``; None when any lies behind the camera."""
    px, depth = camera.project(np.c_[points_m, np.zeros(len(points_m))])
    return None if (depth < 1.0).any() else px


def fill_polygon(canvas: NDArray[np.uint8], points_px: Array, value: float, supersample: int) -> None:
    """Fill a polygon given in picture px on a canvas ``supersample`` times as large, in place."""
    corners = np.round(((points_px + 0.5) * supersample - 0.5) * (1 << _SUB))
    if np.abs(corners).max() < 2**28:
        cv2.fillPoly(canvas, [corners.astype(np.int32)], value, cv2.LINE_8, _SUB)


def _fill(canvas: NDArray[np.uint8], points_m: Array, camera: Camera, supersample: int) -> None:
    px = project_ground(points_m, camera)
    if px is not None:
        fill_polygon(canvas, px, 255.0, supersample)


def _ribbon(line: Array, pieces: int = 12) -> list[Array]:
    """Cut a line ``(N, 2)`` into polygons of the painted width."""
    along = np.gradient(line, axis=0)
    along /= np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    side = np.c_[-along[:, 1], along[:, 0]] * (LINE_WIDTH_M / 2)
    out = []
    for start in range(0, len(line) - 1, pieces):
        part = slice(start, min(start + pieces + 1, len(line)))
        out.append(np.concatenate([line[part] + side[part], (line[part] - side[part])[::-1]]))
    return out


def _stripes(pitch: Pitch, grass: Grass, x: Array, y: Array) -> Image32:
    """+1 and -1 in mown bands, softened at their edges."""
    wave_x = np.sin(np.pi * (x + pitch.length_m / 2) / grass.stripe_m)
    wave_y = np.sin(np.pi * (y + pitch.width_m / 2) / grass.stripe_m)
    if grass.mowing == "plain":
        wave = 0.0 * (x + y)
    elif grass.mowing == "checked":
        wave = 0.6 * np.tanh(8 * wave_x) + 0.5 * np.tanh(8 * wave_y)
    elif grass.mowing == "diagonal":
        wave = np.tanh(8 * np.sin(np.pi * (x + y) / (1.4 * grass.stripe_m)))
    else:
        wave = np.tanh(8 * wave_x) + 0.0 * y
    inside = (np.abs(x) < pitch.length_m / 2 + 2) & (np.abs(y) < pitch.width_m / 2 + 2)
    return np.asarray(np.where(inside, wave, -0.8), dtype=np.float32)


def _worn(pitch: Pitch, x: Array, y: Array) -> Image32:
    """Where players stand most: goal mouths, centre spot, touchline by the assistants; 0..1."""
    goals = np.exp(-(((np.abs(x) - pitch.length_m / 2 + 3) / 4.0) ** 2) - (y / 5.0) ** 2)
    centre = 0.5 * np.exp(-((x / 6.0) ** 2) - (y / 6.0) ** 2)
    lines = 0.4 * np.exp(-(((np.abs(y) - pitch.width_m / 2 - 0.8) / 0.8) ** 2)) + 0 * x
    return np.asarray(goals + centre + lines, dtype=np.float32)


def _shade(light: Light, x: Array, y: Array) -> Image32:
    if light.shade is None:
        return np.ones((y.shape[0], x.shape[1]), np.float32)
    a, b, c = light.shade
    edge = 1 / (1 + np.exp(-np.clip((a * x + b * y - c) / 0.25, -30, 30)))
    return np.asarray(light.shade_level + (1 - light.shade_level) * edge, dtype=np.float32)


def _noise(shape: tuple[int, int], cell_px: int, rng: np.random.Generator) -> Image32:
    """Smooth noise of unit spread and grain ``cell_px``, ``shape``."""
    small = (shape[0] // cell_px + 2, shape[1] // cell_px + 2)
    raw = rng.standard_normal(small, dtype=np.float32)
    if cell_px == 1:
        return raw[: shape[0], : shape[1]]
    out = cv2.resize(raw, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(out, dtype=np.float32)
