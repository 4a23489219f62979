"""From joints to surfaces: bodies as lofted tubes (clothes, limbs, head) and the number on the back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from pipeline.synthetic.people.skeleton import Joints

Array = NDArray[np.float64]

_REFERENCE_M = 1.8
_DIGITS = (
    *("111101101101111", "010110010010111", "111001111100111", "111001111001111", "101101111001001"),
    *("111100111001111", "111100111101111", "111001010010010", "111101111101111", "111101111001111"),
)


@dataclass(frozen=True, slots=True)
class Tube:
    """One loft: its name, sides, and per ring the radii (m on a body of 1.8 m) across and deep."""

    name: str
    sides: int
    across_m: tuple[float, ...]
    deep_m: tuple[float, ...]


_TORSO = Tube(
    "torso",
    12,
    (0.190, 0.188, 0.178, 0.172, 0.184, 0.198, 0.182, 0.105, 0.055),
    (0.142, 0.142, 0.132, 0.130, 0.138, 0.136, 0.110, 0.08, 0.05),
)
_PELVIS = Tube("pelvis", 10, (0.165, 0.180, 0.178, 0.12), (0.125, 0.138, 0.136, 0.10))
_SHORT = Tube("short", 8, (0.110, 0.126, 0.136), (0.118, 0.132, 0.138))
_LEG = Tube("leg", 8, (0.086, 0.072, 0.064, 0.065, 0.070, 0.048), (0.09, 0.076, 0.068, 0.068, 0.074, 0.050))
_FOOT = Tube("foot", 6, (0.036, 0.048, 0.054, 0.034), (0.040, 0.058, 0.044, 0.022))
_ARM = Tube("arm", 7, (0.012, 0.078, 0.078, 0.054, 0.046, 0.034), (0.012, 0.082, 0.080, 0.054, 0.046, 0.034))
_HAND = Tube("hand", 6, (0.030, 0.050, 0.040, 0.010), (0.024, 0.034, 0.030, 0.010))
_NECK = Tube("neck", 6, (0.062, 0.060), (0.064, 0.062))
_HEAD = Tube(
    "head",
    10,
    (0.038, 0.068, 0.080, 0.084, 0.080, 0.060, 0.010),
    (0.048, 0.083, 0.098, 0.105, 0.102, 0.078, 0.012),
)
TUBES: tuple[Tube, ...] = (
    *(_TORSO, _PELVIS, _SHORT, _SHORT, _LEG, _LEG, _FOOT, _FOOT, _ARM, _ARM, _HAND, _HAND, _NECK, _HEAD),
)
"""All lofts of a body in order; pairs are left, right."""


@dataclass(frozen=True, slots=True)
class Topology:
    """What all bodies share.

    ``faces`` ``(F, 4)`` holds vertex numbers. Per face: ``tube`` (index in `TUBES`; ``len(TUBES)`` for the
    number's cells), ``segment`` (ring) and ``angle_rad`` around the tube (0 = left, pi/2 = back).
    """

    faces: NDArray[np.int64]
    tube: NDArray[np.int64]
    segment: NDArray[np.int64]
    angle_rad: Array


@cache
def topology() -> Topology:
    """The faces of a body; the last 30 are the cells of two digits."""
    faces, tube, segment, angle, base = [], [], [], [], 0
    for t, spec in enumerate(TUBES):
        n = spec.sides
        for r in range(len(spec.across_m) - 1):
            for s in range(n):
                a, b = base + r * n + s, base + r * n + (s + 1) % n
                faces.append((a, b, b + n, a + n))
                tube.append(t)
                segment.append(r)
                angle.append(2 * np.pi * (s + 0.5) / n)
        base += n * len(spec.across_m)
    for cell in range(30):
        first = base + cell * 4
        faces.append((first, first + 1, first + 2, first + 3))
        tube.append(len(TUBES))
        segment.append(cell)
        angle.append(np.pi / 2)
    return Topology(np.array(faces), np.array(tube), np.array(segment), np.array(angle))


@cache
def layer_bias_m() -> Array:
    """What to add to a face's depth so that clothes worn over others are painted later, per tube, m."""
    bias = {"torso": -0.05, "pelvis": 0.08, "leg": 0.03, "neck": 0.03}
    return np.array([*(bias.get(t.name, 0.0) for t in TUBES), -0.12])


def digit_cells(number: int) -> NDArray[np.bool_]:
    """Which of the 30 cells are painted for a shirt number (0 = none), ``(30,)``."""
    text = str(number) if number > 0 else ""
    cells = np.zeros((2, 15), bool)
    for i, char in enumerate(text[:2]):
        cells[i] = [c == "1" for c in _DIGITS[int(char)]]
    return cells.ravel()


def surface(j: Joints, height_m: Array, build: Array, two_digits: NDArray[np.bool_]) -> Array:
    """Vertices of ``B`` bodies, ``(B, V, 3)`` m, in `topology`'s order."""
    scale = height_m / _REFERENCE_M
    left = np.broadcast_to(j.left, j.pelvis.shape)
    parts = [
        _loft(_TORSO, _torso_centres(j, scale), left, scale * build),
        _loft(_PELVIS, _pelvis_centres(j, scale), left, scale * build),
    ]
    for side in (0, 1):
        hip, knee = j.hip[:, side], j.knee[:, side]
        parts.append(_loft(_SHORT, _between(hip, knee, (-0.02, 0.35, 0.74)), left, scale * build))
    for side in (0, 1):
        thigh = _between(j.hip[:, side], j.knee[:, side], (0.55, 0.84, 0.98))
        shin = _between(j.knee[:, side], j.ankle[:, side], (0.10, 0.32, 0.97))
        parts.append(_loft(_LEG, np.concatenate([thigh, shin], axis=1), left, scale * build))
    parts.extend(_loft(_FOOT, _foot_centres(j, side, scale), left, scale) for side in (0, 1))
    for side in (0, 1):
        upper = _between(j.shoulder[:, side], j.elbow[:, side], (-0.12, 0.02, 0.70, 0.98))
        lower = _between(j.elbow[:, side], j.wrist[:, side], (0.25, 1.0))
        parts.append(_loft(_ARM, np.concatenate([upper, lower], axis=1), j.forward, scale * build))
    for side in (0, 1):
        hand = _between(j.wrist[:, side], j.hand[:, side], (-0.05, 0.3, 0.8, 1.15))
        parts.append(_loft(_HAND, hand, j.forward, scale))
    crown = j.head - j.chest
    parts.append(_loft(_NECK, _between(j.chest, j.head, (0.0, 0.75)), left, scale))
    skull = (
        j.head[:, None]
        + _unit(crown)[:, None]
        * (np.array([-0.10, -0.075, -0.035, 0.015, 0.065, 0.105, 0.125]) * scale[:, None])[..., None]
    )
    parts.append(_loft(_HEAD, skull, left, scale))
    parts.append(_number_cells(j, scale * build, two_digits))
    return np.concatenate(parts, axis=1)


def _unit(v: Array) -> Array:
    return np.asarray(v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9))


def _between(start: Array, end: Array, shares: tuple[float, ...]) -> Array:
    t = np.array(shares)[None, :, None]
    return np.asarray(start[:, None] * (1 - t) + end[:, None] * t)


def _torso_centres(j: Joints, scale: Array) -> Array:
    shares = (-0.24, -0.08, 0.16, 0.38, 0.6, 0.8, 0.96, 1.04, 1.09)
    return _between(j.pelvis, j.chest, shares)


def _pelvis_centres(j: Joints, scale: Array) -> Array:
    down = np.array([0.06, -0.02, -0.09, -0.16])[None, :, None] * scale[:, None, None]
    return np.asarray(j.pelvis[:, None] + j.up[:, None] * down)


def _foot_centres(j: Joints, side: int, scale: Array) -> Array:
    ankle, toe = j.ankle[:, side], j.toe[:, side]
    shin = _unit(j.knee[:, side] - ankle)
    heel = ankle - shin * (0.035 * scale)[:, None]
    along = toe - heel
    start = heel - _unit(along) * (0.055 * scale)[:, None]
    return np.stack(
        [start, heel + along * 0.05, heel + along * 0.6, toe + _unit(along) * (0.02 * scale)[:, None]], 1
    )


def _loft(tube: Tube, centres: Array, reference: Array, scale: Array) -> Array:
    """Rings around ``centres`` ``(B, R, 3)``; each ring's first axis is near ``reference`` ``(B, 3)``."""
    along = _unit(np.gradient(centres, axis=1))
    first = reference[:, None] - (reference[:, None] * along).sum(2, keepdims=True) * along
    first = _unit(first)
    second = np.cross(along, first)
    angle = 2 * np.pi * np.arange(tube.sides) / tube.sides
    across = (np.array(tube.across_m)[:, None] * np.cos(angle))[None, :, :, None] * scale[:, None, None, None]
    deep = (np.array(tube.deep_m)[:, None] * np.sin(angle))[None, :, :, None] * scale[:, None, None, None]
    rings = centres[:, :, None] + across * first[:, :, None] + deep * second[:, :, None]
    return np.asarray(rings.reshape(len(centres), -1, 3))


def _number_cells(j: Joints, scale: Array, two_digits: NDArray[np.bool_]) -> Array:
    """Corners of the digit cells on the back, ``(B, 120, 3)``."""
    cell, columns, rows = 0.036, np.arange(3), np.arange(5)
    corner_u = np.array([0.0, 1.0, 1.0, 0.0])
    corner_v = np.array([0.0, 0.0, 1.0, 1.0])
    u = np.zeros((len(scale), 2, 5, 3, 4))
    v = np.zeros_like(u)
    for digit in (0, 1):
        start = np.where(two_digits, 0.5 + 3.0 - 3.5 * digit - 0.25, 1.5)
        u[:, digit] = start[:, None, None, None] - columns[None, None, :, None] - corner_u
        v[:, digit] = -rows[None, :, None, None] - corner_v
    wide, high = (u * cell).reshape(len(scale), -1), (v * cell * 1.35).reshape(len(scale), -1)
    back = np.cross(j.up, j.left)
    depth = 0.138 * np.sqrt(np.maximum(0.0, 1 - (wide / 0.195) ** 2)) + 0.008
    base = j.chest - j.up * (0.10 * scale)[:, None]
    local = wide[..., None] * j.left[:, None] + high[..., None] * j.up[:, None]
    local = local + depth[..., None] * back[:, None]
    return np.asarray(base[:, None] + local * scale[:, None, None])
