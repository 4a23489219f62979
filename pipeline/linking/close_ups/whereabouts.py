"""Where each person must be at a moment at which no camera view tells: between his sightings in metres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.linking.evidence.place_model import VELOCITY_S, variance_m2
from pipeline.linking.evidence.shape_model import Shape, first_reference, fit_shape
from pipeline.linking.tracklets.pieces import GRID_S, pieces_of

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_FIT_S, _MOST = 0.8, 50
_ERROR_M = 0.5
_SWERVE = 8.0
"""Spectral density of accelerations, m^2/s^3: how far from a smooth way people are between two sightings."""
_VELOCITY_S = 3.0


@dataclass(frozen=True, slots=True)
class Expected:
    """K people at one moment: ``person`` ``(K,)``; ``place_m`` and ``variance_m2`` ``(K, 2)``."""

    person: Ints
    place_m: Array
    variance_m2: Array


@dataclass(frozen=True, slots=True)
class _Life:
    time_s: Array
    place_m: Array
    home_m: Array
    roam_m: Array
    ref_m: Array

    def ref(self, time_s: float) -> Array:
        return np.asarray(self.ref_m[int(np.clip(time_s / GRID_S, 0, len(self.ref_m) - 1))])


class Whereabouts:
    """Paths of all people who were linked in metres."""

    def __init__(self, seen: pd.DataFrame) -> None:
        """Take sightings with a place: ``piece, time_s, x_m, y_m, error_m, player_id, role, team``."""
        self._lives: dict[int, _Life] = {}
        if seen.empty:
            return
        n = int(seen["time_s"].max() / GRID_S) + 2
        everyone = first_reference(pieces_of(seen), n)
        for (role, _), own in seen.groupby(["role", "team"], dropna=False):
            people = np.unique(own["player_id"].to_numpy(np.int64))
            shape = _shape(own, people, everyone if role == "player" else np.zeros((n, 2)))
            ordered = own.sort_values("time_s", kind="stable")
            for k, (person, rows) in enumerate(ordered.groupby(ordered["player_id"].astype("int64"))):
                self._lives[int(str(person))] = _Life(
                    rows["time_s"].to_numpy(np.float64),
                    rows[["x_m", "y_m"]].to_numpy(np.float64),
                    shape.home_m[k],
                    shape.roam_m[k],
                    shape.ref_m,
                )

    @property
    def people(self) -> list[int]:
        """Whose whereabouts these are, in the order of `at`."""
        return list(self._lives)

    def at(self, time_s: float) -> Expected:
        """Where everybody is expected at ``time_s``."""
        told = [_expected(life, time_s) for life in self._lives.values()]
        place = np.array([p for p, _ in told]).reshape(-1, 2)
        variance = np.array([v for _, v in told]).reshape(-1, 2)
        return Expected(np.array(list(self._lives), np.int64), place, variance)


def _shape(own: pd.DataFrame, people: Ints, everyone: Array) -> Shape:
    pieces = pieces_of(own)
    person = own.drop_duplicates("piece").set_index("piece")["player_id"].reindex(pieces.number)
    who = np.searchsorted(people, person.to_numpy(np.int64))
    return fit_shape(pieces, who, len(people), everyone)


def _expected(life: _Life, time_s: float) -> tuple[Array, Array]:
    """Mean and variance: between two sightings a smooth way, and ever more the place in the team's shape."""
    at = int(np.searchsorted(life.time_s, time_s))
    if 0 < at < len(life.time_s):
        place, variance = _between(life, at, time_s)
    else:
        place, variance = _beyond(life, min(at, len(life.time_s) - 1), time_s)
    home, roam = life.ref(time_s) + life.home_m, life.roam_m**2
    weight = 1 / variance + 1 / roam
    return np.asarray((place / variance + home / roam) / weight), np.asarray(1 / weight)


def _between(life: _Life, at: int, time_s: float) -> tuple[Array, Array]:
    """A cubic from the sighting before ``at`` to the one at it, with the velocities there."""
    gap = float(life.time_s[at] - life.time_s[at - 1])
    u = (time_s - float(life.time_s[at - 1])) / gap
    (p, v), (q, w) = _end(life, at - 1, 1), _end(life, at, -1)
    way, bend = q - p, u * (1 - u)
    curve = bend * ((1 - u) * (gap * v - way) - u * (gap * w - way))
    # over a longer way the velocities of its ends say less
    place = p + u * way + float(np.exp(-gap / _VELOCITY_S)) * curve
    return place, np.full(2, _ERROR_M**2 + _SWERVE * gap**3 * bend**3 / 3)


def _beyond(life: _Life, at: int, time_s: float) -> tuple[Array, Array]:
    """Carried from the last sighting of all, or back from the first."""
    way = 1 if time_s >= life.time_s[at] else -1
    gap = abs(time_s - float(life.time_s[at]))
    end, velocity = _end(life, at, way)
    early = float(np.exp(-gap / VELOCITY_S))
    shift = life.ref(time_s) - life.ref(float(life.time_s[at]))
    place = end + early * velocity * way * gap + (1 - early) * shift
    return place, variance_m2(np.asarray(gap), np.asarray(_ERROR_M), 2 * life.roam_m)


def _end(life: _Life, i: int, way: int) -> tuple[Array, Array]:
    """Place and velocity at sighting ``i``, from those up to it (``way`` 1) or from it on (-1)."""
    near = slice(max(i - _MOST, 0), i + 1) if way > 0 else slice(i, i + _MOST + 1)
    t = life.time_s[near] - life.time_s[i]
    own = np.abs(t) <= _FIT_S
    t, p = t[own], life.place_m[near][own]
    dt = t - t.mean()
    velocity = (dt[:, None] * p).sum(axis=0) / ((dt * dt).sum() + 0.05)
    return np.asarray(p.mean(axis=0) - velocity * t.mean()), np.asarray(velocity)
