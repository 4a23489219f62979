"""What the start page has: folders, the runs in them, and the queue."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.core.errors import RunError
from pipeline.formats.readers.providers import needed_meta, provider_of
from pipeline.runs import records
from pipeline.workbench.served_run import run_key
from pipeline.workbench.starting.allowed_folders import AllowedFolders
from pipeline.workbench.starting.footage_look import look
from pipeline.workbench.starting.job import Job
from pipeline.workbench.starting.known_runs import run_roots, told_run
from pipeline.workbench.starting.run_order import (
    DataOrder,
    RunOrder,
    config_of,
    data_config_of,
    read_order,
    root_of,
)
from pipeline.workbench.starting.run_queue import RunQueue, Start
from pipeline.workbench.working.child import Child


class Desk:
    """The start page behind the page.

    Parameters
    ----------
    folders
        Where footage and runs may be named; see `AllowedFolders`.
    out
        Where new runs go; None is ``runs`` in the first folder.
    """

    def __init__(self, folders: Sequence[Path], out: Path | None = None, *, start: Start = Child) -> None:
        self.folders = AllowedFolders([*folders, *([out] if out is not None and out.is_dir() else [])])
        self.out = (out or self.folders.roots[0] / "runs").resolve()
        if not self.folders.inside(self.out):
            raise RunError(f"{out}: no such folder; make it, or choose one that is there with --out")
        self.queue = RunQueue(start)

    def root(self, key: str) -> Path | None:
        """Give the run directory of a run below the folders by its key; None if there is none."""
        return next((root for root in run_roots(self.folders) if run_key(root) == key), None)

    def runs(self) -> list[dict[str, Any]]:
        """Tell all runs, the newest first."""
        return [told_run(root) for root in run_roots(self.folders)]

    def order(self, body: dict[str, Any]) -> Job:
        """Take an order of the page and put it into the queue.

        Raises
        ------
        UserError
            For anything that can be mended.
        """
        order = read_order(body, RunOrder)
        source = self.folders.checked(order.source)
        look(source)
        config = config_of(order, self.folders)
        return self.queue.run(source, root_of(order, source, self.out), config)

    def analyze(self, body: dict[str, Any]) -> Job:
        """Take an order of tracking data and put it into the queue.

        Raises
        ------
        UserError
            For anything that can be mended.
        """
        order = read_order(body, DataOrder)
        sources = tuple(self.folders.checked(path) for path in (order.source, *order.also) if path.strip())
        if not sources:
            raise RunError("no file named; choose one or type its path")
        config = data_config_of(order, self.folders)
        meta = tuple(Path(path) for path in config.analyze.meta)
        needed_meta(provider_of(sources, config.analyze.provider, meta), sources, meta)
        return self.queue.data(sources, root_of(order, sources[0], self.out), config)

    def go_on(self, key: str) -> Job:
        """Go on with a run of footage that was stopped, with the settings that it began with.

        Raises
        ------
        RunError
            If there is none, or it was made from tracking data.
        """
        root = self.root(key)
        if root is None:
            raise RunError("no such run")
        record = records.begun_record(root)
        if record.get("kind") == "tracking":
            raise RunError(f"{root}: not finished; {records.how_to_continue(root, record)}")
        source = self.folders.checked(str(record["source"]))
        return self.queue.run(source, root, records.settings_of(root, record))

    def check(self, asked: str) -> Job:
        """Have all frames of footage decoded and counted."""
        source = self.folders.checked(asked)
        claimed = look(source)["frames"]
        return self.queue.check(source, None if claimed is None else int(claimed))
