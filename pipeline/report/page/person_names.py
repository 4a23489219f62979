"""What people and teams are called on the page."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pipeline.report.run_data import RunData
from pipeline.runs.match_file import match_of_run
from pipeline.tables.names import UNKNOWN, player_labels, short_labels, team_names

_RUNS = 2
"""Kept for the runs that were asked for last: a page asks for each of its players again and again."""


@lru_cache(maxsize=_RUNS)
def names(run: RunData) -> dict[int, str]:
    """Label everybody whom the run knows as a person, by track; none where nobody was linked."""
    return player_labels(run.who)


def on_disc(run: RunData, tracks: Iterable[int]) -> list[str]:
    """Give what stands on each track's disc: shirt number, name, or team and running number."""
    short = _short(run)
    return [short.get(track, UNKNOWN if short else f"t{track}") for track in tracks]


@lru_cache(maxsize=_RUNS)
def _short(run: RunData) -> dict[int, str]:
    return short_labels(run.who)


@lru_cache(maxsize=_RUNS)
def listed(run: RunData) -> set[int]:
    """Give the tracks of the people whom the page lists one by one; none where nobody is known.

    Tracking data may hold ids without a shirt beside a line-up: officials, or pieces of nobody.
    """
    who = run.who.dropna(subset=["jersey"]) if run.kind == "tracking" else run.who
    return {int(track) for track in who["track_id"]}


def team_name(run: RunData, team: str) -> str:
    """Write ``Team A``, with its name where known."""
    known = _team_names(run).get(team)
    return f"Team {team}: {known}" if known else f"Team {team}"


@lru_cache(maxsize=_RUNS)
def surnames(run: RunData) -> dict[int, str]:
    """Give the last word of each known name, by track: what fits under a mark."""
    rows = run.who.dropna(subset=["name"])[["track_id", "name"]].itertuples(index=False)
    return {int(track): str(name).split()[-1] for track, name in rows if str(name).strip()}


def team_called(run: RunData, team: str) -> str:
    """Give a team's own name, else ``Team A``: for where its colour or letter is not needed."""
    return _team_names(run).get(team) or f"Team {team}"


@lru_cache(maxsize=_RUNS)
def _team_names(run: RunData) -> dict[str, str]:
    return team_names(run.who) | dict(match_of_run(run.root, run.record).teams)
