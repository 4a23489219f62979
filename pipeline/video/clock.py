"""From presentation stamps to times that grow."""

from __future__ import annotations

from fractions import Fraction

_JUMP_S = 1.0


class Clock:
    """Turn the stamps of a stream, in order of presentation, into seconds from its first picture.

    Times grow strictly, whatever the stamps do: a missing stamp counts as one usual frame after the
    picture before; a repeated or slightly earlier one as half a frame after it (so that the next sound
    stamp is still later); after a jump back by more than a second (joined recordings, a reset clock)
    the stamps are taken to go on from there. A jump forward is believed: cameras do pause.

    Parameters
    ----------
    time_base
        Seconds a tick.
    fps
        Usual frames a second, for repairs only.
    origin
        Stamp of the first picture, when that picture is passed over.
    """

    def __init__(self, time_base: Fraction, fps: float, origin: int | None = None) -> None:
        self.n_repaired = 0
        self._time_base = time_base
        self._usual_s = 1.0 / fps
        self._origin = origin
        self._shift_s = 0.0
        self._last_s: float | None = None

    def time_s(self, stamp: int | None) -> float:
        """Give the time of the next picture; ``stamp`` is None where the container has none."""
        time_s = self._repaired(stamp) if self._last_s is not None or stamp is None else self._raw(stamp)
        self._last_s = time_s
        return time_s

    def _repaired(self, stamp: int | None) -> float:
        last_s = self._last_s
        if stamp is None:
            self.n_repaired += 1
            return 0.0 if last_s is None else last_s + self._usual_s
        time_s = self._raw(stamp)
        if last_s is None or time_s > last_s:
            return time_s
        self.n_repaired += 1
        if last_s - time_s <= _JUMP_S:
            return last_s + self._usual_s / 2
        self._shift_s += last_s + self._usual_s - time_s
        return last_s + self._usual_s

    def _raw(self, stamp: int) -> float:
        if self._origin is None:
            elapsed_s = 0.0 if self._last_s is None else self._last_s + self._usual_s
            self._origin = stamp
            self._shift_s = elapsed_s
        return float((stamp - self._origin) * self._time_base) + self._shift_s
