"""A process of its own that applies what is said in files of a run, and tells how far it is as lines of JSON.

``python -m pipeline.workbench.editing.apply_run RUN``; the server starts it, so that its memory and
its work are not the server's, and so that it can be stopped at any moment.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from pipeline.core.config import Config
from pipeline.core.errors import CorrectionsError, UserError
from pipeline.runs.run_directory import read_json, record_path
from pipeline.workbench.editing.noted_settings import noted_config, settled
from pipeline.workbench.editing.quick_movement import quick_movement
from pipeline.workbench.working.events_out import say
from pipeline.workflow import plan
from pipeline.workflow.package_versions import versions


def main(root: Path) -> int:
    """Apply, and say each event of each step; the last line says ``finished`` or ``refused``."""
    try:
        if (config := noted_config(root)) is not None:
            _with_settings(root, config)
        else:
            say({"event": "quick", "players": _quick(root)})
            plan.reapply(root, tell, film_last=True)
    except CorrectionsError as error:
        say({"event": "refused", "lines": error.lines})
        return 2
    except UserError as error:
        say({"event": "refused", "lines": [str(error)]})
        return 2
    say({"event": "finished"})
    return 0


def _with_settings(root: Path, config: Config) -> None:
    """Make again what ``config`` changes, and what follows; corrections and roster with it."""
    try:
        plan.execute(Path(read_json(record_path(root))["source"]), root, config, tell, versions())
    finally:
        settled(root)


def _quick(root: Path) -> list[dict[str, Any]]:
    """Measure whom the corrections concern; nobody where they cannot be applied yet, which `relink` tells."""
    try:
        return quick_movement(root)
    except CorrectionsError:
        return []


def tell(step: str, event: str, facts: dict[str, Any]) -> None:
    """Take one event of one step."""
    known: dict[str, Any] = {k: facts[k] for k in ("done", "total", "text") if k in facts}
    say({"event": event, "step": step, **known})


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
