"""A process of its own that makes the copy of a run's footage.

``python -m pipeline.workbench.film.copy_run RUN``; the server starts it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.core.errors import UserError
from pipeline.workbench.film.film_copy import make_copy
from pipeline.workbench.working.events_out import say


def main(root: Path) -> int:
    """Make it, and tell how far it is as lines of JSON."""

    def progress(done: int, total: int) -> None:
        if done % 25 == 0 or done == total:
            say({"event": "progress", "step": "copy", "done": done, "total": total})

    try:
        make_copy(root, progress)
    except UserError as error:
        say({"event": "refused", "lines": [str(error)]})
        return 2
    say({"event": "finished"})
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
