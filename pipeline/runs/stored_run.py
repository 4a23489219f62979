"""A run on disk: its record, settings and tables, and who is who in them.

Everything that opens a run starts here; `pipeline.runs.run.Run` adds masks, frames and types of other tools.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

from pipeline.core.config import Config
from pipeline.core.errors import TableError
from pipeline.core.pitch import Pitch
from pipeline.core.settings.pitch_settings import chosen_pitch
from pipeline.core.types import Kind
from pipeline.runs.match_file import MatchSaid, match_of_run
from pipeline.runs.records import begun_record, finished_record, record_of, settings_of
from pipeline.runs.run_directory import table_path
from pipeline.tables import names, persons, storage, who_is_where
from pipeline.tables.schemas import SCHEMAS

if TYPE_CHECKING:
    import pandas as pd

    T = TypeVar("T")

Stage = Literal["begun", "measured", "finished"]
_RECORDS: dict[Stage, Callable[[Path], dict[str, Any]]] = {
    "begun": begun_record,
    "measured": record_of,
    "finished": finished_record,
}
PLAYERS = ("player", "goalkeeper")
OPTIONAL = frozenset(
    {
        *("people", "phases", "periods", "possession", "roles", "shots", "projections", "kits"),
        *("links", "placed_by_hand"),
    }
)
"""Tables that a run need not have; they read as empty where it does not."""
OF_PLAYERS = frozenset({"physical", "fast_runs", "efforts", "peak_demands", "passes", "off_ball_runs"})
NOT_IN_TEAM_MODE = OF_PLAYERS | {
    *("tracks", "identities", "movement", "movement_parts", "people", "links", "placed_by_hand")
}
NOT_OF_TRACKING_DATA = frozenset(
    {
        *("instances", "segments", "tracks", "views", "view_errors", "shots", "projections", "kits"),
        *("links", "placed_by_hand"),
    }
)


class StoredRun:
    """The record, settings and tables of one run; nothing is read before it is asked for, nothing twice.

    Attributes
    ----------
    root
        The run directory.
    record
        What ``run.json`` says: state, source, settings, versions, fingerprints, seconds of each step.
    """

    def __init__(self, root: Path, record: dict[str, Any], config: Config | None = None) -> None:
        self.root = root
        self.record = record
        self._config = config
        self._read: dict[object, Any] = {}

    @classmethod
    def open(cls, root: str | Path, *, stage: Stage = "measured") -> Self:
        """Open the run in the folder ``root``.

        Parameters
        ----------
        stage
            How far it has to be: ``begun``, ``measured`` (all tables are there, and made with the settings in
            its record) or ``finished`` (with page and overlay).

        Raises
        ------
        RunError
            If there is no run, its record is broken, or it did not get so far.
        """
        return cls(Path(root), _RECORDS[stage](Path(root)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.root)!r})"

    @property
    def name(self) -> str:
        """Name of the run directory."""
        return self.root.resolve().name

    @property
    def kind(self) -> Kind:
        """What the run was made from: ``video`` or ``tracking``."""
        return "tracking" if self.record.get("kind") == "tracking" else "video"

    @cached_property
    def config(self) -> Config:
        """All settings of the run.

        Raises
        ------
        RunError
            If they are of another version that knew other settings.
        """
        return self._config or settings_of(self.root, self.record)

    @property
    def pitch(self) -> Pitch:
        """The pitch of the settings, m."""
        return chosen_pitch(self.config.pitch)

    @property
    def tracked(self) -> bool:
        """Whether people were followed over time (not in mode team)."""
        mode = self._config.mode if self._config else self.record["config"].get("mode")
        return bool(mode != "team")

    def tables(self) -> tuple[str, ...]:
        """Names of the tables that the run has, in the order in which they are documented."""
        return tuple(n for n in SCHEMAS if self.has(n))

    def has(self, name: str) -> bool:
        """Whether the run has the table ``name``; one left over from another mode does not count."""
        return name not in self._never and table_path(self.root, name).exists()

    def path(self, name: str) -> Path:
        """Where the table ``name`` is stored, or would be."""
        return table_path(self.root, name)

    def table(
        self, name: str, columns: Sequence[str] | None = None, *, optional: bool = False
    ) -> pd.DataFrame:
        """Read a table, or some of its ``columns``; each is read once, and yours to change.

        Without rows where runs of this kind need not have it: tracks in mode team, masks of tracking data,
        line-ups and possession where nobody gave them; and, if ``optional``, wherever it is missing.

        Raises
        ------
        TableError
            If there is no such table or column, or the table is missing or broken.
        """
        self._check(name, columns)
        chosen = None if columns is None else tuple(columns)
        if not self.has(name) and not (optional or name in OPTIONAL or name in self._never):
            raise TableError(f"{self.root}: has no table {name}; run the command that made it again")
        table = self.once((name, chosen), lambda: self._load(name, chosen))
        # A shallow copy: pandas copies a column when it is written to.
        return table.copy(deep=False)

    def people(self, *, roles: Collection[str] = PLAYERS, with_team: bool = True) -> pd.DataFrame:
        """Say who is where: every position on the pitch of these ``roles`` with its role and team.

        Frames that only repeat the one before, and people more than 2 m off the pitch, are left out.

        Parameters
        ----------
        roles
            Of ``player``, ``goalkeeper``, ``referee``, ``ball``, ``other``, ``unclear``.
        with_team
            Only those with a team.

        Returns
        -------
        One row for each position, sorted by time: ``frame, time_s, track_id, role, team, x_m, y_m,
        error_m, observed``; m from the centre spot, in the pitch's own directions.
        """
        key = ("who is where", tuple(sorted(roles)), with_team)
        made = self.once(key, lambda: self._people(roles, with_team))
        return made.copy(deep=False)

    def by_person(self, name: str, columns: Sequence[str] | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Read a table with tracks, and ``identities``, told by person: see `persons.by_person`."""
        identities = self.table("identities", optional=True)
        table, links = self.table(name, columns), self.table("links")
        return persons.by_person(table, identities, links, self.table("placed_by_hand"))

    def name_of(self, track_id: int) -> str:
        """Call a person by shirt number and name, ``7 Sancho``, or team and running number, ``A3``.

        See `names.label_of` for tracks of nobody in particular.
        """
        labels = self.once("labels", lambda: names.player_labels(self.table("people")))
        return names.label_of(labels, int(track_id))

    @property
    def match(self) -> MatchSaid:
        """What the user says of the match (``match.yaml``); empty where he says nothing."""
        return self.once("match", lambda: match_of_run(self.root, self.record))

    def team_name(self, team: str) -> str:
        """Name team ``A`` or ``B``; ``Team A`` where its name is unknown."""
        known = self.once("teams", lambda: names.team_names(self.table("people")) | dict(self.match.teams))
        return known.get(team, f"Team {team}")

    @property
    def _never(self) -> frozenset[str]:
        if self.kind == "tracking":
            return NOT_OF_TRACKING_DATA
        return NOT_IN_TEAM_MODE if not self.tracked else frozenset()

    def _check(self, name: str, columns: Sequence[str] | None) -> None:
        if name not in SCHEMAS:
            raise TableError(f"table {name}: no such table; there are {', '.join(SCHEMAS)}")
        declared = [c.name for c in SCHEMAS[name].columns]
        if columns is not None and (unknown := [c for c in columns if c not in declared]):
            raise TableError(f"table {name}: no column {', '.join(unknown)}; it has {', '.join(declared)}")

    def _load(self, name: str, columns: tuple[str, ...] | None) -> pd.DataFrame:
        chosen = None if columns is None else list(columns)
        if self.has(name):
            if name == "people":
                return self._with_team_names(storage.read(self.path(name), name))[chosen or slice(None)]
            return storage.read(self.path(name), name, chosen)
        return storage.empty(name)[chosen or slice(None)]

    def _with_team_names(self, people: pd.DataFrame) -> pd.DataFrame:
        """Call teams as the user does."""
        if not self.match.teams:
            return people
        said = people["team"].map(dict(self.match.teams)).astype(people["team_name"].dtype)
        return people.assign(team_name=said.fillna(people["team_name"]))

    def _people(self, roles: Collection[str], with_team: bool) -> pd.DataFrame:
        positions, identities = self.by_person("positions")
        labels, frames = self.table("labels"), self.table("frames")
        everyone = who_is_where.people(positions, labels, identities, roles=roles, with_team=with_team)
        return who_is_where.on_pitch(who_is_where.without_duplicates(everyone, frames), self.pitch)

    def once(self, key: object, make: Callable[[], T]) -> T:
        """Make what ``key`` names on the first call, and give the same from then on."""
        if key not in self._read:
            self._read[key] = make()
        made: T = self._read[key]
        return made
