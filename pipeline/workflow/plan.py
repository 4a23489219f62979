"""The ordered list of steps: the only file that knows them all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.core.config import Config
from pipeline.core.errors import RunError
from pipeline.core.types import Kind, Mode
from pipeline.runs import run_directory
from pipeline.runs.run_directory import Context, Step
from pipeline.workflow.steps import (
    calibrate,
    draw,
    identify,
    import_tracking,
    link,
    measure,
    project,
    report,
    segment,
    shots,
    track,
)

Listener = Callable[[str, str, dict[str, Any]], None]
"""Called as ``(step, event, facts)`` with event ``start``, ``skip``, ``progress``, ``warn`` or ``done``."""


def steps(mode: Mode) -> list[Step]:
    """List the steps of a run in order; the team level needs no tracking."""
    tracked = [track.step(mode)] if mode != "team" else []
    plan = [
        segment.step(mode),
        *tracked,
        calibrate.step(mode),
        shots.step(),
        project.step(mode),
        identify.step(mode),
        *([link.step()] if mode != "team" else []),
        measure.step(mode),
        draw.step(mode),
        report.step(mode),
    ]
    run_directory.check_plan(plan)
    return plan


def tracking_steps() -> list[Step]:
    """List the steps of a run that starts from tracking data instead of footage."""
    plan = [import_tracking.step(), measure.step("both", "tracking"), report.step("both", "tracking")]
    run_directory.check_plan(plan)
    return plan


def chosen(config: Config) -> list[Step]:
    """List the steps that ``config`` asks for: without ``report.overlay`` nothing is drawn."""
    plan = steps(config.mode)
    return [s for s in plan if s.name != "draw" or config.report.overlay]


def execute(
    source: Path, root: Path, config: Config, listen: Listener, versions: dict[str, str], force: bool = False
) -> dict[str, Any]:
    """Run every step whose result is not there yet, and record the run.

    Parameters
    ----------
    source
        A video file, a folder of images, or a glob.
    root
        The run directory; made if absent, continued if it is one of ours.
    versions
        Of the packages at work, to record in ``run.json``.
    force
        Accept a run directory that holds a run of other footage, and replace that.

    Returns
    -------
    What was written to ``run.json``.

    Raises
    ------
    UserError
        For anything the user can mend.
    """
    from pipeline import video

    plan = chosen(config)
    info = video.probe(source)
    facts = {k: v for k, v in asdict(info).items() if k != "path"}
    record = _begin(root, source, "video", plan, config, facts, versions, force)
    seconds = _run_all(plan, root, source, config, info.fingerprint, listen)
    return _end(root, record, seconds)


def analyze(
    sources: Sequence[Path],
    root: Path,
    config: Config,
    listen: Listener,
    versions: dict[str, str],
    force: bool = False,
) -> dict[str, Any]:
    """Make a run from tracking data: import, then measure and report as for footage.

    The size of the pitch and the low-pass follow from the data, unless ``config`` sets them.

    Parameters
    ----------
    sources
        The files of one match; ``config.analyze`` says more of them.
    root, listen, versions, force
        As for `execute`.

    Raises
    ------
    UserError
        For anything the user can mend.
    """
    plan, source = tracking_steps(), sources[0]
    config = import_tracking.described(config, sources[1:])
    mark = import_tracking.fingerprint(sources, config)
    record = _begin(root, source, "tracking", plan, config, {"fingerprint": mark}, versions, force)
    seconds = _run_all(plan[:1], root, source, config, mark, listen)
    found = run_directory.read_json(root / "steps" / f"{import_tracking.NAME}.json")["facts"]
    config = import_tracking.fitted(config, found)
    record |= {"config": config.model_dump(mode="json"), "tracking": found}
    run_directory.write_json(root / "run.json", record)
    seconds |= _run_all(plan, root, source, config, mark, listen, done=1)
    return _end(root, record, seconds)


def _begin(
    root: Path,
    source: Path,
    kind: Kind,
    plan: list[Step],
    config: Config,
    video: dict[str, Any],
    versions: dict[str, str],
    force: bool,
) -> dict[str, Any]:
    """Prepare the run directory and write its record; refuse one that holds another run."""
    there = run_directory.read_json(root / "run.json")
    if there.get("kind", kind if not there else "video") != kind:
        raise RunError(f"{root}: holds a run of {there.get('kind', 'video')} data; choose another -o")
    before = there.get("video", {}).get("fingerprint", video["fingerprint"])
    if before != video["fingerprint"] and not force:
        raise RunError(f"{root}: holds a run of other footage; choose another -o, or --force to replace it")
    run_directory.prepare(root)
    record: dict[str, Any] = {
        "state": "running",
        "kind": kind,
        "source": str(source.absolute()),
        "video": video,
        "config": config.model_dump(mode="json"),
        "versions": versions,
        "inputs": {k: v for step in plan for k, v in step.inputs(config).items()},
    }
    run_directory.write_json(root / "run.json", record)
    return record


def _run_all(
    plan: list[Step],
    root: Path,
    source: Path,
    config: Config,
    mark: str,
    listen: Listener,
    done: int = 0,
) -> dict[str, float]:
    """Run the steps of ``plan`` behind the first ``done`` that are not finished; seconds of each."""
    prints = run_directory.fingerprints(plan, config, mark)
    seconds = {}
    for step in plan[done:]:
        context = _context(root, source, config, listen, step.name, prints[step.name])
        if run_directory.finished(root, step, prints[step.name]):
            entry = run_directory.read_json(root / "steps" / f"{step.name}.json")
            listen(step.name, "skip", entry)
        else:
            listen(step.name, "start", {})
            entry = run_directory.execute(step, context)
            listen(step.name, "done", entry)
        seconds[step.name] = float(entry["seconds"])
    return seconds


def _end(root: Path, record: dict[str, Any], seconds: dict[str, float]) -> dict[str, Any]:
    record |= {"state": "finished", "seconds": seconds}
    run_directory.write_json(root / "run.json", record)
    return record


def repeat(root: Path, name: str, listen: Listener) -> None:
    """Run the step ``name`` of a finished run again, without the footage if the step needs none.

    Raises
    ------
    RunError
        If ``root`` holds no run, or one that did not get as far as this step.
    """
    record = load_run(root)
    config = Config.model_validate(record["config"])
    plan = tracking_steps() if record.get("kind") == "tracking" else chosen(config)
    prints = run_directory.fingerprints(plan, config, record["video"]["fingerprint"])
    for step in plan:
        if step.name == name:
            listen(name, "start", {})
            context = _context(root, Path(record["source"]), config, listen, name, prints[name])
            listen(name, "done", run_directory.execute(step, context))
            return
        if not run_directory.finished(root, step, prints[step.name]):
            raise RunError(f"{root}: step {step.name} is not finished; continue with the same command first")


def load_run(root: Path) -> dict[str, Any]:
    """Read ``run.json``.

    Raises
    ------
    RunError
        If ``root`` is not a run directory.
    """
    record = run_directory.read_json(root / "run.json")
    if not {"config", "video", "source"} <= record.keys():
        raise RunError(f"{root}: no run here (run.json is missing or broken); make one with 'teamshape run'")
    return record


def _context(
    root: Path, source: Path, config: Config, listen: Listener, name: str, fingerprint: str
) -> Context:
    def progress(done: int, total: int | None) -> None:
        listen(name, "progress", {"done": done, "total": total})

    def warn(text: str) -> None:
        listen(name, "warn", {"text": text})

    return Context(root, source, config, progress, warn, fingerprint)
