"""The tables movement and team_movement, and the error of a distance."""

import numpy as np
import pandas as pd
import pytest
from made_up_people import match, nobody, track, untracked

from pipeline.metrics.movement.distance_error import motion_error
from pipeline.metrics.movement.match_parts import everything
from pipeline.metrics.movement.player_movement import moved, movement
from pipeline.metrics.movement.team_movement import team_movement_parts, whole_teams
from pipeline.metrics.movement.track_motion import MotionSettings, motion
from pipeline.metrics.shape.team_shape import frame_shapes

STEADY = MotionSettings(cutoff_hz=1.0)
TIMES = np.arange(0, 10, 0.04)


def _movement(people, footage_s=20.0):
    return movement(motion(people, STEADY), people, footage_s=footage_s, cutoff_hz=STEADY.cutoff_hz)


def _teams(people):
    settings = MotionSettings(cutoff_hz=1.0)
    seen = people["track_id"].notna().any()
    run = moved(motion(people, settings), people, [everything(20.0)], settings) if seen else None
    parts = team_movement_parts(people, frame_shapes(people), settings, [everything(20.0)], moved=run)
    return whole_teams(parts)


def test_a_player_seen_half_the_time_is_not_extrapolated():
    row = _movement(track(7, TIMES, 3 * TIMES, error_m=0.3)).iloc[0]
    assert row["track_id"] == 7
    assert row["distance_visible_m"] == pytest.approx(3 * TIMES[-1])
    assert row["minutes_visible"] == pytest.approx(10 / 60)
    assert row["coverage"] == pytest.approx(0.5)
    assert row["m_per_visible_min"] == pytest.approx(180)
    assert row["band_7_15_m"] == pytest.approx(row["distance_visible_m"])
    assert row["observed_share"] == 1
    assert np.isnan(row["psv99_mps"])
    assert row["distance_error_m"] > 0


def test_the_bands_add_up_to_the_distance():
    people = match(seconds=20, hz=25)
    table = _movement(people)
    bands = table.filter(like="band_").sum(axis=1)
    assert np.allclose(bands, table["distance_visible_m"])
    assert len(table) == 22
    assert not table.drop(columns="psv99_mps").isna().any().any()


def test_a_track_too_short_for_a_speed_has_a_row_of_zeros():
    row = _movement(track(1, TIMES[:3], TIMES[:3])).iloc[0]
    assert row["minutes_visible"] == pytest.approx(3 * 0.04 / 60)
    assert row["distance_visible_m"] == 0
    assert row["m_per_visible_min"] == 0
    assert row["mean_x_m"] == pytest.approx(0.04)


def test_time_behind_a_gap_is_neither_seen_nor_run():
    seen = (TIMES < 3) | (TIMES >= 6)
    row = _movement(track(1, TIMES[seen], 3 * TIMES[seen])).iloc[0]
    assert row["minutes_span"] == pytest.approx(TIMES[-1] / 60)
    assert row["minutes_visible"] == pytest.approx((TIMES[-1] + 0.04 - 3) / 60)
    assert row["distance_visible_m"] == pytest.approx(3 * (TIMES[-1] - 3.04))


def test_interpolated_time_is_told_apart():
    people = track(1, TIMES, 3 * TIMES)
    people.loc[(TIMES > 4) & (TIMES < 4.9), "observed"] = False
    row = _movement(people).iloc[0]
    assert row["distance_visible_m"] == pytest.approx(3 * TIMES[-1], rel=1e-3)
    assert row["observed_share"] == pytest.approx(1 - 0.92 / TIMES[-1], abs=0.01)


def test_nobody_makes_an_empty_table():
    assert _movement(nobody()).empty
    assert _movement(nobody(), footage_s=0.0).empty


def test_noise_makes_the_expected_error_grow():
    speed, step = np.full(1000, 3.0), np.full(1000, 0.04)
    errors = [motion_error(speed, step, np.full(1000, e), e / 2, 1.0).distance_m for e in (0.0, 0.3, 1.0)]
    assert errors[0] < errors[1] < errors[2]
    assert errors[0] == pytest.approx(0.005 * 120)
    assert motion_error(np.zeros(0), np.zeros(0), np.zeros(0), 0.0, 1.0).distance_m == 0


def test_the_error_of_an_acceleration_is_what_noise_does_to_it():
    # A straight run at 4 m/s: whatever acceleration is found is noise.
    rng, times = np.random.default_rng(1), np.arange(0, 120, 0.04)
    for noise in (0.1, 0.3):
        x, y = 4 * times - 200 + rng.normal(0, noise, len(times)), rng.normal(0, noise, len(times))
        moving = motion(track(1, times, x, y), MotionSettings(1.0))
        found = np.sqrt((moving.loc[moving["steady"], "gain_mps2"] ** 2).mean())
        step, error = moving["step_s"].to_numpy(), np.full(len(moving), noise * 1.1774)
        said = motion_error(moving["speed_mps"].to_numpy(), step, error, noise, 1.0).gain_mps2
        assert said == pytest.approx(found, rel=0.15)
    assert motion_error(np.zeros(0), np.zeros(0), np.zeros(0), 0.0, 1.0).gain_mps2 == 0


def test_the_expected_error_is_about_what_noise_does():
    rng = np.random.default_rng(0)
    times = np.arange(0, 60, 0.04)
    truth = np.column_stack([20 * np.sin(times / 8), 15 * np.cos(times / 6)])
    length = np.hypot(*np.diff(truth, axis=0).T).sum()
    rows = []
    for seed in range(6):
        noisy = truth + rng.normal(0, 0.4, truth.shape)
        rows.append(_movement(track(seed + 1, times, *noisy.T, error_m=0.47), 60).iloc[0])
    table = pd.DataFrame(rows)
    off = np.sqrt(((table["distance_visible_m"] - length) ** 2).mean())
    assert 0.4 * off < table["distance_error_m"].mean() < 2.5 * off


def test_a_team_that_moves_together_has_that_speed_with_and_without_tracks():
    people = match(hz=25, noise_m=0.0, seconds=15)
    people["x_m"] += 1.5 * people["time_s"]
    for part in (people, untracked(people)):
        table = _teams(part)
        assert table["team"].tolist() == ["A", "B"]
        assert (table["centroid_speed_mps"] - 1.75).abs().max() < 0.15


def test_players_who_leave_the_picture_do_not_move_the_team():
    people = match(hz=25, noise_m=0.0, seconds=15)
    people["x_m"] -= 6 * np.sin(people["time_s"] / 5)
    people["y_m"] -= 3 * np.cos(people["time_s"] / 7)
    some = people[~(people["track_id"].isin([1, 2, 3]) & (people["time_s"] % 2 < 1))]
    for part in (some, untracked(some)):
        speed = _teams(part)["centroid_speed_mps"]
        assert speed.max() < 0.02


def test_a_team_never_seen_has_no_numbers():
    table = _teams(nobody())
    assert table["n_frames"].tolist() == [0, 0]
    assert table["length_m"].isna().all()
    assert table["centroid_speed_mps"].isna().all()
    assert table["distance_visible_m"].isna().all()


def test_metres_of_goalkeepers_are_not_the_outfield_players():
    people = match(seconds=20, hz=25)
    table = _movement(people)
    team = _teams(people)
    outfield = table[(table["team"] == "A") & (table["role"] == "player")]["distance_visible_m"].sum()
    assert team["distance_visible_m"][0] == pytest.approx(outfield)
    assert team["players_seen"][0] == 10
