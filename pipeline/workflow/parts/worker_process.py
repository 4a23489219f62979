"""One of several workers on this machine, started with its order as JSON: folder, stretches, threads.

Tells on standard output, a line of JSON each, how many pictures it has done, and in the last an error of the
user's. It ends at once when its standard input does, so a killed parent leaves nobody behind.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path

from pipeline.core.errors import UserError
from pipeline.workflow.parts import part_task
from pipeline.workflow.parts.part_grid import Stretch

_TELL_S, _USERS_MISTAKE = 0.2, 2


class _Teller:
    """Counts pictures, and tells of them a few times a second."""

    def __init__(self) -> None:
        self._n, self._told_s = 0, time.monotonic()

    def __call__(self) -> None:
        """Count one more picture."""
        self._n += 1
        if time.monotonic() - self._told_s > _TELL_S:
            self.flush()

    def flush(self) -> None:
        """Tell how many there were since the last time."""
        _tell({"frames": self._n})
        self._n, self._told_s = 0, time.monotonic()


def _tell(message: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _end_with_parent() -> None:
    os.read(0, 1)  # returns when the parent closes it, or is gone
    os._exit(1)


def main() -> None:
    """Do what is ordered, and end without tidying up: threads of networks may hold that up."""
    order = json.loads(sys.argv[1])
    wanted = [Stretch(*ends) for ends in order["wanted"]]
    threading.Thread(target=_end_with_parent, daemon=True).start()
    teller, code = _Teller(), 0
    try:
        part_task.do(part_task.load(Path(order["folder"])), wanted, order["threads"], teller)
    except UserError as error:
        _tell({"error": str(error), "kind": type(error).__name__})
        code = _USERS_MISTAKE
    teller.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
