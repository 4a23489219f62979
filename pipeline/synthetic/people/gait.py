"""From trajectories to poses: the phase of the run cycle and what the body does, for any moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.synthetic.match.simulate import SimulatedMatch

Array = NDArray[np.float64]

_KICK_BEFORE_S, _KICK_AFTER_S = 0.22, 0.22


@dataclass(frozen=True, slots=True)
class Poses:
    """How ``B`` bodies stand at one moment; ``(B,)`` but for ``root_m`` and ``lean_mps2``, ``(B, 2)``.

    ``phase_rad`` is the run cycle (a full turn is two steps), ``speed_mps`` how fast, ``way_rad`` the
    direction of travel relative to the body's facing ``heading_rad``; ``kick`` is -1 (none) or 0..1 through a
    kick; ``crouch`` 0..1; ``arms`` picks a resting posture; ``height_m`` and ``build`` scale the body;
    ``lean_mps2`` is the acceleration in pitch axes, which bodies lean into.
    """

    root_m: Array
    heading_rad: Array
    phase_rad: Array
    speed_mps: Array
    way_rad: Array
    kick: Array
    crouch: Array
    arms: NDArray[np.int64]
    height_m: Array
    build: Array
    lean_mps2: Array


@dataclass(frozen=True, slots=True)
class Motion:
    """A match made ready for drawing: per frame and person, what a pose needs (``(T, N)`` arrays)."""

    match: SimulatedMatch
    phase_rad: Array
    speed_mps: Array
    acceleration_mps2: Array
    arms: NDArray[np.int64]
    crouch: Array

    def at(self, time_s: float) -> Poses:
        """Poses of everyone at any time, interpolated between frames."""
        match = self.match
        low, high, share = _bracket(match.time_s, time_s)

        def mix(values: Array) -> Array:
            return np.asarray((1 - share) * values[low] + share * values[high])

        velocity, heading = mix(match.velocity_mps), mix(match.heading_rad)
        travel = np.arctan2(velocity[:, 1], velocity[:, 0])
        return Poses(
            root_m=mix(match.position_m),
            heading_rad=heading,
            phase_rad=mix(self.phase_rad),
            speed_mps=mix(self.speed_mps),
            way_rad=np.angle(np.exp(1j * (travel - heading))),
            kick=self._kick(time_s),
            crouch=mix(self.crouch),
            arms=self.arms[low],
            height_m=np.array([p.height_m for p in match.people]),
            build=np.array([p.build for p in match.people]),
            lean_mps2=mix(self.acceleration_mps2),
        )

    def _kick(self, time_s: float) -> Array:
        kick = np.full(len(self.match.people), -1.0)
        for frame, person in self.match.kicks:
            share = (time_s - frame / self.match.plan.fps + _KICK_BEFORE_S) / (_KICK_BEFORE_S + _KICK_AFTER_S)
            if 0 <= share <= 1:
                kick[person] = share
        return kick


def strides_per_s(speed_mps: Array) -> Array:
    """Run cycles a second (two steps each) at a speed; about 0.9 walking and 1.75 sprinting."""
    return np.asarray(np.where(speed_mps < 0.15, 0.0, 0.62 + 0.30 * np.sqrt(speed_mps) + 0.035 * speed_mps))


def prepare(match: SimulatedMatch) -> Motion:
    """Work out cycles, leaning and resting postures of a match; seeded by its plan."""
    rng = np.random.default_rng(match.plan.seed + 71)
    n_frames, n_people = match.position_m.shape[:2]
    dt = 1.0 / match.plan.fps
    speed = _smooth(np.hypot(match.velocity_mps[..., 0], match.velocity_mps[..., 1]), 3)
    phase = np.cumsum(strides_per_s(speed) * 2 * np.pi * dt, axis=0) + rng.uniform(0, 2 * np.pi, n_people)
    many = n_frames > 1
    acceleration = np.gradient(_smooth(match.velocity_mps, 7), dt, axis=0) if many else match.velocity_mps * 0
    arms = np.repeat(
        np.asarray(rng.choice(5, n_people, p=[0.55, 0.15, 0.1, 0.1, 0.1]))[None], n_frames, axis=0
    )
    to_ball = np.linalg.norm(match.ball_m[:, None, :2] - match.position_m, axis=2)
    crouch = np.zeros((n_frames, n_people))
    for i, person in enumerate(match.people):
        if person.duty == "goalkeeper":
            crouch[:, i] = np.clip((32.0 - to_ball[:, i]) / 40.0, 0.02, 0.5)
            arms[:, i] = 5
        elif person.duty == "player":
            crouch[:, i] = np.clip((10.0 - to_ball[:, i]) / 20.0, 0.0, 0.25) * (speed[:, i] < 3.0)
            arms[:, i] = np.where(to_ball[:, i] < 14.0, 0, arms[:, i])
        elif person.duty == "assistant":
            arms[:, i] = 6
    return Motion(match, phase, speed, acceleration, arms, _smooth(crouch, 9))


def _bracket(time_s: Array, moment_s: float) -> tuple[int, int, float]:
    if len(time_s) < 2:
        return 0, 0, 0.0
    low = int(np.clip(np.searchsorted(time_s, moment_s, side="right") - 1, 0, len(time_s) - 2))
    share = (moment_s - time_s[low]) / (time_s[low + 1] - time_s[low])
    return low, low + 1, float(np.clip(share, 0.0, 1.0))


def _smooth(values: Array, width: int) -> Array:
    """Centred moving average over frames (axis 0), edges repeated."""
    if len(values) < 2:
        return values
    padded = np.concatenate(
        [np.repeat(values[:1], width // 2, 0), values, np.repeat(values[-1:], width // 2, 0)]
    )
    sums = np.cumsum(np.concatenate([np.zeros_like(padded[:1]), padded]), axis=0)
    return np.asarray((sums[width:] - sums[:-width]) / width)
