import numpy as np
import pytest
from calibration_scene import PITCH, SIZE, evidence, view

from pipeline.calibration.evaluation.jaccard import confusion, label_spread
from pipeline.calibration.evaluation.view_errors import groups, measure, summarise
from pipeline.calibration.uncertainty.jitter import jitter_m, side_flips
from pipeline.core.geometry import transform

TRUE = view(0.1)
CERTAIN = np.zeros((8, 8))
NOBODY = np.zeros((0, 2))


def shifted(px):
    return np.array([[1, 0, 0], [0, 1, px], [0, 0, 1.0]]) @ TRUE


def labels(of, noise_px=0.0):
    at = transform(PITCH.keypoints_m(), of)
    at[~((at >= 0) & (at < SIZE)).all(axis=1)] = np.nan
    return at + np.random.default_rng(3).normal(0, noise_px, at.shape) if noise_px else at


@pytest.mark.parametrize(
    ("off_px", "limit_px", "right"),
    [(0, 5.0, True), (5, 5.0, True), (10, 5.0, False), (10, 10.0, True), (20, 10.0, False)],
)
def test_jac_counts_markings_that_lie_within_its_limit_at_960_px(off_px, limit_px, right):
    # 10 px down at 1280 are 7.5 at 960; steep markings move less across themselves
    found = confusion(shifted(off_px), TRUE, CERTAIN, SIZE, limit_px, PITCH)
    assert found.index == 1.0 if right else found.index < 0.6


def test_a_view_of_elsewhere_has_false_and_missed_markings():
    other = confusion(view(-0.6), view(0.6), CERTAIN, SIZE, 5.0, PITCH)
    assert other.found == 0
    assert other.false > 0
    assert other.missed > 0


def test_markings_that_the_labels_leave_uncertain_count_neither_way():
    vague = label_spread(np.array([[600.0, 300], [620, 300], [620, 310], [600, 310]]), 3.0)
    counted = confusion(shifted(40), TRUE, vague, SIZE, 5.0, PITCH)
    assert counted.false < confusion(shifted(40), TRUE, CERTAIN, SIZE, 5.0, PITCH).false


def test_a_good_picture_is_measured_as_good_and_its_stated_error_covers_the_true_one():
    feet = transform(np.array([[0.0, 0.0], [5.0, -10.0], [-4.0, 12.0]]), TRUE)
    found = measure("a", evidence(TRUE), labels(TRUE), feet, PITCH)
    assert found.kind == "centre"
    assert np.median(found.reprojected_px) < 3
    assert np.median(found.pitch.true_m) < 0.1
    assert (found.feet.true_m < 2 * found.feet.stated_m).all()
    assert found.jac[0].index == 1.0


def test_labels_that_show_the_pitch_mirrored_carry_no_truth():
    mirrored = labels(TRUE) * [-1, 1] + [SIZE[0], 0]
    found = measure("a", evidence(TRUE), mirrored, NOBODY, PITCH)
    assert found.view is not None
    assert found.truth is None
    assert len(found.pitch.true_m) == 0


def test_three_labels_are_counted_as_few_and_measure_completeness_alone():
    three = labels(TRUE)
    three[np.flatnonzero(np.isfinite(three[:, 0]))[3:]] = np.nan
    summaries = groups([measure("a", evidence(TRUE), three, NOBODY, PITCH)])
    few = next(s for s in summaries if s.name == "2 or 3 labels")
    assert (few.n, few.complete) == (1, 1)
    assert np.isnan(few.pitch_m)


def test_a_picture_without_a_view_counts_against_completeness():
    blank = evidence(TRUE, landmarks=False)
    nothing = type(blank)(
        *(getattr(blank, n) for n in blank.__slots__[:7]),
        np.zeros((0, 2)),
        np.zeros((0, 2)),
        np.zeros_like(blank.line_map),
        blank.map_from_image,
    )
    summary = summarise("all", [measure("a", nothing, labels(TRUE), NOBODY, PITCH)])
    assert (summary.n, summary.complete) == (1, 0)
    assert groups([]) == []


def test_stated_errors_hold_over_several_noisy_pictures():
    pans = (-0.5, 0.1, 0.45)
    measured = [
        measure("a", evidence(view(p), seed=i), labels(view(p)), NOBODY, PITCH) for i, p in enumerate(pans)
    ]
    summary = summarise("all", measured)
    assert summary.complete == 3
    assert summary.covered > 0.9
    assert summary.stated_m < 0.15


def test_views_that_follow_the_motion_do_not_jitter_and_others_do():
    views = np.array([view(p) for p in (0.0, 0.01, 0.02)])
    motion = np.full((3, 3, 3), np.nan)
    motion[1:] = views[1:] @ np.linalg.inv(views[:-1])
    inverse = np.linalg.inv(views)
    assert jitter_m(inverse, motion, SIZE, PITCH)[1:] == pytest.approx(0, abs=1e-6)
    inverse[2] = np.linalg.inv(np.array([[1, 0, 20.0], [0, 1, 0], [0, 0, 1]]) @ views[2])
    assert jitter_m(inverse, motion, SIZE, PITCH)[2] > 0.3
    inverse[1] = np.nan
    assert np.isnan(jitter_m(inverse, motion, SIZE, PITCH)).all()
    assert jitter_m(inverse[:0], motion[:0], SIZE, PITCH).shape == (0,)


def test_a_view_turned_half_round_is_a_flip_of_side_but_not_across_a_cut():
    inverse = np.linalg.inv(np.array([view(p) for p in (0.0, 0.01, 0.02)]))
    assert side_flips(inverse, np.zeros(3, np.int64), SIZE) == 0
    inverse[1] = np.diag([-1.0, -1.0, 1.0]) @ inverse[1]
    assert side_flips(inverse, np.zeros(3, np.int64), SIZE) == 2
    assert side_flips(inverse, np.arange(3), SIZE) == 0
