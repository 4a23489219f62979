"""Everything the page shows, read from a finished run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core.config import Config
from pipeline.core.pitch import Pitch
from pipeline.core.types import Kind
from pipeline.report.style.colours import Colours, choose
from pipeline.report.style.team_colours import kit_colours
from pipeline.runs.run_directory import read_json
from pipeline.tables import storage
from pipeline.tables.persons import by_person
from pipeline.tables.who_is_where import footage_s, on_pitch, people, play_s, without_duplicates

if TYPE_CHECKING:
    import pandas as pd

_STEPS = (
    "import",
    "segment",
    "track",
    "calibrate",
    "shots",
    "project",
    "identify",
    "measure",
    "draw",
    "report",
)
_OPTIONAL = ("people", "links", "periods", "possession", "roles", "shots")


@dataclass(frozen=True, slots=True)
class RunData:
    """A run's tables (see `schemas`), records, and what follows from them at once.

    ``tracks``, ``identities`` and ``movement`` are empty tables in mode team, ``tracks`` and ``views`` in
    a run of tracking data; ``who`` (table ``people``), ``periods``, ``possession`` and ``shots`` where the
    run has none.
    ``playing`` is `metrics.people.people` of the run: those on the pitch, without duplicate frames.
    """

    root: Path
    name: str
    kind: Kind
    config: Config
    record: dict[str, Any]
    steps: dict[str, dict[str, Any]]
    colours: Colours
    frames: pd.DataFrame
    labels: pd.DataFrame
    views: pd.DataFrame
    shots: pd.DataFrame
    positions: pd.DataFrame
    tracks: pd.DataFrame
    identities: pd.DataFrame
    movement: pd.DataFrame
    team_movement: pd.DataFrame
    shapes: pd.DataFrame
    formations: pd.DataFrame
    roles: pd.DataFrame
    who: pd.DataFrame
    periods: pd.DataFrame
    possession: pd.DataFrame
    playing: pd.DataFrame

    @property
    def pitch(self) -> Pitch:
        """The pitch of the settings."""
        return Pitch(self.config.pitch.length_m, self.config.pitch.width_m)

    @property
    def tracked(self) -> bool:
        """Whether people were followed over time (not in mode team)."""
        return self.config.mode != "team"

    @property
    def duration_s(self) -> float:
        """How much footage or play was processed, s; without the breaks between periods."""
        return play_s(self.frames, self.periods)

    @property
    def end_s(self) -> float:
        """When the last frame ends, s."""
        return float(self.frames["time_s"].min() + footage_s(self.frames)) if len(self.frames) else 0.0

    @property
    def has_views(self) -> bool:
        """Whether any frame has a camera view."""
        return bool((self.views["source"] != "none").any())


def load(root: Path, config: Config) -> RunData:
    """Read the run in ``root``.

    Raises
    ------
    TableError
        If a table is missing or broken.
    """
    folder = root / "tables"
    record = read_json(root / "run.json")
    kind: Kind = "tracking" if record.get("kind") == "tracking" else "video"
    absent = {"tracks", "identities", "movement"} if config.mode == "team" else set()
    if kind == "tracking":
        absent = {"tracks", "views"}

    def table(name: str) -> pd.DataFrame:
        if name in absent or (name in _OPTIONAL and not (folder / f"{name}.parquet").exists()):
            return storage.empty(name)
        return storage.read(folder / f"{name}.parquet", name)

    frames = table("frames").sort_values("frame", ignore_index=True)
    positions, labels, identities = table("positions"), table("labels"), table("identities")
    positions, identities = by_person(positions, identities, table("links"))
    everyone = people(positions, labels, identities if len(identities) else None)
    everyone = without_duplicates(everyone, frames)
    return RunData(
        root=root,
        name=_name(root, record),
        config=config,
        record=record,
        steps={s: read_json(root / "steps" / f"{s}.json") for s in _STEPS},
        kind=kind,
        colours=kit_colours(folder) if kind == "video" else choose(None, None),
        frames=frames,
        labels=labels,
        views=table("views").sort_values("frame", ignore_index=True),
        shots=table("shots").sort_values("shot", ignore_index=True),
        positions=positions,
        tracks=table("tracks"),
        identities=identities,
        movement=table("movement"),
        team_movement=table("team_movement"),
        shapes=table("shapes"),
        formations=table("formations"),
        roles=table("roles"),
        who=table("people"),
        periods=table("periods"),
        possession=table("possession"),
        playing=on_pitch(everyone, Pitch(config.pitch.length_m, config.pitch.width_m)),
    )


def _name(root: Path, record: dict[str, Any]) -> str:
    """The teams where tracking data name them, else the file."""
    teams = [t for t in (record.get("tracking", {}).get("teams") or {}).values() if t]
    return " – ".join(teams) if len(teams) == 2 else Path(str(record.get("source", root.name))).name
