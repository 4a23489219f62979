"""How far off a distance may be, from the errors of the positions behind it. Arrays in, number out.

Noise makes a path longer: the component across the run adds ``s^2 / 2v`` to a speed v seen with
noise s per axis. Slow errors, such as a camera view that drifts, stretch or shorten each leg of a
run besides, and the low-pass rounds off turns. A pitch of the wrong size is not covered. Checked on
Hawk-Eye paths with made-up noise by ``benchmarks/metrics_truth.py``.
"""

from __future__ import annotations

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


def distance_error_m(
    speed_mps: Array, step_s: Array, error_m: Array, jitter_m: float, cutoff_hz: float
) -> float:
    """Estimate the error of a distance, m (one standard deviation, bias included).

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
        return 0.0
    step, error = step_s[moving], error_m[moving]
    white = jitter_m**2 * 4 * np.pi**2 * cutoff_hz**3 * _WHITE * 2 * float(np.median(step))
    slow_m2 = np.maximum((error * SIGMA_PER_MEDIAN) ** 2 - jitter_m**2, 0.0)
    spread2 = white + 4 * slow_m2 / DRIFT_S * max(cutoff_hz * _SLOW - 1 / (4 * DRIFT_S), 0.0)
    speed = speed_mps[moving]
    excess = float(((speed - np.sqrt(np.maximum(speed**2 - spread2, 0.0))) * step).sum())
    legs = 2 * (1 - np.exp(-LEG_S / DRIFT_S)) / LEG_S
    drift_m2 = float((slow_m2 * step).sum()) * legs
    loss = LOSS_AT_1_HZ * cutoff_hz**LOSS_POWER * float((speed * step).sum())
    return float(np.sqrt(excess**2 + drift_m2 + loss**2))


_WHITE = 0.2777
"""Integral of ``u^2 / (1 + u^4)^2``: what the low-pass leaves of the velocity of white noise."""
_SLOW = 0.8330
"""Integral of ``1 / (1 + u^4)^2``: the same for noise whose velocity is white."""
