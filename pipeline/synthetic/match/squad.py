"""Who takes part: formations, squads, officials. Seeded, no drawing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.core.types import Team

PersonRole = Literal["player", "goalkeeper", "referee", "other"]
Duty = Literal["player", "goalkeeper", "referee", "assistant", "coach"]
Array = NDArray[np.float64]

_ROLES: dict[Duty, PersonRole] = {
    "player": "player",
    "goalkeeper": "goalkeeper",
    "referee": "referee",
    "assistant": "referee",
    "coach": "other",
}
_BACK_FOUR = ((-7.5, 17.0), (-13.5, 6.0), (-13.5, -6.0), (-7.5, -17.0))
_BACK_THREE = ((-11.0, 10.5), (-13.0, 0.0), (-11.0, -10.5))

FORMATIONS: dict[str, tuple[tuple[float, float], ...]] = {
    "4-4-2": (*_BACK_FOUR, (8.2, 16.7), (-1.6, 5.6), (-1.6, -5.6), (8.2, -16.7), (14.3, 4.6), (14.3, -4.6)),
    "4-2-3-1": (*_BACK_FOUR, (-1.9, 5.5), (-1.9, -5.5), (9.2, 16.5), (9.1, 0.0), (9.2, -16.5), (17.5, 0.0)),
    "4-3-3": (*_BACK_FOUR, (4.5, 6.8), (-4.8, 0.0), (4.5, -6.8), (10.0, 16.4), (17.0, 0.0), (10.0, -16.4)),
    "3-4-3": (
        *(*_BACK_THREE, (-2.3, 19.2), (0.5, 5.3), (0.5, -5.3), (-2.3, -19.2)),
        *((11.5, 12.0), (16.0, 0.0), (11.5, -12.0)),
    ),
    "3-5-2": (
        *(*_BACK_THREE, (-1.5, 20.0), (5.0, 10.0), (-2.2, 0.0), (5.0, -10.0), (-1.5, -20.0)),
        *((15.5, 6.4), (15.5, -6.4)),
    ),
    "4-1-4-1": (*_BACK_FOUR, (-4.8, 0.0), (5.5, 16.7), (4.0, 5.8), (4.0, -5.8), (5.5, -16.7), (17.0, 0.0)),
    "5-3-2": (
        *((-6.0, 18.5), *_BACK_THREE, (-6.0, -18.5), (3.5, 8.0), (0.0, 0.0), (3.5, -8.0)),
        *((15.0, 5.5), (15.0, -5.5)),
    ),
    "5-4-1": (
        *((-6.0, 18.5), *_BACK_THREE, (-6.0, -18.5), (5.5, 14.5), (1.0, 5.0), (1.0, -5.0), (5.5, -14.5)),
        *((16.0, 0.0),),
    ),
}
"""Places of the ten outfield players, m from their centroid: x forward, y left."""

SMALL_FORMATIONS: dict[str, tuple[tuple[float, float], ...]] = {
    "3-3-2": (
        (-8.0, 10.0),
        (-9.5, 0.0),
        (-8.0, -10.0),
        (0.5, 11.0),
        (-1.5, 0.5),
        (0.5, -11.0),
        (9.0, 4.5),
        (8.5, -4.0),
    ),
    "2-4-2": (
        (-9.0, 5.0),
        (-9.0, -5.0),
        (0.0, 13.0),
        (-1.0, 4.0),
        (-1.0, -4.0),
        (0.0, -13.0),
        (9.5, 5.5),
        (9.5, -5.0),
    ),
    "2-3-1": ((-7.5, 4.5), (-7.5, -4.5), (1.0, 10.0), (-0.5, 0.0), (1.0, -10.0), (8.5, 0.0)),
    "3-2-1": ((-6.5, 8.5), (-7.5, 0.0), (-6.5, -8.5), (1.0, 5.0), (1.0, -5.0), (8.0, 0.0)),
    "1-2-1": ((-5.5, 0.0), (0.0, 5.5), (0.0, -5.5), (5.5, 0.0)),
    "2-2": ((-5.0, 3.5), (-5.0, -3.5), (5.0, 3.5), (5.0, -3.5)),
}
"""The same of teams of nine, seven and five on their pitches."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone in the scene.

    ``person_id`` counts from 1 and never changes. ``team`` is None for officials and staff, ``role`` is how
    the tables call him, ``duty`` what he does. ``slot`` indexes the formation's places (-1 for none).
    ``build`` is a width factor; ``skin``, ``hair`` and ``boots`` index the colours in `looks`;
    ``top_mps`` is the fastest he runs.
    """

    person_id: int
    role: PersonRole
    duty: Duty
    team: Team | None
    number: int
    slot: int
    height_m: float
    build: float
    skin: int
    hair: int
    hair_style: int
    boots: int
    top_mps: float


def slots(formation: str) -> Array:
    """Places of a formation, ``(n, 2)`` m, centred.

    Raises
    ------
    ValueError
        For a formation that is in neither.
    """
    known = FORMATIONS | SMALL_FORMATIONS
    if formation not in known:
        raise ValueError(f"formation must be one of {sorted(known)} (got {formation!r})")
    places = np.array(known[formation])
    return np.asarray(places - places.mean(axis=0))


def cast(rng: np.random.Generator, coaches: int = 2, outfield: int = 10) -> tuple[Person, ...]:
    """Draw both teams (A first, goalkeepers first), a referee, two assistants and coaches."""
    people: list[Person] = []
    teams: tuple[Team, Team] = ("A", "B")
    for team in teams:
        numbers = rng.permutation(np.arange(2, 30))[:outfield]
        first = len(people) + 1
        people.append(_person(rng, first, "goalkeeper", team, 1, -1))
        people += [_person(rng, first + 1 + i, "player", team, int(numbers[i]), i) for i in range(outfield)]
    officials: list[Duty] = ["referee", "assistant", "assistant"]
    officials += ["coach"] * coaches
    people.extend(_person(rng, 2 * outfield + 3 + i, duty, None, 0, -1) for i, duty in enumerate(officials))
    return tuple(people)


def _person(
    rng: np.random.Generator, person_id: int, duty: Duty, team: Team | None, number: int, slot: int
) -> Person:
    base = Person(
        person_id, _ROLES[duty], duty, team, number, slot,
        height_m=float(np.clip(rng.normal(1.82, 0.06), 1.66, 1.98)),
        build=float(np.clip(rng.normal(1.0, 0.05), 0.9, 1.14)),
        skin=int(rng.choice(5, p=[0.34, 0.26, 0.14, 0.14, 0.12])),
        hair=int(rng.choice(5, p=[0.42, 0.2, 0.2, 0.13, 0.05])),
        hair_style=int(rng.choice(4, p=[0.55, 0.15, 0.15, 0.15])),
        boots=int(rng.integers(5)),
        top_mps=float(rng.uniform(7.9, 9.2)),
    )  # fmt: skip
    if duty == "goalkeeper":
        return replace(base, height_m=max(base.height_m, 1.84), top_mps=7.0)
    if duty in ("referee", "assistant"):
        return replace(base, boots=1, top_mps=7.2)
    if duty == "coach":
        return replace(base, boots=1, build=base.build * 1.08, top_mps=2.0)
    return base
