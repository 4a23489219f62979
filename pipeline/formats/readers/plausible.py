"""What no match can be is noticed after reading, whoever wrote the data: times, places and speeds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import TrackingError
from pipeline.formats.readers.match_data import Array, Ints, MatchData, Samples

_SHORTEST_S, _LONGEST_S = 0.0099, 2.0
"""Usual time between two frames of any tracking system, 100 to 0.5 a second."""
_SPARSE_S = 60.0
_GAP_S = 2 * 3600.0
_WHOLE_S = 12 * 3600.0
_FINER = {1e3: "milliseconds", 1e6: "microseconds", 1e9: "nanoseconds"}
_MARGIN_M = 20.0
_LARGEST_M = (120.0, 90.0)
_USUAL_M = (105.0, 68.0)
_MOST = 98.0
_STRAYS = 0.01
_STILL_ROWS, _STILL_SHARE = 50, 0.8
"""Nobody stands to the last digit at one place for so many frames and so much of his time."""
_LEAP_M, _NEAR_S = 3.0, 2.0
_LEAP_MPS, _BALL_LEAP_MPS = 15.0, 60.0
"""Nor comes or goes so fast; a ball may be laid down somewhere once or twice."""
_BALL_LEAPS = 4
_OUTSIDE_M, _OUTSIDE_SHARE = 5.0, 0.05
_STRIDE_S = 1.0
_TOP_MPS = 6.0
"""A median speed above this is none of people."""


def checked(match: MatchData, source: Path, rate_given: bool = False) -> MatchData:
    """Give ``match`` with its clock in seconds and without places off every pitch; it is in order of time.

    A clock in milliseconds or finer is recognised by frames that lie 1/100 to 2 of them apart in s, if people
    then move as people do, unless its rate was given. What was changed is added to ``match.notes``.

    Raises
    ------
    TrackingError
        If frames lie closer than 1/100 s or further apart than 2 s, time jumps by hours, more than a
        hundredth of the positions are off the pitch, or people are faster than people are.
    """
    match = _in_seconds(match, source, rate_given)
    _refuse_jumps(match, source)
    match = _moving(_on_ground(match, source), source)
    match = replace(match, notes=(*match.notes, *_outside(match, source)))
    speed = _usual_speed(match, match.clock_s)
    if speed > _TOP_MPS:
        raise TrackingError(
            f"{source}: people would move at {speed:.3g} m/s, the median; are times seconds and positions "
            "metres? say --fps or --units, or mend the columns"
        )
    return match


def _steps(match: MatchData) -> Array:
    steps = np.diff(match.clock_s)[np.diff(match.period) == 0]
    return np.asarray(steps[steps > 0], np.float64)


def _in_seconds(match: MatchData, source: Path, rate_given: bool) -> MatchData:
    steps = _steps(match)
    usual = float(np.median(steps)) if len(steps) else 0.04
    if _SHORTEST_S <= usual <= _LONGEST_S:
        return match
    if match.provider == "table" and not rate_given:
        for parts, name in _FINER.items():
            clock = match.clock_s / parts
            if _SHORTEST_S <= usual / parts <= _LONGEST_S and _usual_speed(match, clock) <= _TOP_MPS:
                note = f"{source}: times count {name}, one frame each {usual:g}; read so"
                return replace(match, clock_s=clock, notes=(*match.notes, note))
    elif (
        match.provider != "table" and _LONGEST_S < usual <= _SPARSE_S
    ):  # their times follow from a rate that the files state
        note = f"{source}: one frame each {usual:g} s: too few to measure movement"
        return replace(match, notes=(*match.notes, note))
    raise TrackingError(
        f"{source}: one frame each {usual:g} s, the median; tracking has one each 0.01 to 2 s. If times are "
        "not seconds, say --fps (frames a second), or mend the column"
    )


def _refuse_jumps(match: MatchData, source: Path) -> None:
    same = np.diff(match.period) == 0
    gaps = np.where(same, np.diff(match.clock_s), 0.0)
    if len(gaps) and gaps.max() > _GAP_S:
        at = int(gaps.argmax())
        a, b = match.clock_s[at], match.clock_s[at + 1]
        raise TrackingError(
            f"{source}: time jumps from {a:.10g} to {b:.10g} s within period {match.period[at]}, at frame "
            f"{match.frame[at + 1]}; is part of it by another clock?"
        )
    if (whole := float(gaps.sum())) > _WHOLE_S:
        raise TrackingError(f"{source}: {whole / 3600:.3g} hours; no match is so long. Are times seconds?")


def _on_ground(match: MatchData, source: Path) -> MatchData:
    length, width = match.pitch_m or _LARGEST_M
    half = np.array([length / 2 + _MARGIN_M, width / 2 + _MARGIN_M])
    people, ball = (_within(xy, half) for xy in (match.samples.xy_m, match.ball_m))
    n, n_off = len(people) + len(ball), int((~people).sum() + (~ball).sum())
    if not n_off:
        return match
    off = np.concatenate([match.samples.xy_m[~people], match.ball_m[~ball]])
    places, counts = np.unique(off, axis=0, return_counts=True)
    x, y = places[counts.argmax()]
    one_place = counts.max() > max(2, n_off / 2)
    if n_off > _STRAYS * n and not one_place:
        raise TrackingError(
            f"{source}: {n_off} of {n} positions are more than {_MARGIN_M:.0f} m off the pitch, such as "
            f"{x:.6g}, {y:.6g} m; say --units, --origin or the pitch (--set pitch.length_m=...), or leave "
            "empty what was not seen"
        )
    note = (
        f"{source}: {n_off} of {n} positions are more than {_MARGIN_M:.0f} m off the pitch, most at {x:.6g}, "
        f"{y:.6g} m; taken for not seen"
    )
    kept = Samples(match.samples.row[people], match.samples.who[people], match.samples.xy_m[people])
    return replace(
        match,
        samples=kept,
        ball_row=match.ball_row[ball],
        ball_m=match.ball_m[ball],
        notes=(*match.notes, note),
    )


def _outside(match: MatchData, source: Path) -> tuple[str, ...]:
    """Say so if many people are off the pitch, though not far: it is larger than said, or x and y differ.

    Raises
    ------
    TrackingError
        If x and y are swapped.
    """
    length, width = match.pitch_m or _USUAL_M
    far = np.abs(match.samples.xy_m)
    x, y = np.percentile(far, _MOST, axis=0) if len(far) else (0.0, 0.0)
    if y > width / 2 + _OUTSIDE_M and x < width / 2 and length > width:
        raise TrackingError(
            f"{source}: x reaches {x:.0f} m from the middle and y {y:.0f} m; x runs along the pitch, y "
            "across: swap the columns"
        )
    out = (
        float((far > np.array([length / 2, width / 2]) + _OUTSIDE_M).any(axis=1).mean()) if len(far) else 0.0
    )
    if out < _OUTSIDE_SHARE:
        return ()
    return (
        f"{source}: {out:.0%} of people's positions are more than {_OUTSIDE_M:.0f} m outside of a pitch of "
        f"{length:g} x {width:g} m; are its size (--set pitch.length_m=...), --units and --origin right?",
    )


def _moving(match: MatchData, source: Path) -> MatchData:
    """Leave out places that stand for not seen: people never stir there, or leap to and fro; so the ball."""
    if _usual_speed(match, match.clock_s) == 0:
        return match
    samples, ball = match.samples, match.ball_m
    absent = _stand_ins(match, samples.row, samples.who, samples.xy_m, _STILL_SHARE, 1, _LEAP_MPS)
    nobody = np.zeros(len(ball), np.int64)
    lost = _stand_ins(match, match.ball_row, nobody, ball, np.inf, _BALL_LEAPS, _BALL_LEAP_MPS)
    notes = []
    if absent.any():
        x, y = samples.xy_m[absent][0]
        n = len(np.unique(samples.who[absent]))
        notes.append(
            f"{source}: {n} people never leave one place, or leap to it, such as {x:.6g}, {y:.6g} m, while "
            "others move; taken for not seen there"
        )
    if lost.any():
        x, y = ball[lost][0]
        notes.append(
            f"{source}: the ball leaps to and fro between its way and one place, {x:.6g}, {y:.6g} m; taken "
            f"for not seen there, in {int(lost.sum())} frames"
        )
    kept = Samples(samples.row[~absent], samples.who[~absent], samples.xy_m[~absent])
    return replace(
        match,
        samples=kept,
        ball_row=match.ball_row[~lost],
        ball_m=ball[~lost],
        notes=(*match.notes, *notes),
    )


def _stand_ins(
    match: MatchData, row: Ints, who: Ints, xy: Array, share: float, leaps: int, leap_mps: float
) -> NDArray[np.bool_]:
    """Say which positions ``(N,)`` are at a place that stands for not seen.

    There somebody is, to the last digit, for `_STILL_ROWS` rows, and for ``share`` of all his rows or so that
    he mostly, and ``leaps`` times, comes and goes faster than ``leap_mps``.
    """
    order = np.lexsort((row, who))
    row, who, xy = row[order], who[order], xy[order]
    same = (np.diff(who) == 0) & (np.diff(match.period[row]) == 0)
    stays = same & (np.diff(xy, axis=0) == 0).all(axis=1)
    begin = np.flatnonzero(np.r_[True, ~stays][: len(row)])
    length = np.diff(np.r_[begin, len(row)])
    step_s, way_m = np.diff(match.clock_s[row]), np.hypot(*np.diff(xy, axis=0).T)
    near = same & (step_s <= _NEAR_S)
    leap = near & (way_m > np.maximum(_LEAP_M, leap_mps * step_s))
    ends = [np.r_[0, at][begin] + np.r_[at, 0][begin + length - 1] for at in (near, leap)]
    stood = length > 1
    places, inverse = np.unique(np.column_stack([who[begin], xy[begin]])[stood], axis=0, return_inverse=True)
    place = np.ravel(inverse)
    rows, known, leapt = (np.bincount(place, v[stood], len(places)) for v in (length, *ends))
    most = share * np.bincount(who, minlength=1)[places[:, 0].astype(np.int64)]
    absent = (rows >= _STILL_ROWS) & ((rows >= most) | ((leapt >= leaps) & (2 * leapt >= known)))
    of_run = np.zeros(len(begin), bool)
    of_run[stood] = absent[place]
    out = np.zeros(len(order), bool)
    out[order] = np.repeat(of_run, length)
    return out


def _within(xy: Array, half: Array) -> NDArray[np.bool_]:
    return np.asarray((np.abs(xy) <= half).all(axis=1))


def _usual_speed(match: MatchData, clock_s: Array) -> float:
    """Median speed of people over about a second, m/s; 0 if nobody is seen for so long."""
    order = np.lexsort((match.samples.row, match.samples.who))
    row, who, xy = match.samples.row[order], match.samples.who[order], match.samples.xy_m[order]
    steps = np.diff(clock_s)[np.diff(match.period) == 0]
    usual = float(np.median(steps[steps > 0])) if (steps > 0).any() else 1.0
    lag = max(1, round(_STRIDE_S / usual))
    same = (who[lag:] == who[:-lag]) & (match.period[row[lag:]] == match.period[row[:-lag]])
    if not same.any():
        return 0.0
    step_s = (clock_s[row[lag:]] - clock_s[row[:-lag]])[same]
    way_m = np.hypot(*(xy[lag:] - xy[:-lag])[same].T)
    return float(np.median(way_m / step_s))
