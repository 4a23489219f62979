"""A finished run as tracks on the pitch: what every export of positions starts from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import RunError
from pipeline.runs.stored_run import StoredRun
from pipeline.tables.who_is_where import joined

if TYPE_CHECKING:
    import pandas as pd

_EARLY_S = 1e-6
"""So that a spell has its first moment and not that of the next, whatever the rounding."""
_PLAYING = ("player", "goalkeeper")
_UNKNOWN = ("frame", "time_s", "team", "role", "track_id", "x_m", "y_m", "error_m", "observed")
_WHO = ("team_name", "name", "jersey", "position", "provider_id", "on_s", "off_s")


@dataclass(frozen=True, slots=True)
class RunTracks:
    """A run's positions with who is who.

    ``frames``: the table, in order. ``positions``: the table with ``role``, ``team`` and ``observed``; each
    row has metres, not each a track. ``people``: one row for each player with a team: ``track_id, role, team,
    first_s, last_s`` and the columns of table ``people``, null where unknown. Where the run knows people,
    tracks of nobody in particular are none of these but `unknown`; where it knows nobody, each track is one.
    ``periods``: one row each, at least one (footage without periods is one). ``possession``: perhaps empty.
    ``fps``: usual rate of the frames, per s; ``max_gap_s``: what the run itself bridged.
    """

    stored: StoredRun
    frames: pd.DataFrame
    positions: pd.DataFrame
    people: pd.DataFrame
    periods: pd.DataFrame
    possession: pd.DataFrame
    pitch_m: tuple[float, float]
    fps: float
    max_gap_s: float

    @property
    def root(self) -> Path:
        """The run directory."""
        return self.stored.root

    def team_name(self, team: str) -> str:
        """Name team ``A`` or ``B``; ``Team A`` where its name is unknown."""
        return self.stored.team_name(team)

    def unknown(self) -> pd.DataFrame:
        """Give the positions of players with a team who could be anyone of it: `_UNKNOWN`."""
        playing = self.positions["role"].isin(_PLAYING) & self.positions["team"].isin(["A", "B"])
        known = self.positions["track_id"].isin(self.people["track_id"])
        return self.positions.loc[playing & ~known, list(_UNKNOWN)].reset_index(drop=True)

    def owners(self, time_s: NDArray[np.float64]) -> NDArray[np.object_]:
        """Team in possession at each moment, "A" or "B"; None where unknown or nobody's."""
        out = np.full(len(time_s), None, dtype=object)
        bounds = self.possession[["start_s", "end_s"]].to_numpy(np.float64) - _EARLY_S
        for team, (first, last) in zip(self.possession["team"], np.searchsorted(time_s, bounds), strict=True):
            out[first:last] = team
        return out


def tracks_of(run: StoredRun, format: str, *, of_export: bool = True) -> RunTracks:
    """Read the positions of a finished run for a ``format`` that needs players with ids and metres.

    ``of_export`` says that other formats of ``teamshape export`` can stand in.

    Raises
    ------
    RunError
        If the run was never on the pitch, has no tracks, or knows no teams.
    """
    root = run.root
    frames, positions, labels = (run.table(n) for n in ("frames", "positions", "labels"))
    if positions.empty:
        raise RunError(
            f"{root}: no position on the pitch (no camera view was found, or nobody in it), "
            f"and {format} needs metres"
            + ("; --format mot, mots, coco and csv hold pixels" if of_export else "")
        )
    if positions["track_id"].isna().all():
        raise RunError(
            f"{root}: has no tracks (mode team), and {format} needs an id for each player; run with "
            "--mode player" + (", or take --format csv or coco" if of_export else "")
        )
    positions, identities = run.by_person("positions")
    people = _people(identities, run.table("people"))
    if people.empty:
        instead = "; take --format csv" if of_export else ""
        raise RunError(f"{root}: no track has a team, and {format} needs two teams{instead}")
    frames = frames.sort_values("frame", ignore_index=True)
    return RunTracks(
        stored=run,
        frames=frames,
        positions=joined(positions, labels, identities),
        people=people,
        periods=known_periods(run, frames),
        possession=run.table("possession").sort_values("start_s", ignore_index=True),
        pitch_m=(run.pitch.length_m, run.pitch.width_m),
        fps=usual_fps(frames),
        max_gap_s=run.config.project.max_gap_s,
    )


def known_periods(run: StoredRun, frames: pd.DataFrame) -> pd.DataFrame:
    """Read table ``periods`` in order; footage without periods is one, attacking as its formations say."""
    import pandas as pd

    periods = run.table("periods")
    if len(periods):
        return periods.sort_values("start_s", ignore_index=True)
    whole = {"period": 1, "start_s": frames["time_s"].min(), "end_s": frames["time_s"].max() + 1.0}
    return pd.DataFrame([whole | {"attack_a": _attack_a(run), "source": "estimated"}])


def usual_fps(frames: pd.DataFrame) -> float:
    """Rate of the frames, per s, from the median step between them; 1 for a single frame."""
    steps = np.diff(np.sort(frames["time_s"].to_numpy(np.float64)))
    return 1.0 / float(np.median(steps)) if len(steps) else 1.0


def _attack_a(run: StoredRun) -> str | None:
    """Direction of team A's attack over the whole run, from its formations; None where they differ."""
    rows = run.table("formations", ["team", "attack"], optional=True).dropna()
    flipped = {"left_to_right": "right_to_left", "right_to_left": "left_to_right"}
    ways = {w if t == "A" else flipped[w] for t, w in zip(rows["team"], rows["attack"], strict=True)}
    return ways.pop() if len(ways) == 1 else None


def described_people(run: RunTracks) -> list[dict[str, Any]]:
    """List the players of the run for a JSON beside a format that has no line-up of its own."""
    rows = run.people.astype(object).where(run.people.notna(), None).to_dict("records")
    return [{str(k): v for k, v in row.items()} for row in rows]


def _people(identities: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    playing = identities["role"].isin(_PLAYING) & identities["team"].isin(["A", "B"])
    if len(people):
        playing &= identities["track_id"].isin(people["track_id"])
    own = identities.loc[playing, ["track_id", "role", "team", "first_s", "last_s"]]
    return own.merge(people[["track_id", *_WHO]], "left", "track_id").sort_values(
        ["team", "track_id"], ignore_index=True
    )
