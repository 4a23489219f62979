"""A run that is open in the workbench: its tables, read anew when a correction has changed them."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import RunError
from pipeline.report.style.colours import Colours
from pipeline.report.style.team_colours import match_colours
from pipeline.runs.stored_run import StoredRun
from pipeline.workbench.reading import mask_chunks, place_chunks
from pipeline.workbench.reading.frame_window import WindowReader
from pipeline.workbench.reading.track_ends import End, track_ends
from pipeline.workbench.reading.weak_links import NO_WEAK, Weak, weak_links
from pipeline.workflow.steps import link

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.linking.by_hand.entries import Entry

_COLUMNS = {
    "segments": mask_chunks.SEGMENTS,
    "labels": mask_chunks.LABELS,
    "tracks": mask_chunks.TRACKS,
    "positions": place_chunks.POSITIONS,
    "placed_by_hand": place_chunks.PLACED,
    "views": place_chunks.VIEWS,
}


def run_key(root: Path) -> str:
    """Give what stands for a run directory in addresses."""
    return hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:8]


class ServedRun:
    """One run of the workbench.

    Attributes
    ----------
    key
        Stands for the run in addresses: from its path, so that it stays.
    root
        The run directory.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.key = run_key(root)
        self._lock = threading.Lock()
        self._readers: dict[str, WindowReader] = {}
        self._frames: tuple[NDArray[np.int32], NDArray[np.float64]] | None = None
        self._weak: Weak | None = None
        self._ends: Mapping[int, tuple[End, End]] | None = None
        self.stored = _opened(root)

    @property
    def name(self) -> str:
        """Name of the run directory."""
        return self.stored.name

    def reload(self) -> None:
        """Read everything anew from now on."""
        stored = StoredRun.open(self.root, stage="begun")
        with self._lock:
            self.stored, self._readers = stored, {}

    def reader(self, name: str) -> WindowReader | None:
        """Give windows of the table ``name``; None where the run has no such table."""
        with self._lock:
            if name not in self._readers and self.stored.has(name):
                self._readers[name] = WindowReader(self.stored.path(name), _COLUMNS[name])
            return self._readers.get(name)

    def frames(self) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Give number and time, s, of each processed frame, in order, ``(F,)`` each."""
        if self._frames is None:
            table = self.stored.table("frames", ["frame", "time_s"]).sort_values("frame")
            self._frames = table["frame"].to_numpy(np.int32), table["time_s"].to_numpy(np.float64)
        return self._frames

    def ends(self) -> Mapping[int, tuple[End, End]]:
        """Give where each track begins and ends on the pitch; corrections do not change that."""
        if self._ends is None:
            there = self.stored.has("positions")
            self._ends = track_ends(self.stored.path("positions")) if there else {}
        return self._ends

    def weak(self) -> Weak:
        """Give where the tracker was unsure whom it follows; corrections do not change that."""
        if self._weak is None:
            self._weak = weak_links(self.stored.path("tracks")) if self.stored.has("tracks") else NO_WEAK
        return self._weak

    def colours(self) -> Colours:
        """Give the colours of the match, as the page and the overlay have them."""
        return match_colours(self.root, self.stored.kind)

    def corrections(self) -> list[Entry]:
        """Read the corrections that the run uses now.

        Raises
        ------
        CorrectionsError
            If they are none.
        """
        return link.corrections_of(self.stored.config, self.root)

    def people(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Give tables ``people`` and ``links``; without rows where the run has none."""
        return self.stored.table("people"), self.stored.table("links")


def _opened(root: Path) -> StoredRun:
    """Open a run with all tables, or one in which only corrections were stopped while they were applied."""
    try:
        return StoredRun.open(root)
    except RunError:
        begun = StoredRun.open(root, stage="begun")
        if all(begun.has(name) for name in ("frames", "positions", "links", "movement", "formations")):
            return begun
        raise
