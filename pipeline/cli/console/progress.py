"""What a run looks like in a terminal: progress bars, warnings, the closing summary."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from pipeline.cli.console import consoles
from pipeline.workflow.package_versions import versions as versions

if TYPE_CHECKING:
    from pipeline.workflow.probe import VideoReport

_TITLES = {
    "import": "read tracking data",
    "segment": "find people and ball",
    "track": "link over time",
    "appearance": "read shirts",
    "calibrate": "find the camera view",
    "shots": "tell shots apart",
    "project": "place on the pitch",
    "identify": "tell teams and roles",
    "measure": "measure",
    "draw": "draw overlay.mp4",
    "report": "write the page",
}


class Watcher:
    """Shows the steps of a run as they happen; pass it to `plan.execute` as listener."""

    def __init__(self) -> None:
        self._err = consoles.err()
        self._bars = Progress(
            TextColumn("{task.description:<22}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self._err,
            transient=True,
            disable=not self._err.is_terminal,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Watcher:
        self._bars.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._bars.stop()

    def __call__(self, step: str, event: str, facts: dict[str, Any]) -> None:
        """Take one event of one step."""
        title = _TITLES.get(step, step)
        if event == "start":
            self._task = self._bars.add_task(title, total=None)
        elif event == "progress" and self._task is not None:
            self._bars.update(self._task, completed=facts["done"], total=facts["total"])
        elif event == "warn":
            warn(f"{step}: {facts['text']}")
        elif event == "skip":
            self._err.print(f"{title:<22} there already", style="dim")
        elif event == "done":
            if self._task is not None:
                self._bars.remove_task(self._task)
            self._err.print(f"{title:<22} {facts['seconds']:.1f} s")


def warn(text: str) -> None:
    """Print one warning line to stderr."""
    consoles.err().print(f"warning: {text}", style="yellow", markup=False)


def show_run(root: Path) -> None:
    """Print what a finished run has to offer."""
    from pipeline.runs import run_directory
    from pipeline.runs.match_sheet import headline, match_sheet

    record = run_directory.read_json(run_directory.record_path(root))
    names = record.get("tracking", {}).get("teams") or {}
    about = headline(match_sheet(record), *(names.get(t) or f"Team {t}" for t in ("A", "B")))
    if about:
        consoles.out().print(about, style="bold", markup=False)
    steps = {
        p.stem: run_directory.read_json(p).get("facts", {}) for p in sorted((root / "steps").glob("*.json"))
    }
    table = Table(show_header=False, box=None, pad_edge=False)
    for name in _TITLES:
        if facts := steps.get(name):
            table.add_row(name, ", ".join(f"{k.replace('_', ' ')} {_short(v)}" for k, v in facts.items()))
    out = consoles.out()
    out.print(table)
    for label, path in (("report", root / "report" / "index.html"), ("video", root / "overlay.mp4")):
        if path.exists():
            out.print(f"{label + ':':<8} {path}", markup=False, soft_wrap=True)
    out.print(f"{'tables:':<8} {root / 'tables'}", markup=False)


def show_video(report: VideoReport) -> None:
    """Print what `video.inspect` found."""
    from dataclasses import fields

    table = Table(show_header=False, box=None, pad_edge=False)
    for item in fields(report):
        table.add_row(item.name, _short(getattr(report, item.name)))
    consoles.out().print(table)


def _short(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
    if isinstance(value, dict):
        return ", ".join(f"{k} {_short(v)}" for k, v in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_short(v) for v in value) or "none"
    return str(value)
