from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tracking_scene import NAVY, RED, UNKNOWN, WHITE, frames_table, person, scene

from pipeline.core.config import TrackSettings
from pipeline.tables import storage
from pipeline.tracking.tracker import track


def tracks_of(truth: pd.DataFrame, tracks: pd.DataFrame) -> dict[int, list[int]]:
    """Which tracks each true person got, in order of time."""
    merged = truth.merge(tracks, on=["frame", "instance"])
    return {who: list(dict.fromkeys(rows["track_id"])) for who, rows in merged.groupby("who")}


def test_no_people_make_no_tracks():
    tracks = track(frames_table(10), storage.empty("instances"), TrackSettings())
    assert tracks.empty
    assert list(tracks) == ["frame", "time_s", "instance", "track_id", "link_score"]


def test_no_frames_make_no_tracks():
    assert track(storage.empty("frames"), storage.empty("instances"), TrackSettings()).empty


def test_two_people_keep_their_numbers_as_they_walk():
    instances, truth = scene(
        person(100, 100, range(50), speed_px=(3, 0), who=0),
        person(400, 120, range(50), speed_px=(-2, 1), who=1),
    )
    assert tracks_of(truth, track(frames_table(50), instances, TrackSettings())) == {0: [1], 1: [2]}


def test_people_of_different_kits_cross_without_swapping():
    instances, truth = scene(
        person(100, 100, range(60), speed_px=(4, 0), kit=RED, who=0),
        person(340, 104, range(60), speed_px=(-4, 0), kit=WHITE, who=1),
    )
    assert tracks_of(truth, track(frames_table(60), instances, TrackSettings())) == {0: [1], 1: [2]}


def test_someone_hidden_for_half_a_second_is_found_again():
    seen = [*range(20), *range(33, 60)]
    instances, truth = scene(
        person(100, 100, seen, speed_px=(4, 0), who=0), person(500, 300, range(60), who=1)
    )
    tracks = track(frames_table(60), instances, TrackSettings())
    assert tracks_of(truth, tracks)[0] == [1]


def test_someone_unseen_for_longer_than_the_limits_becomes_a_new_track():
    seen = [*range(20), *range(80, 110)]
    instances, truth = scene(person(100, 100, seen, who=0))
    limits = TrackSettings(max_gap_s=0.5, stitch_gap_s=1.0)
    assert tracks_of(truth, track(frames_table(110), instances, limits))[0] == [1, 2]


def test_no_track_reaches_across_a_cut():
    instances, truth = scene(person(100, 100, range(40), who=0), person(300, 100, range(40), who=1))
    tracks = track(frames_table(40, cuts=(20,)), instances, TrackSettings())
    assert tracks_of(truth, tracks) == {0: [1, 3], 1: [2, 4]}


def test_camera_motion_is_taken_out():
    frames = frames_table(40)
    frames["m13"] = frames["m13"] + 30.0
    instances, truth = scene(
        *(person(60 + 35 * k, 100, range(40), speed_px=(30, 0), kit=UNKNOWN, who=k) for k in range(4))
    )
    assert tracks_of(truth, track(frames, instances, TrackSettings())) == {k: [k + 1] for k in range(4)}


def test_camera_motion_unknown_is_read_off_the_people():
    frames = frames_table(40)
    frames.loc[:, "m11":"m33"] = np.nan
    places = [(100, 100), (150, 180), (260, 120), (330, 260), (420, 150), (500, 90)]
    instances, truth = scene(
        *(person(x, y, range(40), speed_px=(35, 0), kit=UNKNOWN, who=k) for k, (x, y) in enumerate(places))
    )
    found = tracks_of(truth, track(frames, instances, TrackSettings()))
    assert all(len(ids) == 1 for ids in found.values())


def test_a_repeated_picture_neither_moves_nor_breaks_a_track():
    frames = frames_table(60)
    frames.loc[frames["frame"] % 2 == 1, "duplicate"] = True
    walker = person(100, 100, range(60), who=0)
    shift = 8.0 * (walker["frame"] // 2)
    for name in ("x1_px", "x2_px", "foot_x_px"):
        walker[name] += shift
    instances, truth = scene(walker, person(100, 300, range(60), who=1))
    assert tracks_of(truth, track(frames, instances, TrackSettings())) == {0: [1], 1: [2]}


def test_variable_frame_rates_are_followed_by_time():
    steps = np.tile([0.02, 0.02, 0.2], 20)
    frames = frames_table(60)
    frames["time_s"] = np.concatenate([[0.0], np.cumsum(steps)[:-1]])
    walker = person(100, 100, range(60), who=0)
    for name in ("x1_px", "x2_px", "foot_x_px"):
        walker[name] += 100.0 * frames["time_s"].to_numpy()
    instances, truth = scene(walker, person(150, 150, range(60), kit=WHITE, who=1))
    assert tracks_of(truth, track(frames, instances, TrackSettings())) == {0: [1], 1: [2]}


def test_chance_detections_are_dropped():
    instances, _ = scene(person(100, 100, range(40)), person(400, 300, range(10, 13)))
    assert track(frames_table(40), instances, TrackSettings())["track_id"].unique().tolist() == [1]


def test_doubtful_detections_continue_a_track_but_begin_none():
    dim = person(100, 100, range(40), who=0)
    dim.loc[dim["frame"].between(15, 25), "score"] = 0.3
    instances, truth = scene(dim, person(400, 300, range(40), score=0.3, who=1))
    tracks = track(frames_table(40), instances, TrackSettings())
    assert tracks_of(truth, tracks) == {0: [1]}
    assert len(tracks) == 40


def test_swapped_kits_are_put_right():
    """Two people meet, stand behind each other for a while, and leave where the other came from."""
    before, after = range(0, 30), range(38, 80)
    instances, truth = scene(
        person(100, 100, before, speed_px=(4, 0), kit=NAVY, who=0),
        person(340, 100, before, speed_px=(-4, 0), kit=WHITE, who=1),
        person(220, 100, range(30, 38), kit=WHITE, who=2),
        person(220 + 4 * 38, 100, after, speed_px=(-4, 0), kit=NAVY, who=0),
        person(220 - 4 * 38, 100, after, speed_px=(4, 0), kit=WHITE, who=1),
    )
    found = tracks_of(truth, track(frames_table(80), instances, TrackSettings()))
    assert not set(found[0]) & set(found[1])


def test_the_ball_is_one_path_apart_from_people():
    size = (8.0, 8.0)
    ball = person(
        50, 200, range(60), speed_px=(6, 0), name="ball", score=0.4, size_px=size, kit=UNKNOWN, who=5
    )
    ghost = person(700, 50, [3, 20, 41], name="ball", score=0.3, size_px=size, kit=UNKNOWN, who=6)
    instances, truth = scene(ball, ghost, person(100, 200, range(60), who=0))
    tracks = track(frames_table(60), instances, TrackSettings())
    found = tracks_of(truth, tracks)
    assert set(found) == {0, 5}
    assert len(found[5]) == 1
    assert not set(found[0]) & set(found[5])


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), people=st.integers(1, 8), loss=st.floats(0, 0.6))
def test_ids_are_never_shared_or_reused(seed: int, people: int, loss: float):
    chance = np.random.default_rng(seed)
    crowd = []
    for k in range(people):
        seen = [f for f in range(40) if chance.random() >= loss] or [0]
        speed = (float(chance.normal(0, 4)), float(chance.normal(0, 4)))
        x, y = chance.uniform(0, 400, 2)
        crowd.append(
            person(float(x), float(y), seen, speed_px=speed, score=float(chance.uniform(0.3, 1)), who=k)
        )
    instances, _ = scene(*crowd)
    tracks = track(frames_table(40, cuts=(25,)), instances, TrackSettings(min_length_s=0))
    assert not tracks.duplicated(["frame", "instance"]).any()
    assert not tracks.duplicated(["frame", "track_id"]).any()
    assert sorted(tracks["track_id"].unique()) == list(range(1, tracks["track_id"].nunique() + 1))
    shots = tracks.assign(after=tracks["frame"] >= 25).groupby("track_id")["after"].nunique()
    assert (shots == 1).all()
    assert tracks["link_score"].between(0, 1).all()


@pytest.mark.parametrize("every", [1, 5, 10], ids=["every frame", "five a second", "two and a half a second"])
def test_sparse_sampling_still_links(every: int):
    frames = frames_table(40, dt_s=0.04 * every)
    instances, truth = scene(
        person(100, 100, range(40), speed_px=(2.0 * every, 0), kit=RED, who=0),
        person(100, 300, range(40), speed_px=(1.0 * every, 0), kit=WHITE, who=1),
        dt_s=0.04 * every,
    )
    assert tracks_of(truth, track(frames, instances, TrackSettings())) == {0: [1], 1: [2]}
