"""Movement part by part: parts add up, nothing crosses a break, and the laws of physics hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_people import match, mirrored, nobody, track

from pipeline.metrics.movement.match_parts import divisions
from pipeline.metrics.movement.player_movement import moved
from pipeline.metrics.movement.team_movement import team_movement_parts
from pipeline.metrics.movement.track_motion import MotionSettings, motion
from pipeline.metrics.shape.team_shape import frame_shapes
from pipeline.tables import storage

STEADY = MotionSettings(cutoff_hz=1.0)
SUMS = (
    *("minutes_visible", "minutes_observed", "minutes_interpolated", "distance_visible_m", "sprints"),
    *("distance_observed_m", "distance_interpolated_m", "fast_m", "accelerations", "band_0_7_m"),
)


def periods(*bounds):
    rows = [
        {"period": i, "start_s": a, "end_s": b, "attack_a": None, "attack_score": None, "source": "given"}
        for i, (a, b) in enumerate(bounds, start=1)
    ]
    return storage.conform(pd.DataFrame(rows), "periods")


def spells(*rows):
    made = [{"start_s": a, "end_s": b, "team": t, "source": "given", "score": 1.0} for a, b, t in rows]
    return storage.conform(pd.DataFrame(made), "possession")


def parts_of(people, halves=None, possession=None, stays=None):
    last = float(people["time_s"].max()) if len(people) else 0.0
    cut = divisions(0.0, last, halves, possession)
    return moved(motion(people, STEADY), people, cut, STEADY, stays).table


def row(table, track_id, part, by="half"):
    return table[(table["track_id"] == track_id) & (table["by"] == by) & (table["part"] == part)].iloc[0]


def runner(track_id, start_s, end_s, speed=4.0, **kinds):
    times = np.arange(start_s, end_s, 0.1)
    return track(track_id, times, speed * (times - start_s) - 40, **kinds)


def two_halves(seconds=30.0):
    """Everybody sways through two halves with ten seconds between."""
    first = match(seconds=seconds, hz=10)
    second = first.assign(time_s=first["time_s"] + seconds + 10, frame=first["frame"] + 5000)
    return pd.concat([first, second], ignore_index=True), periods(
        (0, seconds), (seconds + 10, 2 * seconds + 10)
    )


@pytest.mark.parametrize("by", ["half", "5min", "possession"])
def test_parts_add_up_to_the_whole(by):
    people, halves = two_halves()
    ball = spells((2.0, 11.0, "A"), (11.0, 25.5, "B"), (45.0, 60.0, "A"))
    table = parts_of(people, halves, ball)
    whole = table[table["by"] == "whole"].set_index("track_id")
    added = table[table["by"] == by].groupby("track_id")[list(SUMS)].sum()
    assert len(whole) == 22
    pd.testing.assert_frame_equal(added, whole[list(SUMS)], check_dtype=False)


def test_a_run_across_the_break_is_no_distance():
    people = runner(1, 0, 20)
    people["time_s"] += (people["time_s"] >= 10) * 10.0
    table = parts_of(people, periods((0, 10), (20, 30)))
    assert row(table, 1, "1")["distance_visible_m"] == pytest.approx(4 * 9.9, rel=0.01)
    assert row(table, 1, "2")["distance_visible_m"] == pytest.approx(4 * 9.9, rel=0.01)
    whole = row(table, 1, "whole", "whole")
    assert whole["part_minutes"] == pytest.approx(20 / 60)
    assert whole["coverage"] == pytest.approx(1)
    assert whole["gaps"] == 0


def test_a_substitute_counts_from_when_he_came_on():
    people = pd.concat([runner(1, 0, 40), runner(2, 40, 60, team="A"), runner(3, 0, 60, team="B")])
    stays = {1: (0.0, 40.0), 2: (40.0, 60.0), 3: (0.0, 60.0)}
    table = parts_of(people, periods((0, 30), (30, 60)), None, stays)
    assert row(table, 1, "1")["minutes_on_pitch"] == pytest.approx(0.5)
    assert row(table, 1, "2")["minutes_on_pitch"] == pytest.approx(10 / 60)
    assert row(table, 2, "2")["minutes_on_pitch"] == pytest.approx(20 / 60)
    assert "1" not in set(table[table["track_id"] == 2]["part"])
    assert row(table, 3, "whole", "whole")["minutes_on_pitch"] == pytest.approx(1.0)
    assert row(table, 2, "whole", "whole")["coverage"] == pytest.approx(1.0, abs=0.02)
    unknown = parts_of(people, periods((0, 30), (30, 60)), None, None)
    assert row(unknown, 2, "whole", "whole")["coverage"] == pytest.approx(1 / 3, abs=0.02)


def test_a_player_sent_off_has_no_rows_afterwards_and_the_team_plays_on_with_ten():
    people, halves = two_halves()
    people = people[~((people["track_id"] == 5) & (people["time_s"] > 20))]
    table = parts_of(people, halves, None, {5: (0.0, 20.0)})
    assert row(table, 5, "1")["minutes_on_pitch"] == pytest.approx(20 / 60)
    assert not len(table[(table["track_id"] == 5) & (table["part"] == "2")])
    cut = divisions(0.0, 70.0, halves, None)
    teams = team_movement_parts(people, frame_shapes(people), STEADY, cut)
    seen = teams[teams["by"] == "half"].set_index(["team", "part"])["players_seen"]
    assert seen["A", "2"] == 9
    assert 9 < seen["A", "1"] < 10
    assert seen["B", "2"] == 10


def test_extra_time_has_its_own_parts():
    halves = periods((0, 2760), (2770, 5500), (5510, 6420), (6430, 7340))
    people = pd.concat([runner(1, s, s + 20) for s in (100, 2800, 5600, 6500)])
    table = parts_of(people, halves)
    assert table[table["by"] == "half"]["part"].tolist() == ["1", "2", "3", "4"]
    windows = table[table["by"] == "5min"]["part"].tolist()
    assert windows == ["1: 0-5 min", "2: 45-50 min", "3: 90-95 min", "4: 105-110 min"]
    names = divisions(0, 7340, halves, None)[2].names
    assert "1: 45+0-5 min" in names
    assert "3: 105+0-5 min" in names
    assert len(set(names)) == len(names)


def test_gaps_are_counted_and_not_run():
    people = pd.concat([runner(1, 0, 10), runner(1, 13, 20), runner(1, 25, 30)])
    found = row(parts_of(people), 1, "whole", "whole")
    assert found["gaps"] == 2
    assert found["longest_gap_s"] == pytest.approx(5.1)
    assert found["distance_visible_m"] == pytest.approx(4 * (9.9 + 6.9 + 4.9), rel=0.01)
    assert found["coverage"] == pytest.approx((10 + 7 + 5) / 29.9, abs=0.01)


def test_interpolated_metres_are_told_apart():
    people = runner(1, 0, 10)
    people["observed"] = ~people["time_s"].between(4.0, 4.7)
    found = row(parts_of(people), 1, "whole", "whole")
    assert found["distance_interpolated_m"] == pytest.approx(4 * 0.9, abs=0.5)
    total = found["distance_observed_m"] + found["distance_interpolated_m"]
    assert total == pytest.approx(found["distance_visible_m"])
    assert found["minutes_observed"] + found["minutes_interpolated"] == pytest.approx(
        found["minutes_visible"]
    )


def test_a_sprint_over_the_end_of_a_window_counts_once_where_it_begins():
    people = pd.concat([runner(1, 290, 298, 3.0), runner(1, 298, 304, 8.0)])
    table = parts_of(
        people.assign(x_m=3 * (people["time_s"] - 290) + 5 * (people["time_s"] - 298).clip(lower=0) - 40)
    )
    assert row(table, 1, "whole", "whole")["sprints"] == 1
    assert row(table, 1, "0-5 min", "5min")["sprints"] == 1
    assert row(table, 1, "5-10 min", "5min")["sprints"] == 0


def test_in_possession_of_one_team_is_out_of_the_other():
    people = pd.concat([runner(1, 0, 30, team="A"), runner(2, 0, 30, team="B"), runner(3, 0, 30, team=None)])
    table = parts_of(people, None, spells((0.0, 10.0, "A"), (10.0, 25.0, "B")))
    for part, minutes in (("in", 10), ("out", 15), ("unknown", 5)):
        assert row(table, 1, part, "possession")["minutes_visible"] == pytest.approx(minutes / 60, abs=0.01)
    assert row(table, 1, "in", "possession")["part_minutes"] == pytest.approx(10 / 60)
    assert row(table, 2, "in", "possession")["part_minutes"] == pytest.approx(15 / 60)
    assert not len(table[(table["track_id"] == 3) & (table["by"] == "possession")])


def test_nobody_makes_empty_tables():
    cut = divisions(0.0, 0.0, None, None)
    run = moved(motion(nobody(), STEADY), nobody(), cut, STEADY)
    assert run.table.empty
    teams = team_movement_parts(nobody(), frame_shapes(nobody()), STEADY, cut, moved=run)
    assert teams["by"].tolist() == ["whole", "whole"]
    assert teams["distance_visible_m"].tolist() == [0, 0]
    assert teams["length_m"].isna().all()


def test_one_player_alone_moves_but_has_no_team_shape():
    people = runner(1, 0, 30)
    cut = divisions(0.0, 30.0, None, None)
    run = moved(motion(people, STEADY), people, cut, STEADY)
    teams = team_movement_parts(people, frame_shapes(people), STEADY, cut, moved=run).set_index(
        ["team", "by"]
    )
    assert teams.loc[("A", "whole"), "distance_visible_m"] == pytest.approx(4 * 29.9, rel=0.01)
    assert teams.loc[("A", "whole"), "n_frames"] == 0
    assert np.isnan(teams.loc[("A", "whole"), "length_m"])
    assert ("B", "5min") not in teams.index


def test_a_rate_of_sprints_needs_a_minute():
    people = runner(1, 0, 59.0)
    assert np.isnan(row(parts_of(people), 1, "whole", "whole")["sprints_per_10_min"])
    assert row(parts_of(runner(1, 0, 62.0)), 1, "whole", "whole")["sprints_per_10_min"] == 0


@settings(max_examples=8, deadline=None)
@given(x=st.sampled_from([1.0, -1.0]), y=st.sampled_from([1.0, -1.0]), seed=st.integers(0, 99))
def test_a_mirrored_match_moves_just_as_much(x, y, seed):
    people = match(seconds=12, hz=10, seed=seed)
    plain, other = parts_of(people), parts_of(mirrored(people, x, y))
    places = ["mean_x_m", "mean_y_m"]
    assert np.allclose(plain[places].to_numpy() * (x, y), other[places])
    numbers = plain.select_dtypes("number").columns.drop(places)
    assert np.allclose(plain[numbers], other[numbers], equal_nan=True)


@settings(max_examples=8, deadline=None)
@given(hz=st.sampled_from([5.0, 10.0, 12.5, 25.0, 50.0]), speed=st.floats(0.5, 8.5), turn=st.floats(2.0, 9.0))
def test_the_frame_rate_changes_distances_by_under_two_per_cent(hz, speed, turn):
    def run(rate):
        times = np.arange(0, 40, 1 / rate)
        angle = speed * times / (3 * turn)
        return parts_of(track(1, times, 3 * turn * np.cos(angle), 3 * turn * np.sin(angle))).iloc[0]

    fine, coarse = run(100.0), run(hz)
    assert coarse["distance_visible_m"] == pytest.approx(fine["distance_visible_m"], rel=0.02)
    assert coarse["mean_speed_mps"] == pytest.approx(fine["mean_speed_mps"], rel=0.02)
    # Near the threshold all metres are on one side or on the other.
    if abs(fine["mean_speed_mps"] - 5.5) > 0.2:
        assert coarse["fast_m"] == pytest.approx(fine["fast_m"], rel=0.02, abs=2.0)


def test_the_error_of_a_speed_is_what_noise_does_to_it():
    rng = np.random.default_rng(3)
    times = np.arange(0, 120, 0.04)
    noisy = np.column_stack([30 * np.sin(times / 6), 20 * np.cos(times / 6)]) + rng.normal(
        0, 0.3, (len(times), 2)
    )
    truth = np.hypot(5 * np.cos(times / 6), -20 / 6 * np.sin(times / 6))
    people = track(1, times, noisy[:, 0], noisy[:, 1], error_m=0.3 * 1.1774)
    moving = motion(people, STEADY)
    steady = moving["steady"].to_numpy()
    off = (
        moving["speed_mps"].to_numpy()[steady]
        - truth[np.searchsorted(times, moving["time_s"].to_numpy()[steady] - 1e-9)]
    )
    said = parts_of(people).iloc[0]["speed_error_mps"]
    assert said == pytest.approx(np.sqrt((off**2).mean()), rel=0.4)
