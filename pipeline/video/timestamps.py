"""From presentation stamps to times that grow."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

LOOKAHEAD = 4
"""How many stamps after the current one `Clock.time_s` should be shown."""


LONGEST_PAUSE_S = 4 * 3600.0
"""No recording of one match pauses longer."""


class Clock:
    """Turn the stamps of a stream, in the order they come, into seconds from its first picture.

    Times grow strictly, whatever the stamps do:

    - a missing stamp is one usual frame after the picture before;
    - a repeated one, or one earlier by at most a frame, is half a frame after the picture before, so
      that the next sound stamp is still later;
    - one that is earlier by more, after which the stamps go on as before, belongs to a picture that a
      decoder let out too late, at a damaged place: the picture is to be dropped;
    - where the stamps go on from the earlier one (joined recordings, a clock that was reset), time
      goes on one usual frame after the picture before.

    A jump forward of up to `LONGEST_PAUSE_S` is believed: cameras do pause. Beyond it the clock was set, or
    is broken; time goes on one usual frame after the picture before, and ``n_jumps`` counts it.

    Parameters
    ----------
    time_base
        Seconds a tick.
    fps
        Usual frames a second, for repairs only.
    origin
        Stamp of the file's first picture, where that picture itself is passed over.
    """

    def __init__(self, time_base: Fraction, fps: float, origin: int | None = None) -> None:
        self.n_repaired = 0
        self.n_jumps = 0
        self.jumped_s = 0.0
        self._time_base = time_base
        self._usual_s = 1.0 / fps
        self._origin = origin
        self._shift_s = 0.0
        self._last_s: float | None = None

    def time_s(self, stamp: int | None, later: Sequence[int | None] = ()) -> float | None:
        """Give the time of the next picture, or None if it comes too late and is to be dropped.

        ``stamp`` is None where the container has none; ``later`` holds the stamps of the pictures that
        follow, as many as are known.
        """
        if stamp is None or self._origin is None:
            time_s = self._without(stamp)
        else:
            time_s = self._raw_s(stamp)
            if self._last_s is not None and time_s <= self._last_s:
                self.n_repaired += 1
                if self._is_straggler(time_s, later):
                    return None
                time_s = self._after(time_s, self._last_s)
            elif self._last_s is not None and time_s - self._last_s > LONGEST_PAUSE_S:
                self.n_jumps += 1
                self.jumped_s += time_s - self._last_s
                time_s = self._after(time_s, self._last_s)
        self._last_s = time_s
        return time_s

    def _without(self, stamp: int | None) -> float:
        """Time of the first picture, or of one without a stamp."""
        time_s = 0.0 if self._last_s is None else self._last_s + self._usual_s
        if stamp is None:
            self.n_repaired += 1
        else:
            self._origin, self._shift_s = stamp, time_s
        return time_s

    def _is_straggler(self, time_s: float, later: Sequence[int | None]) -> bool:
        last_s = self._last_s or 0.0
        goes_on = not later or any(s is not None and self._raw_s(s) > last_s for s in later)
        return last_s - time_s > self._usual_s and goes_on

    def _after(self, time_s: float, last_s: float) -> float:
        if 0 <= last_s - time_s <= self._usual_s:
            return last_s + self._usual_s / 2
        self._shift_s += last_s + self._usual_s - time_s
        return last_s + self._usual_s

    def _raw_s(self, stamp: int) -> float:
        return float((stamp - (self._origin or 0)) * self._time_base) + self._shift_s
