"""One piece of work of the queue, and what is known of how far it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pipeline.workbench.served_run import run_key

JobKind = Literal["run", "data", "check"]
State = Literal["waiting", "running", "finished", "stopped", "refused"]
_MOST_WARNINGS = 50


@dataclass(slots=True)
class Job:
    """A run that is made, of footage or (``data``) of tracking data, or footage that is decoded to the end.

    Attributes
    ----------
    said
        What the process is told (`run_job`).
    steps
        Of a run, in order: ``{name, state, done, total, seconds}``; state waiting, running, done or skipped.
    found
        What a check found, as `workflow.probe.VideoReport` has it.
    lines
        Why it was refused: what the command line would say.
    """

    number: int
    kind: JobKind
    source: Path
    root: Path | None
    said: dict[str, Any]
    steps: list[dict[str, Any]]
    state: State = "waiting"
    warnings: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    found: dict[str, Any] | None = None

    def hear(self, event: dict[str, Any]) -> None:
        """Take one line of what the process says."""
        what, step = event.get("event"), self._step(event.get("step"))
        if what == "refused":
            self.lines = [str(line) for line in event["lines"]]
        elif what == "found":
            self.found = event["found"]
        elif what == "warn":
            self.warnings = [*self.warnings, f"{event['step']}: {event['text']}"][-_MOST_WARNINGS:]
        elif step is not None and what == "start":
            step |= {"state": "running", "done": 0, "total": None}
        elif step is not None and what == "progress":
            step |= {"state": "running", "done": event["done"], "total": event["total"]}
        elif step is not None and what in ("done", "skip"):
            step |= {"state": "done" if what == "done" else "skipped", "seconds": event.get("seconds")}
        elif what == "finished":
            self.state = "finished"

    def end(self, died: str | None, *, stopped: bool) -> None:
        """Take that the process has ended; ``died``: what it wrote to its error output without a word."""
        if died is not None:
            self.lines = [died.strip().splitlines()[-1] if died.strip() else "it ended without a word"]
        if self.lines:
            self.state = "refused"
        elif self.state != "finished":
            self.state = "stopped" if stopped else "refused"
        for step in self.steps:
            if step["state"] == "running":
                step["state"] = "waiting"

    def told(self) -> dict[str, Any]:
        """Tell the browser."""
        return {
            "number": self.number,
            "kind": self.kind,
            "state": self.state,
            "source": self.source.name,
            "name": None if self.root is None else self.root.name,
            "key": None if self.root is None else run_key(self.root),
            "steps": [dict(step) for step in self.steps],
            "warnings": list(self.warnings),
            "lines": list(self.lines),
            "found": self.found,
        }

    def _step(self, name: object) -> dict[str, Any] | None:
        return next((step for step in self.steps if step["name"] == name), None)


def waiting_steps(names: list[str]) -> list[dict[str, Any]]:
    """Make the list of steps of a run that has not begun."""
    return [{"name": n, "state": "waiting", "done": None, "total": None, "seconds": None} for n in names]
