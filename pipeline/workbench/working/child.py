"""A process that the server starts and listens to, a line of JSON at a time."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

_KEPT_CHARACTERS = 2000


class Child:
    """Runs ``python -m MODULE RUN`` and hands on what it says.

    Parameters
    ----------
    module
        Name of the module; it writes lines of JSON, see `events_out`.
    root
        The run directory.
    on_event
        Called for each line, in a thread of its own.
    on_end
        Called once at the end, with None, or with what the process wrote to its error output if it died
        without a word.
    """

    def __init__(
        self,
        module: str,
        root: Path,
        on_event: Callable[[dict[str, Any]], None],
        on_end: Callable[[str | None], None],
    ) -> None:
        self._on_event, self._on_end = on_event, on_end
        self._stopped = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, str(root)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        self._errors: list[str] = []
        self._reader = threading.Thread(target=self._read_errors, daemon=True)
        self._reader.start()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask the process to end now; `on_end` is called when it has."""
        self._stopped = True
        self._process.terminate()

    def wait(self, timeout_s: float | None = None) -> None:
        """Wait until it has ended and `on_end` has returned."""
        self._thread.join(timeout_s)

    def _read_errors(self) -> None:
        for line in self._process.stderr or ():
            self._errors.append(line)

    def _listen(self) -> None:
        spoke = False
        for line in self._process.stdout or ():
            try:
                event = json.loads(line)
            except ValueError:  # a library that prints
                continue
            spoke = spoke or event.get("event") in ("finished", "refused")
            self._on_event(event)
        self._process.wait()
        self._reader.join()
        died = not spoke and not self._stopped
        self._on_end("".join(self._errors)[-_KEPT_CHARACTERS:] if died else None)
