"""Tables of step link, made up by hand."""

import pandas as pd

from pipeline.core.json_files import write_json
from pipeline.tables import storage

FACTS = {
    "people_a": 1,
    "people_b": 1,
    "pieces": 5,
    "tracks_split": 1,
    "change_of_ends_s": None,
    "teleports": 3,
    "overlaps": 41,
    "too_many_frames": 17,
    "unknown_share": 0.25,
}


def people(*rows):
    """Table ``people`` from rows of track, team, role, jersey, name."""
    table = pd.DataFrame(rows, columns=["track_id", "team", "role", "jersey", "name"])
    columns = storage.empty("people").columns
    return storage.conform(table.reindex(columns=columns).assign(player_id=lambda t: t["track_id"]), "people")


def links(*rows, team="A", role="player", score=0.9, seconds=2.0):
    """Table ``links`` from rows of track, first frame, last frame, person (None: nobody's)."""
    table = pd.DataFrame(rows, columns=["track_id", "frame_from", "frame_to", "player_id"])
    known = table["player_id"].notna()
    table = table.assign(team=team, role=role, score=known * score, seconds=seconds)
    table["why"] = known.map({True: "motion", False: None})
    return storage.conform(table.reindex(columns=storage.empty("links").columns), "links")


def write(root):
    """Give a run of `fake_run` two players, a referee and a piece of nobody; tracks 1, 12, 23 and 2."""
    who = people(
        (1, "A", "player", 10, None), (12, "B", "player", None, None), (23, None, "referee", None, None)
    )
    mine = links((1, 0, 99, 1), (2, 0, 99, None))
    others = links((12, 0, 99, 12), team="B", score=0.7, seconds=4.0).assign(second_id=1, second_score=0.2)
    judge = links((23, 0, 99, 23), team=None, role="referee")
    table = storage.conform(pd.concat([mine, others, judge]), "links")
    storage.write(who, root / "tables" / "people.parquet", "people")
    storage.write(table, root / "tables" / "links.parquet", "links")
    write_json(root / "steps" / "link.json", {"step": "link", "facts": FACTS, "warnings": []})
