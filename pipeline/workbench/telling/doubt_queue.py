"""The queue of doubts: what a person should look at, the most seconds at stake first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.linking.by_hand.doubt_list import Choice, Doubt, Pieces, doubt_list, piece_choices
from pipeline.linking.by_hand.moments import Seen
from pipeline.workbench.served_run import ServedRun
from pipeline.workbench.telling.crossings import crossings, swapped_behind
from pipeline.workbench.telling.impossible import crowds, jumps
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
    pieces = Pieces(links)
    if pieces.rows:
        found += [_jump(jump, pieces, seen) for jump in jumps(links, run.ends())]
        step_s = float(np.median(np.diff(time_s))) if len(time_s) > 1 else 0.0
        found += [_crossing(met, pieces, seen) for met in crossings(run.weak(), pieces, step_s)]
        players = run.stored.config.pitch.players
        found += [_crowd(crowd, pieces, seen) for crowd in crowds(links, players, step_s)]
    found.sort(key=lambda d: (-d["at_stake_s"], d["text"]))
    return {"total": len(found), "doubts": found[:MOST]}


def _told(doubt: Doubt, seen: Seen) -> dict[str, Any]:
    about = {"at_stake_s": round(doubt.at_stake_s, 1), "text": doubt.text}
    if doubt.piece is not None:
        kind = "link" if doubt.piece["player_id"] is not None else "unknown"
        return _of_piece(kind, doubt.piece, doubt.choices, seen) | about
    choices = [{"person": c.player_id, "entry": c.entry} for c in doubt.choices]
    return {"kind": "number", "choices": choices} | about


def _jump(jump: dict[str, Any], pieces: Pieces, seen: Seen) -> dict[str, Any]:
    piece = _same(jump["piece"], pieces)
    told = _of_piece("jump", piece, piece_choices(piece, pieces), seen)
    return told | {
        "far_m": jump["far_m"],
        "passed_s": jump["passed_s"],
        "text": f"jump to {piece['track_id']}",
    }


def _crowd(crowd: dict[str, Any], pieces: Pieces, seen: Seen) -> dict[str, Any]:
    piece = _same(crowd["piece"], pieces)
    seconds = seen.time_of(crowd["to"]) - seen.time_of(crowd["from"])
    others = tuple(c for c in piece_choices(piece, pieces) if c.player_id != piece["player_id"])
    told = _of_piece("crowd", piece, others, seen)
    about = {"at_stake_s": round(seconds, 1), "start_s": seen.time_of(crowd["from"])}
    return told | about | {"text": f"crowd of {crowd['team']} at {crowd['from']}"}


def _crossing(met: dict[str, Any], pieces: Pieces, seen: Seen) -> dict[str, Any]:
    """Tell a meeting: the first choice is that both went on as told, the second that they changed."""
    one, other = met["pieces"]
    own, rival = int(one["player_id"]), int(other["player_id"])
    frame, last = met["frame"], int(one["frame_to"])
    kept = {"assign": int(one["track_id"]), "to": own, "from_frame": frame, "until_frame": last + 1}
    choices = Choice(own, kept), Choice(rival, swapped_behind(own, rival, frame, pieces))
    told = _of_piece("crossing", one | {"second_id": rival}, choices, seen)
    return told | {
        "at_stake_s": round((1 - met["score"]) * met["seconds"], 1),
        "start_s": seen.time_of(frame),
        "score": met["score"],
        "second_score": 1 - met["score"],
        "seconds": round(met["seconds"], 1),
        "text": f"crossing of {one['track_id']} and {other['track_id']} at {frame}",
    }


def _same(piece: dict[str, Any], pieces: Pieces) -> dict[str, Any]:
    key = (piece["track_id"], piece["frame_from"])
    return next(r for r in pieces.rows if (r["track_id"], r["frame_from"]) == key)


def _of_piece(kind: str, piece: dict[str, Any], choices: tuple[Choice, ...], seen: Seen) -> dict[str, Any]:
    """Tell a doubt about a piece of a track: what it is, where, and who it could be."""
    first, last = int(piece["frame_from"]), int(piece["frame_to"])
    return {
        "kind": kind,
        "at_stake_s": round(float(piece["seconds"]), 1),
        "choices": [{"person": c.player_id, "entry": c.entry} for c in choices[: 2 + _OTHERS]],
        **{"track": int(piece["track_id"]), "from": first, "to": last, "start_s": seen.time_of(first)},
        **{"person": _whole(piece["player_id"]), "second": _whole(piece["second_id"])},
        **{k: piece[k] for k in ("score", "second_score", "role", "team")},
        "seconds": round(float(piece["seconds"]), 1),
    }


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


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
