"""Places of players relative to each other: pairs, roles, chains."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from made_up_people import BY_NAME, match, nobody, untracked
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from pipeline.metrics.formation.formation_changes import change_points, formation_changes
from pipeline.metrics.formation.pairwise_places import relative_places, solve_pairs
from pipeline.metrics.formation.role_em import fit_roles, role_shares, switch_rate
from pipeline.metrics.formation.team_places import team_places, thinned
from pipeline.metrics.shape.frame_links import chained
from pipeline.metrics.shape.team_shape import team_frames

HOME = BY_NAME["4-4-2"].places_m


def _broadcast(people: pd.DataFrame, half_m: float = 14.0) -> pd.DataFrame:
    """Only who is near a point of interest that wanders over the team; tracks break where it leaves them."""
    middle = -4 + 12 * np.sin(people["time_s"] / 2.5)
    seen = people[(people["x_m"] - middle).abs() < half_m].sort_values(["track_id", "time_s"])
    new = seen.groupby("track_id")["time_s"].diff().fillna(9) > 0.5
    return seen.assign(track_id=pd.array(new.cumsum().to_numpy(), dtype="Int32"))


def _off(found, truth) -> float:
    """RMS distance after the best assignment and shift, m."""
    shift = np.zeros(2)
    for _ in range(6):
        cost = cdist(found - shift, truth, "sqeuclidean")
        row, column = linear_sum_assignment(cost)
        shift = (found[row] - truth[column]).mean(axis=0)
    return float(np.sqrt(cost[row, column].mean()))


def test_a_team_seen_whole_has_its_mean_places():
    found = relative_places(team_frames(match(), "A"))
    assert len(found.places_m) == 10
    assert np.allclose(found.places_m.mean(axis=0), 0)
    assert _off(found.places_m, HOME) < 0.3
    assert found.weight.tolist() == [1.0] * 10


def test_a_camera_that_wanders_does_not_distort_the_team():
    people = match(seconds=60)
    seen = _broadcast(people)
    team = team_frames(seen, "A")
    players = np.isfinite(team.places_m[..., 0]).sum(axis=1).mean()
    assert players < 8
    assert _off(team_places(team).places_m, HOME) < 1.5
    true_id = seen.assign(track_id=people.loc[seen.index, "track_id"])
    found = relative_places(team_frames(true_id, "A"))
    assert _off(found.places_m, HOME) < 0.3
    naive = true_id[true_id["team"] == "A"].groupby("track_id")[["x_m", "y_m"]].mean()[:10].to_numpy()
    assert _off(naive, HOME) > _off(found.places_m, HOME)


def test_a_track_that_breaks_off_is_still_one_player():
    people = match(seconds=20)
    broken = people.copy()
    late = (broken["track_id"] == 4) & (broken["time_s"] > 9)
    broken.loc[late, "track_id"] = 99
    found = relative_places(team_frames(broken, "A"))
    assert len(found.places_m) == 10
    assert (4, 99) in [tuple(sorted(t)) for t in found.tracks]


def test_players_never_seen_with_the_rest_are_left_out():
    people = match(seconds=20)
    apart = people["track_id"].isin([9, 10])
    split = people[(apart & (people["time_s"] < 8)) | (~apart & (people["time_s"] >= 8))]
    found = relative_places(team_frames(split, "A"))
    assert len(found.places_m) == 8


def test_pairs_are_solved_exactly():
    truth = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 6.0]])
    where = truth + np.array([[[0.0, 0.0]], [[5.0, 1.0]], [[-20.0, 3.0]]])
    present = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]], dtype=bool)
    where[~present] = np.nan
    assert np.allclose(solve_pairs(where, present), truth - truth.mean(axis=0))


def test_one_player_and_nobody_have_places_too():
    people = match()
    alone = team_places(team_frames(people[people["track_id"] == 1], "A"))
    assert alone.places_m.tolist() == [[0.0, 0.0]]
    for empty in (team_places(team_frames(nobody(), "A")), relative_places(team_frames(nobody(), "A"))):
        assert empty.places_m.shape == (0, 2)


def test_without_tracks_links_over_seconds_are_enough():
    team = team_frames(untracked(match(seconds=40)), "A")
    found = team_places(team)
    assert len(found.places_m) == 10
    assert _off(found.places_m, HOME) < 0.5


def test_the_spread_about_a_place_leaves_out_how_the_team_moves():
    found = team_places(team_frames(match(noise_m=0.5, seconds=60), "A"))
    assert np.allclose([np.sqrt(np.trace(s) / 2) for s in found.covariances_m2], 0.5, atol=0.1)
    assert (found.slot >= 0).all()


def test_chains_follow_players_through_short_gaps():
    people = match(seconds=6)
    gone = (people["track_id"] == 3) & people["time_s"].between(2.0, 2.5)
    team = team_frames(untracked(people[~gone]), "A")
    linked = chained(team)
    assert len(np.unique(linked.tracks[linked.tracks >= 0])) == 10
    assert (linked.tracks >= 0).sum() == np.isfinite(team.places_m[..., 0]).sum()
    tracked = team_frames(people, "A")
    assert chained(tracked) is tracked
    assert len(chained(team_frames(nobody(), "A")).frames) == 0


def test_a_new_chain_begins_where_nobody_could_have_run():
    people = untracked(match(seconds=4, noise_m=0))
    people.loc[people["time_s"] >= 2, "y_m"] += 30
    linked = chained(team_frames(people, "A"))
    assert len(np.unique(linked.tracks)) > 10


def test_thinning_keeps_about_one_frame_in_the_interval():
    team = thinned(team_frames(match(seconds=10, hz=25), "A"), 0.2)
    assert len(team.frames) == 50
    assert len(thinned(team_frames(nobody(), "A"), 0.2).frames) == 0


def test_roles_are_found_from_frames_that_show_a_part_of_the_team():
    rng = np.random.default_rng(0)
    frames = HOME[None] + rng.normal(0, 1, (200, 10, 2)) + rng.normal(0, 15, (200, 1, 2))
    for f in range(200):
        rng.shuffle(frames[f])
    frames[:, 8:] = np.nan
    roles = fit_roles(frames, BY_NAME["4-2-3-1"].places_m)
    assert _off(roles.places_m, HOME) < 1.5
    assert ((roles.role >= 0) == np.isfinite(frames[..., 0])).all()
    assert roles.weight.mean() == pytest.approx(0.8)


def test_no_frames_leave_roles_where_they_start():
    roles = fit_roles(np.zeros((0, 0, 2)), HOME)
    assert np.allclose(roles.places_m, HOME)
    assert roles.weight.tolist() == [0.0] * 10


def test_players_out_of_their_usual_role_make_a_switch():
    role = np.tile([0, 1, 2, 3], (10, 1))
    tracks = np.tile([7, 8, 9, -1], (10, 1))
    role[4] = [1, 0, 2, 3]
    rate = switch_rate(role, tracks)
    assert rate[4] == pytest.approx(2 / 3)
    assert rate[0] == 0
    assert np.isnan(switch_rate(role, np.full_like(tracks, -1))).all()


def test_a_player_who_swaps_roles_has_a_share_of_both():
    role = np.array([[0, 1], [0, 1], [0, 1], [1, 0]])
    tracks = np.array([[7, 8], [7, 8], [7, 8], [7, 8]])
    shares = role_shares(role, tracks, 3)
    assert shares[7].tolist() == [0.75, 0.25, 0.0]
    assert shares[8].tolist() == [0.25, 0.75, 0.0]
    assert role_shares(np.full((2, 2), -1), tracks[:2], 3) == {}


def test_a_change_of_formation_is_found_when_it_came():
    before, after = match("4-4-2", seconds=700, hz=1), match("3-5-2", seconds=700, hz=1, seed=1)
    after["time_s"] += 700
    after["frame"] += 700 * 25
    team = team_frames(pd.concat([before, after]), "A")
    (found,) = formation_changes(team)
    assert found == pytest.approx(700, abs=30)
    assert formation_changes(team, substitutions_s=(620.0, 1300.0)) == [620.0]


def test_a_formation_that_is_kept_has_no_changes():
    assert formation_changes(team_frames(match(seconds=900, hz=1, noise_m=2), "A")) == []
    assert formation_changes(team_frames(match(seconds=10), "A")) == []
    assert formation_changes(team_frames(nobody(), "A")) == []


def test_spans_are_never_shorter_than_asked_for():
    times = np.arange(0, 1000, 20.0)
    values = np.where((times > 400) & (times < 500), 50.0, 0.0)[:, None]
    cuts = change_points(times, values, apart_s=300, sd=5)
    assert all(b - a >= 300 for a, b in pairwise([0.0, *cuts, 1000.0]))
    assert change_points(times, np.full((50, 3), np.nan), apart_s=300, sd=5) == []
    assert change_points(np.zeros(0), np.zeros((0, 3)), apart_s=300, sd=5) == []
