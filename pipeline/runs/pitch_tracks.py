"""A finished run as tracks on the pitch: what every export of positions starts from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import RunError
from pipeline.runs.run_directory import read_json
from pipeline.tables import storage
from pipeline.tables.persons import by_person

if TYPE_CHECKING:
    import pandas as pd

_EARLY_S = 1e-6
"""So that a spell has its first moment and not that of the next, whatever the rounding."""
MAX_GAP_S = 1.0
"""What a run bridges when its record does not say."""
_WHO = ("team_name", "name", "jersey", "position", "provider_id", "on_s", "off_s")


@dataclass(frozen=True, slots=True)
class RunTracks:
    """A run's positions with who is who.

    ``frames``: the table, in order. ``positions``: the table with ``role``, ``team`` and ``observed``; each
    row has metres, not each a track. ``people``: one row for each track of a player with a team:
    ``track_id, role, team, first_s, last_s`` and the columns of table ``people``, null where unknown.
    ``periods``: one row each, at least one (footage without periods is one). ``possession``: perhaps empty.
    ``fps``: usual rate of the frames, per s; ``max_gap_s``: what the run itself bridged.
    """

    root: Path
    record: dict[str, Any]
    frames: pd.DataFrame
    positions: pd.DataFrame
    people: pd.DataFrame
    periods: pd.DataFrame
    possession: pd.DataFrame
    pitch_m: tuple[float, float]
    fps: float
    max_gap_s: float

    def team_name(self, team: str) -> str:
        """Name of team A or B; "Team A" where unknown."""
        names = self.people.loc[self.people["team"] == team, "team_name"].dropna()
        return str(names.iloc[0]) if len(names) else f"Team {team}"

    def owners(self, time_s: NDArray[np.float64]) -> NDArray[np.object_]:
        """Team in possession at each moment, "A" or "B"; None where unknown or nobody's."""
        out = np.full(len(time_s), None, dtype=object)
        bounds = self.possession[["start_s", "end_s"]].to_numpy(np.float64) - _EARLY_S
        for team, (first, last) in zip(self.possession["team"], np.searchsorted(time_s, bounds), strict=True):
            out[first:last] = team
        return out


def open_tracks(root: Path, format: str) -> RunTracks:
    """Read the positions of a finished run for a ``format`` that needs players with ids and metres.

    Raises
    ------
    RunError
        If the run is not finished, was never on the pitch, has no tracks, or knows no teams.
    """
    record = finished_record(root)
    names = ("frames", "positions", "labels")
    frames, positions, labels = (_read(root, n) for n in names)
    if positions.empty:
        raise RunError(
            f"{root}: no position on the pitch (no camera view was found, or nobody in it), "
            f"and {format} needs metres; --format mot, mots, coco and csv hold pixels"
        )
    if positions["track_id"].isna().all():
        raise RunError(
            f"{root}: has no tracks (mode team), and {format} needs an id for each player; run with "
            "--mode player, or take --format csv or coco"
        )
    positions, identities = by_person(positions, _read(root, "identities"), optional_table(root, "links"))
    people = _people(identities, known_people(root))
    if people.empty:
        raise RunError(f"{root}: no track has a team, and {format} needs two teams; take --format csv")
    frames = frames.sort_values("frame", ignore_index=True)
    config = record["config"]
    return RunTracks(
        root=root,
        record=record,
        frames=frames,
        positions=named(positions, labels, identities),
        people=people,
        periods=known_periods(root, frames),
        possession=optional_table(root, "possession").sort_values("start_s", ignore_index=True),
        pitch_m=(float(config["pitch"]["length_m"]), float(config["pitch"]["width_m"])),
        fps=usual_fps(frames),
        max_gap_s=float(config.get("project", {}).get("max_gap_s", MAX_GAP_S)),
    )


def finished_record(root: Path) -> dict[str, Any]:
    """Read ``run.json`` of a finished run.

    Raises
    ------
    RunError
        If there is none, or the run is not finished.
    """
    record = read_json(root / "run.json")
    if "config" not in record:
        raise RunError(f"{root}: no run here (run.json is missing or broken); make one with 'teamshape run'")
    if record.get("state") != "finished":
        raise RunError(f"{root}: not finished; continue with the command that began it")
    return record


def named(positions: pd.DataFrame, labels: pd.DataFrame, identities: pd.DataFrame) -> pd.DataFrame:
    """Give each position ``role`` and ``team``, of its track or else its instance, and ``observed``."""
    out = positions.merge(labels[["frame", "instance", "role", "team"]], "left", ["frame", "instance"])
    if len(identities):
        known = identities.set_index("track_id")
        tracked = out["track_id"].isin(known.index)
        for name in ("role", "team"):
            out[name] = out["track_id"].map(known[name]).where(tracked, out[name])
    out["observed"] = out["source"] == "observed"
    return out


def known_people(root: Path) -> pd.DataFrame:
    """Read table ``people``; without rows where the run has none."""
    return optional_table(root, "people")


def known_periods(root: Path, frames: pd.DataFrame) -> pd.DataFrame:
    """Read table ``periods`` in order; footage without periods is one, attacking as its formations say."""
    import pandas as pd

    periods = optional_table(root, "periods")
    if len(periods):
        return periods.sort_values("start_s", ignore_index=True)
    whole = {"period": 1, "start_s": frames["time_s"].min(), "end_s": frames["time_s"].max() + 1.0}
    return pd.DataFrame([whole | {"attack_a": _attack_a(root), "source": "estimated"}])


def usual_fps(frames: pd.DataFrame) -> float:
    """Rate of the frames, per s, from the median step between them; 1 for a single frame."""
    steps = np.diff(np.sort(frames["time_s"].to_numpy(np.float64)))
    return 1.0 / float(np.median(steps)) if len(steps) else 1.0


def _attack_a(root: Path) -> str | None:
    """Direction of team A's attack over the whole run, from its formations; None where they differ."""
    rows = optional_table(root, "formations", ["team", "attack"]).dropna()
    flipped = {"left_to_right": "right_to_left", "right_to_left": "left_to_right"}
    ways = {w if t == "A" else flipped[w] for t, w in zip(rows["team"], rows["attack"], strict=True)}
    return ways.pop() if len(ways) == 1 else None


def described_people(run: RunTracks) -> list[dict[str, Any]]:
    """List the players of the run for a JSON beside a format that has no line-up of its own."""
    rows = run.people.astype(object).where(run.people.notna(), None).to_dict("records")
    return [{str(k): v for k, v in row.items()} for row in rows]


def _people(identities: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    playing = identities["role"].isin(["player", "goalkeeper"]) & identities["team"].isin(["A", "B"])
    own = identities.loc[playing, ["track_id", "role", "team", "first_s", "last_s"]]
    return own.merge(people[["track_id", *_WHO]], "left", "track_id").sort_values(
        ["team", "track_id"], ignore_index=True
    )


def optional_table(root: Path, name: str, columns: list[str] | None = None) -> pd.DataFrame:
    path = root / "tables" / f"{name}.parquet"
    return storage.read(path, name, columns) if path.exists() else storage.empty(name)[columns or slice(None)]


def _read(root: Path, name: str) -> pd.DataFrame:
    path = root / "tables" / f"{name}.parquet"
    if not path.exists():
        raise RunError(f"{root}: has no table {name}; run the command that made it again")
    return storage.read(path, name)
