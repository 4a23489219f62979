"""Painted spots and other things that never move do not pass for the ball."""

import numpy as np
import pandas as pd
import pytest

from pipeline.core.pitch import Pitch
from pipeline.positions import at_rest
from pipeline.tracking.ball_path import link_ball
from pipeline.tracking.detections import Detections, Shot
from pipeline.tracking.resting_ball import resting

FPS, HEIGHT = 25.0, 60.0


def shot_of(paths, scores, n=100, pan_px=0.0):
    """``paths``: for each candidate a function frame -> place on the ground (px of frame 0) or None."""
    centre, score, bounds = [], [], [0]
    for i in range(n):
        for path, chance in zip(paths, scores, strict=True):
            if (place := path(i)) is not None:
                centre.append((place[0] - pan_px * i, place[1]))
                score.append(chance)
        bounds.append(len(centre))
    many = len(centre)
    found = Detections(
        np.arange(many),
        np.array(centre, float).reshape(-1, 2),
        np.full((many, 2), 8.0),
        np.array(score, float),
        np.full((many, 6), np.nan),
        np.zeros(many),
    )
    motion = np.tile(np.eye(3), (n, 1, 1))
    motion[1:, 0, 2] = -pan_px
    shot = Shot(
        time_s=np.arange(n) / FPS,
        motion=motion,
        duplicate=np.zeros(n, bool),
        found=found,
        bounds=np.array(bounds),
    )
    return shot, motion


def mark(_):
    return 400.0, 300.0


def ball(i):
    return 100.0 + 6 * i, 200.0


@pytest.mark.parametrize("pan_px", [0.0, 7.0])
def test_a_mark_rests_and_a_moving_ball_does_not_also_under_a_moving_camera(pan_px):
    shot, motion = shot_of([mark, ball], [0.5, 0.3], pan_px=pan_px)
    still = resting(shot, motion, HEIGHT)
    assert still[0::2].all()
    assert not still[1::2].any()


def test_a_mark_seen_for_a_moment_or_hardly_ever_is_not_at_rest():
    shot, motion = shot_of([lambda i: mark(i) if i < 40 else None], [0.5])
    assert not resting(shot, motion, HEIGHT).any()
    shot, motion = shot_of([lambda i: mark(i) if i % 20 == 0 else None], [0.5])
    assert not resting(shot, motion, HEIGHT).any()


def test_the_path_is_the_balls_although_the_mark_scores_more():
    shot, motion = shot_of([mark, ball], [0.5, 0.3])
    links = link_ball(shot, motion, HEIGHT, 1.0)
    assert (links.track[1::2] >= 0).all()
    assert (links.track[0::2] < 0).all()


def test_without_candidates_nothing_rests():
    shot, motion = shot_of([], [])
    assert resting(shot, motion, HEIGHT).shape == (0,)


def not_in_play(table, pitch):
    return at_rest.not_in_play(
        table["time_s"].to_numpy(), table[["x_m", "y_m"]].to_numpy(), table["ball"].to_numpy(bool), pitch
    )


def placed(x_m, seconds, is_ball=True):
    time_s = np.arange(0, seconds, 0.2)
    return pd.DataFrame({"time_s": time_s, "x_m": x_m, "y_m": 0.1, "ball": is_ball})


def test_a_ball_that_lies_on_a_spot_for_long_is_not_told_from_the_paint():
    pitch = Pitch()
    assert not_in_play(placed(41.6, 3.0), pitch).all()
    assert not_in_play(placed(-0.1, 3.0), pitch).all()


@pytest.mark.parametrize(
    ("x_m", "seconds", "is_ball"), [(41.6, 1.0, True), (30.0, 3.0, True), (41.6, 3.0, False)]
)
def test_a_short_stay_another_place_or_a_person_is_no_mark(x_m, seconds, is_ball):
    assert not not_in_play(placed(x_m, seconds, is_ball), Pitch()).any()


def test_two_short_stays_are_not_one_long_one():
    two = pd.concat([placed(41.5, 0.8), placed(41.5, 0.8).assign(time_s=lambda t: t["time_s"] + 30)])
    assert not not_in_play(two.reset_index(drop=True), Pitch()).any()


def test_an_empty_table_has_no_marks():
    assert not_in_play(placed(0.0, 0.0), Pitch()).shape == (0,)


@pytest.mark.parametrize(("step_m", "rests"), [(0.0, True), (0.02, True), (2.0, False)])
def test_what_stays_beside_the_pitch_is_not_in_play(step_m, rests):
    beside = placed(0.0, 3.0)
    beside["x_m"], beside["y_m"] = 10.0 + step_m * np.arange(len(beside)), 37.4
    assert not_in_play(beside, Pitch()).any() == rests


def test_a_ball_that_rests_on_the_lawn_may_wait_for_a_free_kick():
    assert not not_in_play(placed(20.0, 10.0), Pitch()).any()
