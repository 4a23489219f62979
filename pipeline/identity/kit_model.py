"""The colours of a match: learned once from everyone in view, then asked about anyone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.identity.kit_clusters import Kits, find_kits, with_light
from pipeline.identity.kit_density import known
from pipeline.identity.other_kits import Others, group_others
from pipeline.identity.role_posterior import log_context, posterior
from pipeline.identity.subjects import Subjects

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_PASSES = 2
_TOGETHER = 1.5
"""A team shows more than one player at a time; a referee's kit doesn't."""
_MIN_RATIO = 0.25


@dataclass(frozen=True, slots=True)
class Model:
    """Kits of both teams (None where they cannot be told apart), colours of the others, and the border."""

    kits: Kits | None
    others: Others | None
    off_pitch_m: float

    def chance(self, subjects: Subjects) -> Array:
        """Probability of team A, team B, goalkeeper, referee and other for each, ``(S, 5)``."""
        return posterior(subjects, self.kits, self.off_pitch_m, self.others)


def learn(subjects: Subjects, frame: Ints, member: Ints, off_pitch_m: float) -> Model:
    """Learn the colours of a match.

    Parameters
    ----------
    subjects
        Everyone to learn from.
    frame, member
        One entry for each time someone was seen: in which frame, and which of ``subjects``.
    off_pitch_m
        People further outside the lines than this are hardly players.
    """
    model = Model(None, None, off_pitch_m)
    for _ in range(_PASSES):
        player = model.chance(subjects)[:, :2].sum(axis=1)
        kits = find_kits(subjects.kit, subjects.noise, subjects.n_frames * player)
        if kits is None:
            return Model(None, None, off_pitch_m)
        people = player * subjects.n_frames / _length_of_shot(subjects, frame, member)
        kits = with_light(kits, subjects.kit, subjects.noise, subjects.shot, people)
        chance = posterior(subjects, kits, off_pitch_m)
        if not _both_are_teams(chance, frame, member):
            return Model(None, None, off_pitch_m)
        model = Model(kits, _others(subjects, chance, frame, member, off_pitch_m), off_pitch_m)
    return model


def _length_of_shot(subjects: Subjects, frame: Ints, member: Ints) -> Array:
    """How many frames with people the shot of each subject has, ``(S,)``."""
    seen = np.unique(np.column_stack([subjects.shot[member], frame]), axis=0)
    shot, count = np.unique(seen[:, 0], return_counts=True)
    return np.asarray(
        count[np.clip(np.searchsorted(shot, subjects.shot), 0, len(shot) - 1)], dtype=np.float64
    )


def _others(
    subjects: Subjects, chance: Array, frame: Ints, member: Ints, off_pitch_m: float
) -> Others | None:
    odd = (chance[:, :2].sum(axis=1) < 0.5) & known(subjects.kit)
    some, seen = subjects.take(odd), odd[member]
    said = log_context(some, off_pitch_m)
    number = np.cumsum(odd) - 1
    return group_others(some.kit, some.n_frames, said, frame[seen], number[member[seen]])


def _both_are_teams(chance: Array, frame: Ints, member: Ints) -> bool:
    """Say whether each kit is worn by several people at a time, or (few in view) as many as the other."""
    _, at = np.unique(frame, return_inverse=True)
    together = []
    for team in range(2):
        count = np.bincount(at, chance[member, team] > 0.5)
        together.append(float(np.quantile(count[count > 0], 0.9)) if count.any() else 0.0)
    few, many = sorted(together)
    return few > _TOGETHER or (few > 0.5 and few / many > _MIN_RATIO)
