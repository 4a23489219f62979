from itertools import pairwise

import cv2
import numpy as np
import pytest
from calibration_scene import CENTRE, PITCH, SIZE, evidence, off_m, view
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.calibration.camera_model.covariance import (
    carried,
    even,
    ground_rms_m,
    offsets_px2,
    spreads,
)
from pipeline.calibration.camera_model.many_views import medians
from pipeline.calibration.camera_model.pinhole import (
    decompose,
    derivatives,
    image_from_pitch,
    orientation,
)
from pipeline.calibration.evidence.evidence_store import read_evidence, write_evidence
from pipeline.calibration.evidence.key_frames import key_frames
from pipeline.calibration.evidence.pitch_evidence import line_points
from pipeline.calibration.initial_views.single_view import apart_m, each_apart_m, picture_grid
from pipeline.calibration.sequence.frame_views import Keys, Limits, fill
from pipeline.calibration.sequence.view_interpolation import blended, both_sides
from pipeline.calibration.solver.chain_least_squares import NormalEquations, covariances, solve
from pipeline.calibration.uncertainty.view_error import MEDIAN_OF_RMS, ground_errors
from pipeline.core.geometry import to_pitch, transform
from pipeline.report.calibration.pitch_lines import draw_view

FAR = Limits(max_gap_s=10.0, max_error_m=10.0)
PANS = np.linspace(-0.1, 0.1, 11)
TRUE = np.array([view(pan) for pan in PANS])
TIMES = np.arange(11) * 0.04


def motion():
    out = np.full((11, 3, 3), np.nan)
    out[1:] = TRUE[1:] @ np.linalg.inv(TRUE[:-1])
    return out


def keys(*rows, measured=True, touch=True, off_px=1.5):
    at = np.array(rows, np.intp)
    n = len(rows)
    return Keys(at, TRUE[at], even(np.full(n, off_px)), np.full(n, measured), np.full(n, touch))


angles = st.floats(-1.2, 1.2)


@settings(max_examples=40, deadline=None)
@given(angles, st.floats(0.05, 1.2), st.floats(400, 6000), st.floats(-60, 60), st.floats(5, 60))
def test_any_camera_is_found_again_in_its_homography(pan, tilt, focal_px, x_m, height_m):
    shared = np.array([x_m, -70.0, height_m, 0, 0, 0])
    matrix = image_from_pitch(np.array([[pan, tilt, np.log(focal_px), 0.0]]), shared, CENTRE)
    assert orientation(matrix, shared, CENTRE)[0] == pytest.approx([pan, tilt, np.log(focal_px), 0], abs=1e-6)
    if abs(np.sin(tilt)) > 0.1 and abs(np.cos(pan)) > 0.1:
        camera = decompose(np.linalg.inv(matrix[0]), CENTRE)
        assert camera.position_m == pytest.approx(shared[:3], abs=0.01)


def test_a_chain_is_solved_like_the_whole_system():
    rng = np.random.default_rng(0)
    n, d, q = 5, 3, 2
    rows = []
    for k in range(n):
        for _ in range(6):
            row = np.zeros(n * d + q)
            row[k * d : min(k + 2, n) * d] = rng.normal(size=min(2, n - k) * d)
            row[n * d :] = rng.normal(size=q)
            rows.append(row)
    jacobian, residual = np.array(rows), rng.normal(size=len(rows))
    whole, right = jacobian.T @ jacobian, jacobian.T @ residual
    cut = [slice(k * d, (k + 1) * d) for k in range(n)]
    system = NormalEquations(
        np.array([whole[c, c] for c in cut]),
        np.array([whole[a, b] for a, b in pairwise(cut)]),
        np.array([whole[c, n * d :] for c in cut]),
        whole[n * d :, n * d :],
        right[: n * d].reshape(n, d),
        right[n * d :],
        0.0,
    )
    own, shared = solve(system, 0.0)
    assert np.r_[own.ravel(), shared] == pytest.approx(np.linalg.solve(whole, right))
    spread, _, corner = covariances(system)
    inverse = np.linalg.inv(whole)
    assert spread == pytest.approx(np.array([inverse[c, c] for c in cut]), rel=1e-4)
    assert corner == pytest.approx(inverse[n * d :, n * d :], rel=1e-4)


def test_frames_between_key_frames_are_carried_by_the_motion():
    found = fill(TIMES, motion(), keys(0, 5, 10), SIZE, PITCH, FAR)
    assert found.source.tolist() == ["measured", *["tracked"] * 4, "measured", *["tracked"] * 4, "measured"]
    assert max(off_m(v, t) for v, t in zip(found.views, TRUE, strict=True)) < 0.01


def test_a_spread_says_how_far_a_camera_s_own_uncertainty_shows_in_the_picture():
    own, tilt_rad = np.array([[0.1, 0.24, np.log(1500.0), 0.0]]), 0.001
    shared = np.array([0, -70.0, 18, 0, 0, 0])
    matrix, change = image_from_pitch(own, shared, CENTRE), derivatives(own, shared, CENTRE)
    spread = spreads(matrix, change, np.diag([0, tilt_rad**2, 0, 0])[None])
    at = np.array([[640.0, 360.0], [200.0, 600.0]])
    moved = image_from_pitch(own + np.array([0, tilt_rad, 0, 0]), shared, CENTRE)[0] @ np.linalg.inv(
        matrix[0]
    )
    seen = transform(at, moved) - at
    assert np.sqrt(np.trace(offsets_px2(at, spread[0]), axis1=1, axis2=2)) == pytest.approx(
        np.linalg.norm(seen, axis=1), rel=0.02
    )
    ground = to_pitch(at + seen, np.linalg.inv(matrix[0])) - to_pitch(at, np.linalg.inv(matrix[0]))
    assert ground_rms_m(at, np.linalg.inv(matrix[0]), spread[0]) == pytest.approx(
        np.linalg.norm(ground, axis=1), rel=0.05
    )


def test_a_spread_carried_by_a_zoom_grows_with_the_picture():
    twice = np.array([[2.0, 0, -640], [0, 2, -360], [0, 0, 1]])
    spread = carried(even(np.array([1.5]))[0], twice[None])[0]
    at = np.array([[640.0, 360.0], [900.0, 500.0]])
    assert offsets_px2(at, spread) == pytest.approx(np.array([np.eye(2) * 9.0] * 2))


def test_frames_before_the_first_and_after_the_last_key_are_carried_with_a_growing_error():
    found = fill(TIMES, motion(), keys(5), SIZE, PITCH, FAR)
    assert (np.diff(found.error_m[5:]) > 0).all()
    assert (np.diff(found.error_m[:6]) < 0).all()
    assert off_m(found.views[10], TRUE[10]) < 0.01


def test_where_the_motion_is_unknown_views_are_interpolated_and_less_certain():
    broken = motion()
    broken[3:5] = np.nan
    found = fill(TIMES, broken, keys(0, 10), SIZE, PITCH, FAR)
    assert found.source[5] == "interpolated"
    assert found.error_m[5] > 0.1
    assert max(off_m(v, t) for v, t in zip(found.views, TRUE, strict=True)) < 0.3


def test_unknown_motion_ends_what_is_carried_from_one_side():
    broken = motion()
    broken[8] = np.nan
    found = fill(TIMES, broken, keys(5), SIZE, PITCH, FAR)
    assert found.source[7:].tolist() == ["tracked", "none", "none", "none"]
    assert np.isnan(found.views[8]).all()
    assert np.isinf(found.error_m[8])


def test_gaps_without_sight_of_the_pitch_are_not_bridged_beyond_their_limit():
    near = fill(TIMES, motion(), keys(0, 10), SIZE, PITCH, Limits(0.4, 10.0))
    far = fill(TIMES, motion(), keys(0, 10), SIZE, PITCH, Limits(0.3, 10.0))
    assert (near.source != "none").all()
    assert far.source[5] == "none"


def test_views_worse_than_the_limit_are_none():
    found = fill(TIMES, motion(), keys(0, 10, off_px=60.0), SIZE, PITCH, Limits(10.0, 2.0))
    assert set(found.source) == {"none"}


def test_a_shot_without_a_view_stays_without():
    nothing = Keys(
        np.zeros(0, np.intp), np.zeros((0, 3, 3)), np.zeros((0, 8, 8)), np.zeros(0, bool), np.zeros(0, bool)
    )
    found = fill(TIMES, motion(), nothing, SIZE, PITCH, FAR)
    assert set(found.source) == {"none"}


def test_two_sides_that_disagree_meet_in_the_middle():
    shifted = np.array([[1, 0, 10.0], [0, 1, 0], [0, 0, 1]])
    still = np.broadcast_to(np.eye(3), (2, 3, 3))
    found = both_sides(TRUE[5], shifted @ TRUE[5], still, still, SIZE, PITCH)
    views, apart_m = blended(found.forward, found.backward, np.array([0.5]), None, SIZE, PITCH)
    half = np.array([[1, 0, 5.0], [0, 1, 0], [0, 0, 1]]) @ TRUE[5]
    assert off_m(views[0], half) < 0.02
    assert apart_m[0] > 0.3
    assert found.moved_m is None


def test_many_views_at_once_are_as_far_apart_and_as_uncertain_as_one_by_one():
    sky = np.array([[1, 0, 0], [0, 1, 5000.0], [0, 0, 1]]) @ TRUE[3]
    views, others = np.array([*TRUE[:4], sky]), np.array([*TRUE[1:5], TRUE[0]])
    apart = [apart_m(one, other, SIZE, PITCH) for one, other in zip(views, others, strict=True)]
    assert each_apart_m(views, others, SIZE, PITCH) == pytest.approx(apart, abs=1e-12)
    assert apart[-1] == 0
    spread = even(np.arange(5) + 1.0)
    grid = picture_grid(*SIZE)
    for own_view, own, error in zip(views, spread, ground_errors(views, spread, SIZE, PITCH), strict=True):
        on = PITCH.contains(to_pitch(grid, np.linalg.inv(own_view)))
        rms = ground_rms_m(grid[on], np.linalg.inv(own_view), own)
        assert error == pytest.approx(MEDIAN_OF_RMS * np.median(rms) if on.any() else np.inf)


def test_the_median_of_chosen_values():
    values = np.array([[3.0, 1.0, 2.0, 9.0], [1.0, np.nan, 5.0, 7.0], [4.0, 4.0, 4.0, 4.0]])
    chosen = np.array([[1, 1, 1, 1], [1, 0, 1, 0], [0, 0, 0, 0]], bool)
    assert medians(values, chosen) == pytest.approx([2.5, 3.0, np.nan], nan_ok=True)


def test_frames_that_are_tied_or_not_are_solved_alike():
    rng = np.random.default_rng(1)
    diagonal, above = np.eye(3) * 5 + rng.random((4, 3, 3)) * 0.1, rng.random((3, 3, 3)) * 0.2
    diagonal = (diagonal + np.swapaxes(diagonal, 1, 2)) / 2
    above[1] = 0
    right, nothing = rng.random((4, 3)), np.zeros((4, 3, 0))
    system = NormalEquations(diagonal, above, nothing, np.zeros((0, 0)), right, np.zeros(0), 0.0)
    dense = np.zeros((12, 12))
    for k in range(4):
        dense[3 * k : 3 * k + 3, 3 * k : 3 * k + 3] = diagonal[k]
    for k in range(3):
        dense[3 * k : 3 * k + 3, 3 * k + 3 : 3 * k + 6] = above[k]
        dense[3 * k + 3 : 3 * k + 6, 3 * k : 3 * k + 3] = above[k].T
    step, _ = solve(system, 0.0)
    assert step.ravel() == pytest.approx(np.linalg.solve(dense, right.ravel()), abs=1e-9)


def test_key_frames_are_the_ends_of_shots_and_one_every_so_often():
    time_s = np.arange(20) * 0.1
    shot = np.repeat([0, 1], 10)
    skip = np.zeros(20, bool)
    skip[4] = True
    assert key_frames(time_s, shot, skip, 0.4).tolist() == [0, 5, 9, 10, 14, 18, 19]
    assert key_frames(time_s, shot, ~skip, 0.4).tolist() == [4]
    assert key_frames(time_s[:0], shot[:0], skip[:0], 0.4).tolist() == []


def test_evidence_survives_the_disk(tmp_path):
    items = [evidence(TRUE[0], 0), evidence(TRUE[1], 1, landmarks=False)]
    write_evidence(items, tmp_path / "part.npz")
    back = read_evidence(tmp_path / "part.npz")
    for one, other in zip(items, back, strict=True):
        for name in one.__slots__:
            assert np.array_equal(getattr(one, name), getattr(other, name)), name


def test_the_middle_of_a_painted_line_is_found_to_a_fraction_of_a_pixel():
    image = np.full((720, 1280, 3), (40, 120, 50), np.uint8)
    cv2.line(
        image, (200 * 16, int(300.3 * 16)), (1000 * 16, int(340.3 * 16)), (230, 235, 230), 4, cv2.LINE_AA, 4
    )
    everywhere = np.ones((72, 128), np.float32)
    matrix = np.array([[0.1, 0, -0.45], [0, 0.1, -0.45], [0, 0, 1]])
    person = np.array([[500.0, 250, 600, 400]])
    points, normals = line_points(image, everywhere, matrix, person)
    assert len(points) > 60
    straight = 300.3 + (points[:, 0] - 200) * 40 / 800
    inner = (points[:, 0] > 210) & (points[:, 0] < 990)
    assert np.abs(points[:, 1] - straight)[inner].mean() < 0.4
    assert np.abs(normals[inner, 1]).min() > 0.9
    assert not ((points > [502, 252]) & (points < [598, 398])).all(axis=1).any()


def test_a_picture_without_lines_gives_no_line_points():
    nothing = np.zeros((72, 128), np.float32)
    points, normals = line_points(np.zeros((90, 160, 3), np.uint8), nothing, np.eye(3), np.zeros((0, 4)))
    assert points.shape == normals.shape == (0, 2)


def test_the_pitch_is_drawn_where_the_view_puts_it():
    blank = np.zeros((720, 1280, 3), np.uint8)
    drawn = draw_view(blank, np.linalg.inv(TRUE[5]), PITCH)
    y, x = np.nonzero(drawn.any(axis=2))
    ground = to_pitch(np.column_stack([x, y]), np.linalg.inv(TRUE[5]))
    assert len(x) > 1000
    assert PITCH.contains(ground, 1.5).all()
    assert not blank.any()
    assert not draw_view(blank, None, PITCH).any()
