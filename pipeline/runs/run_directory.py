"""The run directory: steps, their fingerprints, resume.

```
runs/derby/
├── run.json               versions, settings, video and weights fingerprints
├── overlay.mp4  report/   what people look at
├── tables/                every table as Parquet and CSV
└── steps/                 one JSON a finished step; parts of a step that is under way
```
A step is skipped when its JSON is there and its fingerprint is what it would be now. The
fingerprint covers name, version, settings, the fingerprints of what it reads, and the content of
weights, so a changed setting reruns just what depends on it. The JSON is written last, by rename.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from pipeline.core.config import Config
from pipeline.core.errors import PlanError, RunError
from pipeline.core.files import whole_file

_MARK = "steps"


class Progress(Protocol):
    """What a step tells the outside while it works."""

    def __call__(self, done: int, total: int | None) -> None:
        """Report ``done`` units of ``total`` (None when unknown)."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a step is given: where the run lies, the footage, all settings, and a way to report."""

    root: Path
    source: Path
    config: Config
    progress: Progress
    warn: Callable[[str], None]
    fingerprint: str = ""

    def table(self, name: str) -> Path:
        """Where the table ``name`` is stored."""
        return self.root / "tables" / f"{name}.parquet"

    def scratch(self, step: str) -> Path:
        """A folder for parts of ``step`` that survive a kill; emptied when its fingerprint changes."""
        folder = self.root / "steps" / f"{step}.parts"
        mark = folder / "fingerprint"
        if folder.exists() and (not mark.exists() or mark.read_text() != self.fingerprint):
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        mark.write_text(self.fingerprint)
        return folder


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the pipeline.

    ``reads`` names tables of earlier steps, or ``video``; ``writes`` names tables, or files relative
    to the run (with a dot in their name). ``settings`` picks from the config what the result depends on;
    ``inputs`` gives further fingerprints, of weights by content. ``do`` may return facts to record.
    """

    name: str
    version: int
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    settings: Callable[[Config], Mapping[str, Any]]
    do: Callable[[Context], Mapping[str, Any] | None]
    inputs: Callable[[Config], Mapping[str, str]] = field(default=lambda _: {})

    def outputs(self, root: Path) -> list[Path]:
        """Paths of all that this step writes."""
        return [root / w if "." in w else root / "tables" / f"{w}.parquet" for w in self.writes]


def check_plan(steps: Sequence[Step]) -> None:
    """Refuse a plan whose step reads what nothing before it writes, or where two write the same.

    Raises
    ------
    PlanError
    """
    known = {"video"}
    for step in steps:
        if missing := [r for r in step.reads if r not in known]:
            raise PlanError(f"step {step.name} reads {', '.join(missing)}, which no earlier step writes")
        if twice := known.intersection(step.writes):
            raise PlanError(f"step {step.name} writes {', '.join(sorted(twice))} a second time")
        known.update(step.writes)


def fingerprints(steps: Sequence[Step], config: Config, video: str) -> dict[str, str]:
    """Compute each step's fingerprint from its settings and everything upstream of it."""
    made_by: dict[str, str] = {"video": video}
    out: dict[str, str] = {}
    for step in steps:
        payload = {
            "name": step.name,
            "version": step.version,
            "settings": step.settings(config),
            "inputs": dict(step.inputs(config)),
            "reads": {r: made_by[r] for r in step.reads},
        }
        text = json.dumps(payload, sort_keys=True, default=str)
        out[step.name] = hashlib.sha256(text.encode()).hexdigest()
        made_by.update(dict.fromkeys(step.writes, out[step.name]))
    return out


def finished(root: Path, step: Step, fingerprint: str) -> bool:
    """Say whether ``step`` has run with this fingerprint and all that it wrote is there."""
    record = read_json(root / "steps" / f"{step.name}.json")
    return record.get("fingerprint") == fingerprint and all(p.exists() for p in step.outputs(root))


def execute(
    step: Step, context: Context, *, clock: Callable[[], float] = time.perf_counter
) -> dict[str, Any]:
    """Run one step and record it; its JSON appears only when all its outputs are there."""
    record = context.root / "steps" / f"{step.name}.json"
    record.unlink(missing_ok=True)
    warnings: list[str] = []

    def warn(text: str) -> None:
        warnings.append(text)
        context.warn(text)

    began = clock()
    facts = dict(step.do(replace(context, warn=warn)) or {})
    entry = {
        "step": step.name,
        "version": step.version,
        "fingerprint": context.fingerprint,
        "seconds": round(clock() - began, 3),
        "facts": facts,
        "warnings": warnings,
    }
    write_json(record, entry)
    shutil.rmtree(context.root / "steps" / f"{step.name}.parts", ignore_errors=True)
    return entry


def prepare(root: Path) -> None:
    """Make the run directory, or accept an existing one of ours.

    Raises
    ------
    RunError
        If it cannot be written, is a file, or is a folder holding something else.
    """
    try:
        if root.is_dir() and any(root.iterdir()) and not (root / _MARK).exists():
            raise RunError(f"{root}: a folder with other things in it; choose an empty or new one with -o")
        for name in ("tables", "steps"):
            (root / name).mkdir(parents=True, exist_ok=True)
        probe = root / "steps" / ".write-probe"
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        raise RunError(
            f"{root}: cannot write there ({error.strerror}); choose another folder with -o"
        ) from error


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object; an absent or broken file reads as empty."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write a JSON object, whole or not at all.

    Raises
    ------
    RunError
        If the disk is full or the folder cannot be written.
    """
    with whole_file(path) as part:
        part.write_text(json.dumps(data, indent=2, default=str) + "\n", encoding="utf-8")
