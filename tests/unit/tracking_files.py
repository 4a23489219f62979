"""Tracking data for tests: the files in the kloppy wheel, and small made-up tables."""

from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd
from made_up_people import match

FILES = Path(str(resources.files("kloppy"))) / "tests" / "files"


def long_table(seconds: float = 12.0, hz: float = 5.0, **kinds: object) -> pd.DataFrame:
    """Two teams swaying together (`made_up_people.match`) and a ball, as a long table."""
    people = match(seconds=seconds, hz=hz, **kinds)  # type: ignore[arg-type]
    people["track_id"] = people["track_id"].astype("int64")
    ball = people[people["track_id"] == 1].assign(track_id=99, role="ball", team=None)
    ball["x_m"] += 0.5
    both = pd.concat([people, ball], ignore_index=True)
    return both[["frame", "time_s", "track_id", "team", "role", "x_m", "y_m"]]


def wide_table(seconds: float = 4.0, hz: float = 25.0) -> pd.DataFrame:
    """The same two teams as a wide table with TRACAB's columns; the goalkeepers wear 11."""
    people = match(seconds=seconds, hz=hz)
    number = np.where(people["team"] == "A", people["track_id"], people["track_id"] - 20).astype(int)
    side = np.where(people["team"] == "A", "home", "away")
    names = pd.Series([f"{s}_{n}" for s, n in zip(side, number, strict=True)])
    wide = {}
    for name in names.unique():
        own = people[(names == name).to_numpy()].sort_values("time_s")
        wide[f"{name}_x"], wide[f"{name}_y"] = own["x_m"].to_numpy(), own["y_m"].to_numpy()
    table = pd.DataFrame(wide)
    table["ball_x"], table["ball_y"] = table["home_1_x"] + 0.5, table["home_1_y"]
    table["frame"] = np.arange(len(table)) + 1
    table["period_id"] = 1
    table["team_possession"] = np.where(np.arange(len(table)) < len(table) // 2, "home", "away")
    table["ball_status"] = np.where(np.arange(len(table)) < 10, "dead", "alive")
    return table
