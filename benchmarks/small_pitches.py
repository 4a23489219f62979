"""Camera views on small pitches: rendered 9, 7 and 5-a-side pictures with exact truth, each found by itself.

    python benchmarks/small_pitches.py [--pictures 10] [--seed 3] [--sizes 0]

With ``--sizes N`` also length and width of N rendered 11-a-side pitches, from eight pictures each.
"""

from __future__ import annotations

import argparse
from dataclasses import replace

import cv2
import numpy as np

from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.initial_views.single_view import picture_grid
from pipeline.calibration.sequence.pitch_size import measured_size
from pipeline.calibration.sequence.shot_views import solve_shot
from pipeline.core import config
from pipeline.core.geometry import to_pitch
from pipeline.core.pitch import Pitch
from pipeline.core.settings.pitch_settings import chosen_pitch
from pipeline.networks.pitch_network import PitchNet
from pipeline.synthetic.match.simulate import MatchPlan
from pipeline.synthetic.people_stills import random_scene
from pipeline.synthetic.render import render_frame
from pipeline.synthetic.scene import Scene, build
from pipeline.synthetic.venue.stadium import Venue
from pipeline.synthetic.venue.true_camera import CameraPlan, follow
from pipeline.workflow.calibrate_stills import look_once

GAMES = {
    "futsal": (("1-2-1", "2-2"), CameraPlan((0.0, -26.0, 9.0), 34.0, (0.4, 0.2))),
    "7-fa": (("2-3-1", "3-2-1"), CameraPlan((0.0, -38.0, 11.0), 40.0, (0.6, 0.2))),
    "9-fa": (("3-3-2", "2-4-2"), CameraPlan((0.0, -48.0, 14.0), 46.0, (0.6, 0.2))),
    "7-dfb": (("2-3-1", "3-2-1"), CameraPlan((0.0, -38.0, 11.0), 40.0, (0.6, 0.2))),
}
"""Kind of pitch: formations and camera."""
SIZE = (1280, 720)


def small_scene(name: str, seconds: float, fps: float, seed: int) -> Scene:
    """A rendered game on a small pitch."""
    (home, away), camera = GAMES[name]
    pitch = chosen_pitch(config.load(None, {"pitch.preset": name}).pitch)
    plan = MatchPlan(home, away, duration_s=seconds, fps=fps, start_ball_m=(1.0, 1.0), seed=seed)
    return Scene(plan=plan, pitch=pitch, camera=camera, venue=Venue(bench=False))


def main() -> None:
    """Print a row for each kind."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pictures", type=int, default=10)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--sizes", type=int, default=0)
    parser.add_argument("--first", type=int, default=10, help="seed of the first size")
    asked = parser.parse_args()
    cv2.setNumThreads(2)
    network = PitchNet("pitch-lines-n")
    for name in GAMES if asked.pictures else ():
        scene = small_scene(name, 1.2 * asked.pictures, 5.0, asked.seed)
        errors = _errors(scene, asked.pictures, network)
        found, stated = np.array([e for e in errors if e is not None]).reshape(-1, 2).T
        print(
            f"{name}: {len(found)} of {len(errors)} with a view, median {np.median(found):.3f} m, worst "
            f"{found.max():.3f} m, stated {np.median(stated):.3f} m",
            flush=True,
        )
    for seed in range(asked.first, asked.first + asked.sizes):
        _size(seed, network)


def _errors(scene: Scene, pictures: int, network: PitchNet) -> list[tuple[float, float] | None]:
    """Of each picture the median error over the visible pitch and the stated one; None without a view."""
    stage, settings = build(scene), config.load(None, {}).calibrate
    out: list[tuple[float, float] | None] = []
    for index in range(0, 6 * pictures, 6):
        image = render_frame(stage, index).image
        solved = solve_shot([look_once(image, network, settings)], np.zeros((0, 3, 3)), scene.pitch)
        if solved is None or not np.isfinite(solved.views[0]).all():
            out.append(None)
            continue
        truth = stage.path_at(index / 5).at(index / 5).image_from_pitch()
        out.append((_apart(truth, solved.views[0], scene.pitch), float(solved.error_m[0])))
    return out


def _apart(truth: np.ndarray, view: np.ndarray, pitch: Pitch) -> float:
    grid = picture_grid(*SIZE)
    true, ours = to_pitch(grid, inverted(truth)), to_pitch(grid, inverted(view))
    return float(np.median(np.linalg.norm(true - ours, axis=1)[pitch.contains(true)]))


def _size(seed: int, network: PitchNet) -> None:
    """Measure one rendered pitch of a random size, taken for one of 105 x 68 m."""
    rng = np.random.default_rng((seed, 77))
    scene = random_scene(rng, SIZE)
    pitch = Pitch(float(rng.uniform(92, 115)), float(rng.uniform(55, 78)))
    stage = build(replace(scene, pitch=pitch, plan=replace(scene.plan, duration_s=1.0)))
    match, seen = stage.motion.match, []
    for _ in range(8):
        place = (rng.uniform(-5, 5), -pitch.width_m / 2 - rng.uniform(25, 50), rng.uniform(10, 25))
        target = (rng.uniform(-0.35, 0.35) * pitch.length_m, rng.uniform(-5, 5))
        plan = CameraPlan(place, float(rng.uniform(38, 60)), (0.0, 0.0), target)
        path = follow(plan, match.time_s, match.ball_m, SIZE, rng)
        image = render_frame(replace(stage, paths=((0.0, path),)), 0).image
        seen.append(look_once(image, network, config.load(None, {}).calibrate))
    size = measured_size(seen, Pitch(), (80.0, 120.0), (45.0, 90.0))
    told = [
        "assumed" if value is None else f"{value:.2f} +- {sd:.2f} (off {value - true:+.2f})"
        for value, sd, true in (
            (size.length_m, size.length_sd_m, pitch.length_m),
            (size.width_m, size.width_sd_m, pitch.width_m),
        )
    ]
    print(f"size {seed}: {pitch.length_m:.2f} x {pitch.width_m:.2f} m: {told[0]}, {told[1]}", flush=True)


if __name__ == "__main__":
    main()
