"""Splitting, audit, goalkeepers, change of ends, numbers and colours: each by a case obvious by eye."""

import numpy as np
import pandas as pd
import pytest

from pipeline.linking.audit import audit
from pipeline.linking.ends import change_of_ends, turned
from pipeline.linking.evidence.appearance_match import Looks, apart, colour_gain, nothing_seen, number_gain
from pipeline.linking.evidence.place_model import NEVER, log_move
from pipeline.linking.keepers import one_at_a_time
from pipeline.linking.tracklets.splitting import changes, jumps


def _seen(*rows):
    return pd.DataFrame(rows, columns=["frame", "time_s", "team", "player_id", "x_m", "y_m"]).assign(
        error_m=0.1
    )


def _move(gap_s, to_m, from_m=(0.0, 0.0)):
    zero = np.zeros(2)
    return float(
        log_move(
            *(np.array(from_m), zero, zero), *(np.array(to_m), zero, zero),
            np.array(gap_s), np.array(0.1), zero, np.full(2, 6.0),
        )
    )  # fmt: skip


def test_nobody_appears_before_he_left():
    assert _move(-0.1, (0.0, 0.0)) == NEVER


def test_nobody_runs_faster_than_12_mps():
    assert _move(1.0, (20.0, 0.0)) == NEVER
    assert _move(3.0, (20.0, 0.0)) > NEVER


def test_who_reappears_where_he_left_is_likelier_than_who_is_10_m_off():
    assert _move(1.0, (0.5, 0.0)) > _move(1.0, (10.0, 0.0)) + 3


def test_over_longer_gaps_distance_says_less():
    assert _move(1.0, (0, 0)) - _move(1.0, (6, 0)) > _move(30.0, (0, 0)) - _move(30.0, (6, 0))


def test_a_track_that_flies_20_m_in_a_fifth_of_a_second_is_cut_there():
    x = np.array([0, 0.5, 1.0, 21.0, 21.5, 22.0])
    place = np.column_stack([x, np.zeros(6)])
    cut = jumps(np.ones(6, np.int64), np.arange(6) / 5, place, np.full(6, 0.1))
    assert np.flatnonzero(cut).tolist() == [3]


def test_one_wild_position_is_no_cut():
    x = np.array([0, 0.5, 30.0, 1.5, 2.0, 2.5])
    place = np.column_stack([x, np.zeros(6)])
    assert not jumps(np.ones(6, np.int64), np.arange(6) / 5, place, np.full(6, 0.1)).any()


def test_jumps_of_nobody_are_none():
    assert not len(jumps(np.zeros(0, np.int64), np.zeros(0), np.zeros((0, 2)), np.zeros(0)))


def test_a_kit_that_becomes_the_other_one_is_found_where_it_does():
    value = np.r_[np.full(60, 0.5), np.full(40, -0.5)][:, None]
    assert changes(value, 0.2) == 60


def test_a_steady_kit_and_a_short_track_do_not_change():
    noise = np.random.default_rng(1).normal(0, 0.2, (100, 1))
    assert changes(0.5 + noise, 0.2) is None
    assert changes(np.r_[np.full(5, 0.5), np.full(5, -0.5)][:, None], 0.2) is None


def test_a_goalkeeper_is_never_two_at_once_and_the_longest_counts():
    start, end = np.array([0.0, 5.0, 12.0]), np.array([10.0, 7.0, 20.0])
    assert one_at_a_time(start, end, end - start).tolist() == [0, -1, 0]
    assert one_at_a_time(np.zeros(0), np.zeros(0), np.zeros(0)).tolist() == []


def _halves(change_s):
    time = np.repeat(np.arange(0, 1200, 5.0), 2)
    is_a = np.tile([True, False], len(time) // 2)
    side = np.where(time < change_s, -1.0, 1.0)
    return time, np.where(is_a, 6.0, -6.0) * side, is_a


def test_ends_changed_after_10_minutes_are_found_there():
    assert change_of_ends(*_halves(600)) == pytest.approx(600, abs=10)


def test_no_change_of_ends_is_found_in_one_half_nor_in_nothing():
    assert change_of_ends(*_halves(1e9)) is None
    assert change_of_ends(np.zeros(0), np.zeros(0), np.zeros(0, bool)) is None


def test_places_are_turned_from_the_change_on():
    place = turned(np.array([0.0, 10.0]), np.array([[1.0, 2.0], [1.0, 2.0]]), [5.0])
    assert place.tolist() == [[1, 2], [-1, -2]]


def test_another_shirt_number_speaks_against_a_person():
    looks = Looks(np.array([7, 7, 7, 9, 9, 9]), np.full(6, 0.95), np.zeros((6, 0)))
    gain = number_gain(looks, np.array([0, 0, 0, 1, 1, 1]), 2)
    assert (gain[:3, 0] > gain[:3, 1] + 2).all()
    assert (gain[3:, 1] > gain[3:, 0] + 2).all()


def test_a_piece_without_a_number_says_nothing():
    assert not number_gain(nothing_seen(4), np.array([0, 0, 1, 1]), 2).any()
    looks = Looks(np.array([7, 7, -1]), np.array([0.9, 0.9, 0.0]), np.zeros((3, 0)))
    assert not number_gain(looks, np.array([0, 0, 1]), 2)[2].any()


def test_a_person_with_white_boots_is_known_by_them_and_equal_colours_tell_nothing():
    rng = np.random.default_rng(2)
    who = np.repeat(np.arange(4), 10)
    boots = np.repeat([80.0, 40.0, 20.0, 30.0], 10) + rng.normal(0, 3, 40)
    gain = colour_gain(Looks(np.full(40, -1), np.zeros(40), _colours(boots)), who, 4)
    assert (gain[:10].argmax(axis=1) == 0).all()
    assert gain[:10, 0].min() > gain[:10, 1].max()
    alike = _colours(rng.normal(0, 3, 40))
    assert np.abs(colour_gain(Looks(np.full(40, -1), np.zeros(40), alike), who, 4)).max() < 1.0


def test_light_that_falls_on_a_whole_body_is_told_once():
    rng = np.random.default_rng(3)
    who = np.repeat(np.arange(4), 100)
    light = rng.normal(0, 12, 400)
    zones = np.repeat([3.0, -3.0, 1.0, -1.0], 100)[:, None] * [1, -1, 1, -1] + rng.normal(0, 1, (400, 4))
    colours = np.full((400, 14), np.nan)
    colours[:, [0, 3, 6, 9]] = zones + light[:, None]
    turned = apart(colours, who)
    own = turned - np.array([turned[who == k].mean(axis=0) for k in range(4)])[who]
    assert np.abs(np.corrcoef(own.T) - np.eye(4)).max() < 0.5  # 0.99 before
    gain = colour_gain(Looks(np.full(400, -1), np.zeros(400), colours), who, 4)
    assert (gain.argmax(axis=1) == who).mean() > 0.9


def test_nothing_seen_is_no_colour():
    assert apart(np.full((3, 14), np.nan), np.array([0, 0, 1])).shape == (3, 0)
    assert apart(np.zeros((0, 14)), np.zeros(0, int)).shape == (0, 0)


def _colours(socks_l: np.ndarray) -> np.ndarray:
    out = np.full((len(socks_l), 14), np.nan)
    out[:, 9] = socks_l
    return out


def test_the_audit_counts_teleports_overlaps_and_a_twelfth_player():
    fine = [(f, f / 5, "A", 1, f * 1.0, 0.0) for f in range(3)]
    assert audit(_seen(*fine)).teleports == 0
    assert audit(_seen(*fine, (3, 0.6, "A", 1, 40.0, 0.0))).teleports == 1
    assert audit(_seen(*fine, (2, 0.4, "A", 1, 2.5, 0.0))).overlaps == 1
    eleven = [(0, 0.0, "A", n, float(n), 0.0) for n in range(11)]
    assert audit(_seen(*eleven)).too_many_frames == 0
    assert audit(_seen(*eleven, (0, 0.0, "A", 11, 11.0, 0.0))).too_many_frames == 1


def test_the_audit_counts_time_that_belongs_to_nobody():
    found = audit(_seen((0, 0.0, "A", 1, 0.0, 0.0), (0, 0.0, "A", None, 5.0, 0.0)))
    assert found.unknown_share == 0.5
    assert audit(_seen()).unknown_share == 0.0
