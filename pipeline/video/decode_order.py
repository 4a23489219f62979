"""Containers whose stamps follow the order of decoding, not of showing: AVI, and what was copied out of it.

With B-frames the two orders differ. There the nth picture out of the decoder is the one that is shown nth,
and it gets the nth stamp.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import av

_N_FIRST = 4
"""Among so many packets a muxer leaves empty places while it waits for B-frames."""
_PLACEHOLDER_BYTES, _VOP = 19, b"\0\0\1\xb6"
"""Of MPEG-4: the largest empty packet (as FFmpeg has it), and what a picture begins with."""


class Stamps:
    """Hands the stamps of packets to the pictures that come out; ``is_avi``: only those of decoding count."""

    def __init__(self, is_avi: bool, first: Sequence[Any]) -> None:
        self._is_avi = is_avi
        self._waiting: list[int] = []
        self._last, self._usual = 0, 1
        stamps = [s for s in map(self._stamp, first) if s is not None]
        steps = [b - a for a, b in pairwise(stamps)]
        if steps:
            self._usual = sorted(steps)[len(steps) // 2]
        self._delayed = _first_hole(steps, self._usual)

    def note(self, packet: Any) -> None:
        """Take the stamp of a packet on its way to the decoder."""
        stamp = self._stamp(packet)
        if stamp is None:
            return
        self._last = stamp
        before_hole = self._delayed.pop(0) if self._delayed else 0
        heapq.heappush(self._waiting, stamp + before_hole)

    def forget(self) -> None:
        """Drop the newest stamp: its packet could not be decoded."""
        if self._waiting:
            self._waiting.remove(max(self._waiting))
            heapq.heapify(self._waiting)

    def next(self) -> int:
        """Give the stamp of the next picture that comes out."""
        if self._waiting:
            return heapq.heappop(self._waiting)
        self._last += self._usual
        return self._last

    def _stamp(self, packet: Any) -> int | None:
        stamp = packet.dts if self._is_avi or packet.pts is None else packet.pts
        return None if stamp is None else int(stamp)


class Placeholders:
    """MPEG-4 of DivX and Xvid: two pictures in a packet, then an empty one, which lets the second out.

    At the end of a file the empty one may be missing, and the decoder would keep its last picture.
    """

    def __init__(self, stream: Any) -> None:
        self._possible = stream.codec_context.name == "mpeg4"
        self._empty = b""
        self._holds_one = False

    def note(self, packet: Any) -> None:
        """Look at a packet on its way to the decoder."""
        if self._possible and packet.size <= _PLACEHOLDER_BYTES:
            self._empty, self._holds_one = bytes(packet), False
        elif self._possible:
            self._holds_one = bool(self._empty) and bytes(packet).count(_VOP) > 1

    def missing(self) -> Any:
        """The empty packet that the end of the file lacks, or None."""
        return av.Packet(self._empty) if self._holds_one else None


def suspicious(first: Sequence[Any], stream: Any) -> bool:
    """Say whether the stamps of the first packets only grow, though there may be B-frames."""
    stamps = [p.pts for p in first if p.pts is not None]
    grow = all(b > a for a, b in pairwise(stamps))
    return bool(stream.codec_context.has_b_frames) and len(stamps) > 1 and grow


def comes_out_of_order(decode: Callable[[], Iterator[Any]]) -> bool:
    """Decode some pictures and say whether their stamps fall: then they were those of decoding."""
    stamps = [f.pts for f in decode() if f.pts is not None]
    return any(b <= a for a, b in pairwise(stamps))


def _first_hole(steps: Sequence[int], usual: int) -> list[int]:
    """How far to move each of the first stamps towards the others, so that no hole is left among them."""
    holes = [i for i, step in enumerate(steps[:_N_FIRST]) if step > usual > 0]
    if not holes:
        return []
    shift = steps[holes[0]] - usual
    return [shift] * (holes[0] + 1)
