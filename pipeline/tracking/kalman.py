"""Where tracks are and go: a Kalman filter for many people at once, in image coordinates.

Lengths are measured in body heights, so that near and far people obey the same numbers. The same
uncertainty holds for x and y, which makes the covariance one 2 x 2 matrix (place, velocity) a track.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PLACE_STD = 0.06
"""How far a box's middle strays from the body's, in heights: limbs, box noise."""
ACCELERATION_STD = 2.5
"""Change of velocity in one second, heights/s: people turn and stop."""
VELOCITY_STD = 2.0
"""Of a track just born, heights/s (a sprint is about 5)."""
MEMORY_S = 2.0
"""Velocity of an unseen person fades with this time constant."""
_SIZE_GAIN = 0.25
_REPLAY_STEPS = 6


@dataclass(slots=True)
class State:
    """T tracks: ``place`` and ``velocity`` ``(T, 2)`` px and px/s, ``size`` ``(T, 2)`` width and height px,
    ``cov`` ``(T, 2, 2)`` in px^2, px^2/s, px^2/s^2.
    """

    place: Array
    velocity: Array
    size: Array
    cov: Array

    def __len__(self) -> int:
        return len(self.place)

    def take(self, index: NDArray[np.int64] | NDArray[np.bool_]) -> State:
        """Copy some tracks."""
        return State(*(getattr(self, f.name)[index].copy() for f in fields(self)))

    def put(self, index: NDArray[np.int64], other: State) -> None:
        """Overwrite some tracks."""
        for f in fields(self):
            getattr(self, f.name)[index] = getattr(other, f.name)

    def join(self, other: State) -> State:
        """Append tracks."""
        return State(*(np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)))


def start(centre: Array, size: Array) -> State:
    """Begin tracks at boxes: ``centre`` and ``size`` ``(N, 2)``, px."""
    height = size[:, 1]
    cov = np.zeros((len(centre), 2, 2))
    cov[:, 0, 0] = (PLACE_STD * height) ** 2
    cov[:, 1, 1] = (VELOCITY_STD * height) ** 2
    return State(centre.copy(), np.zeros_like(centre), size.copy(), cov)


def warp(state: State, image_from_previous: Array) -> State:
    """Carry tracks along with the camera: the homography's local linear part turns and scales them."""
    place, jacobian = warp_points(state.place, image_from_previous)
    zoom2 = np.clip(np.abs(np.linalg.det(jacobian)), 0.25, 4.0)
    velocity = np.einsum("nij,nj->ni", jacobian, state.velocity)
    return State(place, velocity, state.size * np.sqrt(zoom2)[:, None], state.cov * zoom2[:, None, None])


def warp_points(points: Array, target_from_source: Array) -> tuple[Array, Array]:
    """Map points ``(N, 2)``; also give the local Jacobian ``(N, 2, 2)`` of the homography at each."""
    h = target_from_source
    w = points @ h[2, :2] + h[2, 2]
    w = np.where(np.abs(w) < 1e-9, 1e-9, w)
    mapped = (points @ h[:2, :2].T + h[:2, 2]) / w[:, None]
    jacobian = (h[None, :2, :2] - mapped[:, :, None] * h[None, 2:3, :2]) / w[:, None, None]
    return mapped, jacobian


def predict(state: State, dt_s: float | Array) -> State:
    """Let time pass, seconds (one number, or one a track)."""
    dt = np.broadcast_to(np.asarray(dt_s, dtype=np.float64), (len(state),))
    keep = np.exp(-dt / MEMORY_S)
    travel = MEMORY_S * (1 - keep)
    p00, p01, p11 = state.cov[:, 0, 0], state.cov[:, 0, 1], state.cov[:, 1, 1]
    q = (ACCELERATION_STD * state.size[:, 1]) ** 2
    cov = np.empty_like(state.cov)
    cov[:, 0, 0] = p00 + 2 * travel * p01 + travel**2 * p11 + q * dt**3 / 3
    cov[:, 0, 1] = cov[:, 1, 0] = keep * (p01 + travel * p11) + q * dt**2 / 2
    cov[:, 1, 1] = keep**2 * p11 + q * dt
    return State(
        state.place + state.velocity * travel[:, None], state.velocity * keep[:, None], state.size.copy(), cov
    )


def innovation_var(state: State) -> Array:
    """Variance of a measured place around the predicted one, along one axis, px^2, shape ``(T,)``."""
    return np.asarray(state.cov[:, 0, 0] + (PLACE_STD * state.size[:, 1]) ** 2)


def update(state: State, centre: Array, size: Array) -> State:
    """Take in one box for each track: ``centre`` and ``size`` ``(T, 2)``, px."""
    var = innovation_var(state)
    gain = state.cov[:, :, 0] / var[:, None]
    miss = centre - state.place
    cov = state.cov - gain[:, :, None] * state.cov[:, 0, :][:, None, :]
    return State(
        state.place + gain[:, :1] * miss,
        state.velocity + gain[:, 1:] * miss,
        state.size * (size / state.size) ** _SIZE_GAIN,
        cov,
    )


def replay(last: State, centre: Array, size: Array, gap_s: Array) -> State:
    """Update tracks found again after a gap as if they had been seen all along on a straight way.

    The filter drifts while blind; going back to ``last`` (the state when last seen, carried along with
    the camera) and walking to the new box undoes that (OC-SORT's observation-centric re-update).
    ``gap_s`` ``(T,)`` is the time since then.
    """
    state, begin, begin_size = last, last.place.copy(), last.size.copy()
    for k in range(1, _REPLAY_STEPS + 1):
        part = k / _REPLAY_STEPS
        state = predict(state, gap_s / _REPLAY_STEPS)
        state = update(state, begin + part * (centre - begin), begin_size + part * (size - begin_size))
    return state
