"""True positions for `metrics_truth`: readers, and what makes them look like ours: noise, narrow pictures."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.signal import lfilter

TEAMS = {"1888600": "A", "1888609": "B"}


def hawk_eye(part: str) -> pd.DataFrame:
    """Read a minute of Hawk-Eye: 22 players at 50 Hz, with the vendor's own speed as ``true_mps``."""
    name = f"hawkeye_{part}.football.samples.centroids"
    data = json.loads((resources.files("kloppy") / "tests" / "files" / name).read_text())
    team_of = {p["id"]["fifaId"]: p["teamId"]["fifaId"] for p in data["details"]["players"]}
    parts = []
    for person in data["samples"]["people"]:
        number = person.get("personId", {}).get("fifaId")
        team = TEAMS.get(team_of.get(number, ""))
        if team is None:
            continue
        role = "goalkeeper" if person["role"]["name"] == "Goalkeeper" else "player"
        for c in person["centroid"]:
            parts.append(
                (
                    int(number),
                    c["time"],
                    role,
                    team,
                    *c["pos"][:2],
                    c["speed"]["mps"],
                    c["distance"]["metres"],
                )
            )
    columns = ["track_id", "time_s", "role", "team", "x_m", "y_m", "true_mps", "true_m"]
    table = pd.DataFrame(parts, columns=columns).sort_values(["track_id", "time_s"], ignore_index=True)
    return table.assign(frame=(table["time_s"] / 0.02).round().astype(int), error_m=0.0, observed=True)


def tracab(path: Path, every: int = 5) -> pd.DataFrame:
    """Read the six minutes of TRACAB at 5 Hz; frames with the ball in play are marked ``alive``.

    ``possession`` is the team that has it, A or B.
    """
    data = pd.read_parquet(path)
    parts = []
    names = sorted({c[:-2] for c in data.columns if c.startswith(("home_", "away_")) and c.endswith("_x")})
    for i, name in enumerate(names):
        side, number = name.split("_")
        part = pd.DataFrame({"x_m": data[f"{name}_x"], "y_m": data[f"{name}_y"]})
        part["frame"], part["time_s"] = np.arange(len(data)), np.arange(len(data)) / 25
        part["alive"] = data["ball_status"] == "alive"
        part["possession"] = data["team_possession"].map({"home": "A", "away": "B"})
        part = part[part["x_m"].notna()].assign(track_id=i + 1, team="A" if side == "home" else "B")
        parts.append(part.assign(role="goalkeeper" if number == "1" else "player"))
    table = pd.concat(parts, ignore_index=True).assign(error_m=0.0, observed=True)
    return table[table["frame"] % every == 0].reset_index(drop=True)


def top_view(path: Path) -> pd.DataFrame:
    """Read 30 s of top-view positions at 30 Hz; the outermost player at each end keeps goal."""
    data = pd.read_csv(path, header=[0, 1, 2], index_col=0)
    parts = []
    for team, letter in (("0", "A"), ("1", "B")):
        for number in data[team].columns.get_level_values(0).unique():
            own = data[team][number]
            part = pd.DataFrame({"x_m": own["x"].to_numpy() - 52.5, "y_m": 34 - own["y"].to_numpy()})
            part["frame"], part["time_s"] = np.arange(len(part)), np.arange(len(part)) / 30
            parts.append(part.assign(track_id=int(number) + (1 if letter == "A" else 31), team=letter))
    table = pd.concat(parts, ignore_index=True).assign(error_m=0.0, observed=True)
    mean = table.groupby("track_id")["x_m"].mean()
    keeps = table["track_id"].isin([mean.idxmin(), mean.idxmax()])
    return table.assign(role=np.where(keeps, "goalkeeper", "player"))


def skillcorner() -> pd.DataFrame:
    """Read a whole broadcast match at 10 Hz (B is Dortmund): 13 of 22 players in view on average.

    Columns ``period`` and ``possession`` (home team, away team) besides; the second half's time is set
    behind the first's.
    """
    folder = resources.files("kloppy") / "tests" / "files"
    match = json.loads((folder / "skillcorner_match_data.json").read_text())
    home = match["home_team"]["id"]
    who = {
        p["trackable_object"]: (
            "A" if p["team_id"] == home else "B",
            "goalkeeper" if p["player_role"]["acronym"] == "GK" else "player",
        )
        for p in match["players"]
    }
    rows = []
    for frame in json.loads((folder / "skillcorner_structured_data.json").read_text()):
        if frame["time"] is None:
            continue
        parts = [float(v) for v in frame["time"].split(":")]
        seconds = sum(v * 60**i for i, v in enumerate(reversed(parts))) + 100 * (frame["period"] - 1)
        for seen in frame["data"]:
            if (person := seen.get("trackable_object")) in who:
                place = (person, *who[person], seen["x"], seen["y"])
                rows.append((frame["frame"], seconds, frame["period"], frame["possession"]["group"], *place))
    columns = ["frame", "time_s", "period", "possession", "track_id", "team", "role", "x_m", "y_m"]
    return pd.DataFrame(rows, columns=columns).assign(error_m=1.0, observed=True)


def periods(people: pd.DataFrame) -> pd.DataFrame:
    """Make table ``periods`` from a column ``period``; the direction of attack is left to be found."""
    spans = people.groupby("period")["time_s"].agg(start_s="min", end_s="max").reset_index()
    return spans.assign(attack_a=None, source="given")


def spells(people: pd.DataFrame) -> pd.DataFrame:
    """Make table ``possession`` from a column ``possession`` that says A, B or nothing in each frame."""
    frames = people.drop_duplicates("frame").sort_values("time_s")
    number = (frames["possession"] != frames["possession"].shift()).cumsum()
    grouped = frames.groupby(number.to_numpy())
    made = grouped.agg(start_s=("time_s", "min"), end_s=("time_s", "max"), team=("possession", "first"))
    return made[made["team"].isin(["A", "B"])].assign(source="given", score=1.0).reset_index(drop=True)


def broadcast(people: pd.DataFrame, half_m: float, seed: int = 0) -> pd.DataFrame:
    """Keep who is near the middle of play, and break tracks where a tracker would."""
    rng = np.random.default_rng(seed)
    middle = people[people["role"] == "player"].groupby("time_s")["x_m"].mean()
    middle = middle.rolling(10, center=True, min_periods=1).mean() + 7 * np.sin(middle.index.to_numpy() / 5)
    seen = people[(people["x_m"] - middle.reindex(people["time_s"]).to_numpy()).abs() < half_m]
    seen = seen.sort_values(["track_id", "time_s"])
    breaks = (seen.groupby("track_id")["time_s"].diff().fillna(9) > 1) | (rng.random(len(seen)) < 1 / 75)
    return seen.assign(track_id=breaks.cumsum().to_numpy())


def noisy(
    people: pd.DataFrame, sd_m: float, seed: int, drift_m: float = 0.0, drift_s: float = 2.0
) -> pd.DataFrame:
    """Add white noise, and slow noise of ``drift_m`` that changes over ``drift_s``, per axis."""
    rng = np.random.default_rng(seed)
    out = people.copy()
    out[["x_m", "y_m"]] += rng.normal(0, sd_m, (len(out), 2))
    if drift_m:
        keep = np.exp(-float(np.median(np.diff(np.unique(people["time_s"])))) / drift_s)
        for rows in people.groupby("track_id").indices.values():
            push = rng.normal(0, drift_m * np.sqrt(1 - keep**2), (len(rows), 2))
            push[0] = rng.normal(0, drift_m, 2)
            out.loc[out.index[rows], ["x_m", "y_m"]] += lfilter([1], [1, -keep], push, axis=0)
    return out.assign(error_m=1.1774 * np.hypot(sd_m, drift_m))
