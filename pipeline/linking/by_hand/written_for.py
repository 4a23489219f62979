"""Of which tracks and people corrections speak: marks that tell when the numbers in them mean others."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.linking.by_hand.entries import MARK, Entry

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Marks:
    """``tracks``: which instances each track is; ``decided``: whom each piece belonged to before any hand."""

    tracks: str
    decided: str

    def line(self) -> str:
        """Give the entry for ``corrections.yaml``."""
        return f"- {{{MARK}: {self.tracks}, decided: {self.decided}}}"


def marks_of(tracks: pd.DataFrame, decided: pd.DataFrame) -> Marks:
    """Mark table ``tracks`` (with ``instance``) and table ``links`` as decided, without corrections."""
    return Marks(
        "t" + _digest(tracks, ("frame", "track_id", "instance")),
        "d" + _digest(decided, ("track_id", "frame_from", "frame_to", "player_id")),
    )


def has_mark(entries: Sequence[Entry]) -> bool:
    """Say whether corrections say what they were written for."""
    return any(e.verb == MARK for e in entries)


def misfit(entries: Sequence[Entry], marks: Marks) -> tuple[str | None, str | None]:
    """Compare the last mark among ``entries`` with what the run has.

    Returns
    -------
    What forbids to apply them (other tracks), and what should be looked at (people decided otherwise); None
    where there is nothing to say.
    """
    own = [e for e in entries if e.verb == MARK]
    if not own or len(own) == len(entries):
        return None, None
    last = own[-1]
    if last.whom != marks.tracks:
        return (
            f"corrections were written for tracks {last.whom}, and these are {marks.tracks} (footage, "
            "weights or settings changed), so their numbers mean others; move the file away, run again, look "
            f"at each entry with 'teamshape identities', then put it back with the last line {marks.line()}",
            None,
        )
    said = last.more.get("decided")
    if said is None or said == marks.decided:
        return None, None
    return None, (
        "who is who was decided otherwise since corrections were written (roster, settings or version): "
        f"look at joins and swaps again, then add the line {marks.line()}"
    )


def _digest(table: pd.DataFrame, columns: tuple[str, ...]) -> str:
    rows = np.column_stack([table[c].astype("Int64").fillna(-1).to_numpy(np.int64) for c in columns])
    ordered = rows[np.lexsort(rows.T[::-1])]
    return hashlib.sha256(np.ascontiguousarray(ordered, "<i8").tobytes()).hexdigest()[:8]
