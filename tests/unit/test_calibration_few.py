from dataclasses import replace

import no_pitch
import numpy as np
import pytest
from calibration_scene import PITCH, evidence, off_m, view

from pipeline.calibration.initial_views.few_landmarks import view_from_few_landmarks
from pipeline.calibration.initial_views.single_view import first_view
from pipeline.calibration.sequence.shot_views import solve_shot
from pipeline.core.config import CalibrateSettings
from pipeline.networks.pitch_network import PitchNet
from pipeline.workflow.calibrate_stills import look_once

ALONE = np.zeros((0, 3, 3))
CLOSE = view(0.02, tilt=0.2, focal_px=3300.0)
"""The centre circle, the halfway line and the far touchline: its landmarks but one lie on a line."""


def only(item, *numbers):
    keep = np.isin(item.keypoint, numbers)
    return replace(
        item, keypoint=item.keypoint[keep], keypoints_px=item.keypoints_px[keep], score=item.score[keep]
    )


def test_a_close_view_with_landmarks_on_one_line_is_found_by_the_circle():
    item = only(evidence(CLOSE), 13, 14, 15, 31)
    assert first_view(item, PITCH) is None
    assert off_m(view_from_few_landmarks(item, PITCH), CLOSE) < 0.5


def test_two_landmarks_and_the_lines_do_and_the_stated_error_covers_it():
    item = only(evidence(CLOSE), 14, 31)
    found = solve_shot([item], ALONE, PITCH, search=False)
    assert off_m(found.views[0], CLOSE) < 2 * found.error_m[0]


def test_one_landmark_is_too_few_and_so_are_landmarks_without_lines():
    item = evidence(CLOSE)
    assert view_from_few_landmarks(only(item, 14), PITCH) is None
    bare = replace(item, line_px=np.zeros((0, 2)), line_normal=np.zeros((0, 2)))
    assert view_from_few_landmarks(bare, PITCH) is None


def test_landmarks_that_contradict_the_lines_give_nothing():
    item = only(evidence(CLOSE), 14, 15, 31)
    assert view_from_few_landmarks(replace(item, keypoint=np.array([0, 9, 27])), PITCH) is None


@pytest.fixture(scope="module")
def network():
    return PitchNet()


@pytest.mark.parametrize(
    "draw",
    [
        no_pitch.blank_grass,
        no_pitch.crowd,
        no_pitch.close_up,
        no_pitch.indoor_court,
        no_pitch.training_ground,
    ],
)
def test_what_is_no_pitch_gets_no_view(draw, network):
    found = solve_shot([look_once(draw(), network, CalibrateSettings())], ALONE, PITCH)
    assert found is None or np.isnan(found.views).all()
