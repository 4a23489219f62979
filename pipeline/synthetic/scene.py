"""All that a rendered match depends on, and the stage built from it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.synthetic.lens import Lens
from pipeline.synthetic.looks import KEEPER_KITS, KITS, LIGHTS, REFEREE_KITS, STAFF_KIT, Kit, Light
from pipeline.synthetic.match.simulate import MatchPlan, simulate
from pipeline.synthetic.match.squad import Person
from pipeline.synthetic.people.body_colours import paint
from pipeline.synthetic.people.gait import Motion, prepare
from pipeline.synthetic.venue.field import Grass, Turf, turf
from pipeline.synthetic.venue.stadium import Panel, Venue, panels
from pipeline.synthetic.venue.true_camera import PLANS, CameraPath, CameraPlan, follow

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Wardrobe:
    """Who wears what."""

    team_a: Kit = KITS["red"]
    team_b: Kit = KITS["white"]
    keeper_a: Kit = KEEPER_KITS["green"]
    keeper_b: Kit = KEEPER_KITS["orange"]
    referee: Kit = REFEREE_KITS["yellow"]
    staff: Kit = STAFF_KIT

    def kit(self, person: Person) -> Kit:
        """What a person wears."""
        if person.duty == "goalkeeper":
            return self.keeper_a if person.team == "A" else self.keeper_b
        if person.duty == "player":
            return self.team_a if person.team == "A" else self.team_b
        return self.staff if person.duty == "coach" else self.referee


@dataclass(frozen=True, slots=True)
class Scene:
    """A filmed match. The same scene always gives the same pictures and the same truth.

    It starts with ``camera``; ``cuts`` are (time in s, plan) of further shots, in order of time.
    """

    plan: MatchPlan = field(default_factory=MatchPlan)
    camera: CameraPlan = PLANS["broadcast"]
    wardrobe: Wardrobe = field(default_factory=Wardrobe)
    light: Light = LIGHTS["night"]
    grass: Grass = field(default_factory=Grass)
    venue: Venue = field(default_factory=Venue)
    lens: Lens = field(default_factory=Lens)
    pitch: Pitch = field(default_factory=Pitch)
    width_px: int = 1280
    height_px: int = 720
    cuts: tuple[tuple[float, CameraPlan], ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """A scene made ready for drawing: ``paints`` ``(N, F, 4)`` and ``two_digits`` ``(N,)`` are per person."""

    scene: Scene
    motion: Motion
    paths: tuple[tuple[float, CameraPath], ...]
    turf: Turf
    panels: tuple[Panel, ...]
    paints: Array
    two_digits: NDArray[np.bool_]

    def path_at(self, time_s: float) -> CameraPath:
        """The camera of the shot on air at a time."""
        return [path for start_s, path in self.paths if start_s <= time_s + 1e-9][-1]


def build(scene: Scene) -> Stage:
    """Play the match and build everything around it."""
    match = simulate(scene.plan, scene.pitch)
    rng = np.random.default_rng(scene.plan.seed + 9001)
    size = (scene.width_px, scene.height_px)
    shots = ((0.0, scene.camera), *scene.cuts)
    reach = (scene.pitch.length_m * 40 / 105, scene.pitch.width_m * 26 / 68)
    paths = tuple((at, follow(plan, match.time_s, match.ball_m, size, rng, reach)) for at, plan in shots)
    return Stage(
        scene,
        prepare(match),
        paths,
        turf(scene.pitch, scene.grass, scene.light, rng),
        panels(scene.pitch, scene.venue, scene.light, rng),
        np.stack([paint(p, scene.wardrobe.kit(p), rng) for p in match.people]),
        np.array([p.number > 9 for p in match.people]),
    )
