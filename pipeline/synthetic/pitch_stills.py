"""Random pictures to learn the pitch from: any part of it, at any zoom, from the main stand or a goal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from pipeline.core.pitch import Pitch
from pipeline.synthetic.people_stills import random_scene
from pipeline.synthetic.render import RenderedFrame, render_frame
from pipeline.synthetic.scene import Scene, build
from pipeline.synthetic.venue.true_camera import CameraPlan, follow

_FIELD_M = (18.0, 85.0)
_BEHIND_GOAL = 0.1
_STANDARD_SIZE = 0.6
_LENGTH_M, _WIDTH_M = (98.0, 110.0), (62.0, 74.0)


def pitch_stills(
    count: int, seed: int, size_px: tuple[int, int] = (1280, 720), per_scene: int = 6, first: int = 0
) -> Iterator[tuple[RenderedFrame, Pitch]]:
    """Photograph ``count`` pictures of random scenes, each with a camera of its own; seeded.

    Kits, light, grass, venue and lens are those of `random_scene`; lines are often worn, and two in five
    pitches have another size. Building a scene takes about as long as three pictures.
    Pictures before number ``first`` are left out.

    Returns
    -------
    Pictures with the pitch that each shows.
    """
    done = first - first % per_scene
    while done < count:
        rng = np.random.default_rng((seed, done, 1))
        scene = _pitch_scene(rng, size_px)
        stage = build(scene)
        match = stage.motion.match
        n = min(per_scene, count - done)
        for index in np.linspace(0, len(match.time_s) - 1, n).astype(int):
            path = follow(pitch_camera(rng, scene.pitch), match.time_s, match.ball_m, size_px, rng)
            if done >= first:
                yield render_frame(replace(stage, paths=((0.0, path),)), int(index)), scene.pitch
            done += 1


def pitch_camera(rng: np.random.Generator, pitch: Pitch) -> CameraPlan:
    """Look anywhere on the pitch, showing 18 to 85 m of its width, close views as often as wide ones."""
    field_m = float(np.exp(rng.uniform(*np.log(_FIELD_M))))
    if rng.random() < _BEHIND_GOAL:
        side = float(rng.choice([-1.0, 1.0]))
        behind = pitch.length_m / 2 + float(rng.uniform(24, 46))
        place = (side * behind, float(rng.uniform(-12, 12)), float(rng.uniform(12, 34)))
        return CameraPlan(place, max(30.0, field_m), (0.2, 0.2), (side * float(rng.uniform(0, 40)), 0.0))
    place = (float(rng.uniform(-18, 18)), float(rng.uniform(-98, -56)), float(rng.uniform(10, 38)))
    reach = (max(0.0, pitch.length_m / 2 - field_m / 3), max(0.0, pitch.width_m / 2 - field_m / 6))
    target = (float(rng.uniform(-reach[0], reach[0])), float(rng.uniform(-reach[1], reach[1])))
    return CameraPlan(place, field_m, (0.1, 0.1), target)


def _pitch_scene(rng: np.random.Generator, size_px: tuple[int, int]) -> Scene:
    scene = random_scene(rng, size_px)
    size = Pitch()
    if rng.random() > _STANDARD_SIZE:
        size = Pitch(round(float(rng.uniform(*_LENGTH_M)), 1), round(float(rng.uniform(*_WIDTH_M)), 1))
    grass = replace(scene.grass, line_white=float(rng.uniform(0.35, 0.95)))
    return replace(scene, pitch=size, grass=grass)
