"""What people and teams are called on the page."""

from __future__ import annotations

from pipeline.report.run_data import RunData
from pipeline.tables.names import player_labels, team_names


def names(run: RunData) -> dict[int, str]:
    """Name each track that a line-up knows: number and name, number alone, or the provider's identifier."""
    ids = zip(run.who["track_id"], run.who["provider_id"], strict=True)
    others = {int(track): given if isinstance(given, str) else str(track) for track, given in ids}
    return others | player_labels(run.who)


def number_of(run: RunData, track: int) -> str:
    """Give the shirt number of a track where known, else the track's own number."""
    row = run.who.loc[run.who["track_id"] == track, "jersey"].dropna()
    return str(int(row.iloc[0])) if len(row) else str(track)


def team_name(run: RunData, team: str) -> str:
    """Write ``Team A``, with its name where known."""
    known = team_names(run.who).get(team)
    return f"Team {team}: {known}" if known else f"Team {team}"
