"""One match shared by machines: planned once, worked on by anybody who sees the run directory, then merged.

For schedulers that start a command many times (SLURM arrays, cloud batch).
"""

from __future__ import annotations

from pathlib import Path

from pipeline.core import locks
from pipeline.core.config import Config
from pipeline.core.errors import RunError
from pipeline.runs import records, run_directory
from pipeline.workflow import plan
from pipeline.workflow.parts import part_task
from pipeline.workflow.plan import Listener
from pipeline.workflow.step import Context
from pipeline.workflow.steps import segment


def plan_parts(source: Path, root: Path, config: Config, versions: dict[str, str], *, force: bool) -> int:
    """Prepare the run of ``source`` in ``root`` for workers, and give the number of parts to do.

    The number is what the header promises; 0 if all people have been found already.

    Raises
    ------
    UserError
        For anything the user can mend.
    """
    with plan.begun_from_footage(source, root, config, versions, force) as (_, record):
        mark = record["steps"][segment.NAME]
        if run_directory.stands(root, segment.NAME, mark):
            return 0
        task, _ = segment.planned(Context(root, source, config, lambda *_: None, lambda _: None, mark))
        return sum(s.end - s.first for s in part_task.todo(task) if s.end is not None)


def work(root: Path, task: int, n_tasks: int, listen: Listener) -> None:
    """Do the ``task``-th (from 1) of ``n_tasks`` equal shares of a planned match.

    All tasks are given the same ``n_tasks``. They may run at any time, on any machine that sees the run and
    the footage under the same paths; one that was stopped goes on where it was.

    Raises
    ------
    UserError
        If nothing is planned in ``root``, or the footage or the network cannot be read.
    """
    if not 1 <= task <= n_tasks:
        raise RunError(f"--task {task}/{n_tasks}: tasks are numbered from 1 to {n_tasks}")
    planned = part_task.load(run_directory.parts_path(root, segment.NAME))
    n_done = 0

    def on_frame() -> None:
        nonlocal n_done
        n_done += 1
        listen(segment.NAME, "progress", {"done": n_done, "total": None})

    with locks.alone(planned.folder / f".task-{task}-of-{n_tasks}", root):
        listen(segment.NAME, "start", {})
        wanted = part_task.share_of_all(planned, task - 1, n_tasks)
        part_task.do(planned, wanted, planned.config.segment.threads, on_frame)


def merge(root: Path, listen: Listener, versions: dict[str, str]) -> None:
    """Join the parts of a planned match and do everything behind; parts that nobody did are done here.

    Raises
    ------
    UserError
        If ``root`` holds no match, or for what `plan.execute` raises.
    """
    parts = run_directory.parts_path(root, segment.NAME)
    if parts.exists():
        planned = part_task.load(parts)
        source, config = planned.source, planned.config
    else:
        record = records.begun_record(root)
        source, config = Path(record["source"]), records.settings_of(root, record)
    plan.execute(source, root, config, listen, versions)
