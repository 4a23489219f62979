"""Two of a team who met, and the tracker could not tell who went on as whom."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from pipeline.linking.by_hand.doubt_list import Pieces
from pipeline.workbench.reading.weak_links import Weak

_Piece = dict[str, Any]
_ONE_MEETING_S = 1.0
"""Doubts about the same two within this time are about one meeting, s."""


def crossings(weak: Weak, pieces: Pieces, step_s: float) -> Iterator[dict[str, Any]]:
    """Find meetings of two people of a team in which both of their tracks were unsure at once.

    Each: ``pieces``, the two rows of table ``links``; ``frame`` of the least sure moment; ``score``, the
    probability that both went on as they are told; ``seconds`` for which the less lasting one goes on.
    What a hand has decided is in no doubt.

    Parameters
    ----------
    weak
        What `weak_links` finds.
    step_s
        Of a frame.
    """
    by_track: dict[int, list[_Piece]] = {}
    for row in pieces.rows:
        by_track.setdefault(int(row["track_id"]), []).append(row)
    met: dict[tuple[int, int], dict[str, Any]] = {}
    track, frame, score = weak
    for start, stop in _runs(frame):
        here = [
            (piece, float(score[i]))
            for i in range(start, stop)
            if (piece := _at(by_track.get(int(track[i]), []), int(frame[start]))) is not None
        ]
        for (one, a), (other, b) in combinations(here, 2):
            if not _alike(one, other):
                continue
            key = (int(one["track_id"]), int(other["track_id"]))
            found = {"pieces": (one, other), "frame": int(frame[start]), "score": max(a, b)}
            before = met.get(key)
            if before is not None and (found["frame"] - before["last"]) * step_s <= _ONE_MEETING_S:
                worse = found if found["score"] < before["score"] else before
                met[key] = worse | {"last": found["frame"]}
                continue
            if before is not None:
                yield _told(before, step_s)
            met[key] = found | {"last": found["frame"]}
    yield from (_told(one, step_s) for one in met.values())


def swapped_behind(one: int, other: int, frame: int, pieces: Pieces) -> dict[str, Any]:
    """Swap two people from a frame on, until a moment at which no piece of theirs has to be cut."""
    begins, ends = np.concatenate([pieces.spans(one), pieces.spans(other)]).T
    last = frame
    while True:
        reach = int(ends[(begins <= last) & (ends >= frame)].max(initial=last))
        if reach == last:
            return {"swap": [one, other], "from_frame": frame, "until_frame": last + 1}
        last = reach


def _runs(frame: Any) -> Iterator[tuple[int, int]]:
    """Begin and end of the rows of each frame."""
    edges = np.flatnonzero(np.diff(frame)) + 1
    yield from zip([0, *edges.tolist()], [*edges.tolist(), len(frame)], strict=True)


def _at(rows: list[_Piece], frame: int) -> _Piece | None:
    """The piece of a track that goes on behind a frame."""
    return next((r for r in rows if r["frame_from"] <= frame < r["frame_to"]), None)


def _alike(one: _Piece, other: _Piece) -> bool:
    known = one["player_id"] is not None and other["player_id"] is not None
    same = (one["team"], one["role"]) == (other["team"], other["role"])
    by_hand = "by_hand" in (one["why"], other["why"])
    return known and same and not by_hand and one["player_id"] != other["player_id"]


def _told(met: dict[str, Any], step_s: float) -> dict[str, Any]:
    left = min(int(p["frame_to"]) for p in met["pieces"]) - met["frame"]
    return {**met, "seconds": left * step_s}
