"""Random pictures with exact instance masks: any view, kits, light, lens; for training and stress tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

import numpy as np

from pipeline.synthetic.lens import Lens
from pipeline.synthetic.looks import KEEPER_KITS, KITS, LIGHTS, REFEREE_KITS, Colour, Kit
from pipeline.synthetic.match.simulate import MatchPlan
from pipeline.synthetic.match.squad import FORMATIONS
from pipeline.synthetic.render import RenderedFrame, render_frame
from pipeline.synthetic.scene import Scene, Wardrobe, build
from pipeline.synthetic.venue.field import Grass, Mowing
from pipeline.synthetic.venue.stadium import Venue
from pipeline.synthetic.venue.true_camera import CameraPlan

T = TypeVar("T")

_APART = 110.0
"""How far two shirts must be apart, in 0..441 of blue-green-red."""


def stills(
    count: int, seed: int, size_px: tuple[int, int] = (1280, 720), per_scene: int = 4, first: int = 0
) -> Iterator[RenderedFrame]:
    """Photograph ``count`` pictures of random scenes, ``per_scene`` moments of each; seeded.

    Pictures of one scene are seconds apart; ``index`` counts within the scene. Building a scene takes about
    as long as three pictures, so ``per_scene`` trades variety for speed. Pictures before number ``first`` are
    left out.
    """
    done = first - first % per_scene
    while done < count:
        scene = random_scene(np.random.default_rng((seed, done)), size_px)
        stage = build(scene)
        n = min(per_scene, count - done)
        for index in np.linspace(0, len(stage.motion.match.time_s) - 1, n).astype(int):
            if done >= first:
                yield render_frame(stage, int(index))
            done += 1


def random_scene(rng: np.random.Generator, size_px: tuple[int, int] = (1280, 720)) -> Scene:
    """Draw a scene: 12 s of a match between random formations, kits, light, grass, venue, camera and lens."""
    names = sorted(FORMATIONS)
    plan = MatchPlan(
        formation_a=names[int(rng.integers(len(names)))],
        formation_b=names[int(rng.integers(len(names)))],
        duration_s=12.0,
        fps=25.0,
        start_ball_m=(float(rng.uniform(-40, 40)), float(rng.uniform(-26, 26))),
        coaches=int(rng.integers(0, 5)),
        warmup_s=2.0,
        seed=int(rng.integers(2**31)),
    )
    return Scene(
        plan=plan,
        camera=random_camera(rng),
        wardrobe=random_wardrobe(rng),
        light=_pick(rng, LIGHTS),
        grass=random_grass(rng),
        venue=Venue(
            crowd=float(rng.uniform(0.0, 1.0)),
            seats=int(rng.integers(8)),
            boards=int(rng.integers(8)),
            bench=bool(rng.random() < 0.6),
            score_bug=bool(rng.random() < 0.6),
        ),
        lens=random_lens(rng),
        width_px=size_px[0],
        height_px=size_px[1],
    )


def random_camera(rng: np.random.Generator) -> CameraPlan:
    """Mostly the main stand at any height and zoom; now and then behind a goal."""
    if rng.random() < 0.12:
        side = float(rng.choice([-1.0, 1.0]))
        place = (side * float(rng.uniform(78, 100)), float(rng.uniform(-10, 10)), float(rng.uniform(12, 32)))
        return CameraPlan(place, float(rng.uniform(35, 70)), (0.5, 0.5), (side * 12.0, 0.0))
    across, height = float(rng.uniform(-98, -58)), float(rng.uniform(11, 36))
    place = (float(rng.uniform(-14, 14)), across, height)
    return CameraPlan(
        place, float(rng.uniform(20, 66)), (float(rng.uniform(0.6, 1.0)), float(rng.uniform(0.15, 0.6)))
    )


def random_wardrobe(rng: np.random.Generator) -> Wardrobe:
    """Two kits, two goalkeepers and a referee that can be told apart."""
    team_a = _pick(rng, KITS)
    team_b = _pick_apart(rng, KITS, [team_a.shirt])
    keeper_a = _pick_apart(rng, KEEPER_KITS, [team_a.shirt, team_b.shirt])
    keeper_b = _pick_apart(rng, KEEPER_KITS, [team_a.shirt, team_b.shirt])
    referee = _pick_apart(rng, REFEREE_KITS, [team_a.shirt, team_b.shirt])
    worn = Wardrobe(team_a, team_b, keeper_a, keeper_b, referee)
    return replace(worn, team_b=replace(team_b, shorts=team_a.socks)) if rng.random() < 0.1 else worn


def random_grass(rng: np.random.Generator) -> Grass:
    """Any mowing pattern, from a lawn to a worn winter pitch."""
    patterns: tuple[Mowing, ...] = ("across", "across", "checked", "plain", "diagonal")
    return Grass(
        mowing=patterns[int(rng.integers(len(patterns)))],
        stripe_m=float(rng.uniform(3.5, 11.0)),
        contrast=float(rng.uniform(0.02, 0.14)),
        wear=float(rng.uniform(0.0, 0.9)),
        line_white=float(rng.uniform(0.6, 0.95)),
    )


def random_lens(rng: np.random.Generator) -> Lens:
    """From a sharp studio picture to a soft, noisy stream."""
    return Lens(
        shutter_s=float(rng.uniform(0.002, 0.02)),
        blur_px=float(rng.uniform(0.4, 1.3)),
        sharpen=float(rng.uniform(0.0, 0.7)),
        noise=float(rng.uniform(0.5, 5.0)),
        vignette=float(rng.uniform(0.0, 0.15)),
        contrast=float(rng.uniform(0.85, 1.15)),
    )


def _pick(rng: np.random.Generator, options: Mapping[str, T]) -> T:
    names = sorted(options)
    return options[names[int(rng.integers(len(names)))]]


def _pick_apart(rng: np.random.Generator, kits: dict[str, Kit], taken: list[Colour]) -> Kit:
    """A kit whose shirt differs from all ``taken`` ones; any, when none does."""
    free = {
        name: kit
        for name, kit in kits.items()
        if all(np.linalg.norm(np.subtract(kit.shirt, other)) > _APART for other in taken)
    }
    return _pick(rng, free or kits)
