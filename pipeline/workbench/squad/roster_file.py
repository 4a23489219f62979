"""``roster.yaml`` of a run, as the workbench reads and writes it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from pipeline.core.errors import CorrectionsError
from pipeline.core.files import whole_file
from pipeline.core.text.said import clock
from pipeline.linking.by_hand.roster import Listed, Roster, content, roster_of
from pipeline.runs.stored_run import StoredRun
from pipeline.workbench.editing.correction_log import StaleError, revision_of
from pipeline.workflow.corrections_file import writing
from pipeline.workflow.steps import link

NAME, BEFORE = "roster.yaml", "roster.before.yaml"
"""The file, and where its last version is kept: notes in it are not written again."""


class RosterFile:
    """The roster of one run.

    ``elsewhere``: path of the file that the run was made with, if that is another: it is the user's and not
    written to.
    """

    def __init__(self, root: Path, elsewhere: str | None = None) -> None:
        self.path = root / NAME
        self.elsewhere = elsewhere
        self._root = root
        self._lock = threading.Lock()

    def told(self, run: StoredRun) -> dict[str, Any]:
        """Tell the players, and which state of the file that is; ``lines`` say what is wrong with it."""
        try:
            roster, lines = link.roster_of(run.config, self._root, run.table("periods")), list[str]()
        except CorrectionsError as error:
            roster, lines = {}, error.lines
        about = {"path": self.elsewhere or str(self.path), "writable": self.elsewhere is None}
        return about | {"players": players_of(roster), "revision": revision(roster), "lines": lines}

    def write(self, players: Sequence[Any], seen: str, run: StoredRun) -> None:
        """Write all players; none: the file goes.

        Parameters
        ----------
        players
            Entries as in YAML: ``{team, number, name, position, on, off}``.
        seen
            The revision that the author saw.

        Raises
        ------
        StaleError
            If the file says something else by now; then nothing is written.
        CorrectionsError
            One line for each player that is no good; likewise.
        """
        if self.elsewhere is not None:
            raise CorrectionsError([f"this run takes its roster from {self.elsewhere}; change it there"])
        roster = roster_of([_plain(p) for p in players], Path(NAME))
        with self._lock, writing(self._root):
            now = self.told(run)["revision"]
            if now != seen:
                raise StaleError(now)
            if self.path.is_file():
                shutil.copyfile(self.path, self._root / BEFORE)
            if not roster:
                self.path.unlink(missing_ok=True)
                return
            with whole_file(self.path) as part:
                part.write_text("".join(map(_line, players_of(roster))), encoding="utf-8")


def players_of(roster: Roster) -> list[dict[str, Any]]:
    """Give players as entries of YAML, by team and number; times of the footage as ``m:ss.s``."""
    return [_entry(roster[key]) for key in sorted(roster)]


def revision(roster: Roster) -> str:
    """Name what a roster says."""
    return revision_of(content(roster))


def _entry(one: Listed) -> dict[str, Any]:
    said = {"team": one.team, "number": one.number, "name": one.name, "position": one.position}
    times = {k: None if t is None else clock(t) for k, t in (("on", one.on_s), ("off", one.off_s))}
    return {k: v for k, v in (said | times).items() if v is not None}


def _line(entry: dict[str, Any]) -> str:
    text = yaml.safe_dump(entry, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10_000)
    return f"- {text.strip()}\n"


def _plain(entry: Any) -> Any:
    """Leave out what the table's cells have empty."""
    if not isinstance(entry, dict):
        return entry
    return {k: v for k, v in entry.items() if v not in ("", None)}
