"""Smoothing of positions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from pipeline.metrics.movement.trajectory_smoothing import Path, low_pass, noise_m, stretches

TIMES = np.arange(0, 12, 0.04)


def _wander(times, seed=0):
    rng = np.random.default_rng(seed)
    return np.cumsum(rng.normal(0, 0.15, (len(times), 2)), axis=0)


@pytest.mark.parametrize("cutoff_hz", [0.6, 1.0, 2.0])
def test_it_is_the_zero_phase_butterworth_of_order_two(cutoff_hz):
    places = _wander(TIMES)
    b, a = signal.butter(2, cutoff_hz, fs=25)
    reference = signal.filtfilt(b, a, places, axis=0)
    inside = slice(60, -60)
    assert np.abs(low_pass(TIMES, places, cutoff_hz).places_m - reference)[inside].max() < 0.01


def test_a_straight_run_passes_unchanged():
    places = np.column_stack([7 * TIMES, -2 * TIMES])
    path = low_pass(TIMES, places, 0.6)
    place, velocity, acceleration = path.at(TIMES)
    assert np.allclose(place, places)
    assert np.allclose(velocity, [7, -2])
    assert np.allclose(acceleration, 0, atol=1e-6)


def test_uneven_frames_give_the_same_path_as_even_ones():
    def along(t):
        return np.column_stack([10 * np.sin(t / 2), 5 * np.cos(t / 3)])

    rng = np.random.default_rng(0)
    uneven = np.sort(rng.uniform(0, 12, 360))
    even, other = (low_pass(t, along(t), 1.0) for t in (TIMES, uneven))
    at = np.linspace(1, 11, 200)
    assert np.abs(even.at(at)[0] - other.at(at)[0]).max() < 0.02
    assert np.abs(even.at(at)[1] - other.at(at)[1]).max() < 0.06


def test_velocity_and_acceleration_are_the_derivatives_of_the_path():
    path = low_pass(TIMES, _wander(TIMES), 1.0)
    at = np.linspace(0.5, 11.4, 50)
    step = 1e-5
    ahead, behind = path.at(at + step), path.at(at - step)
    place, velocity, acceleration = path.at(at)
    assert place.shape == (50, 2)
    assert np.allclose((ahead[0] - behind[0]) / (2 * step), velocity, atol=1e-5)
    assert np.allclose((ahead[1] - behind[1]) / (2 * step), acceleration, atol=1e-4)


def test_outside_the_path_nothing_is_known():
    path = low_pass(TIMES, _wander(TIMES), 1.0)
    assert np.isnan(path.at(np.array([-0.1, 12.0]))[0]).all()


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4])
def test_a_few_positions_are_smoothed_too(n):
    times = np.arange(n) * 0.04
    path = low_pass(times, np.column_stack([5 * times, 0 * times]), 1.0)
    place, velocity, _ = path.at(times)
    assert np.allclose(place[:, 0], 5 * times)
    assert np.allclose(velocity[:, 0], 5 if n > 1 else 0)


def test_a_single_position_stands_still():
    path = Path(np.array([1.0]), np.array([[2.0, 3.0]]), np.zeros((1, 2)))
    assert path.at(np.array([1.0, 2.0]))[0].tolist()[0] == [2.0, 3.0]
    assert np.isnan(path.at(np.array([2.0]))[0]).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(3, 60), st.floats(0.3, 3.0), st.integers(0, 10_000))
def test_a_smooth_path_is_finite_and_keeps_its_mean(n, cutoff_hz, seed):
    rng = np.random.default_rng(seed)
    times = np.cumsum(rng.uniform(0.02, 0.08, n))
    places = rng.normal(0, 5, (n, 2))
    path = low_pass(times, places, cutoff_hz)
    assert np.isfinite(path.places_m).all()
    mirrored = low_pass(times, -places, cutoff_hz)
    assert np.allclose(path.places_m, -mirrored.places_m, atol=1e-8)


def test_noise_is_read_from_the_positions_themselves():
    rng = np.random.default_rng(0)
    run = np.column_stack([6 * TIMES, 0 * TIMES])
    assert noise_m(run) == pytest.approx(0, abs=1e-9)
    assert noise_m(run + rng.normal(0, 0.2, run.shape)) == pytest.approx(0.2, rel=0.15)
    assert noise_m(run[:4]) == 0


def _stretches(times, places, max_gap_s=1.0):
    return stretches(times, places, max_gap_s=max_gap_s, max_speed_mps=12)


def test_one_wild_position_is_rejected_and_the_stretch_goes_on():
    places = np.column_stack([3 * TIMES, 0 * TIMES])
    places[100] += 30
    numbers = _stretches(TIMES, places)
    assert numbers[100] == -1
    assert set(numbers[np.arange(len(TIMES)) != 100]) == {0}


def test_a_jump_to_another_place_begins_a_new_stretch():
    places = np.column_stack([3 * TIMES, 0 * TIMES])
    places[150:] += 25
    numbers = _stretches(TIMES, places)
    assert (numbers[:150] == 0).all()
    assert (numbers[150:] == 1).all()


def test_a_gap_begins_a_new_stretch_only_if_it_is_long():
    places = np.column_stack([3 * TIMES, 0 * TIMES])
    keep = (TIMES < 4) | (TIMES > 4.8)
    assert _stretches(TIMES[keep], places[keep]).max() == 0
    keep = (TIMES < 4) | (TIMES > 5.5)
    assert _stretches(TIMES[keep], places[keep]).max() == 1


def test_a_wild_first_position_does_not_take_the_track_with_it():
    places = np.column_stack([3 * TIMES, 0 * TIMES])
    places[0] -= 40
    numbers = _stretches(TIMES, places)
    assert numbers[0] == -1
    assert (numbers[1:] == 0).all()


def test_noise_at_a_high_frame_rate_is_no_jump():
    rng = np.random.default_rng(0)
    times = np.arange(0, 20, 0.02)
    places = np.column_stack([4 * times, 0 * times]) + rng.normal(0, 0.3, (len(times), 2))
    numbers = _stretches(times, places)
    assert numbers.max() == 0
    assert (numbers == -1).mean() < 0.005


def test_no_positions_have_no_stretches():
    assert len(_stretches(np.zeros(0), np.zeros((0, 2)))) == 0
