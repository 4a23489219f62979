from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from calibration_scene import BEHIND, CENTRE, PITCH, SIZE, evidence, off_m, view

from pipeline.calibration.camera_model.markings import markings
from pipeline.calibration.camera_model.pinhole import decompose
from pipeline.calibration.initial_views.line_search import search_view
from pipeline.calibration.initial_views.shot_start import half_turn
from pipeline.calibration.initial_views.single_view import first_view, plausible
from pipeline.calibration.sequence.frame_views import Limits
from pipeline.calibration.sequence.shot_views import solve_shot
from pipeline.calibration.sequence.video_views import Footage, solve_video
from pipeline.calibration.solver.line_support import line_support, sharpness

PANS = np.linspace(-0.35, 0.35, 7)
TRUE = [view(pan) for pan in PANS]
MOTION = np.array([b @ np.linalg.inv(a) for a, b in pairwise(TRUE)])
UNKNOWN = np.full((len(TRUE) - 1, 3, 3), np.nan)


def pan_shot():
    return [evidence(true, frame=i) for i, true in enumerate(TRUE)]


def without_landmarks(item):
    return replace(item, keypoint=item.keypoint[:0], keypoints_px=item.keypoints_px[:0], score=item.score[:0])


def only(item, n):
    return replace(item, keypoint=item.keypoint[:n], keypoints_px=item.keypoints_px[:n], score=item.score[:n])


def test_the_views_of_a_panning_camera_are_found_to_centimetres():
    found = solve_shot(pan_shot(), MOTION, PITCH)
    assert max(off_m(v, t) for v, t in zip(found.views, TRUE, strict=True)) < 0.1
    assert found.place.shared[:3] == pytest.approx([0, -70, 18], abs=0.5)
    assert (found.n_points >= 4).all()


def test_stated_errors_cover_the_true_ones():
    found = solve_shot(pan_shot(), UNKNOWN, PITCH)
    true = [off_m(v, t) for v, t in zip(found.views, TRUE, strict=True)]
    assert (np.array(true) < 2 * found.error_m).all()


def test_a_picture_without_landmarks_is_reached_by_the_motion():
    shot = pan_shot()
    shot[3] = without_landmarks(shot[3])
    found = solve_shot(shot, MOTION, PITCH)
    assert off_m(found.views[3], TRUE[3]) < 0.15
    assert found.n_points[3] == 0


def test_two_landmarks_and_the_lines_do_when_the_camera_s_place_is_known():
    shot = pan_shot()
    shot[5] = only(shot[5], 2)
    found = solve_shot(shot, UNKNOWN, PITCH)
    assert off_m(found.views[5], TRUE[5]) < 0.3


def test_a_picture_read_half_a_turn_round_is_turned_back():
    shot = pan_shot()
    shot[2] = replace(shot[2], keypoint=half_turn(PITCH.keypoints_m())[shot[2].keypoint])
    found = solve_shot(shot, MOTION, PITCH)
    assert off_m(found.views[2], TRUE[2]) < 0.15


def test_landmarks_of_the_wrong_end_do_not_win():
    item = evidence(view(0.5))
    wrong = np.array([29, 28, 27, 17, 18, 20])
    right = item.keypoints_px[: len(wrong)]
    both = replace(
        item,
        keypoint=np.concatenate([item.keypoint, wrong]),
        keypoints_px=np.concatenate([item.keypoints_px, right + 1.0]),
        score=np.concatenate([item.score, np.full(len(wrong), 0.6)]),
    )
    assert off_m(first_view(both, PITCH), view(0.5)) < 0.5


def test_a_camera_behind_the_goal_is_found_by_its_lines_alone():
    true = view(-1.57, tilt=0.34, focal_px=1400.0, place=BEHIND)
    found = search_view(evidence(true, landmarks=False), PITCH)
    turned = found @ np.diag([-1.0, -1.0, 1.0])
    assert min(off_m(found, true), off_m(turned, true)) < 0.5


def test_points_on_one_line_give_no_view():
    item = evidence(view(0.0))
    halfway = np.isin(item.keypoint, [13, 14, 15, 16])
    line = replace(
        item,
        keypoint=item.keypoint[halfway],
        keypoints_px=item.keypoints_px[halfway],
        score=item.score[halfway],
    )
    assert first_view(line, PITCH) is None


def test_a_mirrored_view_is_no_view():
    good = np.linalg.inv(view(0.0))
    assert plausible(good, *SIZE, PITCH)
    assert not plausible(np.diag([-1.0, 1.0, 1.0]) @ good, *SIZE, PITCH)


def test_a_camera_under_the_ground_is_no_view():
    under = np.linalg.inv(view(0.0)) @ np.array([[1, 0, 0], [0, -1, 720.0], [0, 0, 1]])
    assert not plausible(under, *SIZE, PITCH)


def test_scattered_landmarks_without_lines_give_nothing():
    rng = np.random.default_rng(1)
    item = replace(
        evidence(view(0.0)),
        keypoint=np.arange(8),
        keypoints_px=rng.uniform(0, 700, (8, 2)),
        score=np.full(8, 0.5),
        line_px=np.zeros((0, 2)),
        line_normal=np.zeros((0, 2)),
        line_map=np.zeros((36, 64), np.uint8),
    )
    assert solve_shot([item], np.zeros((0, 3, 3)), PITCH) is None


def test_support_and_sharpness_tell_a_right_view_from_one_beside_the_lines():
    item, marks = evidence(view(0.1)), markings(PITCH)
    beside = np.array([[1, 0, 0], [0, 1, 12.0], [0, 0, 1]]) @ view(0.1)
    assert line_support(view(0.1), item, PITCH) > 0.95
    assert sharpness(view(0.1), item, marks) > 0.9 > sharpness(beside, item, marks)
    assert line_support(view(0.6), item, PITCH) < 0.6


def test_a_camera_is_found_again_in_its_homography():
    camera = decompose(np.linalg.inv(view(0.2, 0.2, 1800.0)), CENTRE)
    assert camera.position_m == pytest.approx([0, -70, 18])
    assert (camera.pan, camera.tilt, camera.focal_px) == pytest.approx((0.2, 0.2, 1800.0))


def test_every_frame_of_a_video_gets_a_view_and_its_source():
    pans = np.linspace(-0.2, 0.2, 13)
    true = [view(pan) for pan in pans]
    motion = np.full((13, 3, 3), np.nan)
    for i in range(1, 13):
        motion[i] = true[i] @ np.linalg.inv(true[i - 1])
    footage = Footage(np.arange(13), np.arange(13) * 0.04, np.zeros(13, np.int64), motion)
    items = [replace(evidence(true[i], frame=i), time_s=i * 0.04) for i in (0, 6, 12)]
    found = solve_video(footage, items, PITCH, Limits(2.0, 2.0))
    assert found.source.tolist() == ["measured", *["tracked"] * 5, "measured", *["tracked"] * 5, "measured"]
    assert max(off_m(np.linalg.inv(h), t) for h, t in zip(found.pitch_from_image, true, strict=True)) < 0.15


def test_a_video_that_was_not_looked_at_has_no_views():
    footage = Footage(np.arange(3), np.arange(3) * 0.04, np.zeros(3, np.int64), np.full((3, 3, 3), np.nan))
    found = solve_video(footage, [], PITCH, Limits(2.0, 2.0))
    assert found.source.tolist() == ["none"] * 3
    assert np.isnan(found.pitch_from_image).all()
