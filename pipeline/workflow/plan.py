"""The ordered list of steps: the only file that knows them all."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.core.config import Config, PeriodSettings
from pipeline.core.errors import RunError, UserError, VideoError
from pipeline.core.json_files import write_json
from pipeline.core.types import Kind, Mode
from pipeline.runs import records, run_directory
from pipeline.workflow.said_in_run import said_in_run
from pipeline.workflow.step import Context, Step, check_plan, fingerprints, finished
from pipeline.workflow.step import execute as execute_step
from pipeline.workflow.steps import (
    appearance,
    calibrate,
    draw,
    identify,
    import_tracking,
    link,
    measure,
    periods,
    project,
    report,
    segment,
    shots,
    track,
)
from pipeline.workflow.steps.analysis import physical, play

AUDIT = ("people_a", "people_b", "teleports", "overlaps", "too_many_frames", "unknown_share")
"""What of step link's findings is recorded in ``run.json``."""
Listener = Callable[[str, str, dict[str, Any]], None]
"""Called as ``(step, event, facts)`` with event ``start``, ``skip``, ``progress``, ``warn`` or ``done``."""


def steps(mode: Mode) -> list[Step]:
    """List the steps of a run in order; the team level needs no tracking."""
    tracked = [track.step(mode), appearance.step(mode)] if mode != "team" else []
    plan = [
        segment.step(mode),
        *tracked,
        calibrate.step(mode),
        shots.step(),
        project.step(mode),
        identify.step(mode),
        periods.step(mode),
        *([link.step(("number_readings", "tracklet_appearance"))] if mode != "team" else []),
        measure.step(mode),
        *([physical.step()] if mode != "team" else []),
        play.step(mode),
        draw.step(mode),
    ]
    plan.append(report.step(mode, written=_tables(plan)))
    check_plan(plan)
    return plan


def tracking_steps() -> list[Step]:
    """List the steps of a run that starts from tracking data instead of footage."""
    plan = [
        import_tracking.step(),
        measure.step("both", "tracking"),
        physical.step("tracking"),
        play.step("both", "tracking"),
    ]
    plan.append(report.step("both", "tracking", _tables(plan)))
    check_plan(plan)
    return plan


def _tables(plan: Sequence[Step]) -> list[str]:
    return [name for step in plan for name in step.writes if "." not in name]


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
    with begun_from_footage(source, root, config, versions, force) as (plan, record):
        seconds = _run_all(plan, root, source, config, record, listen)
        return _end(root, record, seconds)


@contextmanager
def begun_from_footage(
    source: Path, root: Path, config: Config, versions: dict[str, str], force: bool
) -> Iterator[tuple[list[Step], dict[str, Any]]]:
    """Prepare a run of footage, alone in its directory: the plan, and its new record.

    Raises
    ------
    UserError
        For anything the user can mend.
    """
    from pipeline import video

    plan = chosen(config)
    info = video.probe(source)
    _refuse_late(source, info.duration_s, config.periods)
    facts = {k: v for k, v in asdict(info).items() if k != "path"}
    with _begun(root, source, "video", plan, config, facts, versions, force) as record:
        yield plan, record


def _refuse_late(source: Path, duration_s: float | None, given: PeriodSettings) -> None:
    """Refuse halves that begin or end behind the footage, before hours of work on it."""
    for name, time_s in given.model_dump().items():
        if time_s is not None and duration_s and time_s >= duration_s:
            raise VideoError(
                f"{source}: periods.{name} is {time_s:g} s, but the footage has {duration_s:g} s"
            )


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
    from pipeline.formats.readers.run_match import run_of

    plan, source = tracking_steps(), sources[0]
    own = run_of(source)
    if own is not None and own.resolve() == root.resolve():
        raise RunError(f"{source}: is the run in -o {root} itself; choose another -o")
    config = import_tracking.described(config, sources[1:])
    mark = import_tracking.fingerprint(sources, config)
    about = {"fingerprint": mark}
    with _begun(root, source, "tracking", plan, config, about, versions, force) as record:
        seconds = _run_all(plan[:1], root, source, config, record, listen)
        found = run_directory.read_json(run_directory.step_path(root, import_tracking.NAME))["facts"]
        config = import_tracking.fitted(config, found)
        record |= {"config": config.model_dump(mode="json"), "tracking": found}
        record["steps"] = fingerprints(plan, config, mark)
        seconds |= _run_all(plan, root, source, config, record, listen, done=1)
        return _end(root, record, seconds)


@contextmanager
def _begun(
    root: Path,
    source: Path,
    kind: Kind,
    plan: list[Step],
    config: Config,
    video: dict[str, Any],
    versions: dict[str, str],
    force: bool,
) -> Iterator[dict[str, Any]]:
    """Prepare the run directory, alone in it, and give its new record; refuse one that holds another run.

    The record of an earlier run stays until something new is made. A refused command leaves nothing in a
    folder where it has not finished anything: mended, it can go there.
    """
    recorded = run_directory.record_path(root)
    there = run_directory.read_json(recorded)
    if recorded.exists() and not there and not force:
        raise RunError(
            f"{recorded}: cannot be read, so nothing is known of this run; choose another -o, or --force"
        )
    if there.get("kind", kind if not there else "video") != kind:
        raise RunError(f"{root}: holds a run of {there.get('kind', 'video')} data; choose another -o")
    before = there.get("video", {}).get("fingerprint", video["fingerprint"])
    if before != video["fingerprint"] and not force and _holds_work(root):
        raise RunError(f"{root}: holds a run of other footage; choose another -o, or --force to replace it")
    made = [p for p in (root, *root.parents) if not p.exists()]
    empty = bool(made) or (root.is_dir() and not any(root.iterdir()))
    full = said_in_run(config, root)
    record: dict[str, Any] = {
        "state": "running",
        "kind": kind,
        "source": str(source.absolute()),
        "video": video,
        "config": config.model_dump(mode="json"),
        "versions": versions,
        "inputs": {k: v for step in plan for k, v in step.inputs(full).items()},
        "steps": fingerprints(plan, full, video["fingerprint"]),
    }
    # Behind the record, which refuses weights and points that are not there.
    run_directory.prepare(root)
    with run_directory.alone(root):
        try:
            if "steps" not in there:
                write_json(run_directory.record_path(root), record)
            yield record
        except UserError:
            if empty and (kind == "tracking" or not _holds_work(root)):
                _remove(root, made)
            raise


def _holds_work(root: Path) -> bool:
    """Say whether a step has finished here, or left parts of its work."""
    done = [*(root / "steps").glob("*.json"), *(root / "steps").glob("*.before")]
    return bool(done or any((root / "steps").glob("*.parts/*.parquet")))


def _remove(root: Path, made: list[Path]) -> None:
    for path in root.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in made:
        if any(path.iterdir()):
            return
        path.rmdir()


def _run_all(
    plan: list[Step],
    root: Path,
    source: Path,
    config: Config,
    record: dict[str, Any],
    listen: Listener,
    done: int = 0,
) -> dict[str, float]:
    """Run the steps of ``plan`` behind the first ``done`` that are not finished; seconds of each.

    ``record`` is stored as soon as the first result of its settings is, for the page before it is written.
    """
    config = said_in_run(config, root)
    prints = fingerprints(plan, config, record["video"]["fingerprint"])
    seconds = {}
    for step in plan[done:]:
        context = _context(root, source, config, listen, step.name, prints)
        if finished(root, step, prints[step.name]):
            entry = run_directory.read_json(run_directory.step_path(root, step.name))
            listen(step.name, "skip", entry)
        else:
            listen(step.name, "start", {})
            if step.name in records.FOR_PEOPLE:
                write_json(run_directory.record_path(root), record)
            try:
                entry = execute_step(step, context)
            except (RunError, VideoError) as error:
                if step.name != "draw":
                    raise
                # Nothing else depends on the overlay; the same command tries it again.
                listen(step.name, "warn", {"text": f"no overlay.mp4: {error}"})
                continue
            write_json(run_directory.record_path(root), record)
            listen(step.name, "done", entry)
        seconds[step.name] = float(entry["seconds"])
    return seconds


def _end(root: Path, record: dict[str, Any], seconds: dict[str, float]) -> dict[str, Any]:
    record |= {"state": "finished", "seconds": seconds}
    if audit := run_directory.read_json(run_directory.step_path(root, link.NAME)).get("facts"):
        record["audit"] = {k: audit.get(k) for k in AUDIT}
    write_json(run_directory.record_path(root), record)
    return record


def repeat(root: Path, name: str, listen: Listener, changed: Mapping[str, Any] | None = None) -> None:
    """Run the step ``name`` of a finished run again, without the footage if the step needs none.

    ``changed`` are settings (dotted key -> value) that differ from those of the run, for this time.

    Raises
    ------
    RunError
        If ``root`` holds no run, or one that did not get as far as this step.
    """
    record = records.begun_record(root)
    config = _with_changed(said_in_run(records.settings_of(root, record), root), changed or {})
    plan = tracking_steps() if record.get("kind") == "tracking" else chosen(config)
    prints = fingerprints(plan, config, record["video"]["fingerprint"])
    for step in plan:
        if step.name == name:
            listen(name, "start", {})
            context = _context(root, Path(record["source"]), config, listen, name, prints)
            listen(name, "done", execute_step(step, context))
            return
        if not finished(root, step, prints[step.name]):
            way = records.how_to_continue(root, record)
            raise RunError(f"{root}: step {step.name} is not finished; {way} first")


def _with_changed(config: Config, changed: Mapping[str, Any]) -> Config:
    """Change settings by dotted key, checked like any."""
    settings = config.model_dump()
    for key, value in changed.items():
        *rooms, name = key.split(".")
        room = settings
        for part in rooms:
            room = room[part]
        room[name] = value
    return Config.model_validate(settings)


def relink(root: Path, listen: Listener, *, film_last: bool = False) -> dict[str, Any]:
    """Apply the corrections and the roster of a finished run: step link and what follows, no network.

    ``film_last`` draws the overlay, which takes longest and which nothing reads, behind everything else.

    Raises
    ------
    RunError
        If ``root`` holds no run with links, or one that did not get as far as this step.
    CorrectionsError
        If the corrections cannot be applied; then nothing has changed.
    """
    record = records.begun_record(root)
    plan = chosen(records.settings_of(root, record))
    if record.get("kind") == "tracking" or all(step.name != link.NAME for step in plan):
        raise RunError(f"{root}: has no links to correct; they are made from footage, in mode player or both")
    return reapply(root, listen, film_last=film_last)


def reapply(root: Path, listen: Listener, *, film_last: bool = False) -> dict[str, Any]:
    """Apply all that the user says in files of the run, ``match.yaml`` too; otherwise as `relink`.

    No network is needed, and footage for the overlay only. Halves of tracking data are those of the data.
    """
    record = records.begun_record(root)
    given = records.settings_of(root, record)
    tracking = record.get("kind") == "tracking"
    plan, config = tracking_steps() if tracking else chosen(given), said_in_run(given, root)
    prints = fingerprints(plan, config, record["video"]["fingerprint"])
    done = [step.name for step in plan].index("measure" if tracking else periods.NAME)
    for step in plan[:done]:
        if not finished(root, step, prints[step.name]):
            way = records.how_to_continue(root, record)
            raise RunError(f"{root}: step {step.name} is not finished; {way} first")
    with run_directory.alone(root):
        inputs = {k: v for step in plan for k, v in step.inputs(config).items()}
        record |= {"state": "running", "inputs": inputs, "steps": prints}
        order = sorted(plan, key=lambda step: film_last and step.name == "draw")
        seconds = _run_all(order, root, Path(record["source"]), given, record, listen, done)
        return _end(root, record, record.get("seconds", {}) | seconds)


def _context(
    root: Path, source: Path, config: Config, listen: Listener, name: str, prints: dict[str, str]
) -> Context:
    def progress(done: int, total: int | None) -> None:
        listen(name, "progress", {"done": done, "total": total})

    def warn(text: str) -> None:
        listen(name, "warn", {"text": text})

    return Context(root, source, config, progress, warn, prints[name], prints)
