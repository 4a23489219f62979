"""Motion, bands, sprints and accelerations."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_people import mirrored, nobody, track

from pipeline.metrics.movement.speed import KMH, accelerations, bands_m, holds, psv99_mps, sprints
from pipeline.metrics.movement.track_motion import MotionSettings, motion

STEADY = MotionSettings(cutoff_hz=1.0)


def _run(hz=25.0, top_mps=8.0, hold_s=2.0):
    """Stand, speed up, run at ``top_mps`` for ``hold_s``, slow down, stand."""
    times = np.arange(0, 12, 1 / hz)
    ramp = 2.0
    speed = np.interp(
        times, [2, 2 + ramp, 2 + ramp + hold_s, 2 + 2 * ramp + hold_s], [0, top_mps, top_mps, 0]
    )
    x = np.concatenate([[0], np.cumsum((speed[1:] + speed[:-1]) / 2 / hz)])
    return track(1, times, x - 20)


def test_a_run_of_known_speed_has_that_speed_and_length():
    times = np.arange(0, 10, 0.04)
    made = motion(track(1, times, 5 * times), STEADY)
    assert np.allclose(made["speed_mps"], 5)
    assert made["step_m"].sum() == pytest.approx(5 * times[-1])
    assert made["step_s"].sum() == pytest.approx(times[-1])


def test_someone_who_stands_still_in_noise_hardly_moves():
    rng = np.random.default_rng(0)
    times = np.arange(0, 60, 0.04)
    noise = rng.normal(0, 0.2, (2, len(times)))
    made = motion(track(1, times, noise[0], noise[1]), MotionSettings(cutoff_hz=0.6))
    assert made["step_m"].sum() < 9  # 0.15 m/s; unsmoothed it is 420 m


@pytest.mark.parametrize("hz", [10, 25, 30, 50, 59.94])
def test_distance_sprints_and_accelerations_do_not_hang_on_the_frame_rate(hz):
    made = motion(_run(hz), STEADY)
    assert made["step_m"].sum() == pytest.approx(32, rel=0.02)
    assert len(sprints(made)) == 1
    assert len(accelerations(made)) == 1
    start, end = sprints(made)[0]
    assert end - start == pytest.approx(2.4, abs=0.2)


def test_a_dash_shorter_than_the_dwell_is_no_sprint():
    assert sprints(motion(_run(top_mps=7.2, hold_s=0.2), STEADY)) == []


def test_nothing_is_counted_across_a_gap():
    run = _run()
    gone = (run["time_s"] > 3.4) & (run["time_s"] < 7.0)
    made = motion(run[~gone], STEADY)
    assert made["stretch"].nunique() == 2
    assert sprints(made) == []
    assert made["step_m"].sum() < 10  # the run itself was not seen


def test_an_interpolated_gap_counts_as_distance_but_not_as_a_sprint():
    run = _run(hold_s=1.0)
    assert len(sprints(motion(run, STEADY))) == 1
    gone = (run["time_s"] > 4.2) & (run["time_s"] < 5.1)
    run.loc[gone, "observed"] = False
    run.loc[gone, "x_m"] += 1.0  # what stands in an interpolated row is not believed
    made = motion(run, STEADY)
    assert made["step_m"].sum() == pytest.approx(24, rel=0.03)
    assert sprints(made) == []
    assert not made.loc[(made["time_s"] > 4.3) & (made["time_s"] < 5.0), "bridged"].any()


def test_missing_single_frames_do_not_break_a_sprint():
    run = _run()
    assert len(sprints(motion(run[run["frame"] % 3 != 0], STEADY))) == 1


def test_repeated_pictures_left_out_do_not_change_the_speed():
    whole = motion(_run(30), STEADY)
    some = _run(30)
    thinned = motion(some[np.arange(len(some)) % 5 != 4], STEADY)
    assert thinned["step_m"].sum() == pytest.approx(whole["step_m"].sum(), rel=0.01)
    assert thinned["speed_mps"].max() == pytest.approx(whole["speed_mps"].max(), rel=0.02)


def test_a_stretch_too_short_for_a_speed_is_left_out():
    assert motion(track(1, np.arange(0, 0.3, 0.04), np.arange(0, 0.3, 0.04) * 5), STEADY).empty


def test_a_swapped_identity_adds_no_metres():
    times = np.arange(0, 20, 0.04)
    x = np.where(times < 10, 0.0, 20.0)
    assert motion(track(1, times, x), STEADY)["step_m"].sum() < 1


def test_nobody_has_no_motion_but_all_columns():
    made = motion(nobody(), STEADY)
    assert made.empty
    assert {"step_m", "speed_mps", "steady", "stretch", "team"} <= set(made.columns)


def test_footage_sampled_once_a_second_keeps_its_distance():
    times = np.arange(0, 60, 1.0)
    made = motion(track(1, times, 3 * times - 50), STEADY)
    assert made["step_m"].sum() == pytest.approx(177, rel=0.01)
    assert made["bridged"].mean() < 0.1  # too coarse for sprints


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_motion_is_mirror_symmetric_and_free_of_nan(seed):
    rng = np.random.default_rng(seed)
    times = np.cumsum(rng.choice([0.04, 0.04, 0.08, 1.6], 200))
    places = np.cumsum(rng.normal(0, 0.1, (2, 200)), axis=1)
    people = track(1, times, places[0], places[1])
    one, two = motion(people, STEADY), motion(mirrored(people, -1, 1), STEADY)
    assert not one.isna().any().any()
    assert one["step_m"].sum() == pytest.approx(two["step_m"].sum(), abs=1e-9)
    assert np.allclose(one["x_m"], -two["x_m"])


def test_bands_hold_all_the_metres():
    speed = np.array([6.9, 7.1, 15.1, 20.1, 25.1]) * KMH
    assert bands_m(speed, np.arange(1.0, 6.0)) == {
        "band_0_7_m": 1.0,
        "band_7_15_m": 2.0,
        "band_15_20_m": 3.0,
        "band_20_25_m": 4.0,
        "band_25_plus_m": 5.0,
    }
    assert sum(bands_m(np.zeros(0), np.zeros(0)).values()) == 0


def test_the_top_speed_is_a_percentile_and_unknown_for_walkers():
    speed = np.linspace(4.01, 8, 1000)
    assert psv99_mps(speed, np.full(1000, 0.04)) == pytest.approx(7.96, abs=0.01)
    assert np.isnan(psv99_mps(np.ones(10), np.ones(10)))
    assert np.isnan(psv99_mps(np.zeros(0), np.zeros(0)))


def test_the_time_above_a_level_is_measured_between_crossings():
    times = np.array([0.0, 0.1, 0.2, 0.3, 0.4])
    values = np.array([0.0, 2.0, 2.0, 2.0, 0.0])
    usable = np.ones(5, dtype=bool)
    assert holds(times, values, usable, 1.0, 0.25) == [(pytest.approx(0.05), pytest.approx(0.35))]
    assert holds(times, values, usable, 1.0, 0.31) == []
    usable[2] = False
    assert holds(times, values, usable, 1.0, 0.2) == []
    assert holds(np.zeros(0), np.zeros(0), np.zeros(0, bool), 1.0, 0.1) == []


def test_tracks_do_not_mix():
    times = np.arange(0, 5, 0.04)
    both = pd.concat([track(2, times, 4 * times), track(1, times, -2 * times)], ignore_index=True)
    made = motion(both.sample(frac=1, random_state=0), STEADY)
    assert made.groupby("track_id")["speed_mps"].mean().tolist() == pytest.approx([2, 4])
