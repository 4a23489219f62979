"""One run at work: who is who now, corrections, and what follows from them in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pipeline.core.errors import CorrectionsError
from pipeline.linking.by_hand.corrections import Corrected
from pipeline.linking.by_hand.entries import MARK, Entry, as_line
from pipeline.workbench.editing.correction_log import CorrectionLog, Log
from pipeline.workbench.editing.preview import Preview
from pipeline.workbench.editing.undo_stack import undo_state
from pipeline.workbench.editing.what_changed import what_changed
from pipeline.workbench.served_run import ServedRun
from pipeline.workbench.telling.results import results
from pipeline.workbench.working.child import Child
from pipeline.workbench.working.hub import Hub
from pipeline.workflow.by_hand.applied import applied, match_applied

APPLY = "pipeline.workbench.editing.apply_run"
COPY = "pipeline.workbench.film.copy_run"
_ANSWERS = "measure"
"""The step behind which the answers are new; the page and the overlay take longer."""
_FOR_PEOPLE = ("report", "draw")
"""Steps that may be stopped for a new correction: everything else is there already."""

Start = Callable[..., Child]


class Session:
    """A run that browsers look at.

    Parameters
    ----------
    root
        The run directory.
    start
        Starts a process; tests give their own.
    """

    def __init__(self, root: Path, start: Start = Child) -> None:
        self.run = ServedRun(root)
        config = self.run.stored.config
        self.log = CorrectionLog(root, config.link.corrections)
        self.preview = Preview(self.run)
        self.hub = Hub()
        self._start = start
        self._lock = threading.RLock()
        self._child: Child | None = None
        self._copy: Child | None = None
        self._again = False
        self._work: dict[str, Any] = {"busy": False, "step": None, "lines": []}
        self._before = results(self.run)
        self._quick: list[dict[str, Any]] = []
        self.changes: list[dict[str, Any]] = []

    def begin(self) -> None:
        """Apply what was written but never applied, or corrections of which it is not known upon what."""
        waiting = self.run.corrections() and not (applied(self.run.root) and self.preview.ready)
        if waiting or not match_applied(self.run.root):
            self.apply()

    def now(self) -> tuple[Corrected, Log]:
        """Give who is who with all corrections, and these; as the tables say where they cannot be applied."""
        log = self.log.read()
        try:
            return self.preview.of(log.entries), log
        except CorrectionsError:
            return Corrected(*self.run.people()), log

    def state(self) -> dict[str, Any]:
        """Tell revision, entries, what can be undone, and the work in the background."""
        try:
            log, broken = self.log.read(), []
        except CorrectionsError as error:
            log, broken = Log([], "broken"), error.lines
        undo = undo_state(log.entries)
        said = [{"number": e.number, "line": as_line(e)} for e in log.entries if e.verb != MARK]
        return {
            "event": "state",
            "revision": log.revision,
            "entries": said,
            "undo": undo.undo,
            "redo": undo.redo,
            "writable": self.log.writable and self.run.stored.has("links"),
            "broken": broken,
            "quick": bool(self._quick),
            **self._work,
        }

    def answers(self) -> dict[str, Any]:
        """Tell the answers, of those whom a correction concerns as measured at once; and what changed."""
        return _with_players(results(self.run), self._quick) | {"changes": self.changes}

    def correct(self, said: Mapping[str, Any], revision: str) -> None:
        """Add a correction, tell everybody, and have it applied.

        Raises
        ------
        StaleError, CorrectionsError
            See `CorrectionLog.append`.
        """

        def check(entries: list[Entry]) -> None:
            self.preview.of(entries)
            self.preview.keep()

        self.log.append(said, revision, check)
        self.apply()
        self.hub.publish(self.state())

    def back(self, revision: str, *, redo: bool) -> None:
        """Undo the last correction that holds, or what was undone last."""
        known = undo_state(self.log.read().entries)
        number = known.redo if redo else known.undo
        if number is None:
            raise CorrectionsError(["there is nothing to redo" if redo else "there is nothing to undo"])
        self.correct({"undo": number}, revision)

    def apply(self) -> None:
        """Have all corrections applied in the background; once more if that is under way."""
        with self._lock:
            if self._child is None:
                self._work = {"busy": True, "step": None, "lines": []}
                self._child = self._start(APPLY, self.run.root, self._heard, self._ended)
                return
            self._again = True
            if self._work["step"] in _FOR_PEOPLE:
                self._child.stop()

    def copy_film(self) -> None:
        """Make the copy of the footage that browsers play, in the background."""
        with self._lock:
            if self._copy is None:
                self._copy = self._start(COPY, self.run.root, self._copied, self._copy_ended)

    def close(self) -> None:
        """Stop what works in the background; the next start goes on with it."""
        with self._lock:
            self._again = False
            children = [c for c in (self._child, self._copy) if c is not None]
        for child in children:
            child.stop()
            child.wait(10.0)

    def settle(self, timeout_s: float | None = None) -> None:
        """Wait until nothing works in the background."""
        while (child := self._child or self._copy) is not None:
            child.wait(timeout_s)

    def _heard(self, event: dict[str, Any]) -> None:
        if event["event"] == "refused":
            self._work = self._work | {"lines": event["lines"]}
        elif event["event"] == "quick":
            self._measured(event["players"])
        elif event["event"] in ("start", "skip"):
            self._work = self._work | {"step": event["step"], "done": None, "total": None}
        elif event["event"] == "progress":
            self._work = self._work | {"done": event["done"], "total": event["total"]}
        elif event["event"] == "finished" or (event["event"] == "done" and event["step"] == _ANSWERS):
            self._fresh()
        if event["event"] != "warn":
            self.hub.publish(self.state())

    def _measured(self, players: list[dict[str, Any]]) -> None:
        """Take what was measured at once, and say what is different."""
        self._quick = players
        if found := what_changed(self._before, _with_players(self._before, players)):
            self.changes = found
            self.hub.publish({"event": "answers"})

    def _fresh(self) -> None:
        """Read the new answers, and say what is different."""
        self.run.reload()
        self.preview.refresh()
        self._quick, after = [], results(self.run)
        if found := what_changed(self._before, after):
            self.changes = found
        self._before = after
        self.hub.publish({"event": "answers"})

    def _ended(self, died: str | None) -> None:
        with self._lock:
            self._child = None
            lines = self._work["lines"] + ([died.strip().splitlines()[-1]] if died else [])
            self._work = {"busy": False, "step": None, "lines": lines}
            if self._again:
                self._again = False
                self.apply()
        self.hub.publish(self.state())

    def _copied(self, event: dict[str, Any]) -> None:
        self.hub.publish({**event, "event": "copy", "state": event["event"]})

    def _copy_ended(self, died: str | None) -> None:
        with self._lock:
            self._copy = None
        state = "refused" if died else "ended"
        self.hub.publish({"event": "copy", "state": state, "lines": [died] if died else []})


def _with_players(told: dict[str, Any], players: list[dict[str, Any]]) -> dict[str, Any]:
    """Put rows of some people in the place of their older ones."""
    new = {row["person"] for row in players}
    return told | {"players": [*players, *(row for row in told["players"] if row["person"] not in new)]}
