"""A run directory of tracking data from people in memory (`made_up_people`), measured as in a run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.core.config import Config
from pipeline.core.json_files import write_json
from pipeline.metrics.summary import MatchTables, measure
from pipeline.tables import storage


def periods(*spans: tuple[float, float], attack_a: tuple[str | None, ...] | None = None) -> pd.DataFrame:
    """Table ``periods`` from start and end of each."""
    rows = [
        {
            "period": i,
            "start_s": start,
            "end_s": end,
            "attack_a": None,
            "attack_score": None,
            "source": "given",
        }
        for i, (start, end) in enumerate(spans, start=1)
    ]
    table = pd.DataFrame(rows)
    return table if attack_a is None else table.assign(attack_a=attack_a)


def possession(end_s: float, spell_s: float = 10.0) -> pd.DataFrame:
    """Table ``possession``: A and B take turns, A first."""
    starts = np.arange(0, end_s, spell_s)
    made = pd.DataFrame({"start_s": starts, "end_s": starts + spell_s - 0.01})
    return made.assign(team=np.where(np.arange(len(starts)) % 2 == 0, "A", "B"), source="given", score=1.0)


def build(
    root: Path,
    people: pd.DataFrame,
    *,
    halves: pd.DataFrame | None = None,
    spells: pd.DataFrame | None = None,
    names: tuple[str, str] | None = None,
) -> Path:
    """Write the run, measured; ``names`` are the teams'."""
    made = unmeasured(people, halves=halves, spells=spells, names=names)
    names_ = ("frames", "positions", "labels", "identities")
    known = storage.empty("possession") if spells is None else spells
    made |= measure(MatchTables(*(made[n] for n in names_), periods=halves, possession=known), Config())
    return write(root, made)


def unmeasured(
    people: pd.DataFrame,
    *,
    halves: pd.DataFrame | None = None,
    spells: pd.DataFrame | None = None,
    names: tuple[str, str] | None = None,
) -> dict[str, pd.DataFrame]:
    """Make the tables that an import gives."""
    people = people.sort_values(["frame", "track_id"]).assign(source="observed", error_m=0.1)
    people["instance"] = people.groupby("frame").cumcount()
    frames = people.drop_duplicates("frame")[["frame", "time_s"]].reset_index(drop=True)
    frames = storage.empty("frames").reindex(range(len(frames))).assign(**frames)
    frames = frames.assign(shot=0, duplicate=False, grass=1.0)
    who = people.groupby("track_id", as_index=False).agg(
        role=("role", "first"),
        team=("team", "first"),
        n_frames=("frame", "size"),
        first_s=("time_s", "min"),
        last_s=("time_s", "max"),
    )
    columns = [c.name for c in storage.SCHEMAS["positions"].columns]
    made = {
        "frames": frames,
        "positions": people[columns],
        "labels": people[["frame", "instance", "role", "team"]].assign(team_score=1.0),
        "identities": who.assign(role_score=1.0, team_score=1.0),
    }
    made |= {n: t for n, t in (("periods", halves), ("possession", spells)) if t is not None}
    if names is not None:
        made["people"] = storage.empty("people").reindex(range(len(who)))
        made["people"][["track_id", "team"]] = who[["track_id", "team"]]
        made["people"]["team_name"] = who["team"].map(dict(zip("AB", names, strict=True)))
        made["people"]["jersey"] = who["track_id"]
        made["people"]["player_id"] = who["track_id"]
    return made


def write(root: Path, made: dict[str, pd.DataFrame]) -> Path:
    """Write a run of these tables."""
    for name, table in made.items():
        storage.write(table, root / "tables" / f"{name}.parquet", name)
    record = {"state": "finished", "kind": "tracking", "source": str(root), "config": Config().model_dump()}
    write_json(root / "run.json", record | {"video": {}, "versions": {}, "seconds": {"import": 0.5}})
    return root
