"""What players and teams are called: the one place that makes a player's label and a team's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def player_label(jersey: Any, name: Any) -> str:
    """Write shirt number and name, ``7 Sancho``, or what is known of the two; empty where neither is."""
    import pandas as pd

    return " ".join(str(v) for v in (jersey, name) if not pd.isna(v))


def player_labels(people: pd.DataFrame) -> dict[int, str]:
    """Label each track of table ``people``; tracks of which neither shirt nor name is known are left out."""
    rows = zip(people["track_id"], people["jersey"], people["name"], strict=True)
    made = {int(track): player_label(jersey, name) for track, jersey, name in rows}
    return {track: label for track, label in made.items() if label}


def team_names(people: pd.DataFrame) -> dict[str, str]:
    """Name the teams by letter as table ``people`` does; those that it does not name are left out."""
    rows = people[["team", "team_name"]].dropna().drop_duplicates("team")
    return {str(team): str(name) for team, name in rows.itertuples(index=False)}
