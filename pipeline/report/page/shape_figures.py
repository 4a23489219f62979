"""How the teams stand: the shape of each, both laid over each other, average positions of players."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.report.drawing.discs import RADIUS_M, Mark, marks
from pipeline.report.drawing.markup import Ink, element, path_of
from pipeline.report.drawing.pitch_drawing import Window, around, down, pitch_svg
from pipeline.report.page.window_shape import Stand
from pipeline.report.style.texts import words
from pipeline.report.style.wording import share

if TYPE_CHECKING:
    from markupsafe import Markup

Array = NDArray[np.float64]
_NEIGHBOURS = 0.5


def stand_figure(
    stood: Stand,
    pitch: Pitch,
    ink: Ink,
    label: str,
    who: Sequence[tuple[str, str]] = (),
    window: Window | None = None,
) -> Markup:
    """Draw a team's roles as discs, how far each roams as an ellipse, and its neighbours as lines.

    Open rings are the places of the nearest template. ``who`` ``(R,)`` says what stands on and under each
    mark, by default the role. Marks are hollow where no template fits clearly. ``window`` is what is around
    the team, unless given.
    """
    from markupsafe import Markup

    where = stood.model.places_m + stood.middle_m
    under = _roaming(where, stood.model.covariances_m2, ink) + _links(where, stood.model.neighbours, ink)
    window, rings = window or around(where, pitch), Markup("")
    if stood.template_m is not None:
        places = down(stood.template_m + stood.middle_m)
        rings = Markup("").join(
            element("circle", cx=x, cy=y, r=(RADIUS_M + 0.5) * window.scale, class_="ring") for x, y in places
        )
    drawn = marks(_role_marks(stood, where, who), [ink] * len(where), window.scale)
    attack = words("figures.attack") if stood.attack_known else None
    return pitch_svg(pitch, label, rings, drawn, under=under, attack=attack, window=window)


def both_figure(stands: Sequence[Stand], pitch: Pitch, inks: Sequence[Ink], label: str) -> Markup:
    """Lay teams over each other about their own middles; all attack to the right where that is known."""
    from markupsafe import Markup

    found: list[Mark] = []
    of_mark: list[Ink] = []
    links = Markup("")
    for stood, ink in zip(stands, inks, strict=True):
        where = stood.model.places_m
        links += _links(where, stood.model.neighbours, ink)
        found += _role_marks(stood, where, ())
        of_mark += [ink] * len(where)
    attack = words("figures.attack") if all(s.attack_known for s in stands) else None
    window = around(np.vstack([s.model.places_m for s in stands]), pitch)
    return pitch_svg(
        pitch, label, marks(found, of_mark, window.scale), under=links, attack=attack, window=window
    )


def _role_marks(stood: Stand, where: Array, who: Sequence[tuple[str, str]]) -> list[Mark]:
    names = stood.model.roles if stood.model.fit is not None else ("",) * len(where)
    people = list(who) or [(name, "") for name in names]
    return [
        Mark(
            (float(x), float(y)),
            on,
            under,
            words(
                "figures.role_says", role=role or "?", seen=share(float(weight)), x=f"{x:.1f}", y=f"{y:.1f}"
            ),
            float(np.clip(weight, 0, 1)),
            hollow=stood.template_m is None,
        )
        for (x, y), role, (on, under), weight in zip(where, names, people, stood.model.weight, strict=True)
    ]


def _roaming(where: Array, covariances_m2: Array, ink: Ink) -> Markup:
    """One standard deviation about each place, as filled ellipses."""
    from markupsafe import Markup

    parts = []
    for (x, y), covariance in zip(down(where), covariances_m2, strict=True):
        values, vectors = np.linalg.eigh(covariance)
        far, near = np.sqrt(np.maximum(values[::-1], 0.04))
        turned = -np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1]))
        turn = f"rotate({turned:.0f} {x:.1f} {y:.1f})"
        parts.append(
            element("ellipse", cx=x, cy=y, rx=far, ry=near, transform=turn, fill=ink.fill, class_="roams")
        )
    return Markup("").join(parts)


def _links(where: Array, neighbours: Array, ink: Ink) -> Markup:
    """Lines between roles that were neighbours most of the time."""
    shares = np.triu(np.nan_to_num(neighbours), 1)
    first, second = np.nonzero(shares >= _NEIGHBOURS)
    lines = np.round(np.stack([down(where)[first], down(where)[second]], axis=1), 1)
    dash = None if ink.round else "1.4 1"
    return element("path", d=path_of(lines), stroke=ink.fill, stroke_dasharray=dash, class_="links")


def positions_figure(found: Sequence[Mark], pitch: Pitch, ink: Ink, label: str, attack: bool) -> Markup:
    """Draw where players were on average."""
    arrow = words("figures.attack") if attack else None
    return pitch_svg(pitch, label, marks(found, [ink] * len(found)), attack=arrow)
