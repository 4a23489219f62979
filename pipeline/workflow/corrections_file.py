"""``corrections.yaml`` of a run: applied if it speaks of these tracks, and marked with which those are."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.core import locks
from pipeline.core.errors import CorrectionsError, RunError
from pipeline.core.files import whole_file
from pipeline.core.text import yaml_text
from pipeline.linking.by_hand.corrections import Corrected, corrected
from pipeline.linking.by_hand.entries import Entry
from pipeline.linking.by_hand.placing import Ground
from pipeline.linking.by_hand.roster import Roster
from pipeline.linking.by_hand.written_for import Marks, has_mark, marks_of, misfit
from pipeline.workflow.step import Context

if TYPE_CHECKING:
    import pandas as pd

NAME = "corrections.yaml"
_WAIT_S, _PAUSE_S = 3.0, 0.05
_ABOUT = "  # of which tracks the entries above speak; written by teamshape"


class Said:
    """What the user says about who is who, and what it was said of.

    Parameters
    ----------
    path
        The file of ``entries``; None without one.
    tracks
        The table of the run.
    ground
        Where tracks were seen; None without entries.
    players
        Of a team, goalkeeper included.
    """

    def __init__(
        self,
        path: str | None,
        entries: list[Entry],
        roster: Roster,
        tracks: pd.DataFrame,
        ground: Ground | None,
        players: int,
    ) -> None:
        self.entries = entries
        self._path = path
        self._roster = roster
        self._tracks = tracks
        self._ground = ground
        self._players = players
        self._marks: Marks | None = None
        self._look: str | None = None

    def on(self, people: pd.DataFrame, links: pd.DataFrame) -> Corrected:
        """Apply corrections and roster to what was decided.

        Raises
        ------
        CorrectionsError
            If they were written for other tracks, or cannot be applied.
        """
        if self.entries:
            self._marks = marks_of(self._tracks, links)
            wrong, self._look = misfit(self.entries, self._marks)
            if wrong:
                raise CorrectionsError([f"{self._path}: {wrong}"])
        return corrected(people, links, self._tracks, self.entries, self._roster, self._ground, self._players)

    def remember(self, context: Context) -> None:
        """Add the mark to a file in the run that has none; elsewhere ask for it."""
        if self._look:
            context.warn(f"{self._path}: {self._look}")
        if self._marks is None or self._path is None or has_mark(self.entries):
            return
        path = Path(self._path)
        own = path.absolute() == (context.root / NAME).absolute()
        if not (own and self._marked(context.root, path)):
            context.warn(
                f"{path}: does not say for which tracks it was written; add the line {self._marks.line()}"
            )

    def _marked(self, root: Path, path: Path) -> bool:
        """Add the mark; not while the workbench adds a correction, nor behind one that was not applied."""
        if self._marks is None:
            return False
        try:
            with writing(root):
                return appended(path, f"{self._marks.line()}{_ABOUT}", len(self.entries))
        except RunError:
            return False


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """Keep other programs from writing to the corrections of a run meanwhile; they are soon done, so wait.

    Raises
    ------
    RunError
        If one is not done after a few seconds.
    """
    until = time.monotonic() + _WAIT_S
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(locks.alone(root / "steps" / ".corrections.lock", root))
                break
            except RunError:
                if time.monotonic() > until:
                    raise
                time.sleep(_PAUSE_S)
        yield


def appended(path: Path, line: str, n_entries: int) -> bool:
    """Add a line at the end of the list, unless the file is then no list with one entry more.

    A file that is not there yet has no entries.
    """
    try:
        before = path.read_bytes() if path.exists() else b""
        ended = b"" if before.endswith(b"\n") or not before else b"\n"
        after = before + ended + f"{line}\n".encode()
        made = yaml_text.parse(after.decode("utf-8-sig"))
        if not isinstance(made, list) or len(made) != n_entries + 1:
            return False
        with whole_file(path) as part:
            part.write_bytes(after)
    except (OSError, RunError, yaml_text.BadYamlError, UnicodeDecodeError):
        return False
    return True
