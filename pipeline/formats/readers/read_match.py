"""Any tracking data -> `MatchData`: find the reader, read, put frames in order, name goalkeepers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np

from pipeline.core.errors import ExtensionError, TrackingError, UserError
from pipeline.core.text.printable import printable
from pipeline.formats.readers import (
    cdf_match,
    kloppy_match,
    long_table,
    run_match,
    skillcorner_match,
    wide_table,
)
from pipeline.formats.readers.match_data import MatchData, Samples
from pipeline.formats.readers.plausible import checked
from pipeline.formats.readers.providers import Provider, needed_meta, provider_of
from pipeline.formats.readers.table_units import Convention
from pipeline.runs.match_sheet import MatchSheet

_LARGEST_FRAME = 2**31 - 1
_KEEPER_X = 0.25
"""A goalkeeper is on average further from the half-way line than this share of the pitch's length."""

_KEEPER_SEEN = 0.3
_STEADY = 0.95
_TWICE = 0.1


def read_match(
    sources: tuple[Path, ...], meta: tuple[Path, ...], provider: str | None, given: Convention
) -> MatchData:
    """Read tracking data.

    Parameters
    ----------
    sources, meta
        The files, and those that describe them; see `providers.PROVIDERS`.
    provider
        Who wrote them; None to guess.
    given
        What is known about the numbers of a table, and the pitch where the files don't say.

    Raises
    ------
    TrackingError
        For anything that the user can mend.
    """
    found = provider_of(sources, provider, meta)
    needed_meta(found, sources, meta)
    if found.read is not None:
        match = _added(found, sources, meta)
    elif found.name == "table":
        match = _table(sources[0], meta, given)
    elif found.name == "teamshape":
        match = run_match.read(sources[0])
    elif found.name == "skillcorner":
        match = skillcorner_match.read(sources[0], meta[0])
    elif found.name == "cdf":
        match = cdf_match.read(sources[0], meta[0])
    else:
        match = kloppy_match.read(found, sources, meta, given.pitch_m)
    if not len(match.samples.row):
        raise TrackingError(f"{sources[0]}: not one position of a player in it")
    rate_given = found.name == "table" and given.fps is not None
    match = checked(ordered(match, sources[0]), sources[0], rate_given)
    if not len(match.samples.row):
        raise TrackingError(f"{sources[0]}: not one position of a player on the pitch in it")
    if found.name in ("table", "cdf"):
        match = replace(match, steady=seen_throughout(match))
    return with_keepers(_printable(match, meta[0] if meta else sources[0]))


def _printable(match: MatchData, source: Path) -> MatchData:
    """Take what a terminal would obey out of names; refuse what is no text where one is expected."""

    def text(value: object, what: str) -> str | None:
        if value is not None and not isinstance(value, str):
            raise TrackingError(f"{source}: {what} of a player is {value!r}; expected text")
        return printable(value) if value else value

    people = tuple(
        replace(
            p,
            name=text(p.name, "name"),
            position=text(p.position, "position"),
            provider_id=text(p.provider_id, "identifier"),
        )
        for p in match.people
    )
    teams = {t: printable(n) if isinstance(n, str) else None for t, n in match.team_names.items()}
    sheet = {k: printable(v) if isinstance(v, str) else v for k, v in match.sheet.items()}
    return replace(match, people=people, team_names=teams, sheet=cast("MatchSheet", sheet))


def _added(provider: Provider, sources: tuple[Path, ...], meta: tuple[Path, ...]) -> MatchData:
    """Read with the function that another package brings."""
    assert provider.read is not None
    try:
        match = provider.read(sources, meta)
    except UserError:
        raise
    except Exception as error:  # another package's code may fail in any way
        raise TrackingError(
            f"{sources[0]}: cannot be read as {provider.name} data ({type(error).__name__}: {error})"
        ) from error
    if not isinstance(match, MatchData):
        raise ExtensionError(f"provider {provider.name}: its read gives no MatchData")
    return match


def _table(path: Path, meta: tuple[Path, ...], given: Convention) -> MatchData:
    table = long_table.read_table(path)
    columns = [str(c) for c in table.columns]
    if wide_table.is_wide(columns):
        return wide_table.read(table, path, meta[0] if meta else None, given)
    if long_table.is_long(columns):
        return long_table.read(long_table.with_identities(table, path, meta), path, given)
    raise TrackingError(
        f"{path}: neither wide (home_7_x, home_7_y, ...) nor long (track_id, time_s, x_m, y_m) tracking "
        f"data; its columns are {', '.join(columns[:8])}"
    )


def ordered(match: MatchData, source: Path) -> MatchData:
    """Put frames in order of period and clock; of several at one moment the first stays, and it is noted.

    Frame numbers that repeat, fall or are too large are given anew from 0.

    Raises
    ------
    TrackingError
        If that would leave out more than a tenth of the frames.
    """
    order = np.lexsort((match.clock_s, match.period))
    period, clock = match.period[order], match.clock_s[order]
    fresh = np.r_[True, (np.diff(period) > 0) | (np.diff(clock) > 1e-9)]
    place = np.full(len(order), -1, np.int64)
    place[order[fresh]] = np.arange(int(fresh.sum()))
    kept = order[fresh]
    n_twice = len(order) - len(kept)
    if n_twice > _TWICE * len(order):
        raise TrackingError(
            f"{source}: {n_twice} of {len(order)} frames have the time of another; are times rounded? write "
            "them in full, or leave them out and say --fps"
        )
    frame = match.frame[kept]
    if (np.diff(frame) <= 0).any() or frame.min(initial=0) < 0 or frame.max(initial=0) > _LARGEST_FRAME:
        frame = np.arange(len(kept))
    people = place[match.samples.row] >= 0
    ball = place[match.ball_row] >= 0
    note = (f"{source}: {n_twice} frames have the time of another and are left out",) if n_twice else ()
    return replace(
        match,
        notes=(*match.notes, *note),
        frame=frame,
        period=match.period[kept],
        clock_s=match.clock_s[kept],
        owner=None if match.owner is None else match.owner[kept],
        samples=Samples(
            place[match.samples.row][people], match.samples.who[people], match.samples.xy_m[people]
        ),
        ball_row=place[match.ball_row][ball],
        ball_m=match.ball_m[ball],
    )


def seen_throughout(match: MatchData) -> bool:
    """Say whether players are hardly ever lost between first and last sight: cameras saw all of the pitch."""
    who = match.samples.who
    order = np.argsort(who, kind="stable")
    _, first, count = np.unique(who[order], return_index=True, return_counts=True)
    rows = match.samples.row[order]
    lowest, highest = np.minimum.reduceat(rows, first), np.maximum.reduceat(rows, first)
    return bool(count.sum() >= _STEADY * (highest - lowest + 1).sum())


def with_keepers(match: MatchData) -> MatchData:
    """Name the goalkeeper of a team that has none by its data: who stays deepest, in each period.

    Players seen for little of it, such as substitutes, are not asked.
    """
    people = list(match.people)
    length = match.pitch_m[0] if match.pitch_m else 105.0
    for team in ("A", "B"):
        own = [i for i, p in enumerate(people) if p.team == team]
        if any(people[i].role == "goalkeeper" for i in own):
            continue
        for period in np.unique(match.period):
            inside = match.period[match.samples.row] == period
            depth = {i: np.abs(match.samples.xy_m[inside & (match.samples.who == i), 0]) for i in own}
            most = max((len(x) for x in depth.values()), default=0)
            deep = {i: float(x.mean()) for i, x in depth.items() if len(x) > _KEEPER_SEEN * most}
            best = max(deep, key=lambda i: deep[i], default=None)
            if best is not None and deep[best] > _KEEPER_X * length:
                people[best] = replace(people[best], role="goalkeeper")
    return replace(match, people=tuple(people))
