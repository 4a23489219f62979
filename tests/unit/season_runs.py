"""Finished runs of a few rows, to be joined into a season."""

from pathlib import Path

import pandas as pd

from pipeline.core.config import Config
from pipeline.core.json_files import write_json
from pipeline.tables import storage

XY_M = [(-10.0, 5.0), (20.0, 0.0), (40.0, -5.0)]


def build(root: Path, *, team_name: str = "Atlas", km: float = 10.0, state: str = "finished") -> Path:
    """Write a run with three positions of one player of ``team_name``, who has run ``km``."""
    made = {
        "positions": pd.DataFrame(XY_M, columns=["x_m", "y_m"]).assign(
            frame=range(3), time_s=[0.0, 0.1, 0.2], instance=None, track_id=1, error_m=0.1, source="observed"
        ),
        "people": pd.DataFrame([{"track_id": 1, "team": "A", "team_name": team_name, "name": "Núñez"}])
        .reindex(columns=storage.empty("people").columns)
        .assign(player_id=lambda t: t["track_id"]),
        "movement": _movement(km * 1000),
    }
    for name, table in made.items():
        storage.write(table, root / "tables" / f"{name}.parquet", name)
    record = {"kind": "tracking", "state": state, "source": "made up", "video": {}}
    write_json(root / "run.json", record | {"config": Config().model_dump(mode="json")})
    return root


def _movement(run_m: float) -> pd.DataFrame:
    row = dict.fromkeys(storage.empty("movement").columns, 0.0)
    row |= {
        "track_id": 1,
        "player_id": 1,
        "role": "player",
        "team": "A",
        "distance_visible_m": run_m,
        "psv99_mps": None,
    }
    return pd.DataFrame([row])
