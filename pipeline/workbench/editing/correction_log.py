"""``corrections.yaml`` of a run, as the workbench writes it: one line at the end, on what was seen."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.core.errors import CorrectionsError, RunError
from pipeline.linking.by_hand.entries import Entry, as_line, content, entry_of, read_corrections
from pipeline.workflow.corrections_file import NAME, appended, writing


class StaleError(Exception):
    """Somebody else has corrected since; ``revision`` is what holds now."""

    def __init__(self, revision: str) -> None:
        super().__init__(f"the corrections are at {revision}")
        self.revision = revision


@dataclass(frozen=True, slots=True)
class Log:
    """What the file says, and which state of it that is."""

    entries: list[Entry]
    revision: str


class CorrectionLog:
    """The file of one run.

    Parameters
    ----------
    root
        The run directory.
    elsewhere
        Path of the file that the run was made with, if that is another: it is the user's and not written to.
    """

    def __init__(self, root: Path, elsewhere: str | None = None) -> None:
        self.path = root / NAME
        self._root = root
        self._elsewhere = elsewhere
        self._lock = threading.Lock()

    @property
    def writable(self) -> bool:
        """Whether the workbench may write to it."""
        return self._elsewhere is None

    def read(self) -> Log:
        """Read what it says now.

        Raises
        ------
        CorrectionsError
            If it is no list of corrections.
        """
        path = Path(self._elsewhere) if self._elsewhere else self.path
        entries = read_corrections(path) if path.is_file() else []
        return Log(entries, _revision(entries))

    def append(
        self, said: Mapping[str, Any], revision: str, check: Callable[[list[Entry]], None] = lambda _: None
    ) -> Log:
        """Add a correction at the end.

        Parameters
        ----------
        said
            The entry, as it is in YAML: ``{"swap": [12, 40], "from_frame": 100}``.
        revision
            What the user saw when he said it.
        check
            Is given all entries with the new one, and raises `CorrectionsError` where they cannot be applied.

        Raises
        ------
        StaleError
            If the file says something else by now.
        CorrectionsError
            If the entry is none or cannot be applied; then nothing is written.
        """
        if self._elsewhere is not None:
            raise CorrectionsError([f"this run takes its corrections from {self._elsewhere}; add them there"])
        with self._lock, writing(self._root):
            now = self.read()
            if now.revision != revision:
                raise StaleError(now.revision)
            try:
                entry = entry_of(len(now.entries) + 1, dict(said))
            except ValueError as error:
                raise CorrectionsError([str(error)]) from error
            check([*now.entries, entry])
            if not appended(self.path, as_line(entry), len(now.entries)):
                raise RunError(f"{self.path}: a line could not be added; look at the end of the file")
            return self.read()


def _revision(entries: list[Entry]) -> str:
    """Name what is said; notes, and marks of tracks that are added behind the first use, say nothing new."""
    return revision_of(content(entries))


def revision_of(said: Any) -> str:
    """Name a state of what the user says, as plain values."""
    text = json.dumps(said, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
