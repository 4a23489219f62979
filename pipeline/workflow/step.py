"""A step of a run: what it reads and writes, its fingerprint, and how it is executed and recorded.

A step is skipped when its JSON is there, its fingerprint is what it would be now, and what it wrote has
still the size and SHA-256 recorded there. The fingerprint covers name, version, settings, the fingerprints
of what it reads, and the content of weights, so a changed setting reruns just what depends on it. The JSON
is written last, by rename.
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
from pipeline.core.errors import PlanError
from pipeline.core.json_files import write_json
from pipeline.runs.run_directory import (
    intact,
    is_whole,
    parts_path,
    read_json,
    record_paths,
    sha256,
    table_path,
)

_MARK = "fingerprint"


class Progress(Protocol):
    """What a step tells the outside while it works."""

    def __call__(self, done: int, total: int | None) -> None:
        """Report ``done`` units of ``total`` (None when unknown)."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a step is given: where the run lies, the footage, all settings, and a way to report.

    ``fingerprints`` are those of all steps of the plan, by name; ``fingerprint`` is the step's own.
    """

    root: Path
    source: Path
    config: Config
    progress: Progress
    warn: Callable[[str], None]
    fingerprint: str = ""
    fingerprints: Mapping[str, str] = field(default_factory=dict)

    def table(self, name: str) -> Path:
        """Where the table ``name`` is stored."""
        return table_path(self.root, name)

    def scratch(self, step: str) -> Path:
        """A folder for parts of ``step`` that survive a kill; emptied when its fingerprint changes."""
        return marked(parts_path(self.root, step), self.fingerprint)


def marked(folder: Path, fingerprint: str) -> Path:
    """Make a folder for what belongs to ``fingerprint``; emptied if it was of another."""
    if folder.exists() and not is_marked(folder, fingerprint):
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).write_text(fingerprint)
    return folder


def is_marked(folder: Path, fingerprint: str) -> bool:
    """Say whether what lies in ``folder`` belongs to ``fingerprint``."""
    mark = folder / _MARK
    return mark.exists() and mark.read_text() == fingerprint


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
        return [root / w if "." in w else table_path(root, w) for w in self.writes]


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
    """Say whether ``step`` has run with this fingerprint and all that it wrote is there, unchanged.

    A record set aside by a later run that was stopped before it wrote anything is put back; parts that were
    left by a kill behind the record are removed.
    """
    record, before = record_paths(root, step.name)
    if not record.exists() and is_whole(root, before, fingerprint):
        before.replace(record)
    found = read_json(record)
    there = all(p.exists() for p in step.outputs(root))
    done = found.get("fingerprint") == fingerprint and there and intact(root, found)
    if done:
        _clear_parts(root, step, fingerprint)
    return done


def _clear_parts(root: Path, step: Step, fingerprint: str) -> None:
    """Remove the parts that a finished step was made of; those of other settings may be somebody's work."""
    folder = parts_path(root, step.name)
    if folder.exists() and (not (folder / _MARK).exists() or is_marked(folder, fingerprint)):
        shutil.rmtree(folder, ignore_errors=True)


def execute(
    step: Step, context: Context, *, clock: Callable[[], float] = time.perf_counter
) -> dict[str, Any]:
    """Run one step and record it; its JSON appears only when all its outputs are there.

    The record of an earlier run of the step is set aside, and put back if the step fails or is stopped before
    it has changed anything.
    """
    record, before = record_paths(context.root, step.name)
    if record.exists():
        record.replace(before)
    warnings: list[str] = []

    def warn(text: str) -> None:
        warnings.append(text)
        context.warn(text)

    began = clock()
    try:
        facts = dict(step.do(replace(context, warn=warn)) or {})
    except BaseException:
        if before.exists() and is_whole(context.root, before, read_json(before).get("fingerprint", "")):
            before.replace(record)
        raise
    entry = {
        "step": step.name,
        "version": step.version,
        "fingerprint": context.fingerprint,
        "seconds": round(clock() - began, 3),
        "facts": facts,
        "warnings": warnings,
        "outputs": _contents(context.root, step),
    }
    write_json(record, entry)
    before.unlink(missing_ok=True)
    shutil.rmtree(parts_path(context.root, step.name), ignore_errors=True)
    return entry


def _contents(root: Path, step: Step) -> dict[str, dict[str, Any]]:
    return {
        path.relative_to(root).as_posix(): {"size": path.stat().st_size, "sha256": sha256(path)}
        for path in step.outputs(root)
        if path.is_file()
    }
