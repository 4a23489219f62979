"""Everything the page shows, read from a finished run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core.config import Config
from pipeline.core.pitch import Pitch
from pipeline.core.settings.pitch_settings import chosen_pitch
from pipeline.core.types import Kind
from pipeline.report.style.colours import Colours
from pipeline.report.style.team_colours import match_colours
from pipeline.runs.match_file import match_of_run, sheet_of_run
from pipeline.runs.match_sheet import MatchSheet
from pipeline.runs.run_directory import read_json, record_path, step_path
from pipeline.runs.stored_run import StoredRun
from pipeline.tables.who_is_where import footage_s, play_s

if TYPE_CHECKING:
    import pandas as pd

_STEPS = (
    "import",
    "segment",
    "track",
    "appearance",
    "calibrate",
    "shots",
    "project",
    "identify",
    "periods",
    "link",
    "measure",
    "physical",
    "play",
    "draw",
    "report",
)
_AS_THEY_ARE = (
    *("labels", "positions", "tracks", "identities", "movement", "team_movement"),
    *("shapes", "formations", "roles", "periods", "possession"),
)


@dataclass(frozen=True, slots=True, eq=False)
class RunData:
    """A run's tables (see `schemas`), records, and what follows from them at once.

    ``tracks``, ``identities`` and ``movement`` are empty tables in mode team, ``tracks`` and ``views`` in
    a run of tracking data; ``who`` (table ``people``), ``periods``, ``possession`` and ``shots`` where the
    run has none.
    ``playing`` is `StoredRun.people`: players and goalkeepers on the pitch, without duplicate frames.
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
        return chosen_pitch(self.config.pitch)

    @property
    def sheet(self) -> MatchSheet:
        """Date, score and so on of the match, as the input or the user says."""
        return sheet_of_run(self.root, self.record)

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
    run = StoredRun(root, read_json(record_path(root)), config)
    return RunData(
        root=root,
        name=_name(root, run.record),
        config=config,
        record=run.record,
        steps={s: read_json(step_path(root, s)) for s in _STEPS},
        kind=run.kind,
        colours=match_colours(root, run.kind),
        frames=run.table("frames").sort_values("frame", ignore_index=True),
        views=run.table("views").sort_values("frame", ignore_index=True),
        shots=run.table("shots").sort_values("shot", ignore_index=True),
        who=run.table("people"),
        playing=run.people(),
        **{name: run.table(name) for name in _AS_THEY_ARE},
    )


def _name(root: Path, record: dict[str, Any]) -> str:
    """The teams where the data or the user name them, else the file."""
    named = (record.get("tracking", {}).get("teams") or {}) | dict(match_of_run(root, record).teams)
    teams = [named[t] for t in "AB" if named.get(t)]
    return " – ".join(teams) if len(teams) == 2 else Path(str(record.get("source", root.name))).name
