"""The queue of doubts: what a person should look at, the most seconds at stake first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.core.text import yaml_text
from pipeline.linking.by_hand.doubt_list import Doubt, doubt_list
from pipeline.linking.by_hand.moments import Seen
from pipeline.workbench.served_run import ServedRun
from pipeline.workbench.telling.match_strip import without_view

if TYPE_CHECKING:
    import pandas as pd

MOST = 300
"""More than anybody looks at in one sitting; what is settled makes room for the next."""
_OTHERS = 8
"""Further people offered for a piece, beside the assumed one and the rival."""


def doubt_queue(run: ServedRun, people: pd.DataFrame, links: pd.DataFrame) -> dict[str, Any]:
    """Tell what is in doubt.

    Returns
    -------
    ``total``; and ``doubts``, at most `MOST`, each with ``kind``, ``at_stake_s``, ``text``, the place
    (``track, from, to``: frames; ``start_s``) and ``choices``: person (None: a new one) and its entry.
    """
    frame, time_s = run.frames()
    seen = Seen(frame.astype(np.int64), time_s, {})
    found = [_told(d, seen) for d in doubt_list(people, links, seen)]
    found += [_camera(span) for span in without_view(run)]
    found.sort(key=lambda d: (-d["at_stake_s"], d["text"]))
    return {"total": len(found), "doubts": found[:MOST]}


def _told(doubt: Doubt, seen: Seen) -> dict[str, Any]:
    piece = doubt.piece
    out: dict[str, Any] = {
        "kind": "number" if piece is None else "link" if piece["player_id"] is not None else "unknown",
        "at_stake_s": round(doubt.at_stake_s, 1),
        "text": doubt.text,
        "choices": [
            {"person": c.player_id, "entry": entry_of_line(c.line)} for c in doubt.choices[: 2 + _OTHERS]
        ],
    }
    if piece is not None:
        first, last = int(piece["frame_from"]), int(piece["frame_to"])
        out |= {"track": int(piece["track_id"]), "from": first, "to": last, "start_s": seen.time_of(first)}
        out |= {"person": _whole(piece["player_id"]), "second": _whole(piece["second_id"])}
        out |= {"score": piece["score"], "second_score": piece["second_score"], "role": piece["role"]}
        out |= {"team": piece["team"], "seconds": round(float(piece["seconds"]), 1)}
    return out


def _camera(span: list[Any]) -> dict[str, Any]:
    start_s, end_s, text, _ = span
    return {
        "kind": "camera",
        "at_stake_s": round(end_s - start_s, 1),
        "text": text,
        "start_s": start_s,
        "end_s": end_s,
        "choices": [],
    }


def entry_of_line(line: str) -> dict[str, Any]:
    """Read a line of ``corrections.yaml`` as the entry that it is."""
    made: dict[str, Any] = yaml_text.parse(line)[0]
    return made


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
