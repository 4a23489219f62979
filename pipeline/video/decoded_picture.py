"""A decoded picture before its pixels are asked for, and a tally of what was wrong with the footage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_GAP_S = 0.5
_GAP_FRAMES = 5


@dataclass(frozen=True, slots=True)
class DecodedPicture:
    """One picture of the footage: its number, its time in seconds, and a way to get the pixels.

    ``read`` gives ``(H, W, 3)`` uint8 BGR, upright, or None where the picture cannot be read.
    """

    index: int
    time_s: float
    read: Callable[[], NDArray[np.uint8] | None]


@dataclass(slots=True)
class Damage:
    """What was found wrong while decoding; filled along the way, complete at the end.

    Attributes
    ----------
    n_decoded
        Pictures decoded (or passed over and known to be there).
    n_packets
        Packets read, also those that are not shown.
    n_bad
        Packets or images that could not be decoded, and were skipped.
    n_repaired
        Pictures whose time stamp was missing or did not grow.
    n_corrupt
        Pictures that the decoder marks as damaged; they come out nevertheless.
    n_gaps, gaps_s
        Jumps forward in time of more than half a second (and 5 frames), and their sum.
    n_jumps, jumped_s
        Jumps of the clock beyond any pause, cut to the usual time between two pictures, and their sum.
    n_resized
        Pictures of another size than the first, scaled to it.
    n_missing
        Pictures that the header promises beyond the end of the data.
    last_s
        Time of the last picture so far; None before the first.
    ends_s, announced_s
        Where the footage ends and where the header says it should, when these disagree.
    notes
        What else is to be said.
    """

    n_decoded: int = 0
    n_packets: int = 0
    n_bad: int = 0
    n_repaired: int = 0
    n_corrupt: int = 0
    n_gaps: int = 0
    gaps_s: float = 0.0
    n_jumps: int = 0
    jumped_s: float = 0.0
    n_resized: int = 0
    n_missing: int = 0
    last_s: float | None = None
    ends_s: float | None = None
    announced_s: float | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def truncated(self) -> bool:
        """Whether the file ends before its header says it should."""
        return self.n_missing > 0 or self.ends_s is not None

    def note_gap(self, time_s: float, usual_s: float) -> None:
        """Take note of the next picture's time; ``usual_s`` is the usual time between two."""
        gap_s = 0.0 if self.last_s is None else time_s - self.last_s
        if gap_s > max(_GAP_S, _GAP_FRAMES * usual_s):
            self.n_gaps += 1
            self.gaps_s += gap_s
        self.last_s = time_s

    def warnings(self, source: Path) -> Iterator[str]:
        """Say in words what was wrong, one line each; nothing for sound footage."""
        yield from (f"{source}: {note}" for note in self.notes)
        if self.n_missing:
            yield f"{source}: truncated; frames promised by the header but not in the file: {self.n_missing}"
        elif self.ends_s is not None:
            yield (
                f"{source}: probably truncated: ends at {self.ends_s:.2f} s, "
                f"the header says {self.announced_s:.2f} s"
            )
        counts = {
            "parts that could not be decoded and were skipped": self.n_bad,
            "frames that came out damaged": self.n_corrupt,
            f"gaps without pictures ({self.gaps_s:.1f} s in all)": self.n_gaps,
            f"jumps in time of more than four hours, cut ({self.jumped_s / 3600:.0f} h in all)": self.n_jumps,
            "frames with a missing or repeated time stamp, repaired": self.n_repaired,
            "frames of another size than the first, scaled to it": self.n_resized,
        }
        yield from (f"{source}: {what}: {count}" for what, count in counts.items() if count)
