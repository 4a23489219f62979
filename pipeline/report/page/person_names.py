"""What people and teams are called on the page."""

from __future__ import annotations

from pipeline.report.run_data import RunData


def names(run: RunData) -> dict[int, str]:
    """Name each track that a line-up knows: number and name, number alone, or the provider's identifier."""
    out = {}
    for row in run.who.to_dict("records"):
        number = "" if row["jersey"] != row["jersey"] or row["jersey"] is None else str(row["jersey"])
        name = row["name"] if isinstance(row["name"], str) else ""
        fallback = row["provider_id"] if isinstance(row["provider_id"], str) else str(row["track_id"])
        out[int(row["track_id"])] = f"{number} {name}".strip() or fallback
    return out


def number_of(run: RunData, track: int) -> str:
    """Give the shirt number of a track where known, else the track's own number."""
    row = run.who.loc[run.who["track_id"] == track, "jersey"].dropna()
    return str(int(row.iloc[0])) if len(row) else str(track)


def team_name(run: RunData, team: str) -> str:
    """Write ``Team A``, with its name where known."""
    known = run.who.loc[run.who["team"] == team, "team_name"].dropna()
    return f"Team {team}: {known.iloc[0]}" if len(known) else f"Team {team}"
