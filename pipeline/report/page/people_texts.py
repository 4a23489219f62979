"""Who is who as the page says it: people and unknowns of each team, the audit, the least sure links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline.report.page.person_names import team_name
from pipeline.report.style.colours import to_hex
from pipeline.report.style.wording import DASH, clock, duration, number, share
from pipeline.tables.names import UNKNOWN, player_labels

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.run_data import RunData

MOST_DOUBTS = 10
_PLAYING = ("player", "goalkeeper")
WHY = {
    "motion": "motion",
    "place": "place before",
    "team_shape": "place in the team's shape",
    "appearance": "appearance",
    "number": "shirt number",
    "layout": "how people stand in the picture",
    "by_hand": "by hand",
}
_NO_TEAM = "#aaaaaa"


def team_rows(run: RunData, links: pd.DataFrame) -> list[dict[str, str]]:
    """Count, a team: people, pieces of track that are theirs, and the time seen that is nobody's."""
    out = []
    for team in ("A", "B"):
        own = run.who[(run.who["team"] == team) & run.who["role"].isin(_PLAYING)]
        pieces = links[(links["team"] == team) & links["role"].isin(_PLAYING)]
        unknown = pieces["player_id"].isna()
        lost, seen = float(pieces.loc[unknown, "seconds"].sum()), float(pieces["seconds"].sum())
        out.append(
            {
                "name": team_name(run, team),
                "colour": to_hex(run.colours.team(team).page),
                "people": number(len(own)),
                "named": number(int((own["jersey"].notna() | own["name"].notna()).sum())),
                "linked": f"{number(int((~unknown).sum()))} of {number(len(pieces))}",
                "unknown": duration(lost),
                "unknown_share": share(lost / seen) if seen > 0 else DASH,
            }
        )
    return out


def audit_rows(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What step link caught itself at: what, value; empty where it left no record."""
    if "teleports" not in facts:
        return []
    change = facts.get("change_of_ends_s")
    return [
        ("Player-time with a place that belongs to nobody", share(facts["unknown_share"])),
        ("Times that somebody appeared where he could not have run", number(facts["teleports"])),
        ("Frames of somebody in two places at once, summed over people", number(facts["overlaps"])),
        ("Frames with more than eleven of a team, summed over teams", number(facts["too_many_frames"])),
        ("Tracks split, since they joined two people", number(facts["tracks_split"])),
        ("Change of ends", "none found" if change is None else clock(float(change))),
    ]


def doubt_rows(run: RunData, links: pd.DataFrame) -> list[dict[str, str]]:
    """List the least sure links that have a rival, worst first; at most `MOST_DOUBTS`."""
    rivals = links[links["player_id"].notna() & links["second_id"].notna()]
    worst = rivals.sort_values(["score", "frame_from"], kind="stable").head(MOST_DOUBTS)
    time_s = run.frames.set_index("frame")["time_s"]
    called = player_labels(run.who)
    return [
        {
            "time": clock(float(time_s[row["frame_from"]])) if row["frame_from"] in time_s.index else DASH,
            "colour": to_hex(run.colours.team(row["team"]).page) if row["team"] in ("A", "B") else _NO_TEAM,
            "team": row["team"] if row["team"] in ("A", "B") else DASH,
            "label": called.get(int(row["player_id"]), UNKNOWN),
            "why": WHY.get(row["why"], DASH),
            "score": share(row["score"]),
            "rival": called.get(int(row["second_id"]), UNKNOWN),
            "rival_score": share(row["second_score"]),
            "track": str(row["track_id"]),
            "seconds": duration(float(row["seconds"])),
        }
        for row in worst.to_dict("records")
    ]
