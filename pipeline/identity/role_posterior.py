"""What each person is: a posterior over team A, team B, goalkeeper, referee and others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from pipeline.identity.kit_clusters import Kits, log_teams
from pipeline.identity.kit_density import known, log_any, log_kit
from pipeline.identity.other_kits import Others
from pipeline.identity.subjects import Subjects

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

TEAM_A, TEAM_B, KEEPER, REFEREE, OTHER = range(5)
_ON_PITCH = np.array([0.41, 0.41, 0.09, 0.085, 0.005])
_AT_LINE = np.array([0.27, 0.27, 0.02, 0.30, 0.14])
_OFF_PITCH = np.array([0.01, 0.01, 0.01, 0.25, 0.72])
"""How often people on the pitch, along its lines and further out are each of the five."""
_IN_KIT = 0.25
"""Share of the others beside the pitch in each team's kit: substitutes."""
_UNKNOWN_OFF = 0.04
"""Share of people beside the pitch where no view tells."""
_OFF_SOFTNESS_M = 0.5
_VOTE = np.array(
    [[0.94, 0.02, 0.04], [0.94, 0.02, 0.04], [0.54, 0.40, 0.06], [0.48, 0.04, 0.48], [0.55, 0.05, 0.40]]
)
"""How often the network calls each of the five a player, goalkeeper or referee."""
_VOTES_COUNT = 3.0
"""However long a track, its votes count as at most so many: the network errs alike each time."""
_STEP_LIMIT = 3.0


def posterior(
    subjects: Subjects, kits: Kits | None, off_pitch_m: float, others: Others | None = None
) -> Array:
    """Probability of each role, ``(S, 5)``: team A, team B, goalkeeper, referee, other.

    Without ``kits`` the two teams share what is a player's.
    """
    return _normalised(_log_kits(subjects, kits, others) + log_context(subjects, off_pitch_m))


def _log_kits(subjects: Subjects, kits: Kits | None, others: Others | None) -> Array:
    out = np.repeat(log_any(subjects.kit)[:, None], 5, axis=1)
    if kits is None:
        return np.zeros_like(out)
    out[:, :2] = log_teams(subjects.kit, subjects.noise, subjects.shot, kits)
    substitute = out[:, :2].max(axis=1) + np.log(_IN_KIT)
    if others is not None:
        near = np.column_stack([log_kit(subjects.kit, subjects.noise, m, kits.cov) for m in others.mean])
        best = near.argmax(axis=1)
        fits = (near[np.arange(len(near)), best] > out[:, 2]) & known(subjects.kit)
        out[fits, 2:] = (0.5 * near[fits, best[fits]] + 0.5 * out[fits, 2])[:, None]
        out[fits, 2:] += others.log_role[best[fits]][:, 2:] - others.log_role[best[fits]][:, 2:].max(
            axis=1, keepdims=True
        )
    out[:, OTHER] = np.logaddexp(out[:, OTHER], substitute)
    return out


def log_context(subjects: Subjects, off_pitch_m: float) -> Array:
    """Log-likelihood of the five roles from all but colour, up to a constant, ``(S, 5)``."""
    seen = ~np.isnan(subjects.beyond_m)
    softness = np.hypot(_OFF_SOFTNESS_M, np.nan_to_num(subjects.error_m))
    away = np.where(seen, subjects.beyond_m, 0.0)
    out = np.where(seen, ndtr(away / softness), 0.0)[:, None]
    far = np.where(seen, ndtr((away - off_pitch_m) / softness), _UNKNOWN_OFF)[:, None]
    prior = np.log((1 - far) * ((1 - out) * _ON_PITCH + out * _AT_LINE) + far * _OFF_PITCH)
    return np.asarray(prior + _log_votes(subjects) + _log_place(subjects))


def _log_votes(subjects: Subjects) -> Array:
    """Log-likelihood of what the network said, ``(S, 5)``."""
    count = np.minimum(subjects.n_frames, _VOTES_COUNT)
    return np.asarray(count[:, None] * (subjects.votes @ np.log(_VOTE).T))


def _log_place(subjects: Subjects) -> Array:
    """Log-likelihood of places, ``(S, 5)``: goalkeepers stay near a goal.

    Without a view they stand apart from the crowd, and referees within it.
    """
    out = np.zeros((len(subjects), 5))
    seen = ~np.isnan(subjects.beyond_m)
    x, y = subjects.place_m.T
    depth = np.clip(52.5 - np.abs(np.nan_to_num(x)), 0, 60)
    near_goal = np.log(4.0) - depth / 12 - 0.5 * np.minimum((np.nan_to_num(y) / 9) ** 2, 9.0)
    out[:, KEEPER] = np.where(seen, np.clip(near_goal, -_STEP_LIMIT, 1.5), 0.0)
    last = np.nan_to_num(subjects.last)
    out[:, KEEPER] += np.where(seen, 3.0 * last - 1.5, 0.0)
    apart = subjects.apart
    told = ~seen & ~np.isnan(apart)
    out[told, KEEPER] += np.clip(2.0 * (apart[told] - 1.3), -1.5, 1.5)
    out[told, REFEREE] = np.clip(1.2 * (1.2 - apart[told]), -1.0, 0.5)
    return out


def _normalised(logs: Array) -> Array:
    chance = np.exp(logs - logs.max(axis=1, keepdims=True)) if len(logs) else logs
    return np.asarray(chance / chance.sum(axis=1, keepdims=True)) if len(logs) else logs
