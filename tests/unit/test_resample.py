"""Tracks at a steady rate: by time, inside short gaps only."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.formats.writers.resample import BALL, resample
from pipeline.runs.pitch_tracks import RunTracks
from pipeline.runs.stored_run import StoredRun


def run_of(times, seen, speed=5.0, shots=None, periods=None, max_gap_s=1.0, roles=("player",)):
    """Tracks that run along x at ``speed``; ``seen``: the rows of ``times`` with a position."""
    times = np.asarray(times, float)
    frames = pd.DataFrame({"frame": np.arange(len(times)) * 2, "time_s": times, "shot": shots or 0})
    rows = [
        (2 * i, times[i], track, speed * times[i], float(track), True, role)
        for track, (own, role) in enumerate(zip(seen, roles * len(seen), strict=False), start=1)
        for i in own
    ]
    names = ["frame", "time_s", "track_id", "x_m", "y_m", "observed", "role"]
    people = [(t, "player", "A") for t, r in enumerate(roles * len(seen), start=1) if r == "player"][
        : len(seen)
    ]
    spans = periods or [(1, times[0], times[-1] + 0.02)]
    return RunTracks(
        stored=StoredRun(Path("run"), {}),
        frames=frames,
        positions=pd.DataFrame(rows, columns=names).astype({"track_id": "Int32"}),
        people=pd.DataFrame(people, columns=["track_id", "role", "team"]),
        periods=pd.DataFrame(spans, columns=["period", "start_s", "end_s"]),
        possession=pd.DataFrame(columns=["start_s", "end_s", "team"]),
        pitch_m=(105.0, 68.0),
        fps=25.0,
        max_gap_s=max_gap_s,
    )


@settings(max_examples=40, deadline=None)
@given(
    source=st.sampled_from([5.0, 10.0, 24.0, 25.0, 29.97, 50.0]),
    fps=st.integers(1, 50),
    data=st.data(),
)
def test_every_sample_lies_on_the_track_and_never_in_a_gap(source, fps, data):
    times = np.arange(60) / source
    seen = [sorted(data.draw(st.sets(st.integers(0, 59), min_size=1))) for _ in range(2)]
    made = resample(run_of(times, seen, max_gap_s=0.3), fps)
    assert (np.diff(made.frame) > 0).all()
    assert made.time_s == pytest.approx(made.step / fps)
    at = made.time_s[made.row]
    assert made.xy_m[:, 0] == pytest.approx(5 * at, abs=0.003)
    for track, own in enumerate(seen, start=1):
        mine = made.track == track
        assert (made.xy_m[mine, 1] == track).all()
        wanted = []
        for moment in made.time_s:
            before = int(np.flatnonzero(times <= moment + 5e-4)[-1])
            exact = moment - times[before] <= 5e-4
            wanted.append(before in own and (exact or before + 1 in own))
        assert np.isin(np.arange(len(made.frame)), made.row[mine]).tolist() == wanted


def test_at_the_source_rate_nothing_changes():
    times = np.arange(20) / 10
    made = resample(run_of(times, [range(20), [3, 4, 5]]), 10)
    assert made.frame.tolist() == list(range(20))
    assert np.bincount(made.row, minlength=20).tolist() == [1, 1, 1, 2, 2, 2] + [1] * 14
    assert made.observed.all()
    assert made.spans()[[0, 1, 4, 20]].tolist() == [0, 1, 5, 23]


def test_what_lies_beside_a_bridged_position_is_not_observed():
    run = run_of(np.arange(10) / 25, [range(10)])
    run.positions.loc[[4, 5], "observed"] = False
    made = resample(run, 10)
    assert made.time_s.tolist() == pytest.approx([0, 0.1, 0.2, 0.3])
    assert made.observed.tolist() == [True, True, False, True]


def test_what_the_run_left_open_stays_open():
    made = resample(run_of(np.arange(10) / 25, [[0, 1, 2, 3, 6, 7, 8, 9]]), 10)
    assert made.time_s[made.row].tolist() == pytest.approx([0, 0.1, 0.3])


def test_nothing_is_put_between_two_periods_or_two_shots():
    times = np.r_[np.arange(5), np.arange(7, 12)] / 10
    halves = [(1, 0.0, 0.5), (2, 0.7, 1.2)]
    made = resample(run_of(times, [range(10)], periods=halves), 20)
    assert made.period.tolist() == [1] * 9 + [2] * 9
    assert made.frame.tolist() == [*range(9), *range(14, 23)]
    assert len(made.row) == 18
    cut = resample(run_of(times, [range(10)], shots=[0] * 5 + [1] * 5), 20)
    assert made.time_s[made.row] == pytest.approx(cut.time_s[cut.row])


def test_a_hole_in_the_footage_has_no_moments():
    times = np.r_[np.arange(5), np.arange(40, 45)] / 10
    made = resample(run_of(times, [range(10)]), 10)
    assert made.frame.tolist() == [0, 1, 2, 3, 4, 40, 41, 42, 43, 44]


def test_one_ball_a_frame_and_no_line_from_one_ball_to_another():
    times = np.arange(6) / 5
    made = resample(
        run_of(times, [range(6), [0, 1, 2, 3], [2, 3, 4, 5]], roles=("player", "ball", "ball")), 10
    )
    balls = made.track == BALL
    assert made.xy_m[balls, 1].tolist() == [2.0] * 7 + [3.0] * 3
    assert made.time_s[made.row[balls]] == pytest.approx([*np.arange(7) / 10, 0.8, 0.9, 1.0])


def test_one_frame_is_one_moment():
    made = resample(run_of([0.0], [[0]]), 25)
    assert (made.frame.tolist(), made.xy_m.tolist()) == ([0], [[0.0, 1.0]])


def test_who_has_the_ball_is_said_for_the_moments_of_a_spell():
    run = run_of(np.arange(10) / 10, [range(10)])
    spells = pd.DataFrame({"start_s": [0.2, 0.6], "end_s": [0.5, 0.7], "team": ["A", "B"]})
    from dataclasses import replace

    owners = replace(run, possession=spells).owners(np.arange(8) / 10)
    assert owners.tolist() == [None, None, "A", "A", "A", None, "B", None]
