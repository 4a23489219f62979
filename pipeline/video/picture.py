"""A decoded picture before its pixels are asked for, and a tally of what was wrong with the footage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Picture:
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
    n_resized
        Pictures of another size than the first, scaled to it.
    n_missing
        Pictures that the header promises beyond the end of the data.
    ends_s, announced_s
        Where the footage ends and where the header says it should, when these disagree.
    """

    n_decoded: int = 0
    n_packets: int = 0
    n_bad: int = 0
    n_repaired: int = 0
    n_resized: int = 0
    n_missing: int = 0
    ends_s: float | None = None
    announced_s: float | None = None

    @property
    def truncated(self) -> bool:
        """Whether the file ends before its header says it should."""
        return self.n_missing > 0 or self.ends_s is not None

    def warnings(self, source: Path) -> Iterator[str]:
        """Say in words what was wrong, one line each; nothing for sound footage."""
        if self.n_missing:
            yield f"{source}: truncated: {self.n_missing} frames promised by the header are not in the file"
        elif self.ends_s is not None:
            yield (
                f"{source}: probably truncated: ends at {self.ends_s:.2f} s, "
                f"the header says {self.announced_s:.2f} s"
            )
        if self.n_bad:
            yield f"{source}: {self.n_bad} damaged parts could not be decoded and were skipped"
        if self.n_repaired:
            yield f"{source}: {self.n_repaired} frames had a missing or repeated time stamp; repaired"
        if self.n_resized:
            yield f"{source}: {self.n_resized} frames had another size than the first and were scaled to it"
