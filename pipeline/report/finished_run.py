"""What formations and comparisons need of a finished run, from footage or from tracking data."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core.config import Config
from pipeline.core.errors import RunError, UserError
from pipeline.core.pitch import Pitch
from pipeline.metrics.formation.windowed_formations import Stance, stances
from pipeline.metrics.summary import formation_settings
from pipeline.runs.run_directory import read_json
from pipeline.tables import storage
from pipeline.tables.persons import by_person
from pipeline.tables.who_is_where import on_pitch, people, without_duplicates

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run's people on the pitch, and what is known of the match.

    ``playing`` is `metrics.people.people`, in the pitch's own directions; ``periods``, ``possession``,
    ``people`` and ``formations`` are empty where the run does not have them.
    """

    root: Path
    name: str
    config: Config
    playing: pd.DataFrame
    periods: pd.DataFrame
    possession: pd.DataFrame
    people: pd.DataFrame
    formations: pd.DataFrame

    @property
    def pitch(self) -> Pitch:
        """The pitch of the settings."""
        return Pitch(self.config.pitch.length_m, self.config.pitch.width_m)

    def team_name(self, team: str) -> str:
        """Name of team ``A`` or ``B``, or ``Team A`` where that is unknown."""
        names = self.people.loc[self.people["team"] == team, "team_name"].dropna()
        return str(names.iloc[0]) if len(names) else f"Team {team}"


def stored(root: Path) -> StoredRun:
    """Read the run in ``root``.

    Raises
    ------
    RunError
        If there is no run.
    TableError
        If a table is missing or broken.
    """
    _, config = record_of(root)
    periods, possession, known, formations = (
        table(root, n, optional=True) for n in ("periods", "possession", "people", "formations")
    )
    playing = placed(root, config)
    return StoredRun(root, root.resolve().name, config, playing, periods, possession, known, formations)


def record_of(root: Path) -> tuple[dict[str, Any], Config]:
    """Read ``run.json`` and the settings in it.

    Raises
    ------
    RunError
        If there is no run.
    """
    record = read_json(root / "run.json")
    if "config" not in record:
        raise RunError(f"{root}: no run here (run.json is missing or broken); make one with 'teamshape run'")
    return record, Config.model_validate(record["config"])


def placed(
    root: Path,
    config: Config,
    *,
    roles: Collection[str] = ("player", "goalkeeper"),
    with_team: bool = True,
) -> pd.DataFrame:
    """Read who is where on the pitch: `metrics.people.people` of these roles, without duplicate frames.

    Raises
    ------
    TableError
        If a table is missing or broken.
    """
    frames, positions, labels = (table(root, n) for n in ("frames", "positions", "labels"))
    identities = table(root, "identities", optional=True)
    positions, identities = by_person(positions, identities, table(root, "links", optional=True))
    known = identities if len(identities) else None
    everyone = people(positions, labels, known, roles=roles, with_team=with_team)
    pitch = Pitch(config.pitch.length_m, config.pitch.width_m)
    return on_pitch(without_duplicates(everyone, frames), pitch)


def stances_of(run: StoredRun, window_s: float | None, by: str | None) -> list[Stance]:
    """Measure a run's formations anew.

    Parameters
    ----------
    window_s
        Visible time behind one formation, s; None for all of a half at once.
    by
        ``possession`` for time in and out of possession apart, anything else for all of the time.

    Raises
    ------
    UserError
        If it should be by possession and the run doesn't know that.
    """
    if by == "possession" and not len(run.possession):
        raise UserError(
            f"--by possession: {run.root} has no possession (table possession is absent or empty)"
        )
    settings = formation_settings(run.config)
    whole = float("inf") if window_s is None else window_s
    settings = replace(settings, window_s=whole, min_s=min(settings.min_s, whole))
    phases = ("in", "out") if by == "possession" else ("all",)
    stood = stances(run.playing, settings, run.periods, run.possession if by == "possession" else None)
    return [s for s in stood if s.phase in phases and s.scope == "window"]


def table(root: Path, name: str, *, optional: bool = False) -> pd.DataFrame:
    """Read one of a run's tables; without rows where it is ``optional`` and absent.

    Raises
    ------
    TableError
        If it is missing or broken.
    """
    path = root / "tables" / f"{name}.parquet"
    return storage.empty(name) if optional and not path.exists() else storage.read(path, name)
