"""How far off distances and speeds may be, from the errors of the positions behind them.

Noise makes a path longer: the component across the run adds ``s^2 / 2v`` to a speed v seen with
noise s per axis. Slow errors, such as a camera view that drifts, stretch or shorten each leg of a
run besides, and the low-pass rounds off turns. A pitch of the wrong size is not covered. Checked on
Hawk-Eye paths with made-up noise by ``benchmarks/metrics_truth.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SIGMA_PER_MEDIAN = 1 / 1.1774
"""Standard deviation per axis of a 2-D error whose median length is 1."""
DRIFT_S = 2.0
"""Time over which the slow part of position errors changes, s (assumed)."""
LEG_S = 4.0
"""Time over which a player keeps its direction, s (assumed)."""
LOSS_AT_1_HZ = 0.005
"""Share of a distance that a low-pass of 1 Hz takes away by rounding turns (0.6 Hz: 0.013; Hawk-Eye)."""
LOSS_POWER = -1.8


@dataclass(frozen=True, slots=True)
class MotionError:
    """How far off the motion of one stay on the pitch may be.

    ``excess_m``: how much longer noise makes the path; ``drift_m2``: variance of its length from slow
    errors; ``loss_m``: what the low-pass takes away; ``speed_mps``, ``gain_mps2``: standard deviation of a
    speed and of an acceleration from the positions' own error (what the low-pass takes off their peaks comes
    on top).
    """

    excess_m: float = 0.0
    drift_m2: float = 0.0
    loss_m: float = 0.0
    speed_mps: float = 0.0
    gain_mps2: float = 0.0

    @property
    def distance_m(self) -> float:
        """Error of the distance, m (one standard deviation, bias included)."""
        return float(np.sqrt(self.excess_m**2 + self.drift_m2 + self.loss_m**2))


def together(errors: Sequence[MotionError]) -> MotionError:
    """Error of the distances of several people added up: biases add, the rest adds as variance.

    Those of speed and acceleration are of one of them, on average.
    """
    if not errors:
        return MotionError()
    return MotionError(
        sum(e.excess_m for e in errors),
        sum(e.drift_m2 for e in errors),
        sum(e.loss_m for e in errors),
        float(np.sqrt(np.mean([e.speed_mps**2 for e in errors]))),
        float(np.sqrt(np.mean([e.gain_mps2**2 for e in errors]))),
    )


def motion_error(
    speed_mps: Array, step_s: Array, error_m: Array, jitter_m: float, cutoff_hz: float
) -> MotionError:
    """Estimate the error of a distance, of speeds and of accelerations.

    Parameters
    ----------
    speed_mps, step_s, error_m
        Shape ``(N,)``: measured speed, time it stands for, median position error.
    jitter_m
        The part of the error that changes from frame to frame, per axis (`smooth.noise_m`).
    cutoff_hz
        Low-pass that the positions went through.
    """
    moving = step_s > 0
    if not moving.any():
        return MotionError()
    step, error = step_s[moving], error_m[moving]
    turns2 = (2 * np.pi * cutoff_hz) ** 2
    white = jitter_m**2 * turns2 * cutoff_hz * _WHITE * 2 * float(np.median(step))
    slow_m2 = np.maximum((error * SIGMA_PER_MEDIAN) ** 2 - jitter_m**2, 0.0)
    slow = max(cutoff_hz * _SLOW - 1 / (4 * DRIFT_S), 0.0)
    spread2 = white + 4 * slow_m2 / DRIFT_S * slow
    gain2 = white * turns2 + 4 * slow_m2 / DRIFT_S * max(turns2 * cutoff_hz * _WHITE - slow / DRIFT_S**2, 0.0)
    speed = speed_mps[moving]
    excess = float(((speed - np.sqrt(np.maximum(speed**2 - spread2, 0.0))) * step).sum())
    legs = 2 * (1 - np.exp(-LEG_S / DRIFT_S)) / LEG_S
    drift_m2 = float((slow_m2 * step).sum()) * legs
    loss = LOSS_AT_1_HZ * cutoff_hz**LOSS_POWER * float((speed * step).sum())
    of_speed, of_gain = (float(np.sqrt(np.average(v, weights=step))) for v in (spread2, gain2))
    return MotionError(excess, drift_m2, loss, of_speed, of_gain)


_WHITE = 0.2777
"""Integral of ``u^2 / (1 + u^4)^2``: what the low-pass leaves of the velocity of white noise; that of
``u^4 / (1 + u^4)^2``, of its acceleration, is the same."""
_SLOW = 0.8330
"""Integral of ``1 / (1 + u^4)^2``: the same for noise whose velocity is white."""
