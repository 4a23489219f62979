"""Team shape, hulls, and who is counted."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_people import match, mirrored, nobody, untracked
from scipy.spatial import ConvexHull

from pipeline.core.pitch import Pitch
from pipeline.metrics.shape.convex_hull import hull_areas
from pipeline.metrics.shape.team_shape import frame_shapes, shapes, team_frames
from pipeline.tables import storage
from pipeline.tables.who_is_where import footage_s, on_pitch, people, without_duplicates

SQUARE = np.array([[[0, 0], [10, 0], [10, 10], [0, 10], [5, 5], [np.nan, np.nan]]], float)


def test_a_square_with_someone_inside_has_the_area_of_the_square():
    assert hull_areas(SQUARE).tolist() == [100.0]


def test_points_on_an_edge_or_on_each_other_change_nothing():
    points = np.concatenate([SQUARE, [[[5, 0], [10, 0], [0, 5], [0, 0], [np.nan] * 2, [np.nan] * 2]]], axis=1)
    assert hull_areas(points).tolist() == [100.0]


def test_a_line_has_no_area_and_two_points_have_no_hull():
    line = np.array([[[0, 0], [1, 1], [2, 2], [3, 3]]], float)
    assert hull_areas(line).tolist() == [0.0]
    assert np.isnan(hull_areas(line[:, :2])).all()
    assert len(hull_areas(np.zeros((0, 5, 2)))) == 0
    assert np.isnan(hull_areas(np.full((2, 4, 2), np.nan))).all()


@settings(max_examples=50, deadline=None)
@given(st.integers(3, 11), st.integers(0, 10_000), st.floats(0.01, 100))
def test_hulls_agree_with_the_library(n, seed, scale):
    points = np.random.default_rng(seed).normal(0, scale, (3, n, 2)) + 20
    expected = [ConvexHull(p).volume for p in points]
    assert np.allclose(hull_areas(points), expected, rtol=1e-9)


def test_a_known_team_has_its_numbers():
    made = frame_shapes(match("4-4-2", noise_m=0.0, seconds=1))
    home = made[made["team"] == "A"].iloc[0]
    assert home["players_seen"] == 10
    assert home["length_m"] == pytest.approx(27.7)  # centre-backs at -13.5 m, strikers at 14.2 m
    assert home["width_m"] == pytest.approx(34.6)  # full-backs at 17.3 m
    assert home["centroid_x_m"] == pytest.approx(-4.0)
    assert home["hull_m2"] == pytest.approx(804.77)  # 139.8 + 535.37 + 129.6: three trapezia


@pytest.mark.parametrize(("x", "y"), [(-1, 1), (1, -1), (-1, -1)])
def test_shape_is_mirror_symmetric(x, y):
    one, two = (frame_shapes(p) for p in (match(), mirrored(match(), x, y)))
    for name in ("length_m", "width_m", "stretch_m", "hull_m2"):
        assert np.allclose(one[name], two[name])
    assert np.allclose(one["centroid_x_m"] * x, two["centroid_x_m"])


def test_tracks_are_not_needed():
    one, two = (frame_shapes(p) for p in (match(), untracked(match())))
    assert np.allclose(one["hull_m2"], two["hull_m2"])


def test_one_player_has_a_centroid_but_no_extent():
    alone = match(seconds=1)
    made = shapes(frame_shapes(alone[alone["track_id"] == 3]))
    assert made["players_seen"].tolist() == [1.0]
    assert made["length_m"].isna().all()
    assert made["hull_m2"].isna().all()
    assert made["centroid_x_m"].notna().all()


def test_goalkeepers_are_no_part_of_the_shape():
    people_ = match()
    outfield = people_[people_["role"] == "player"]
    assert np.allclose(frame_shapes(people_)["length_m"], frame_shapes(outfield)["length_m"])


def test_shapes_come_once_a_second_and_are_the_same_at_any_frame_rate():
    slow, fast = (shapes(frame_shapes(match(noise_m=0.0, hz=hz))) for hz in (5, 25))
    assert slow["time_s"].tolist() == fast["time_s"].tolist()
    assert slow["time_s"].iloc[0] == 0.5
    assert np.allclose(slow["stretch_m"], fast["stretch_m"], atol=0.01)


def test_a_second_without_a_team_has_no_row():
    seen = match(seconds=5)
    made = shapes(frame_shapes(seen[(seen["team"] == "B") | (seen["time_s"] < 2)]))
    assert made.groupby("team").size().to_dict() == {"A": 2, "B": 5}
    assert shapes(frame_shapes(nobody())).empty


def test_frames_are_laid_out_without_losing_anyone():
    seen = match(seconds=2)
    seen = seen.drop(index=seen.index[(seen["track_id"] == 2) & (seen["time_s"] > 1)])
    frames = team_frames(seen, "A")
    counts = np.isfinite(frames.places_m[..., 0]).sum(axis=1)
    assert counts.tolist() == [10] * 6 + [9] * 4
    assert ((frames.tracks >= 0).sum(axis=1) == counts).all()
    assert team_frames(nobody(), "A").places_m.shape == (0, 0, 2)


def _positions(rows):
    columns = ["frame", "time_s", "instance", "track_id", "x_m", "y_m", "error_m", "source"]
    return storage.conform(pd.DataFrame(rows, columns=columns), "positions")


def _labels(rows):
    columns = ["frame", "instance", "role", "team", "team_score"]
    return storage.conform(pd.DataFrame(rows, columns=columns), "labels")


def _identities(rows):
    columns = ["track_id", "role", "role_score", "team", "team_score", "n_frames", "first_s", "last_s"]
    return storage.conform(pd.DataFrame(rows, columns=columns), "identities")


POSITIONS = _positions(
    [
        (0, 0.0, 0, 5, 1.0, 2.0, 0.3, "observed"),
        (0, 0.0, 1, None, 3.0, 4.0, 0.3, "observed"),
        (0, 0.0, 2, 6, 5.0, 6.0, 0.3, "observed"),
        (0, 0.0, 3, None, 99.0, 0.0, 0.3, "observed"),
        (1, 0.04, None, 5, 1.1, 2.0, 0.3, "interpolated"),
    ]
)
LABELS = _labels(
    [
        (0, 0, "player", "B", 0.9),
        (0, 1, "player", "B", 0.9),
        (0, 2, "referee", None, None),
        (0, 3, "player", "A", 0.9),
    ]
)


def test_the_track_decides_who_someone_is_and_else_the_label():
    known = _identities(
        [(5, "player", 1.0, "A", 1.0, 9, 0.0, 1.0), (6, "goalkeeper", 1.0, "B", 1.0, 9, 0.0, 1.0)]
    )
    made = people(POSITIONS, LABELS, known)
    assert made[["x_m", "team", "role"]].to_numpy().tolist() == [
        [1.0, "A", "player"],
        [5.0, "B", "goalkeeper"],
        [3.0, "B", "player"],
        [99.0, "A", "player"],
        [1.1, "A", "player"],
    ]
    assert made["observed"].tolist() == [True] * 4 + [False]


def test_without_identities_only_labels_count():
    made = people(POSITIONS, LABELS)
    assert made["x_m"].tolist() == [1.0, 3.0, 99.0]


def test_people_off_the_pitch_are_left_out():
    made = on_pitch(people(POSITIONS, LABELS), Pitch())
    assert made["x_m"].tolist() == [1.0, 3.0]


def test_empty_tables_make_nobody():
    made = people(storage.empty("positions"), storage.empty("labels"), storage.empty("identities"))
    assert made.empty
    assert frame_shapes(on_pitch(made, Pitch())).empty


def test_repeated_pictures_are_no_observation_and_no_end_of_footage():
    frames = pd.DataFrame(
        {"frame": [0, 1, 2], "time_s": [0.0, 0.04, 0.08], "duplicate": [False, True, False]}
    )
    made = without_duplicates(people(POSITIONS, LABELS, None), frames)
    assert len(made) == 3
    assert without_duplicates(POSITIONS, frames)["frame"].tolist() == [0, 0, 0, 0]
    assert footage_s(frames) == pytest.approx(0.12)
    assert footage_s(frames.iloc[:0]) == 0
