"""Crops of rendered players with the number that is on their back, or none where it faces away."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from pipeline.appearance.upper_body import cut_square, torso_square
from pipeline.core.types import CropMask
from pipeline.synthetic.people_stills import random_scene
from pipeline.synthetic.render import TruthInstance, render_frame
from pipeline.synthetic.scene import Stage, build
from pipeline.training.shirt_numbers.painted_numbers import UNKNOWN, Sample

_NUMBER_M, _BODY_M = 0.243, 1.75
"""Height of a number's digits and of a body, as `pipeline.synthetic.people.body` draws them."""
_LEGIBLE_PX, _LOST_PX = 7.0, 4.5
_BACK_RAD, _SIDE_RAD = 0.8, 1.15
"""Turned less than the first from straight behind a number is read; more than the second, never."""
_WHOLE = 0.9
_SIZE_PX = (1280, 720)

Array = NDArray[np.float64]


def rendered_samples(n_scenes: int, per_scene: int, seed: int) -> Iterator[Sample]:
    """Photograph players of random scenes; everybody whose number is at least in doubt comes out once."""
    for number in range(n_scenes):
        stage = build(random_scene(np.random.default_rng((seed, number)), _SIZE_PX))
        for index in np.linspace(0, len(stage.motion.match.time_s) - 1, per_scene).astype(int):
            frame = render_frame(stage, int(index))
            camera = frame.camera.position_m
            for figure in frame.instances:
                if figure.role in ("player", "goalkeeper") and figure.visible_share >= _WHOLE:
                    answer = _answer(stage, int(index), figure, camera[:2])
                    square = torso_square(_box(figure.mask), figure.mask)
                    yield Sample(cut_square(frame.image, *square), *answer)


def _answer(stage: Stage, index: int, figure: TruthInstance, camera_m: Array) -> tuple[int, int]:
    """Legibility and number of somebody in a rendered picture."""
    match = stage.motion.match
    person = figure.person_id - 1
    ahead = np.arctan2(*(np.array(figure.position_m) - camera_m)[::-1])
    turned = abs(float(np.angle(np.exp(1j * (match.heading_rad[index, person] - ahead)))))
    height_px = figure.mask.height * _NUMBER_M / _BODY_M
    number = match.people[person].number
    if turned > np.pi / 2:
        return 0, UNKNOWN
    if turned > _SIDE_RAD or height_px < _LOST_PX:
        return 0, number
    return (1 if turned < _BACK_RAD and height_px >= _LEGIBLE_PX else UNKNOWN), number


def _box(mask: CropMask) -> Array:
    return np.array([mask.left, mask.top, mask.left + mask.width, mask.top + mask.height], np.float64)
