"""Pitch control by both models: values by hand, symmetry, what a camera cannot answer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_people import match, mirrored, nobody, track

from pipeline.core.pitch import Pitch
from pipeline.core.settings.play_settings import PlaySettings
from pipeline.metrics.control import fernandez_bornn, spearman
from pipeline.metrics.control.control_shares import control_shares, disc_cells, pitch_cells
from pipeline.metrics.direction.left_to_right import Sides
from pipeline.metrics.moments.play_moments import moments
from pipeline.metrics.movement.track_motion import MotionSettings, motion
from pipeline.tables import storage

PITCH, SETTINGS = Pitch(), PlaySettings()
MODELS = (fernandez_bornn.control_a, spearman.control_a)


def control(model, point, a, b, *, moving_a=None, ball=(0.0, 0.0)):
    """Team A's control of one point; players by place, A's with velocities if given."""
    n = max(len(a), len(b))
    places, speeds = np.full((2, 1, n, 2), np.nan), np.zeros((2, 1, n, 2))
    for team, own in enumerate((a, b)):
        if own:
            places[team, 0, : len(own)] = own
    if moving_a:
        speeds[0, 0, : len(a)] = moving_a
    return model(np.array([[point]], float), places, speeds, np.array([ball], float))[0, 0]


@pytest.mark.parametrize("model", MODELS)
def test_two_players_as_near_as_each_other_share_the_ground(model):
    assert control(model, (0, 5), [(-3, 5)], [(3, 5)]) == pytest.approx(0.5)
    assert control(model, (-2, 5), [(-3, 5)], [(3, 5)]) > 0.65
    assert control(model, (-2, 5), [(-3, 5)], []) > 0.65


def test_influence_is_one_where_a_player_stands_and_falls_as_the_paper_says():
    # At the ball: reach 4 m; standing still both axes are 4 / 2 = 2 m, so 2 m away it is exp(-1/2).
    assert control(MODELS[0], (0, 0), [(0, 0)], []) == pytest.approx(1 / (1 + np.exp(-1)))
    assert control(MODELS[0], (0, 2), [(0, 0)], []) == pytest.approx(1 / (1 + np.exp(-np.exp(-0.5))))
    # 18 m from the ball the reach is 10 m, the axes 5 m.
    far = control(MODELS[0], (18, 5), [(18, 0)], [])
    assert far == pytest.approx(1 / (1 + np.exp(-np.exp(-0.5))))


def test_a_runner_is_expected_after_reaction_and_run():
    points, still = np.array([[[10.0, 0.0]]]), np.zeros((1, 1, 2))
    assert spearman.arrival_s(points, still, still)[0, 0, 0] == pytest.approx(0.7 + 2)
    running = np.array([[[4.0, 0.0]]])
    assert spearman.arrival_s(points, still, running)[0, 0, 0] == pytest.approx(0.7 + (10 - 2.8) / 5)


def test_chances_of_a_ball_sum_to_one_as_in_small_steps():
    # The published loop: steps of 0.004 s instead of ours.
    rng = np.random.default_rng(3)
    places, speeds = rng.uniform(-20, 20, (2, 1, 11, 2)), rng.normal(0, 2, (2, 1, 11, 2))
    points, ball = rng.uniform(-25, 25, (1, 6, 2)), np.zeros((1, 2))
    ours = spearman.control_a(points, places, speeds, ball)[0]
    for k, point in enumerate(points[0]):
        flight = np.hypot(*point) / 15
        expected = 0.7 + np.hypot(*np.moveaxis(point - places[:, 0] - 0.7 * speeds[:, 0], 2, 0)) / 5
        taken, step = np.zeros(2), 0.004
        for at in np.arange(flight, flight + 10, step) + step / 2:
            there = 1 / (1 + np.exp(-np.pi / np.sqrt(3) / 0.45 * (at - expected)))
            taken = taken + (1 - taken.sum()) * 4.3 * step * there.sum(axis=1)
        assert ours[k] == pytest.approx(taken[0] / taken.sum(), abs=0.003)


@pytest.mark.parametrize("model", MODELS)
def test_a_player_controls_more_of_the_ground_that_he_runs_to(model):
    still = control(model, (4, 0), [(0, 0)], [(8, 0)])
    running = control(model, (4, 0), [(0, 0)], [(8, 0)], moving_a=[(5, 0)])
    assert running > still + 0.05


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 999), x=st.sampled_from([1, -1]), y=st.sampled_from([1, -1]))
def test_mirrors_change_nothing_and_teams_change_sides(seed, x, y):
    rng = np.random.default_rng(seed)
    places, speeds = rng.uniform(-30, 30, (2, 2, 5, 2)), rng.normal(0, 3, (2, 2, 5, 2))
    points, ball, turn = rng.uniform(-30, 30, (2, 4, 2)), rng.uniform(-9, 9, (2, 2)), np.array([x, y])
    for model in MODELS:
        plain = model(points, places, speeds, ball)
        np.testing.assert_allclose(model(points * turn, places * turn, speeds * turn, ball * turn), plain)
        np.testing.assert_allclose(model(points, places[::-1], speeds[::-1], ball), 1 - plain, atol=1e-9)
        assert ((plain >= 0) & (plain <= 1)).all()


def test_cells_cover_the_pitch_and_the_disc():
    cells = pitch_cells(PITCH, 4.0)
    assert len(cells) == 26 * 17
    assert PITCH.contains(cells).all()
    assert np.abs(cells.mean(axis=0)).max() < 1e-9
    disc = disc_cells(15.0, 4.0)
    assert np.hypot(*disc.T).max() <= 15
    assert len(disc) == pytest.approx(np.pi * 15**2 / 16, abs=4)


def shares(people, ball, moving=True):
    way = Sides(np.array([0.0]), np.array([1e4]), np.array([1.0]))
    motions = motion(people, MotionSettings(1.0)) if moving else None
    laid = moments(people, ball, storage.empty("possession"), way, np.array([[0.0, 99.0]]), 0.2, motions)
    return control_shares(laid, SETTINGS, PITCH)


def test_shares_of_both_teams_sum_to_one_and_need_what_they_speak_of_in_view():
    people, times = match(seconds=10), np.arange(0, 10, 0.2)
    ball = track(99, times, 0.0, 0.0, role="ball")
    a, b = shares(people, ball)
    for name, own in a.items():
        known = np.isfinite(own)
        assert known.sum() == 5, name  # once in two seconds
        np.testing.assert_allclose(own[known] + b[name][known], 1)
    part = people[people["track_id"] != 5]
    a, _ = shares(part, ball)
    assert np.isnan(a["control_pitch_fb"]).all()
    assert np.isfinite(a["control_near_ball_spearman"]).sum() == 5
    for other in (
        shares(people, ball.iloc[:0]),
        shares(people, ball, moving=False),
        shares(nobody(), nobody()),
    ):
        assert all(np.isnan(column).all() for column in other[0].values())


def test_the_team_around_the_ball_controls_the_ground_around_it():
    people, times = match(seconds=10, noise_m=0.0), np.arange(0, 10, 0.2)
    mine = people[(people["team"] == "A") & (people["role"] == "player")].groupby("track_id")["x_m"].mean()
    back = track(99, times, float(mine.min()), 0.0, role="ball")
    for name, share in shares(people, back)[0].items():
        if "near_ball" in name:
            assert np.nanmean(share) > 0.51, name


def test_tables_do_not_hang_on_mirrors():
    people, times = match(seconds=6), np.arange(0, 6, 0.2)
    ball = track(99, times, -8.0, 3.0, role="ball")
    plain, turned = shares(people, ball)[0], shares(mirrored(people, -1, 1), mirrored(ball, -1, 1))[0]
    for name in plain:
        np.testing.assert_allclose(plain[name], turned[name], atol=1e-6)
