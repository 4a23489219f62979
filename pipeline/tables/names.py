"""What players and teams are called: the one place that makes a player's label and a team's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

UNKNOWN = "?"
"""Stands for somebody who could be anyone of his team."""


def player_label(jersey: Any, name: Any) -> str:
    """Write shirt number and name, ``7 Sancho``, or what is known of the two; empty where neither is."""
    import pandas as pd

    return " ".join(str(v) for v in (jersey, name) if not pd.isna(v))


def player_labels(people: pd.DataFrame) -> dict[int, str]:
    """Label everybody of table ``people`` by track, as fully as known.

    Shirt and name (``7 Sancho``), else the provider's identifier, else as `short_labels`.
    """
    short = short_labels(people)
    rows = people[["track_id", "jersey", "name", "provider_id"]].itertuples(index=False)
    return {
        int(track): player_label(jersey, name) or (given if isinstance(given, str) else short[int(track)])
        for track, jersey, name, given in rows
    }


def short_labels(people: pd.DataFrame) -> dict[int, str]:
    """Label everybody of table ``people`` by track in a word: what fits under a pair of feet.

    The shirt number (``7``), else the name, else the team with a running number (``A3``), in the order of
    the table; numbers that are shirts of the team are passed over, so ``A7`` is one person. Officials are
    ``REF 1`` and so on, people without team or role ``P1``.
    """
    import pandas as pd

    rows = list(people[["track_id", "team", "role", "jersey", "name"]].itertuples(index=False))
    shirts = {(str(team), int(jersey)) for _, team, _, jersey, _ in rows if not pd.isna(jersey)}
    last: dict[str, int] = {}
    out: dict[int, str] = {}
    for track, team, role, jersey, name in rows:
        if not pd.isna(jersey) or isinstance(name, str):
            out[int(track)] = str(name) if pd.isna(jersey) else str(int(jersey))
            continue
        group = team if isinstance(team, str) else "REF " if role == "referee" else "P"
        number = last.get(group, 0) + 1
        while (group, number) in shirts:
            number += 1
        last[group] = number
        out[int(track)] = f"{group}{number}"
    return out


def label_of(labels: Mapping[int, str], track_id: int) -> str:
    """Say a person's label; ``? (track 12)`` for a piece of nobody in particular.

    Where nobody is known at all (``labels`` is empty) a track is all there is: ``track 12``.
    """
    unknown = f"{UNKNOWN} (track {track_id})" if labels else f"track {track_id}"
    return labels.get(track_id, unknown)


def team_names(people: pd.DataFrame) -> dict[str, str]:
    """Name the teams by letter as table ``people`` does; those that it does not name are left out."""
    rows = people[["team", "team_name"]].dropna().drop_duplicates("team")
    return {str(team): str(name) for team, name in rows.itertuples(index=False)}
