"""Who is who with all corrections, at once: without any measure, and before anything is written."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.core.errors import CorrectionsError
from pipeline.linking.by_hand.corrections import Corrected, corrected
from pipeline.linking.by_hand.entries import Entry, content
from pipeline.linking.by_hand.moments import Seen
from pipeline.linking.by_hand.placing import Ground, ground_of
from pipeline.runs.run_directory import read_json, step_path
from pipeline.workbench.reading.track_frames import track_frames
from pipeline.workbench.served_run import ServedRun
from pipeline.workflow.steps import link

if TYPE_CHECKING:
    import pandas as pd

_NOT_KEPT = "the corrections of this run are being applied for the first time; try again behind that"


class Preview:
    """Applies corrections of one run to what was decided before them.

    What was decided comes from step link; a run that has none and no corrections yet is as decided.
    """

    def __init__(self, run: ServedRun) -> None:
        self._run = run
        self._lock = threading.Lock()
        self._seen: Seen | None = None
        self._ground: Ground | None = None
        self._last: tuple[object, Corrected] | None = None
        self._decided = self._read_decided()

    @property
    def ready(self) -> bool:
        """Whether it is known what was decided before any hand."""
        return self._decided is not None

    def warm(self) -> None:
        """Read what every correction needs, so that the first one is as quick as the others."""
        with self._lock:
            self._seen_of()

    def keep(self) -> None:
        """Keep what was decided for whoever opens the run next, before its first correction is written."""
        if self._decided is not None:
            link.keep_decided(self._run.stored.config, self._run.root, *self._decided)

    def refresh(self) -> None:
        """Read what was decided anew, after step link has run."""
        with self._lock:
            self._decided, self._last = self._read_decided() or self._decided, None

    def of(self, entries: Sequence[Entry]) -> Corrected:
        """Say who is who with all of ``entries``.

        Raises
        ------
        CorrectionsError
            One line for each that cannot be applied.
        """
        with self._lock:
            said = content(list(entries))
            if self._last is not None and self._last[0] == said:
                return self._last[1]
            made = self._applied(entries) if said else self._unless_said()
            self._last = (said, made)
            return made

    def _unless_said(self) -> Corrected:
        people, links = self._decided or self._run.people()
        return self._with_roster(people, links, ())

    def _applied(self, entries: Sequence[Entry]) -> Corrected:
        if self._decided is None:
            raise CorrectionsError([_NOT_KEPT])
        return self._with_roster(*self._decided, entries)

    def _with_roster(self, people: pd.DataFrame, links: pd.DataFrame, entries: Sequence[Entry]) -> Corrected:
        stored = self._run.stored
        roster = link.roster_of(stored.config, self._run.root, stored.table("periods"))
        if not entries and not roster:
            return Corrected(people, links)
        ground = self._ground_of() if any(e.verb == "extend" for e in entries) else None
        return corrected(people, links, self._seen_of(), entries, roster, ground, stored.config.pitch.players)

    def _read_decided(self) -> tuple[pd.DataFrame, pd.DataFrame] | None:
        stored = self._run.stored
        if not stored.has("links"):
            return None
        kept = link.decided_of(stored.config, self._run.root)
        corrected_before = read_json(step_path(self._run.root, link.NAME)).get("facts", {}).get("corrections")
        if kept is None and not corrected_before and not self._run.corrections():
            return self._run.people()
        return kept

    def _seen_of(self) -> Seen:
        """Sum up the frames of each track, in little memory."""
        if self._seen is None:
            self._seen = track_frames(self._run.stored.path("tracks"), *self._run.frames())
        return self._seen

    def _ground_of(self) -> Ground:
        """Gather where everybody was seen, for paths by hand; only then, for it is large."""
        if self._ground is None:
            stored = self._run.stored
            pitch = stored.config.pitch
            positions = stored.table("positions", ["frame", "track_id", "x_m", "y_m", "error_m"])
            half = (pitch.length_m / 2, pitch.width_m / 2)
            self._ground = ground_of(stored.table("frames", ["frame", "time_s"]), positions, half)
        return self._ground
