"""A process of its own that makes a run, or decodes footage to the end, and tells how far it is.

``python -m pipeline.workbench.starting.run_job JOB.json``; the queue starts it. What it does can be stopped
at any moment: a run that is ordered again goes on where it was.
"""

from __future__ import annotations

import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.core.config import Config
from pipeline.core.errors import UserError
from pipeline.runs.run_directory import read_json
from pipeline.workbench.working.events_out import say
from pipeline.workflow import plan
from pipeline.workflow.package_versions import versions
from pipeline.workflow.probe import inspect

_SAID_EVERY_S = 0.2
DATA = "data"
"""A job of tracking data."""
CHECK = "check"
"""What the one step of a check is called."""


def main(path: Path) -> int:
    """Do the job in ``path``, and say each event; the last line says ``finished`` or ``refused``."""
    job = read_json(path)
    try:
        if job["kind"] == CHECK:
            _check(Path(job["source"]), job["total"])
        elif job["kind"] == DATA:
            sources, config = [Path(s) for s in job["sources"]], Config.model_validate(job["config"])
            plan.analyze(sources, Path(job["root"]), config, _teller(), versions())
        else:
            config = Config.model_validate(job["config"])
            plan.execute(Path(job["source"]), Path(job["root"]), config, _teller(), versions())
    except UserError as error:
        say({"event": "refused", "lines": [str(error)]})
        return 2
    say({"event": "finished"})
    return 0


def _teller() -> plan.Listener:
    """Say what happens in each step; how far it is, not too often."""
    said_s = [0.0]

    def tell(step: str, event: str, facts: dict[str, Any]) -> None:
        if event == "progress":
            if time.monotonic() - said_s[0] < _SAID_EVERY_S and facts["done"] != facts["total"]:
                return
            said_s[0] = time.monotonic()
        known: dict[str, Any] = {k: facts[k] for k in ("done", "total", "text", "seconds") if k in facts}
        say({"event": event, "step": step, **known})

    return tell


def _check(source: Path, total: int | None) -> None:
    def seen(n: int) -> None:
        if n % 50 == 0:
            say({"event": "progress", "step": CHECK, "done": n, "total": total})

    found = inspect(source, seen)
    say({"event": "found", "found": asdict(found)})
    say({"event": "done", "step": CHECK})


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
