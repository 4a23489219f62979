"""The simulated match: who plays, how fast they may be, and what never happens."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.core.pitch import Pitch
from pipeline.synthetic.match.simulate import MIN_GAP_M, MatchPlan, SimulatedMatch, simulate
from pipeline.synthetic.match.squad import FORMATIONS, SMALL_FORMATIONS, cast, slots
from pipeline.synthetic.match.tactics import block_targets, field_of, keeper_target
from pipeline.synthetic.people.gait import prepare, strides_per_s
from pipeline.synthetic.people.skeleton import joints


@pytest.fixture(scope="module")
def match() -> SimulatedMatch:
    return simulate(MatchPlan(duration_s=8.0, seed=3))


def test_the_same_plan_gives_the_same_match(match: SimulatedMatch) -> None:
    again = simulate(match.plan)
    assert np.array_equal(again.position_m, match.position_m)
    assert np.array_equal(again.ball_m, match.ball_m)


def test_another_seed_gives_another_match(match: SimulatedMatch) -> None:
    other = simulate(MatchPlan(duration_s=8.0, seed=4))
    assert not np.allclose(other.position_m, match.position_m)


def test_everyone_has_an_own_id_counting_from_one() -> None:
    people = cast(np.random.default_rng(0), coaches=3)
    assert [p.person_id for p in people] == list(range(1, 29))


def test_a_cast_is_two_elevens_three_officials_and_the_coaches() -> None:
    people = cast(np.random.default_rng(0), coaches=2)
    assert [p.team for p in people].count("A") == [p.team for p in people].count("B") == 11
    duties = [p.duty for p in people]
    assert (duties.count("goalkeeper"), duties.count("assistant"), duties.count("coach")) == (2, 2, 2)
    numbers = [p.number for p in people if p.team == "A"]
    assert len(set(numbers)) == 11


def test_no_two_people_stand_inside_each_other(match: SimulatedMatch) -> None:
    gaps = np.linalg.norm(match.position_m[:, :, None] - match.position_m[:, None], axis=3)
    rows, cols = np.triu_indices(gaps.shape[1], 1)
    assert gaps[:, rows, cols].min() > MIN_GAP_M * 0.95


def test_nobody_is_faster_than_people_are_and_some_sprint(match: SimulatedMatch) -> None:
    speed = np.linalg.norm(match.velocity_mps, axis=2)
    assert speed.max() < 10.5
    assert speed[:, :22].max() * 3.6 > 25
    assert (speed[:, :22] < 1.0).any()


def test_positions_are_finite_and_players_stay_on_the_pitch(match: SimulatedMatch) -> None:
    assert np.isfinite(match.position_m).all()
    assert (np.abs(match.position_m[:, :22]) <= [53.5, 35.0]).all()
    assert (match.ball_m[:, 2] >= 0.1).all()


def test_assistants_keep_to_their_touchlines(match: SimulatedMatch) -> None:
    assert np.allclose(np.abs(match.position_m[:, 23:25, 1]), 34.75, atol=1.0)


def test_velocity_is_the_change_of_position(match: SimulatedMatch) -> None:
    steps = np.diff(match.position_m, axis=0) / 0.04
    middle = (match.velocity_mps[1:] + match.velocity_mps[:-1]) / 2
    assert np.median(np.abs(steps - middle)) < 0.05


@pytest.mark.parametrize("name", sorted(FORMATIONS | SMALL_FORMATIONS))
def test_a_formation_has_its_places_around_its_centre(name: str) -> None:
    places = slots(name)
    assert places.shape[1:] == (2,)
    assert np.allclose(places.mean(axis=0), 0)
    assert sum(int(n) for n in name.split("-")) == len(places)


def test_an_unknown_formation_is_named() -> None:
    with pytest.raises(ValueError, match="got '2-3-5'"):
        slots("2-3-5")


def test_teams_mirror_each_other_when_they_attack_the_other_way() -> None:
    places, ball, field = slots("4-4-2"), np.array([10.0, 5.0, 0.1]), field_of(Pitch(), 10)
    right = block_targets(places, ball, True, 1.0, field)
    left = block_targets(places, -ball, True, -1.0, field)
    assert np.allclose(right, -left)


def test_a_goalkeeper_stands_between_ball_and_goal() -> None:
    spot = keeper_target(np.array([-40.0, 10.0, 0.1]), 1.0, field_of(Pitch(), 10))
    assert -52.5 < spot[0] < -40.0
    assert 0.0 < spot[1] < 10.0


def test_a_match_of_one_moment_works() -> None:
    match = simulate(MatchPlan(duration_s=0.04, warmup_s=0.2))
    assert match.position_m.shape[0] == 1
    assert np.isfinite(joints(prepare(match).at(0.0)).head).all()


def test_faster_people_take_quicker_steps() -> None:
    rate = strides_per_s(np.array([0.0, 1.4, 4.0, 8.0]))
    assert rate[0] == 0
    assert (np.diff(rate) > 0).all()
    assert 0.85 < rate[1] < 1.2
    assert 1.5 < rate[3] < 2.1


def test_bodies_stand_on_the_grass_and_are_as_tall_as_they_should(match: SimulatedMatch) -> None:
    motion = prepare(match)
    for time_s in (0.0, 3.3, 7.9):
        pose = motion.at(time_s)
        body = joints(pose)
        lowest = np.minimum(body.ankle[..., 2], body.toe[..., 2]).min(axis=1)
        assert (lowest > -0.02).all()
        assert (lowest < 0.25).all()
        assert (body.head[:, 2] < pose.height_m).all()
        assert (body.head[:, 2] > 0.6 * pose.height_m).all()
        assert np.linalg.norm(body.pelvis[:, :2] - pose.root_m, axis=1).max() < 0.35


@pytest.mark.parametrize(
    ("formations", "pitch"), [(("1-2-1", "2-2"), Pitch(40, 20)), (("2-3-1", "3-2-1"), Pitch(55, 36))]
)
def test_a_small_team_plays_on_its_small_pitch(formations: tuple[str, str], pitch: Pitch) -> None:
    played = simulate(MatchPlan(*formations, duration_s=6.0, start_ball_m=(1.0, 1.0), seed=3), pitch)
    outfield = sum(int(n) for n in formations[0].split("-"))
    both = 2 * (outfield + 1)
    assert [p.duty for p in played.people[both:]] == ["referee", "assistant", "assistant", "coach", "coach"]
    limit = [pitch.length_m / 2 + 1, pitch.width_m / 2 + 1]
    assert (np.abs(played.position_m[:, :both]) <= limit).all()
    assert (np.abs(played.ball_m[:, :2]) <= limit).all()
    assert len(played.kicks) > 1


def test_teams_of_different_size_are_refused() -> None:
    with pytest.raises(ValueError, match="1-2-1 against 2-3-1"):
        simulate(MatchPlan("1-2-1", "2-3-1", duration_s=0.1))
