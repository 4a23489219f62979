"""Pass over the footage before the start without decoding it, and still know the frame numbers.

Seeking loses count: nothing in a container says which number the picture at a place has. Reading the
packets of the part before the start and counting them is exact, and some hundred times cheaper than
decoding them. It holds where each packet is one picture and the stamps are sound; where that is not
certain, decoding goes through from the beginning (or from where it stopped to be certain). In a damaged
file, pictures lost in the part passed over count as if they were there.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pipeline.video.timestamps import LONGEST_PAUSE_S

N_CHECKED = 64
"""Packets at the beginning of a file on which one-packet-one-picture is checked."""

_MAX_HELD_BYTES = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Where:
    """Where decoding begins.

    Attributes
    ----------
    n_before
        Pictures of the file before ``first_stamp``: the number of the first that counts.
    origin
        Stamp of the file's first picture; None when nothing is passed over.
    first_stamp
        Decoded pictures before this stamp are incomplete (their reference was passed over) and are
        already in ``n_before``; None when nothing is passed over.
    held
        Packets already read, to be decoded first.
    """

    n_before: int = 0
    origin: int | None = None
    first_stamp: int | None = None
    held: tuple[Any, ...] = ()


NOWHERE = Where()
"""Begin at the beginning."""


def ahead(packets: Iterator[Any], start_s: float, origin: int, time_base: Fraction) -> Where:
    """Read packets up to ``start_s`` and say from which keyframe to decode.

    A keyframe is a place to begin when all packets read before it are shown before it. Its group is
    kept until the next such keyframe shows that all its pictures have been read, so that also those
    that are shown before it but stored after it are counted.
    """
    held: list[Any] = []
    group = 0  # position in `held` of the newest keyframe at which decoding can begin
    n_dropped, first_stamp, longest = 0, None, LONGEST_PAUSE_S / time_base
    newest, last_dts, n_bytes = origin - 1, None, 0
    for packet in packets:
        held.append(packet)
        sound = packet.pts is not None and packet.dts is not None and not packet.is_corrupt
        if not sound or (last_dts is not None and not 0 < packet.dts - last_dts <= longest):
            break
        if packet.is_keyframe and packet.pts > newest:
            n_dropped += sum(map(is_shown, held[:group]))
            first_stamp = held[group].pts if n_dropped else first_stamp
            del held[:group]
            group = len(held) - 1
            n_bytes = sum(p.size for p in held)
        newest, last_dts, n_bytes = max(newest, packet.pts), packet.dts, n_bytes + packet.size
        if (packet.pts - origin) * time_base >= start_s or n_bytes > _MAX_HELD_BYTES:
            break
    if first_stamp is None:
        return Where(held=tuple(held))
    early = sum(is_shown(p) and p.pts < first_stamp for p in held)
    return Where(n_dropped + early, origin, first_stamp, tuple(held))


def chain(where: Where, packets: Iterator[Any]) -> Iterator[Any]:
    """Give the packets held back, then the others."""
    return itertools.chain(where.held, packets)


def is_shown(packet: Any) -> bool:
    """Say whether a packet's picture is meant to be shown (an edit list may hide some)."""
    return bool(packet.size) and not packet.is_discard
