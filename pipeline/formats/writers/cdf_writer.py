"""Common Data Format 0.3.2 (arXiv 2505.15820): ``tracking.jsonl``, a frame a line, and ``meta.json``.

Metres from the centre spot, y up, turned so that the home team (A) attacks to the right in every period, as
the format has it. Who has no position has no entry. The match sheet asks for the score, which a run does not
know, so it is not written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core.json_files import write_json
from pipeline.formats.writers.cdf_meta import PERIODS, TEAM, VERSION, match_id, meta_sheet, turns, utc
from pipeline.formats.writers.export_result import Written
from pipeline.formats.writers.resample import BALL, Resampled, resample
from pipeline.runs.pitch_tracks import RunTracks, described_people

LIMIT_M = (65.0, 42.5)
"""The format refuses positions further from the centre spot."""
UNSEEN_BALL = {"x": LIMIT_M[0], "y": LIMIT_M[1], "z": None}
"""Stands for a ball that was not seen: the format demands numbers, and no pitch reaches that far."""


def write(run: RunTracks, out: Path) -> Written:
    """Write the run to the folder ``out``, at the whole rate nearest to its own.

    Raises
    ------
    RunError
        If a period is none that the format knows, or the direction of attack in it is unclear.
    """
    turn = turns(run)
    made = resample(run, max(1, round(run.fps)))
    sheet, notes = meta_sheet(run, made)
    write_json(out / "meta.json", sheet)
    inside = np.all(np.abs(made.xy_m) <= np.array(LIMIT_M), axis=1)
    with (out / "tracking.jsonl").open("w", encoding="utf-8", newline="\n") as handle:
        handle.writelines(json.dumps(frame) + "\n" for frame in _frames(run, made, turn, inside))
    with_ball = int(np.count_nonzero(inside & (made.track == BALL)))
    notes.append("no match sheet, as a run has no score; referees and people without a team are left out")
    if unseen := len(made.frame) - with_ball:
        notes.append(f"the ball is off the pitch at {LIMIT_M} in {unseen} frames without one: CDF demands it")
    if outside := int(np.count_nonzero(~inside)):
        notes.append(f"{outside} positions beyond the format's limits are left out")
    about = {
        "cdf": VERSION,
        "fps": made.fps,
        "pitch_m": run.pitch_m,
        "teams": {TEAM[t]: run.team_name(t) for t in TEAM},
        "people": described_people(run),
    }
    return Written(len(made.frame), tuple(notes), about)


def _frames(
    run: RunTracks, made: Resampled, turn: dict[int, int], inside: NDArray[np.bool_]
) -> Iterator[dict[str, Any]]:
    owners, spans = run.owners(made.time_s).tolist(), made.spans().tolist()
    track, seen = made.track.tolist(), made.observed.tolist()
    sign = np.array([turn[p] for p in made.period.tolist()])[made.row]
    places = np.round(made.xy_m * sign[:, None], 3).tolist()
    side = {int(t): TEAM[team] for t, team in zip(run.people["track_id"], run.people["team"], strict=True)}
    first = int(made.frame[0]) if len(made.frame) else 0
    moments = zip(made.frame.tolist(), made.period.tolist(), made.time_s.tolist(), strict=True)
    for i, (frame, period, time_s) in enumerate(moments):
        ball: dict[str, Any] = dict(UNSEEN_BALL)
        players: dict[str, list[dict[str, Any]]] = {"home": [], "away": []}
        for k in range(spans[i], spans[i + 1]):
            if not inside[k]:
                continue
            place = {"x": places[k][0], "y": places[k][1]}
            if track[k] == BALL:
                ball = place | {"z": None}
            else:
                entry = {"id": str(track[k])} | place | {"is_visible": seen[k]}
                players[side[track[k]]].append(entry)
        if owners[i]:
            ball |= {"status": True, "poss_team_id": TEAM[owners[i]]}
        yield {
            "frame_id": frame - first,
            "timestamp": utc(time_s),
            "period": PERIODS[period],
            "match": {"id": match_id(run)},
            "teams": {name: {"id": name, "players": who} for name, who in players.items()},
            "ball": ball,
        }
