"""From poses to joints in metres: a run cycle with knees, elbows, lean, kicks and a goalkeeper's crouch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.synthetic.people.gait import Poses

Array = NDArray[np.float64]

_THIGH, _SHIN, _FOOT, _SOLE = 0.245, 0.246, 0.105, 0.042
_SPINE, _UPPER_ARM, _FOREARM, _HAND = 0.288, 0.162, 0.145, 0.065
_HIP_HALF, _SHOULDER_HALF = 0.052, 0.107
"""Lengths as shares of body height (after Drillis and Contini's segment lengths)."""

# Resting arms: forward swing, sideways lift, elbow bend, and how far hands turn in (rad).
_REST_ARMS = np.array(
    [
        (0.05, 0.16, 0.35, 0.2),  # hanging
        (-0.25, 0.75, 1.75, 1.15),  # hands on hips
        (0.5, 0.15, 1.2, 0.9),  # hands together in front
        (-0.45, 0.2, 0.7, -0.6),  # hands behind
        (0.25, 0.3, 0.9, 0.3),  # loose and ready
        (0.35, 0.6, 1.0, 0.4),  # goalkeeper
        (0.05, 0.18, 0.1, 0.1),  # flag held down
    ]
)


@dataclass(frozen=True, slots=True)
class Joints:
    """Joints of ``B`` bodies, pitch metres with z up, ``(B, 3)`` or, left and right, ``(B, 2, 3)``."""

    pelvis: Array
    chest: Array
    head: Array
    hip: Array
    knee: Array
    ankle: Array
    toe: Array
    shoulder: Array
    elbow: Array
    wrist: Array
    hand: Array
    forward: Array
    left: Array
    up: Array


def _step(x: Array, low: float, high: float) -> Array:
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3 - 2 * t))


def _unit(v: Array) -> Array:
    return np.asarray(v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9))


def joints(pose: Poses) -> Joints:
    """Put bodies together; the lower foot stands on the grass (z = 0), in a run both may leave it."""
    height = pose.height_m[:, None]
    forward = np.stack([np.cos(pose.heading_rad), np.sin(pose.heading_rad), np.zeros_like(pose.kick)], axis=1)
    left = np.stack([-forward[:, 1], forward[:, 0], np.zeros_like(pose.kick)], axis=1)
    up = np.array([0.0, 0.0, 1.0])
    run, move = _step(pose.speed_mps, 1.9, 3.6), _step(pose.speed_mps, 0.1, 0.9)
    travel = (
        _unit(np.cos(pose.way_rad)[:, None] * forward + np.sin(pose.way_rad)[:, None] * left) * move[:, None]
        + forward * (1 - move)[:, None]
    )
    torso_up = _lean(pose, forward, run)
    hip, knee, ankle, toe = _legs(pose, forward, left, _unit(travel), run, move)
    sole = np.minimum(ankle[..., 2] - _SOLE * height, toe[..., 2] - 0.012)
    lift = -sole.min(axis=1) + run * 0.045 * np.maximum(0.0, np.cos(2 * pose.phase_rad + 0.6))
    root = np.concatenate([pose.root_m, lift[:, None]], axis=1)
    back = (torso_up - up * torso_up[:, 2:]) * 0.35 * _SPINE * height
    pelvis = root - back
    hip, knee, ankle, toe = (part + pelvis[:, None] for part in (hip, knee, ankle, toe))
    chest = pelvis + torso_up * _SPINE * height
    head = chest + _unit(torso_up * 0.55 + up * 0.45 + 0.1 * forward) * 0.115 * height
    twist = 0.22 * np.sin(pose.phase_rad) * move
    across = _unit(left + twist[:, None] * -forward)
    arms = _arms(pose, forward, across, torso_up, run, move)
    shoulder, elbow, wrist, hand = (part + chest[:, None] for part in arms)
    return Joints(
        *(pelvis, chest, head, hip, knee, ankle, toe),
        *(shoulder, elbow, wrist, hand, forward, across, torso_up),
    )


def _lean(pose: Poses, forward: Array, run: Array) -> Array:
    """Direction of the spine ``(B, 3)``: into acceleration, forward when running or crouching."""
    into = np.concatenate([pose.lean_mps2, np.zeros((len(run), 1))], axis=1) * 0.045
    size = np.linalg.norm(into, axis=1, keepdims=True)
    into = into * np.minimum(1.0, 0.3 / np.maximum(size, 1e-9))
    tilt = 0.03 + 0.1 * run + 0.42 * pose.crouch
    kicking = np.where(pose.kick >= 0, np.sin(np.pi * np.clip(pose.kick, 0, 1)) * -0.12, 0.0)
    return _unit(np.array([0.0, 0.0, 1.0]) + into * run[:, None] + forward * (tilt + kicking)[:, None])


def _legs(
    pose: Poses, forward: Array, left: Array, travel: Array, run: Array, move: Array
) -> tuple[Array, Array, Array, Array]:
    """Hip, knee, ankle and toe relative to the pelvis, each ``(B, 2, 3)``."""
    height, up = pose.height_m, np.array([0.0, 0.0, 1.0])
    parts = []
    for side, sign in ((0, 1.0), (1, -1.0)):
        phase = pose.phase_rad + side * np.pi
        swing, knee_bend = _leg_angles(pose, phase, run, move, kicks=side == 1)
        stance = sign * (0.07 + 0.14 * pose.crouch + 0.05 * (1 - move))
        thigh = _unit(-np.cos(swing)[:, None] * up + np.sin(swing)[:, None] * travel + stance[:, None] * left)
        behind = _unit(-(forward - (forward * thigh).sum(1, keepdims=True) * thigh))
        shin = np.cos(knee_bend)[:, None] * thigh + np.sin(knee_bend)[:, None] * behind
        flat = np.clip(1.0 - move * np.maximum(0.0, np.cos(phase)) * 1.3 - run * 0.5, 0.0, 1.0)
        square = _unit(forward - (forward * shin).sum(1, keepdims=True) * shin)
        point = _unit(flat[:, None] * forward + (1 - flat)[:, None] * (square + 0.25 * shin))
        hip = left * (sign * _HIP_HALF * height * pose.build)[:, None]
        knee = hip + thigh * (_THIGH * height)[:, None]
        ankle = knee + shin * (_SHIN * height)[:, None]
        toe = ankle + point * (_FOOT * height)[:, None] - up * (0.028 * height * flat)[:, None]
        parts.append((hip, knee, ankle, toe + (shin * (0.028 * height * (1 - flat))[:, None])))
    hips, knees, ankles, toes = (np.stack(p, axis=1) for p in zip(*parts, strict=True))
    return hips, knees, ankles, toes


def _leg_angles(pose: Poses, phase: Array, run: Array, move: Array, kicks: bool) -> tuple[Array, Array]:
    """Swing of the thigh and bend of the knee, rad, ``(B,)``."""
    reach = move * ((1 - run) * (0.30 + 0.05 * pose.speed_mps) + run * (0.42 + 0.035 * pose.speed_mps))
    swing = reach * np.sin(phase) + run * 0.16 + pose.crouch * 0.55
    lifted = np.maximum(0.0, np.cos(phase + 0.5)) ** 1.3
    bend = 0.06 + move * ((1 - run) * 0.75 + run * (1.2 + 0.06 * pose.speed_mps)) * lifted
    bend = bend + run * 0.28 + pose.crouch * 0.95
    if kicks:
        share = np.clip(pose.kick, 0.0, 1.0)
        on = np.where(pose.kick >= 0, np.sin(np.pi * share) ** 0.5, 0.0)
        swing = (1 - on) * swing + on * (-0.75 + 1.75 * _step(share, 0.15, 0.9))
        bend = (1 - on) * bend + on * (1.25 * (1 - _step(share, 0.2, 0.6)) + 0.08)
    return swing, bend


def _arms(
    pose: Poses, forward: Array, across: Array, torso_up: Array, run: Array, move: Array
) -> tuple[Array, Array, Array, Array]:
    """Shoulder, elbow, wrist and hand relative to the chest, each ``(B, 2, 3)``."""
    height, rest = pose.height_m, _REST_ARMS[pose.arms]
    still = 1 - move
    parts = []
    for side, sign in ((0, 1.0), (1, -1.0)):
        phase = pose.phase_rad + side * np.pi
        kick = np.where(pose.kick >= 0, 0.7, 0.0)
        swing = -move * (0.3 + 0.38 * run) * np.sin(phase) + still * rest[:, 0]
        lift = still * rest[:, 1] + move * (0.15 + 0.16 * run) + kick + 0.1 * pose.crouch
        bend = still * rest[:, 2] + move * (0.3 + 1.15 * run - 0.25 * run * np.sin(phase))
        inward = still * rest[:, 3] + move * (0.15 + 0.45 * run)
        out = across * sign
        upper = _unit(
            -np.cos(swing)[:, None] * torso_up
            + np.sin(swing)[:, None] * forward
            + np.tan(lift)[:, None] * out
        )
        bent = _unit(forward - out * np.sin(inward)[:, None])
        bent = _unit(bent - (bent * upper).sum(1, keepdims=True) * upper)
        lower = np.cos(bend)[:, None] * upper + np.sin(bend)[:, None] * bent
        shoulder = (
            out * (_SHOULDER_HALF * height * pose.build)[:, None] - torso_up * (0.022 * height)[:, None]
        )
        elbow = shoulder + upper * (_UPPER_ARM * height)[:, None]
        wrist = elbow + lower * (_FOREARM * height)[:, None]
        parts.append((shoulder, elbow, wrist, wrist + lower * (_HAND * height)[:, None]))
    shoulders, elbows, wrists, hands = (np.stack(p, axis=1) for p in zip(*parts, strict=True))
    return shoulders, elbows, wrists, hands
