"""Formation templates: where ten outfield players stand about their centroid, m, and how that varies.

x points forward, y to the left, the goalkeeper is left out. Each place is a Gaussian. Rounded numbers
of our own, learned from 403 labelled team periods of 233 matches (the data of SoccerCPD, Kim et al., KDD
2022), both sides mirrored onto each other, by ``benchmarks/formation_periods.py --templates``. Formations
that those periods do not have are drawn by the same logic, with the spreads of the same roles; their counts
are those of 34 more periods, labelled "others", that they are the likeliest for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

COUNT_PRIOR = 0.5
"""What is added to every count of labelled periods, so that a formation without any stays possible
(Jeffreys)."""


@dataclass(frozen=True, slots=True)
class Template:
    """One formation: names of ten ``roles``, their Gaussians, size of the back line.

    ``places_m`` ``(10, 2)`` with mean 0; ``covariances_m2`` ``(10, 2, 2)``; ``weight``: how common it is,
    as a count of labelled periods, `COUNT_PRIOR` included.
    """

    name: str
    roles: tuple[str, ...]
    places_m: Array
    covariances_m2: Array
    defenders: int
    weight: float


@dataclass(frozen=True, slots=True)
class Variant:
    """A formation that differs from another, ``of``, by the height of its ``wings`` only.

    Labels do not keep the two apart, so it is told beside the other's name: where the wings stand
    nearer to ``wings_x_m`` than to their height in the other.
    """

    name: str
    of: str
    wings: tuple[str, str]
    wings_x_m: float


_DRAWN: dict[str, tuple[int, str]] = {
    "3-4-3": (
        116,
        "CB -13.2 0 1.8 1.9 0, LCB -11.2 10.7 1.7 2.4 0, LWB -2 19.3 3.3 2.4 .5, LCM .4 5.3 2.3 1.8 .2, "
        "LW 11.3 11.7 2.7 2.9 -.3, ST 16.1 0 2.2 2.8 0",
    ),
    "4-2-3-1": (
        85,
        "LCB -13.5 6.2 1.5 1.7 -.2, LB -7.1 17.6 1.7 2 .4, LDM -1.8 5.6 2.1 1.8 .5, AM 9 0 1.7 3.7 0, "
        "LW 9.2 16.6 2.3 2.1 -.2, ST 17.4 0 1.5 2.5 0",
    ),
    "4-3-3": (
        73,
        "LCB -13.6 6.4 1.6 2 -.1, LB -7.1 17.2 1.8 2.4 .5, DM -4.5 0 1.5 1.5 0, LCM 4.6 7.1 2.1 2.2 -.1, "
        "LW 9.9 16.6 3.4 3 -.3, ST 16.9 0 1.4 2.3 0",
    ),
    "4-4-2": (
        60,
        "LCB -13.5 6 1.5 1.5 -.1, LB -7.5 17.3 1.6 1.8 .4, LCM -1.5 5.5 1.3 1.2 .2, LM 8.2 16.8 1.8 2 0, "
        "LST 14.2 4.8 2.1 2.1 -.4",
    ),
    "3-5-2": (
        48,
        "CB -13.4 0 1.7 1.9 0, LCB -11.1 11.5 2 2.2 .2, LWB -1.4 20 2.9 1.8 .1, DM -2.3 0 1.7 1.5 0, "
        "LCM 4.6 9.9 2.4 2.1 .3, LST 15.8 6.2 2.1 2.7 -.4",
    ),
    "4-1-3-2": (
        21,
        "LCB -14.4 6.4 1.9 2.2 -.1, LB -7.3 17 2.6 2.4 .5, DM -4.3 0 1.5 2.5 0, AM 1.9 0 1.9 2.7 0, "
        "LM 8.6 15.5 3.4 2.3 -.3, LST 14.3 4.4 2.8 2.7 .1",
    ),
    "4-3-1-2": (
        4,
        "LCB -13.5 6 1.6 1.9 -.1, LB -7 17.4 1.9 2.2 .5, DM -4 0 1.5 2.1 0, LCM 1.5 10 2 1.9 .1, "
        "AM 8.5 0 1.8 3.2 0, LST 14.5 5.5 2.5 2.4 -.1",
    ),
    "3-4-1-2": (
        3,
        "CB -13 0 1.8 1.9 0, LCB -11 10.5 1.9 2.3 .1, LWB -2 19.5 3.1 2.1 .4, LCM -1 5.5 2.4 2 .2, "
        "AM 8 0 1.8 3.2 0, LST 15 6 2.1 2.7 -.4",
    ),
}

VARIANTS: tuple[Variant, ...] = (
    Variant("5-4-1", "3-4-3", ("LWB", "RWB"), -6.0),
    Variant("5-3-2", "3-5-2", ("LWB", "RWB"), -6.0),
    Variant("4-1-4-1", "4-3-3", ("LW", "RW"), 6.5),
)
"""Formations by the height of the wings; their heights are drawn, not learned."""


def template(
    name: str, roles: tuple[str, ...], places_m: Array, covariances_m2: Array, count: float
) -> Template:
    """Make a template from the places of ten roles; they are moved to have mean 0."""
    places = places_m - places_m.mean(axis=0)
    places.flags.writeable = covariances_m2.flags.writeable = False
    return Template(name, roles, places, covariances_m2, int(name[0]), count + COUNT_PRIOR)


def _read(name: str, count: int, drawn: str) -> Template:
    """Read ``role x y sd_x sd_y correlation``; a role of the left side stands for its mirror image too."""
    roles, places, spreads = [], [], []
    for part in drawn.split(","):
        role, *numbers = part.split()
        x, y, sd_x, sd_y, correlation = map(float, numbers)
        for side, sign in (("L", 1), ("R", -1)) if role[0] == "L" else (("", 1),):
            roles.append(side + role[1:] if side else role)
            places.append((x, sign * y))
            shared = sign * correlation * sd_x * sd_y
            spreads.append(((sd_x**2, shared), (shared, sd_y**2)))
    return template(name, tuple(roles), np.array(places), np.array(spreads), count)


TEMPLATES: tuple[Template, ...] = tuple(_read(name, n, drawn) for name, (n, drawn) in _DRAWN.items())
"""Every formation that can be named."""
