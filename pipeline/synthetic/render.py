"""Photograph a scene, frame by frame, and say exactly what is in each picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.masks import encode
from pipeline.synthetic.ball import RADIUS_M
from pipeline.synthetic.camera import Camera
from pipeline.synthetic.field import draw_turf, line_coverage
from pipeline.synthetic.figure import Shell, Sprite, draw, shells
from pipeline.synthetic.lens import expose, motion_blur, score_bug
from pipeline.synthetic.scene import Scene, Stage, build
from pipeline.synthetic.shadows import shadow_level
from pipeline.synthetic.squad import PersonRole
from pipeline.synthetic.stadium import draw_lines, draw_panel, flag_lines, goal_lines
from pipeline.types import CropMask, Team

Array = NDArray[np.float64]
Image32 = NDArray[np.float32]

BALL_ID = 0
"""The ball's ``person_id``."""


@dataclass(frozen=True, slots=True)
class TruthInstance:
    """Someone, or the ball, in one picture.

    ``mask`` holds the pixels that are at least half his; ``visible_share`` is the part of the whole figure that
    is neither hidden nor outside the picture. ``position_m`` is on the ground, ``height_m`` above it (0 but for
    the ball); ``foot_px`` is ``position_m`` in the picture.
    """

    person_id: int
    role: PersonRole | str
    team: Team | None
    position_m: tuple[float, float]
    height_m: float
    foot_px: tuple[float, float]
    visible_share: float
    mask: CropMask


@dataclass(frozen=True, slots=True)
class RenderedFrame:
    """A picture ``(H, W, 3)`` uint8 BGR and the truth about it."""

    index: int
    time_s: float
    image: NDArray[np.uint8]
    instances: tuple[TruthInstance, ...]
    camera: Camera


def render(scene: Scene) -> Iterator[RenderedFrame]:
    """Photograph a scene, frame by frame."""
    stage = build(scene)
    for index in range(len(stage.motion.match.time_s)):
        yield render_frame(stage, index)


def render_frame(stage: Stage, index: int) -> RenderedFrame:
    """Photograph one frame of a built stage; frames are independent of each other."""
    scene, match = stage.scene, stage.motion.match
    time_s = float(match.time_s[index])
    rng = np.random.default_rng((scene.plan.seed, index))
    shares = (np.arange(scene.lens.moments) + 0.5) / scene.lens.moments - 0.5
    moments = [time_s + scene.lens.shutter_s * s for s in shares]
    camera = stage.path.at(time_s)
    bodies = [_shells(stage, t) for t in moments]
    background = _background(stage, camera, _shells(stage, time_s))
    background = motion_blur(background, _pan_px(stage, time_s))
    size = (scene.width_px, scene.height_px)
    sprites = [(i, draw(bodies, i, scene.lens.supersample, size)) for i in range(len(match.people))]
    drawn = [(i, s) for i, s in sprites if s is not None]
    ball = _ball_sprite(stage, moments)
    if ball is not None:
        drawn.append((-1, ball))
    cover = np.zeros(size[::-1], np.float32)
    bug, covered = score_bug(*size)
    if scene.venue.score_bug:
        cover[covered] = 1.0
    light, instances = np.zeros((*size[::-1], 3), np.float32), []
    for i, sprite in sorted(drawn, key=lambda d: d[1].depth_m):
        seen = _lay(light, cover, sprite)
        found = _truth(stage, index, i, sprite, seen, camera)
        if found is not None:
            instances.append(found)
    if scene.venue.score_bug:
        cover[covered] = 0.0
    picture = expose(light + (1.0 - cover)[..., None] * background, scene.lens, rng)
    if scene.venue.score_bug:
        picture[covered] = bug[covered]
    return RenderedFrame(index, time_s, picture, tuple(instances), camera)


def _shells(stage: Stage, time_s: float) -> Shell:
    camera = stage.path.at(time_s)
    return shells(stage.motion.at(time_s), stage.paints, camera, stage.scene.light, stage.two_digits)


def _pan_px(stage: Stage, time_s: float) -> tuple[float, float]:
    """How far the middle of the picture moves during the exposure, px."""
    half = stage.scene.lens.shutter_s / 2
    before, after = stage.path.at(time_s - half), stage.path.at(time_s + half)
    spot = np.array([*before.ground_point(), 0.0])
    shift = after.project(spot)[0] - before.project(spot)[0]
    return float(shift[0]), float(shift[1])


def _background(stage: Stage, camera: Camera, shell: Shell) -> Image32:
    """Everything but people and ball, ``(H, W, 3)``, with the people's shadows."""
    scene, light = stage.scene, stage.scene.light
    ground = draw_turf(stage.turf, camera).astype(np.float32)
    paint = line_coverage(scene.pitch, camera, 2)[..., None] * scene.grass.line_white
    lit = np.clip(ground.sum(axis=2, keepdims=True) / sum(light.grass), 0.3, 1.15)
    white = np.array([225.0, 236.0, 232.0], np.float32) * np.array(light.tint, np.float32) * lit
    ground = ground * (1 - paint) + white * paint
    ground *= shadow_level(shell, camera, light)[..., None]
    picture = np.clip(ground, 0, 255).astype(np.uint8)
    _sky(picture, camera)
    for panel in stage.panels:
        draw_panel(picture, panel, camera)
    return _props(picture.astype(np.float32), scene, camera)


def _sky(picture: NDArray[np.uint8], camera: Camera) -> None:
    view = camera.pitch_from_image()
    rows = np.arange(camera.height_px)
    above = view[2, 0] * (camera.width_px / 2) + view[2, 1] * rows + view[2, 2] <= 1e-9
    picture[above] = (60, 52, 46)


def _props(picture: Image32, scene: Scene, camera: Camera) -> Image32:
    """Goals and corner flags, drawn over the background."""
    scale = 2
    shape = (camera.height_px * scale, camera.width_px * scale)
    net, frame = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    for side in (-1.0, 1.0):
        posts, mesh = goal_lines(scene.pitch, side)
        draw_lines(net, mesh, camera, 0.012, 80, scale)
        draw_lines(frame, posts, camera, 0.12, 255, scale)
    poles, cloths = flag_lines(scene.pitch)
    draw_lines(frame, poles, camera, 0.045, 235, scale)
    out = picture
    for canvas, colour in ((net, (225, 228, 226)), (frame, (236, 238, 238))):
        small = cv2.resize(canvas, (camera.width_px, camera.height_px), interpolation=cv2.INTER_AREA)
        share = small.astype(np.float32)[..., None] / 255.0
        out = out * (1 - share) + np.array(colour, np.float32) * share
    for cloth in cloths:
        px, depth = camera.project(cloth)
        if (depth > 1.0).all() and np.abs(px).max() < 20000:
            cv2.fillPoly(out, [np.round(px * 16).astype(np.int32)], (40, 190, 235), cv2.LINE_AA, 4)
    return np.asarray(out, dtype=np.float32)


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
    inside = seen >= 0.5
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        return None
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    mask = encode(inside[top:bottom, left:right], int(sprite.top + top), int(sprite.left + left))
    share = float(seen.sum() / max(1e-6, float(sprite.alpha.sum())))
    if person < 0:
        ground, height = match.ball_m[index, :2], float(match.ball_m[index, 2])
        name: tuple[int, str, Team | None] = (BALL_ID, "ball", None)
    else:
        ground, height, who = match.position_m[index, person], 0.0, match.people[person]
        name = (who.person_id, who.role, who.team)
    foot = camera.project(np.array([*ground, 0.0]))[0]
    at, where = (float(ground[0]), float(ground[1])), (float(foot[0]), float(foot[1]))
    return TruthInstance(*name, at, height, where, min(1.0, share), mask)


def _ball_sprite(stage: Stage, moments: list[float]) -> Sprite | None:
    """The ball: a shaded disc, smeared over the exposure."""
    match, scene, fine = stage.motion.match, stage.scene, 6
    centres, radii, depths = [], [], []
    for t in moments:
        camera = stage.path.at(t)
        place = np.array([np.interp(t, match.time_s, match.ball_m[:, k]) for k in range(3)])
        px, depth = camera.project(place)
        if depth < 1.0:
            return None
        centres.append(px)
        radii.append(RADIUS_M * camera.focal_px / float(depth))
        depths.append(float(depth))
    low = np.floor(np.min(centres, axis=0) - max(radii) - 2).astype(int)
    high = np.ceil(np.max(centres, axis=0) + max(radii) + 3).astype(int)
    if (high <= 0).any() or low[0] >= scene.width_px or low[1] >= scene.height_px:
        return None
    width, height = int(high[0] - low[0]), int(high[1] - low[1])
    y, x = np.mgrid[0 : height * fine, 0 : width * fine].astype(np.float32)
    total = np.zeros((height, width, 4), np.float32)
    for centre, radius in zip(centres, radii, strict=True):
        u = ((x + 0.5) / fine - 0.5 - (centre[0] - low[0])) / radius
        v = ((y + 0.5) / fine - 0.5 - (centre[1] - low[1])) / radius
        inside = (u * u + v * v <= 1).astype(np.float32)
        bright = np.clip(238 - 70 * (v + 0.25 * u), 90, 250) * (
            1 - 0.28 * (np.sin(5 * u) * np.sin(5 * v) > 0.3)
        )
        layer = np.dstack([bright, bright, bright, np.full_like(bright, 255)]) * inside[..., None]
        total += cv2.resize(layer, (width, height), interpolation=cv2.INTER_AREA)
    total /= len(moments)
    tint = np.array(scene.light.tint, np.float32)
    return Sprite(
        int(low[1]), int(low[0]), total[..., :3] * tint, total[..., 3] / 255.0, float(np.mean(depths))
    )
