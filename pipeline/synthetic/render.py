"""Photograph a scene, frame by frame, and say exactly what is in each picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.core.masks import encode
from pipeline.core.types import CropMask, Role, Team
from pipeline.synthetic.lens import expose, motion_blur, score_bug
from pipeline.synthetic.people.ball_drawing import draw_ball
from pipeline.synthetic.people.figure import Shell, Sprite, draw, shells
from pipeline.synthetic.people.shadows import shadow_level
from pipeline.synthetic.scene import Scene, Stage, build
from pipeline.synthetic.surfaces import GRAPHICS, surfaces
from pipeline.synthetic.venue.field import draw_turf, line_coverage
from pipeline.synthetic.venue.props import props
from pipeline.synthetic.venue.stadium import draw_panel
from pipeline.synthetic.venue.true_camera import Camera, CameraPath

Array = NDArray[np.float64]
Image32 = NDArray[np.float32]

BALL_ID = 0
"""The ball's ``person_id``."""
OWN_SHARE = 0.3
"""From this coverage on a pixel is in someone's mask: limbs there for a third of the exposure count."""


@dataclass(frozen=True, slots=True)
class TruthInstance:
    """Someone, or the ball, in one picture.

    ``mask`` holds the pixels that are his by at least `OWN_SHARE`; ``visible_share`` is the part of the whole
    figure that is neither hidden nor outside the picture. ``position_m`` is on the ground, ``height_m`` above
    it (0 but for the ball); ``foot_px`` is ``position_m`` in the picture.
    """

    person_id: int
    role: Role
    team: Team | None
    position_m: tuple[float, float]
    height_m: float
    foot_px: tuple[float, float]
    visible_share: float
    mask: CropMask


@dataclass(frozen=True, slots=True)
class RenderedFrame:
    """A picture ``(H, W, 3)`` uint8 BGR and the truth about it.

    ``instances`` are nearest first; ``surfaces`` is what is seen in each pixel but for them, see `surfaces`.
    """

    index: int
    time_s: float
    image: NDArray[np.uint8]
    instances: tuple[TruthInstance, ...]
    camera: Camera
    surfaces: NDArray[np.uint8]


def render(scene: Scene) -> Iterator[RenderedFrame]:
    """Photograph a scene, frame by frame."""
    stage = build(scene)
    for index in range(len(stage.motion.match.time_s)):
        yield render_frame(stage, index)


def render_frame(stage: Stage, index: int) -> RenderedFrame:
    """Photograph one frame of a built stage; frames are independent of each other."""
    scene, match = stage.scene, stage.motion.match
    time_s = float(match.time_s[index])
    path = stage.path_at(time_s)
    camera, size = path.at(time_s), (scene.width_px, scene.height_px)
    bug, covered = score_bug(*size)
    covered &= scene.venue.score_bug
    light, cover = np.zeros((*size[::-1], 3), np.float32), covered.astype(np.float32)
    layers = props(scene.pitch, camera)
    for layer in layers:
        if layer.in_front:
            part = layer.part()
            room = 1 - cover[part]
            light[part] += layer.colour * room[..., None]
            cover[part] += layer.alpha * room
    instances = []
    for person, sprite in _sprites(stage, path, time_s):
        found = _truth(stage, index, person, sprite, _lay(light, cover, sprite), camera)
        if found is not None:
            instances.append(found)
    cover[covered] = 0.0
    lines = line_coverage(scene.pitch, camera, 2)
    seen = surfaces(scene.pitch, stage.panels, layers, lines, camera)
    seen[covered] = GRAPHICS
    background = _background(stage, camera, lines, _shells(stage, camera, time_s))
    for layer in layers:
        if not layer.in_front:
            part = layer.part()
            background[part] = background[part] * (1 - layer.alpha)[..., None] + layer.colour
    background = motion_blur(background, _pan_px(path, time_s, scene.lens.shutter_s))
    rng = np.random.default_rng((scene.plan.seed, index))
    picture = expose(light + (1.0 - cover)[..., None] * background, scene.lens, rng)
    picture[covered] = bug[covered]
    return RenderedFrame(index, time_s, picture, tuple(instances), camera, seen)


def _sprites(stage: Stage, path: CameraPath, time_s: float) -> list[tuple[int, Sprite]]:
    """Everyone in the picture and the ball (-1), drawn over the exposure, nearest first."""
    scene, match = stage.scene, stage.motion.match
    lens = scene.lens
    moments = [time_s + lens.shutter_s * ((k + 0.5) / lens.moments - 0.5) for k in range(lens.moments)]
    cameras = [path.at(t) for t in moments]
    bodies = [_shells(stage, camera, t) for camera, t in zip(cameras, moments, strict=True)]
    size = (scene.width_px, scene.height_px)
    drawn = [(i, draw(bodies, i, lens.supersample, size)) for i in range(len(match.people))]
    ball = [np.array([np.interp(t, match.time_s, match.ball_m[:, k]) for k in range(3)]) for t in moments]
    drawn.append((-1, draw_ball(ball, cameras, scene.light)))
    return sorted([(i, s) for i, s in drawn if s is not None], key=lambda d: d[1].depth_m)


def _shells(stage: Stage, camera: Camera, time_s: float) -> Shell:
    return shells(stage.motion.at(time_s), stage.paints, camera, stage.scene.light, stage.two_digits)


def _pan_px(path: CameraPath, time_s: float, shutter_s: float) -> tuple[float, float]:
    """How far the middle of the picture moves during the exposure, px."""
    before, after = path.at(time_s - shutter_s / 2), path.at(time_s + shutter_s / 2)
    spot = np.array([*before.ground_point(), 0.0])
    shift = after.project(spot)[0] - before.project(spot)[0]
    return float(shift[0]), float(shift[1])


def _background(stage: Stage, camera: Camera, lines: Image32, shell: Shell) -> Image32:
    """Grass, lines, shadows and everything around the pitch, ``(H, W, 3)``."""
    scene, light = stage.scene, stage.scene.light
    ground = draw_turf(stage.turf, camera).astype(np.float32)
    paint = lines[..., None] * scene.grass.line_white
    lit = np.clip(ground.sum(axis=2, keepdims=True) / sum(light.grass), 0.3, 1.15)
    white = np.array([225.0, 236.0, 232.0], np.float32) * np.array(light.tint, np.float32) * lit
    ground = ground * (1 - paint) + white * paint
    ground *= shadow_level(shell, camera, light)[..., None]
    picture = np.clip(ground, 0, 255).astype(np.uint8)
    view, rows = camera.pitch_from_image(), np.arange(camera.height_px)
    above_horizon = view[2, 0] * (camera.width_px / 2) + view[2, 1] * rows + view[2, 2] <= 1e-9
    picture[above_horizon] = (60, 52, 46)
    for panel in stage.panels:
        draw_panel(picture, panel, camera)
    return np.asarray(picture, dtype=np.float32)


def _lay(light: Image32, cover: Image32, sprite: Sprite) -> Image32:
    """Put a sprite behind all that is already there, in place; its visible coverage, as large as its crop."""
    height, width = cover.shape
    h, w = sprite.alpha.shape
    top, left = max(0, sprite.top), max(0, sprite.left)
    bottom, right = min(height, sprite.top + h), min(width, sprite.left + w)
    part = np.s_[top - sprite.top : bottom - sprite.top, left - sprite.left : right - sprite.left]
    room = 1.0 - cover[top:bottom, left:right]
    light[top:bottom, left:right] += sprite.colour[part] * room[..., None]
    seen = np.zeros_like(sprite.alpha)
    seen[part] = sprite.alpha[part] * room
    cover[top:bottom, left:right] += seen[part]
    return seen


def _truth(
    stage: Stage, index: int, person: int, sprite: Sprite, seen: Image32, camera: Camera
) -> TruthInstance | None:
    match = stage.motion.match
    inside = seen >= OWN_SHARE
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        return None
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    mask = encode(inside[top:bottom, left:right], int(sprite.top + top), int(sprite.left + left))
    share = float(seen.sum() / max(1e-6, float(sprite.alpha.sum())))
    if person < 0:
        ground, height = match.ball_m[index, :2], float(match.ball_m[index, 2])
        name: tuple[int, Role, Team | None] = (BALL_ID, "ball", None)
    else:
        ground, height, who = match.position_m[index, person], 0.0, match.people[person]
        name = (who.person_id, who.role, who.team)
    foot = camera.project(np.array([*ground, 0.0]))[0]
    at, where = (float(ground[0]), float(ground[1])), (float(foot[0]), float(foot[1]))
    return TruthInstance(*name, at, height, where, min(1.0, share), mask)
