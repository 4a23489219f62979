"""Numbers and colours as people say them."""

import math

import pytest

from pipeline.report.style import wording


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0.0 s"), (9.84, "9.8 s"), (59.97, "1 min 00 s"), (125, "2 min 05 s"), (5520, "1 h 32 min")],
)
def test_durations(seconds, text):
    assert wording.duration(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (9.99, "0:09"), (61, "1:01"), (3725, "1:02:05")])
def test_clock(seconds, text):
    assert wording.clock(seconds) == text


@pytest.mark.parametrize(
    ("value", "digits", "unit", "text"),
    [(1234.5, 1, "m", "1\u202f234.5\u00a0m"), (3, 0, "", "3"), (None, 0, "m", "–"), (math.nan, 1, "", "–")],
)
def test_numbers(value, digits, unit, text):
    assert wording.number(value, digits, unit) == text


def test_metres_have_a_decimal_only_where_it_matters():
    assert [wording.metres(v) for v in (9.06, 99.9, 184.01, None)] == ["9.1", "99.9", "184", "–"]


def test_differences_carry_their_sign():
    assert [wording.signed(v, 1) for v in (2.04, -0.5, math.nan)] == ["+2.0", "−0.5", "–"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0%"),
        (1, "100%"),
        (0.954, "95%"),
        (0.004, "0.4%"),
        (0.997, "99.7%"),
        (0.9999, "99.9%"),
        (1e-5, "0.1%"),
        (None, "–"),
    ],
)
def test_shares(value, text):
    assert wording.share(value) == text


def test_counts():
    assert [wording.many(n, "frame") for n in (0, 1, 2)] == ["0 frames", "1 frame", "2 frames"]


@pytest.mark.parametrize(
    ("lab", "name"),
    [
        ((82, -3, 2), "white"),
        ((22, 0, 2), "black"),
        ((50, 2, 0), "grey"),
        ((45, 60, 40), "red"),
        ((28, 22, 10), "dark red"),
        ((35, 15, -50), "blue"),
        ((25, 4, -14), "dark blue"),
        ((70, -8, -22), "sky blue"),
        ((80, 0, 55), "yellow"),
        ((60, 35, 50), "orange"),
        ((50, -35, 20), "green"),
        ((40, 40, -40), "purple"),
    ],
)
def test_colours_have_names(lab, name):
    assert wording.colour_name(lab) == name
