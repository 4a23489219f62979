"""Heatmaps, what the camera saw, zones."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_people import match, nobody, track

from pipeline.core.pitch import Pitch
from pipeline.metrics.heatmap.occupancy import (
    colour_cap,
    occupancy,
    seconds_grid,
    seconds_in_view,
    smoothed,
    towards_right,
)
from pipeline.metrics.heatmap.pitch_grid import metre_grid, zone_means, zone_seconds, zones
from pipeline.metrics.movement.time_seen import seconds_behind

PITCH = Pitch()
GRID = metre_grid(PITCH)


def test_the_grid_has_cells_of_a_metre():
    assert GRID.shape == (68, 105)
    assert GRID.cell_m == pytest.approx((1.0, 1.0))
    assert GRID.centres_m()[0].tolist() == [-52.0, -33.5]
    assert metre_grid(Pitch(90.5, 45.2)).shape == (45, 90)


def test_time_is_counted_in_seconds_whatever_the_frame_rate():
    for hz in (5, 25, 30):
        people = match(seconds=8, hz=hz)
        assert seconds_behind(people).sum() == pytest.approx(22 * 8)
        assert seconds_behind(people.drop(columns="track_id")).sum() == pytest.approx(22 * 8)


def test_a_gap_in_a_track_is_no_time():
    times = np.r_[np.arange(0, 2, 0.04), np.arange(7, 9, 0.04)]
    assert seconds_behind(track(1, times, times)).sum() == pytest.approx(4, abs=0.05)
    assert len(seconds_behind(nobody())) == 0


def test_seconds_land_in_the_cell_where_someone_stood():
    grid = seconds_grid(np.array([[1.0, 0.5], [60.0, -40.0], [np.nan, 0]]), np.array([2.0, 3.0, 1.0]), GRID)
    assert grid[34, 53] == 2.0
    assert grid[0, 104] == 3.0
    assert grid.sum() == 5.0


@settings(max_examples=20, deadline=None)
@given(st.floats(-52.5, 52.5), st.floats(-34, 34), st.floats(0.5, 5))
def test_no_seconds_are_lost_in_the_blur(x, y, sigma_m):
    grid = seconds_grid(np.array([[x, y]]), np.array([7.0]), GRID)
    assert smoothed(grid, GRID, sigma_m).sum() == pytest.approx(7.0)


def test_a_mirrored_player_has_a_mirrored_map():
    places = np.random.default_rng(0).uniform(-30, 30, (500, 2))
    one, two = (
        smoothed(seconds_grid(p, np.ones(500), GRID), GRID, 2.5)
        for p in (places, towards_right(places, "right_to_left"))
    )
    assert np.allclose(one, two[::-1, ::-1])
    assert towards_right(places, None) is places


_PLACE = st.tuples(st.integers(-120, 120).map(lambda v: v / 2), st.integers(-80, 80).map(lambda v: v / 2))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(_PLACE, st.floats(0, 50)), min_size=1, max_size=30))
def test_every_second_lands_in_one_cell_and_one_zone_and_mirrors(stays):
    places, seconds = np.array([p for p, _ in stays]), np.array([s for _, s in stays])
    grid = seconds_grid(places, seconds, GRID)
    assert grid.sum() == pytest.approx(seconds.sum())
    assert smoothed(grid, GRID, 2.5).sum() == pytest.approx(seconds.sum())
    assert sum(zone_seconds(places, seconds, PITCH).values()) == pytest.approx(seconds.sum())
    assert np.allclose(seconds_grid(-places, seconds, GRID), grid[::-1, ::-1])
    assert np.allclose(seconds_grid(places * (1, -1), seconds, GRID), grid[::-1])


def test_who_stands_on_a_line_belongs_to_the_cells_that_meet_there():
    grid = seconds_grid(np.array([[10.0, 0.0]]), np.array([4.0]), GRID)
    assert grid[33, 62] == grid[34, 62] == 2.0
    assert grid.sum() == 4.0
    corner = seconds_grid(np.array([[52.5, 34.0], [-52.5, -34.0]]), np.array([3.0, 5.0]), GRID)
    assert (corner[-1, -1], corner[0, 0], corner.sum()) == (3.0, 5.0, 8.0)


def _round_the_spot(hz):
    """The map of twelve seconds around the centre spot."""
    times = np.arange(0, 12, 1 / hz)
    angle = 2 * np.pi * (times + 0.5 / hz) / 12
    walker = track(1, times, 9 * np.cos(angle), 8 * np.sin(angle))
    return smoothed(seconds_grid(walker[["x_m", "y_m"]].to_numpy(), seconds_behind(walker), GRID), GRID, 2.5)


@pytest.mark.parametrize("hz", [5, 25, 50])
def test_the_map_does_not_depend_on_the_frame_rate(hz):
    found, fine = _round_the_spot(hz), _round_the_spot(200)
    assert found.sum() == pytest.approx(12)
    assert np.abs(found - fine).max() < 0.08 * fine.max()


def test_colours_end_at_the_99th_percentile_over_all_panels():
    values = np.arange(1.0, 101.0).reshape(10, 10)
    assert colour_cap(values) == pytest.approx(np.percentile(values, 99))
    assert colour_cap(values, np.zeros((3, 3)), np.full((2, 2), np.nan)) == colour_cap(values)
    assert colour_cap() == 0
    assert colour_cap(np.zeros((3, 3))) == 0


def _views(sources, hz=10.0):
    """Cameras straight above the centre spot, 60 x 34 m in 1200 x 680 px."""
    h = np.array([[0.05, 0, -30.0], [0, -0.05, 17.0], [0, 0, 1.0]]).ravel()
    names = [f"h{i}{j}" for i in (1, 2, 3) for j in (1, 2, 3)]
    rows = [dict(zip(names, h if s != "none" else [np.nan] * 9, strict=True)) for s in sources]
    return pd.DataFrame(rows, columns=names).assign(
        frame=np.arange(len(sources)), time_s=np.arange(len(sources)) / hz, source=list(sources)
    )


def test_what_is_in_view_is_counted_in_seconds():
    seconds = seconds_in_view(_views(["measured"] * 20 + ["none"] * 10 + ["tracked"] * 20), 1200, 680, GRID)
    assert seconds[34, 52] == pytest.approx(4.0)
    assert seconds[0, 0] == 0
    assert (seconds > 0).sum() == pytest.approx(60 * 34, rel=0.04)


def test_many_views_are_sampled_without_losing_time():
    seconds = seconds_in_view(_views(["measured"] * 4001), 1200, 680, GRID)
    assert seconds.max() == pytest.approx(400.1)


def test_without_a_view_nothing_was_in_view():
    assert seconds_in_view(_views(["none"] * 5), 1200, 680, GRID).sum() == 0
    assert seconds_in_view(_views([]), 1200, 680, GRID).sum() == 0


def test_only_views_that_count_are_counted():
    views = _views(["measured"] * 20)
    half = np.where(np.arange(20) < 10, 0.1, 0.0)
    assert seconds_in_view(views, 1200, 680, GRID, half).max() == pytest.approx(1.0)
    assert seconds_in_view(views, 1200, 680, GRID, np.zeros(20)).sum() == 0


def test_occupancy_is_a_share_and_unknown_where_the_camera_never_looked():
    share = occupancy(np.array([[1.0, 2.0, 0.0]]), np.array([[4.0, 0.2, 0.0]]))
    assert share[0, 0] == 0.25
    assert np.isnan(share[0, 1:]).all()


def test_twenty_zones_cover_the_pitch_once():
    for pitch in (PITCH, Pitch(100, 64)):
        areas = [(z.x_high_m - z.x_low_m) * (z.y_high_m - z.y_low_m) for z in zones(pitch)]
        assert len(areas) == 20
        assert sum(areas) == pytest.approx(pitch.length_m * pitch.width_m)
        assert len({z.name for z in zones(pitch)}) == 20
    edges = sorted({z.x_low_m for z in zones(PITCH)})
    assert edges == [-52.5, -36, -18, 0, 18, 36]


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        ((-45, 0), "own box"),
        ((50, -15), "opposite box"),
        ((-10, 30), "left wing, own half"),
        ((30, 0), "centre, opposite half"),
        ((60, 40), "left wing, opposite end"),
    ],
)
def test_places_are_in_the_zone_that_they_should_be(place, zone):
    found = zone_seconds(np.array([place], float), np.array([2.0]), PITCH)
    assert found[zone] == 2.0
    assert sum(found.values()) == 2.0


def test_zones_average_what_they_cover():
    for pitch in (PITCH, Pitch(101.3, 66.6)):
        grid = metre_grid(pitch)
        assert zone_means(np.full(grid.shape, 7.0), grid, pitch) == pytest.approx(np.full(20, 7.0))
        values = np.random.default_rng(2).uniform(0, 5, grid.shape)
        areas = [(z.x_high_m - z.x_low_m) * (z.y_high_m - z.y_low_m) for z in zones(pitch)]
        height, width = grid.cell_m
        assert zone_means(values, grid, pitch) @ areas == pytest.approx(values.sum() * height * width)


def test_the_line_between_the_halves_belongs_to_the_half_ahead():
    found = zone_seconds(np.array([[0.0, 0.0]]), np.array([1.0]), PITCH)
    assert found["centre, opposite half"] == 1.0
