"""Who is who over a whole match: tracks in, people and links out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.linking.audit import audit
from pipeline.linking.by_hand.corrections import Corrected
from pipeline.linking.close_ups.link_close_ups import Pictures, link_close_ups
from pipeline.linking.ends import change_of_ends, turned
from pipeline.linking.groups import MIN_SCORE, decide_group
from pipeline.linking.naming import links_table, people_table, with_ids
from pipeline.linking.substitutions import with_substitutes
from pipeline.linking.summaries import summaries
from pipeline.linking.tracklets.tracklet_table import sightings, split
from pipeline.tables import storage

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

N_REFEREES = 3


def groups(players: int) -> tuple[tuple[str, str | None, int], ...]:
    """Role, team, and how many of them can be on the pitch at once, of teams of so many players."""
    outfield = players - 1
    return (
        *(("player", "A", outfield), ("player", "B", outfield)),
        *(("goalkeeper", "A", 1), ("goalkeeper", "B", 1)),
        ("referee", None, N_REFEREES),
    )


@dataclass(frozen=True, slots=True)
class Linked:
    """Tables ``people``, ``links`` and ``placed_by_hand``, and what the audit found."""

    people: pd.DataFrame
    links: pd.DataFrame
    placed_by_hand: pd.DataFrame
    facts: dict[str, Any]


def link(
    tracks: pd.DataFrame,
    instances: pd.DataFrame,
    positions: pd.DataFrame,
    identities: pd.DataFrame,
    *,
    readings: pd.DataFrame | None = None,
    appearance: pd.DataFrame | None = None,
    said: Callable[[pd.DataFrame, pd.DataFrame], Corrected] | None = None,
    changes_s: Sequence[float] | None = None,
    players: int = 11,
    pictures: Pictures | None = None,
) -> Linked:
    """Decide who is who: one decision a team over all footage.

    What cannot be placed stays an unknown of its team. Positions in metres are needed; in a close-up without
    them, how people stand in the picture tells who they must be.

    Parameters
    ----------
    tracks, instances, positions, identities
        Tables of the run.
    readings, appearance
        Tables ``number_readings`` and ``tracklet_appearance``, or None where they were not made.
    said
        What the user says: makes of ``people`` and ``links`` as decided those that hold.
    changes_s
        When teams change ends, s, where that is known; None is to look for one change.
    players
        Of a team, goalkeeper included.
    pictures
        Shots and size of the pictures; None leaves pieces without metres unknown.
    """
    rows = split(sightings(tracks, instances, positions, identities), readings)
    rows, changes_s = _attacking_one_way(rows, changes_s)
    pieces = summaries(rows, readings, appearance)
    decided = [d for group in groups(players) if (d := decide_group(rows, pieces, *group)) is not None]
    named = with_ids(pieces, [with_substitutes(d, pieces) for d in decided])
    if pictures is not None:
        named = link_close_ups(rows, named, pictures, MIN_SCORE)
    people, links, placed = people_table(named), links_table(named), None
    if said is not None:
        made = said(people, links)
        people, links, placed = made.people, made.links, made.placed
    placed = storage.empty("placed_by_hand") if placed is None else placed
    return Linked(people, links, placed, _facts(rows, named, people, links, changes_s, players))


def settled(
    people: pd.DataFrame,
    links: pd.DataFrame,
    said: Callable[[pd.DataFrame, pd.DataFrame], Corrected],
    tracks: pd.DataFrame,
    instances: pd.DataFrame,
    positions: pd.DataFrame,
    identities: pd.DataFrame,
    *,
    readings: pd.DataFrame | None = None,
    changes_s: Sequence[float] | None = None,
    players: int = 11,
) -> Linked:
    """Give what `link` gives where ``people`` and ``links`` were decided before: only what is said is new.

    Other parameters as for `link`; ``readings`` cut tracks as they did then.
    """
    rows = split(sightings(tracks, instances, positions, identities), readings)
    rows, changes_s = _attacking_one_way(rows, changes_s)
    made = said(people, links)
    placed = storage.empty("placed_by_hand") if made.placed is None else made.placed
    facts = _facts(rows, links, made.people, made.links, changes_s, players)
    return Linked(made.people, made.links, placed, facts)


def _attacking_one_way(
    rows: pd.DataFrame, known_s: Sequence[float] | None
) -> tuple[pd.DataFrame, Sequence[float]]:
    """Turn places from each change of ends on, so that each team attacks one way all along."""
    changes_s = _looked_for(rows) if known_s is None else known_s
    place = turned(rows["time_s"].to_numpy(np.float64), rows[["x_m", "y_m"]].to_numpy(np.float64), changes_s)
    return rows.assign(x_m=place[:, 0], y_m=place[:, 1]), changes_s


def _looked_for(rows: pd.DataFrame) -> list[float]:
    outfield = rows[(rows["role"] == "player") & rows["team"].isin(["A", "B"]) & rows["x_m"].notna()]
    change_s = change_of_ends(
        outfield["time_s"].to_numpy(np.float64),
        outfield["x_m"].to_numpy(np.float64),
        (outfield["team"] == "A").to_numpy(bool),
    )
    return [] if change_s is None else [change_s]


def _facts(
    rows: pd.DataFrame,
    named: pd.DataFrame,
    people: pd.DataFrame,
    links: pd.DataFrame,
    changes_s: Sequence[float],
    players: int,
) -> dict[str, Any]:
    told = _told(rows, links)
    playing = (
        told["role"].isin(["player", "goalkeeper"]) & told["team"].isin(["A", "B"]) & told["x_m"].notna()
    )
    seen = told[playing]
    counts = people[people["role"] != "referee"].groupby("team").size()
    return {
        "people_a": int(counts.get("A", 0)),
        "people_b": int(counts.get("B", 0)),
        "pieces": len(named),
        "tracks_split": int((named["track_id"].value_counts() > 1).sum()),
        "change_of_ends_s": changes_s[0] if len(changes_s) else None,
        **asdict(audit(seen, players)),
    }


def _told(rows: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Give each sighting the person, role and team of its link."""
    import pandas as pd

    columns = ["track_id", "frame_from", "role", "team", "player_id"]
    if rows.empty or links.empty:
        return rows.assign(player_id=pd.array([pd.NA] * len(rows), "Int32"))
    return pd.merge_asof(
        rows.drop(columns=["role", "team"]).sort_values("frame", kind="stable"),
        links[columns].astype({"frame_from": rows["frame"].dtype}).sort_values("frame_from"),
        left_on="frame",
        right_on="frame_from",
        by="track_id",
    )
