"""Kinds of pitch: presets, own markings, landmarks, zones, and teams of other sizes than eleven."""

import numpy as np
import pytest
from calibration_scene import SIZE, evidence, view

from pipeline.calibration.camera_model.markings import markings
from pipeline.calibration.initial_views.single_view import apart_m
from pipeline.calibration.sequence.pitch_size import measured_size
from pipeline.calibration.sequence.shot_views import solve_shot
from pipeline.core import config
from pipeline.core.errors import ConfigError
from pipeline.core.grounds.presets import PRESETS
from pipeline.core.pitch import Pitch
from pipeline.core.settings.pitch_settings import chosen_pitch
from pipeline.metrics.formation.team_places import team_places
from pipeline.metrics.formation.team_sizes.small_sided import templates_of
from pipeline.metrics.formation.template_fit import fit
from pipeline.metrics.formation.windowed_formations import named
from pipeline.metrics.heatmap.pitch_grid import metre_grid, zone_seconds, zones
from pipeline.metrics.shape.team_shape import TeamFrames


def pitch_of(**settings):
    return chosen_pitch(config.load(None, {f"pitch.{k}": v for k, v in settings.items()}).pitch)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_survives_being_written_to_disk_and_read(name):
    chosen = config.load(None, {"pitch.preset": name})
    assert config.load(None, chosen.model_dump(mode="json")) == chosen
    assert chosen_pitch(chosen.pitch).players == PRESETS[name].players


@pytest.mark.parametrize("name", PRESETS)
def test_every_painted_piece_lies_on_the_pitch_and_its_landmarks_on_pieces(name):
    pitch = pitch_of(preset=name)
    lines = np.concatenate(pitch.lines_m(0.05))
    assert pitch.contains(lines, 0.01).all()
    landmarks = pitch.keypoints_m()
    there = landmarks[np.isfinite(landmarks[:, 0])]
    spots = pitch.spots_m()
    for point in there:
        on_line = np.linalg.norm(lines - point, axis=1).min() < 0.06
        assert on_line or np.linalg.norm(spots - point, axis=1).min() < 0.01


def test_eleven_is_a_number_in_yaml_and_a_preset_here():
    assert config.load(None, {"pitch.preset": 11}).pitch == config.Config().pitch


def test_a_futsal_pitch_has_round_areas_and_two_spots_at_each_end():
    pitch = pitch_of(preset="futsal")
    assert (pitch.length_m, pitch.width_m, pitch.outfield) == (40, 20, 4)
    arcs = [a for a in pitch.arcs_m() if a.radius_m == 6.0]
    assert sorted(a.centre_m for a in arcs) == [(-20.0, -1.5), (-20.0, 1.5), (20.0, -1.5), (20.0, 1.5)]
    assert sorted(pitch.spots_m()[:, 0]) == [-14.0, -10.0, 0.0, 10.0, 14.0]
    assert np.isnan(pitch.keypoints_m()[6]).all()


def test_own_markings_are_added_and_others_taken_away():
    pitch = pitch_of(**{"markings.circle_radius_m": None, "markings.lines": [[-10, 0, 10, 0]]})
    assert not any(a.centre_m == (0.0, 0.0) for a in pitch.arcs_m())
    assert (-10.0, 0.0, 10.0, 0.0) in pitch.segments_m()
    assert len(markings(pitch).circles) == 0


def test_a_size_that_no_such_pitch_has_names_the_other_kinds():
    with pytest.raises(ConfigError, match=r"length_m 60 .* preset 11 .*9-fa"):
        config.load(None, {"pitch.length_m": 60})
    with pytest.raises(ConfigError, match="preset"):
        config.load(None, {"pitch.preset": "handball"})


@pytest.mark.parametrize("name", PRESETS)
def test_the_twenty_zones_cover_each_kind_of_pitch_once(name):
    pitch = pitch_of(preset=name)
    cells = metre_grid(pitch, 0.25).centres_m()
    seconds = zone_seconds(cells, np.ones(len(cells)), pitch)
    assert sum(seconds.values()) == len(cells)
    assert min(seconds.values()) > 0
    assert len(zones(pitch)) == 20


@pytest.mark.parametrize("size", [4, 6, 8])
def test_a_small_team_gets_the_name_of_its_own_size(size):
    for template in templates_of(size):
        found = fit(template.places_m * [1.1, 0.9], templates=templates_of(size))
        assert found.formation == template.name
        assert sum(map(int, found.formation.split("-"))) == size


def test_a_small_team_all_in_view_is_described_whole():
    rng = np.random.default_rng(1)
    template = templates_of(6)[0]
    n = 300
    places = template.places_m + rng.normal(0, 1.0, (n, 6, 2)) + rng.normal(0, 3.0, (n, 1, 2))
    tracks = np.tile(np.arange(6), (n, 1))
    team = TeamFrames(np.arange(n), np.arange(n) * 0.5, places, tracks, 6)
    found = team_places(team)
    assert found.method == "roles"
    assert len(found.places_m) == 6
    named_so = named(found, "left_to_right", 6.0, 4)
    assert named_so is not None
    assert named_so.formation == template.name


def test_a_team_of_a_size_without_templates_stays_unnamed():
    rng = np.random.default_rng(2)
    places = rng.normal(0, 8.0, (1, 7, 2)) + rng.normal(0, 1.0, (100, 7, 2))
    team = TeamFrames(np.arange(100), np.arange(100) * 0.5, places, np.tile(np.arange(7), (100, 1)), 7)
    found = team_places(team)
    assert len(found.places_m) == 7
    assert named(found, "left_to_right", 7.0, 4) is None


def test_places_of_a_bare_pitch_have_no_landmarks_but_corners_and_halfway_line():
    landmarks = pitch_of(preset="5-dfb").keypoints_m()
    assert np.flatnonzero(np.isfinite(landmarks[:, 0])).tolist() == [0, 5, 13, 16, 24, 29]
    assert Pitch().keypoints_m().shape == (32, 2)


@pytest.mark.parametrize("name", ["futsal", "7-fa", "9-fa"])
def test_the_view_of_a_small_pitch_is_found_from_its_own_markings(name):
    pitch = pitch_of(preset=name)
    place = np.array([1.0, -pitch.width_m / 2 - 16.0, 10.0, 0.0, 0.0, 0.0])
    true = view(0.1, tilt=0.35, focal_px=900.0, place=place)
    solved = solve_shot([evidence(true, pitch=pitch)], np.zeros((0, 3, 3)), pitch)
    assert solved is not None
    assert apart_m(true, solved.views[0], SIZE, pitch) < 0.1
    wrong = solve_shot([evidence(true, pitch=pitch)], np.zeros((0, 3, 3)), Pitch())
    assert wrong is None or np.isnan(wrong.views[0]).any() or apart_m(true, wrong.views[0], SIZE, pitch) > 0.5


def test_the_size_of_a_pitch_is_told_by_its_markings():
    true_pitch = Pitch(99.0, 63.0)
    pictures = [
        evidence(view(pan, tilt=0.27, focal_px=1000.0), frame=k, pitch=true_pitch)
        for k, pan in enumerate((-0.45, -0.2, 0.0, 0.2, 0.45))
    ]
    size = measured_size(pictures, Pitch(), (80, 120), (45, 90))
    assert size.length_m == pytest.approx(99.0, abs=0.5)
    assert size.width_m == pytest.approx(63.0, abs=0.5)
    assert size.length_sd_m is not None
    assert size.length_sd_m < 1


def test_a_size_that_pictures_do_not_show_is_not_told():
    close = evidence(view(0.75, tilt=0.25, focal_px=3500.0))
    size = measured_size([close], Pitch(), (80, 120), (45, 90))
    assert size.length_m is None
    nothing = measured_size([], Pitch(), (80, 120), (45, 90))
    assert (nothing.length_m, nothing.width_m) == (None, None)
