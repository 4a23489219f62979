"""Made-up training crops: real upper bodies wiped clean, numbers painted on, then filmed badly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.appearance.upper_body import INPUT_PX
from pipeline.training.shirt_numbers.digit_shapes import GLYPH_PX, Prints, number_plate, set_number
from pipeline.training.shirt_numbers.painted_cloth import (
    CANVAS_PX,
    Picture,
    Plane,
    Torso,
    broad,
    draw_ink,
    shirt_colour,
    striped,
    wiped,
)

UNKNOWN = -1
"""In place of a legibility or number that nobody asks for."""
NO_DIGIT = 10
CELLS = 12
"""The network's map is so many cells across."""
_BODY = 0.26
"""Radius of the upper body, in sides of the square."""
_MOSTLY, _TRIES = 0.7, 12
"""So many numbers are chosen again, so often, until they could be read were they filmed sharply."""
_STRIPED = 0.12
_PLAIN_WIDTH = 0.5
"""Digits narrower than this, in heights, need more height to be read."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A crop ``(48, 48, 3)`` uint8 BGR with its answer.

    ``legible`` is 1, 0 or `UNKNOWN`; ``number`` is what is painted, or `UNKNOWN` for nothing. ``cells`` is
    ``(12, 12)`` int8: the digit there, `NO_DIGIT`, or `UNKNOWN` at a digit's rim or where nobody asks.
    """

    picture: Picture
    legible: int
    number: int
    cells: NDArray[np.int8] | None = None


@dataclass(frozen=True, slots=True)
class _Print:
    """How a number is printed: its height and centre in sides of the square, angles in radians.

    ``edge`` and ``seen`` are as for `legibility`; ``narrow`` is the width of an 8 in heights.
    """

    number: int
    height: float
    centre: tuple[float, float]
    yaw: float
    roll: float
    contrast: float
    edge: float = 0.0
    seen: float = 1.0
    narrow: float = 0.6


def draw_sample(torso: Torso, prints: Prints, rng: np.random.Generator) -> Sample:
    """Make one training crop of a torso: a number on his back, or something that is none."""
    canvas = wiped(torso, rng)
    if rng.random() < _STRIPED:
        canvas = striped(canvas, torso, rng)
    kind = rng.random()
    if kind < 0.08:
        return Sample(degraded(canvas, _side(torso, rng), rng)[0], 0, UNKNOWN)
    if kind < 0.18:
        canvas = _with_word(canvas, torso, prints, rng)
        return Sample(degraded(canvas, _side(torso, rng), rng)[0], 0, UNKNOWN)
    side = _side(torso, rng)
    canvas, printed, cells = _with_number(canvas, torso, side, prints, rng)
    picture, blur = degraded(canvas, side, rng)
    legible = _legible(printed, side, blur)
    return Sample(picture, legible, printed.number, cells if legible else None)


def _legible(printed: _Print, side_px: float, blur_px: float) -> int:
    clear_px = side_px * printed.height * min(1.0, printed.narrow / _PLAIN_WIDTH)
    return legibility(clear_px, printed.edge, printed.contrast, blur_px, printed.seen)


def legibility(height_px: float, edge_rad: float, contrast: float, blur_px: float, seen: float) -> int:
    """Say whether a painted number can be read: 1, 0, or `UNKNOWN` in between.

    ``height_px`` is the number's height and ``blur_px`` the blur's spread, px of the frame; ``edge_rad`` how
    far around the body its further edge lies; ``contrast`` is that of its colour, see `contrast_of`;
    ``seen`` the share of it that nothing hides.
    """
    sharp = height_px / max(1.0, 1.6 * blur_px)
    if sharp >= 8.0 and edge_rad < 1.2 and contrast > 36 and seen > 0.9:
        return 1
    if sharp < 5.0 or edge_rad > 1.6 or contrast < 12 or seen < 0.65:
        return 0
    return UNKNOWN


def degraded(
    canvas: Picture, side_px: float, rng: np.random.Generator, harm: float = 1.0
) -> tuple[Picture, float]:
    """Film a square with ``side_px`` pixels across: blur, noise, sharpening, compression; then 48 px again.

    ``harm`` below 1 is kinder, for what was filmed badly already. Returns the crop and the blur's spread, px
    of the frame.
    """
    side = max(6, round(side_px))
    way = cv2.INTER_AREA if side < canvas.shape[0] else cv2.INTER_CUBIC
    small = cv2.resize(canvas, (side, side), interpolation=way)
    blur = 0.0
    if rng.random() < 0.8 * harm:
        blur = float(rng.uniform(0.3, 0.9) if rng.random() < 0.6 else rng.uniform(0.6, 1.7)) * harm
        small = cv2.GaussianBlur(small, (0, 0), blur)
    if rng.random() < 0.2 * harm:
        length = float(rng.uniform(1.5, 4.5))
        small = _moved(small, length, float(rng.uniform(0, np.pi)))
        blur = float(np.hypot(blur, length / 3))
    out = small.astype(np.float32)
    if rng.random() < 0.4:
        out += rng.uniform(0.2, 1.0) * (out - cv2.GaussianBlur(out, (0, 0), 1.0))
    out = (out - 128) * rng.uniform(0.7, 1.2) + 128 + rng.uniform(-25, 25)
    out = out * rng.uniform(0.92, 1.08, 3) + rng.normal(0, rng.uniform(0, 5 * harm), out.shape)
    small = np.clip(out, 0, 255).astype(np.uint8)
    if rng.random() < 0.8 * harm:
        quality = int(rng.integers(25, 95))
        _, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, quality])
        small = cv2.imdecode(data, cv2.IMREAD_COLOR)
    way = cv2.INTER_AREA if side > INPUT_PX else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(small, (INPUT_PX, INPUT_PX), interpolation=way), np.uint8), blur


def _side(torso: Torso, rng: np.random.Generator) -> float:
    """How many pixels across the square is filmed with: 12 to 80, mostly 26 or more, not much upscaled."""
    least = 12 if rng.random() < 0.3 else 26
    return float(min(np.exp(rng.uniform(np.log(least), np.log(80))), 1.6 * torso.side_px))


def _moved(picture: Picture, length: float, angle: float) -> Picture:
    n = 9
    kernel = np.zeros((n, n), np.float32)
    for t in np.linspace(-0.5, 0.5, 16):
        x, y = n / 2 - 0.5 + t * length * np.cos(angle), n / 2 - 0.5 + t * length * np.sin(angle)
        kernel[int(np.clip(round(y), 0, n - 1)), int(np.clip(round(x), 0, n - 1))] += 1 / 16
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()), np.uint8)


def _with_number(
    canvas: Picture, torso: Torso, side_px: float, prints: Prints, rng: np.random.Generator
) -> tuple[Picture, _Print, NDArray[np.int8]]:
    shirt = shirt_colour(canvas, torso)
    wanted = rng.random() < _MOSTLY
    for _ in range(_TRIES):
        printed, ink, layout = _chosen(shirt, prints, rng)
        if not wanted or _legible(printed, side_px, 0.0) == 1:
            break
    layers = _layers(set_number(*layout), ink, shirt, rng)
    for side, often in ((-1, 0.7), (1, 0.25)):  # the name above, a sponsor below
        if rng.random() < often:
            away = side * (printed.height / 2 + float(rng.uniform(0.06, 0.11)))
            height, at = float(rng.uniform(0.05, 0.095)), (printed.centre[0], printed.centre[1] + away)
            strip = replace(printed, height=height, centre=at)
            canvas, _, _ = _print(canvas, torso, [(prints.random_word(rng), ink)], strip, rng)
    canvas, seen, cells = _print(canvas, torso, layers, printed, rng, number_plate(*layout))
    return canvas, replace(printed, seen=seen), cells


def _chosen(
    shirt: NDArray[np.float64], prints: Prints, rng: np.random.Generator
) -> tuple[_Print, NDArray[np.float64], tuple[int, tuple[Picture, ...], float, float]]:
    """Choose a number and how it is printed: also its colour, and number, digits, gap and aspect."""
    number = int(rng.integers(1, 40) if rng.random() < 0.7 else rng.integers(1, 100))
    gap, aspect = float(rng.uniform(0.02, 0.18)), float(np.exp(rng.uniform(np.log(0.5), np.log(1.2))))
    digits = prints.random_digits(rng)
    ink, contrast = draw_ink(shirt, rng)
    yaw = float(rng.normal(0, 0.4) if rng.random() < 0.85 else rng.uniform(-1.5, 1.5))
    roll = float(rng.normal(0, 0.12) if rng.random() < 0.85 else rng.uniform(-0.6, 0.6))
    height = float(rng.triangular(0.23, 0.31, 0.46))
    centre = (float(rng.normal(0.5, 0.05)), float(rng.normal(0.5, 0.06)))
    wide = sum(digits[int(c)].shape[1] for c in str(number)) * aspect / GLYPH_PX + gap * (number > 9)
    edge = abs(yaw) + wide * height / 2 / _BODY
    narrow = digits[8].shape[1] * aspect / GLYPH_PX
    printed = _Print(number, height, centre, yaw, roll, contrast, edge, narrow=narrow)
    return printed, ink, (number, digits, gap, aspect)


def _with_word(canvas: Picture, torso: Torso, prints: Prints, rng: np.random.Generator) -> Picture:
    """Print a sponsor's word or a badge, as on a chest."""
    shirt = shirt_colour(canvas, torso)
    ink, contrast = draw_ink(shirt, rng)
    word = prints.random_word(rng)
    where = (float(rng.normal(0.5, 0.06)), float(rng.uniform(0.38, 0.6)))
    yaw, roll = float(rng.normal(0, 0.6)), float(rng.normal(0, 0.15))
    printed = _Print(0, float(rng.uniform(0.06, 0.16)), where, yaw, roll, contrast)
    canvas, _, _ = _print(canvas, torso, [(word, ink)], printed, rng)
    if rng.random() < 0.4:
        badge = np.full((40, 36), 255, np.uint8)
        side = float(rng.choice([-0.1, 0.1]))
        printed = _Print(0, 0.09, (0.5 + side, 0.33), 0, 0, 0)
        canvas, _, _ = _print(canvas, torso, [(badge, draw_ink(shirt, rng)[0])], printed, rng)
    return canvas


def _layers(
    glyph: Picture, ink: NDArray[np.float64], shirt: NDArray[np.float64], rng: np.random.Generator
) -> list[tuple[Picture, NDArray[np.float64]]]:
    """The number's print from below: an outline in another colour, the digits; or only their outline."""
    if rng.random() < 0.45:
        thick = int(rng.integers(2, 7))
        glyph = cv2.copyMakeBorder(glyph, thick, thick, thick, thick, cv2.BORDER_CONSTANT, value=0)
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * thick + 1, 2 * thick + 1))
        wide = cv2.dilate(glyph, kernel)
        if rng.random() < 0.05:
            return [(wide, ink), (glyph, shirt)]
        return [(wide, draw_ink(ink, rng)[0]), (glyph, ink)]
    return [(glyph, ink)]


def _print(
    canvas: Picture,
    torso: Torso,
    layers: Sequence[tuple[Picture, NDArray[np.float64]]],
    how: _Print,
    rng: np.random.Generator,
    plate: Picture | None = None,
) -> tuple[Picture, float, NDArray[np.int8]]:
    """Wrap flat prints around the upper body and mix them in, lit as the cloth is.

    Returns the canvas, the share of the print that lies on the body, and which digit of ``plate`` is in which
    cell.
    """
    map_x, map_y, seen = _wrap(layers[0][0].shape, how, rng)
    out = canvas.astype(np.float32)
    light = cv2.cvtColor(canvas, cv2.COLOR_BGR2GRAY).astype(np.float32)
    shade = np.clip((light + 30) / (broad(light, 6) + 30), 0.6, 1.4) ** float(rng.uniform(0, 1.5))
    opaque, share = float(rng.uniform(0.85, 1.0)), 1.0
    for glyph, ink in layers:
        cover = cv2.remap(glyph.astype(np.float32) / 255, map_x, map_y, cv2.INTER_LINEAR, borderValue=0)
        cover = cover * seen
        share = float((cover * torso.inside).sum() / max(float(cover.sum()), 1e-6))
        cover = (cover * torso.inside * opaque)[..., None]
        out = out * (1 - cover) + (ink[None, None] * shade[..., None]).astype(np.float32) * cover
    return np.clip(out, 0, 255).astype(np.uint8), share, _cells(plate, layers[0][0].shape, map_x, map_y)


def _cells(plate: Picture | None, shape: tuple[int, ...], map_x: Plane, map_y: Plane) -> NDArray[np.int8]:
    """Look the cells' middles up in a plate, which lies in the middle of a print of ``shape``."""
    if plate is None:
        return np.full((CELLS, CELLS), UNKNOWN, np.int8)
    high, wide = ((of - its) // 2 for of, its in zip(shape, plate.shape, strict=True))
    step = CANVAS_PX // CELLS
    at = np.s_[step // 2 :: step, step // 2 :: step]
    found = cv2.remap(plate, map_x[at] - wide, map_y[at] - high, cv2.INTER_NEAREST, borderValue=0)
    return np.select([found == 0, found == 255], [NO_DIGIT, UNKNOWN], found.astype(np.int16) - 1).astype(
        np.int8
    )


def _wrap(shape: tuple[int, ...], how: _Print, rng: np.random.Generator) -> tuple[Plane, Plane, Plane]:
    """Where in the flat print each pixel of the canvas looks, and whether it can: three ``(72, 72)``."""
    grid = ((np.arange(CANVAS_PX) + 0.5) / CANVAS_PX).astype(np.float32)
    x, y = np.meshgrid(grid - how.centre[0], grid - how.centre[1])
    x, y = x + _folds(rng), y + _folds(rng)
    cos, sin = np.cos(how.roll), np.sin(how.roll)
    x, y = x * cos + y * sin, y * cos - x * sin
    y = y + float(rng.normal(0, 0.1)) * x
    # A print at angle a around the body shows at radius * sin(a + yaw), here from its own centre.
    at = x / _BODY + np.sin(how.yaw)
    angle = np.arcsin(np.clip(at, -0.999, 0.999)) - how.yaw
    seen = (np.abs(at) < 0.999).astype(np.float32)
    scale = shape[0] / how.height
    map_x = (angle * _BODY * scale + shape[1] / 2 - 0.5).astype(np.float32)
    map_y = (y * scale + shape[0] / 2 - 0.5).astype(np.float32)
    return map_x, map_y, seen


def _folds(rng: np.random.Generator) -> Plane:
    """A smooth random shift, sides of the square."""
    coarse = rng.normal(0, float(rng.uniform(0, 0.016)), (6, 6)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (CANVAS_PX, CANVAS_PX), interpolation=cv2.INTER_CUBIC), np.float32)
