import numpy as np
import pytest

from pipeline.identity.number_votes import vote

SURE = 0.95


def readings(*rows):
    """Rows ``(legible, number, probability)``; what is left of the probability is spread over all others."""
    number = np.zeros((len(rows), 100))
    for i, (_, n, p) in enumerate(rows):
        number[i, 1:] = (1 - p) / 98
        number[i, n] = p
    return np.array([r[0] for r in rows], float), number


def test_readings_that_agree_give_the_number():
    verdict = vote(*readings((0.9, 17, 0.9), (0.8, 17, 0.8), (0.95, 17, 0.95)), SURE)
    assert (verdict.number, verdict.n_legible) == (17, 3)
    assert verdict.score > 0.99


def test_without_readings_there_is_no_number():
    verdict = vote(*readings(), SURE)
    assert (verdict.number, verdict.score, verdict.n_legible) == (None, 0.0, 0)


def test_illegible_readings_have_no_vote_however_sure_their_digits_are():
    verdict = vote(*readings(*[(0.3, 8, 1.0)] * 200), SURE)
    assert (verdict.number, verdict.score, verdict.n_legible) == (None, 0.0, 0)


def test_illegible_readings_do_not_outvote_a_legible_pair():
    verdict = vote(*readings((0.95, 4, 0.95), (0.95, 4, 0.95), *[(0.2, 9, 1.0)] * 50), SURE)
    assert (verdict.number, verdict.n_legible) == (4, 2)


def test_one_reading_is_not_enough():
    assert vote(*readings((0.99, 10, 0.99)), SURE).number is None


def test_readings_that_contradict_each_other_give_none():
    verdict = vote(*readings((0.95, 7, 0.95), (0.95, 17, 0.95), (0.95, 7, 0.95), (0.95, 17, 0.95)), SURE)
    assert verdict.number is None
    assert verdict.n_legible == 4


def test_two_people_in_one_track_give_none_though_one_was_read_more_often():
    assert vote(*readings(*[(0.95, 7, 0.95)] * 5, *[(0.95, 23, 0.95)] * 3), SURE).number is None


def test_a_slip_among_many_is_forgiven():
    assert vote(*readings(*[(0.95, 7, 0.95)] * 6, (0.95, 1, 0.9)), SURE).number == 7


def test_vague_digits_give_none():
    assert vote(*readings(*[(0.9, 6, 0.15)] * 2), SURE).number is None


def test_a_roster_rules_out_numbers_that_nobody_wears_instead_of_bending_them():
    given = readings((0.95, 17, 0.95), (0.95, 17, 0.95))
    assert vote(*given, SURE, allowed={17, 4}).number == 17
    verdict = vote(*given, SURE, allowed={7, 4})
    assert (verdict.number, verdict.n_legible) == (None, 0)


def test_zero_is_never_a_number():
    legible = np.array([0.99, 0.99])
    number = np.zeros((2, 100))
    number[:, 0] = 1.0
    assert vote(legible, number, SURE).number is None


def test_shapes_that_do_not_belong_together_are_refused():
    with pytest.raises(ValueError, match="100"):
        vote(np.ones(3), np.ones((2, 100)), SURE)
