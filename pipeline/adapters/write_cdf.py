"""Common Data Format 0.3.2 (arXiv 2505.15820): ``tracking.jsonl``, a frame a line.

Metres from the centre spot, y up. Who has no position has no entry. The format's meta and match sheets ask
for score, competition, kick-off and line-up, which a run does not know, so they are not written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.adapters.export_result import Written
from pipeline.adapters.resample import BALL, Resampled, resample
from pipeline.adapters.run_tracks import RunTracks, described_people
from pipeline.errors import RunError

VERSION = "0.3.2"
LIMIT_M = (65.0, 42.5)
"""The format refuses positions further from the centre spot."""
UNSEEN_BALL = {"x": LIMIT_M[0], "y": LIMIT_M[1], "z": None}
"""Stands for a ball that was not seen: the format demands numbers, and no pitch reaches that far."""
_PERIODS = {
    1: "first_half",
    2: "second_half",
    3: "first_half_extratime",
    4: "second_half_extratime",
    5: "shootout",
}
_TEAM = {"A": "home", "B": "away"}
_START = datetime(1970, 1, 1, tzinfo=UTC)


def write(run: RunTracks, out: Path) -> Written:
    """Write the run to the folder ``out``, at the whole rate nearest to its own.

    Raises
    ------
    RunError
        If a period is none that the format knows.
    """
    made = resample(run, max(1, round(run.fps)))
    if strange := sorted(set(made.period.tolist()) - _PERIODS.keys()):
        raise RunError(f"{run.root}: period {strange[0]}; CDF knows periods 1 to 5")
    inside = np.all(np.abs(made.xy_m) <= np.array(LIMIT_M), axis=1)
    with (out / "tracking.jsonl").open("w", encoding="utf-8", newline="\n") as handle:
        handle.writelines(json.dumps(frame) + "\n" for frame in _frames(run, made, inside))
    with_ball = int(np.count_nonzero(inside & (made.track == BALL)))
    notes = [
        "times count from 1970-01-01T00:00:00Z, as the run has no date",
        "no meta and match sheets: they need a line-up, score and competition; see people in export.json",
        "referees and people without a team are left out",
    ]
    if unseen := len(made.frame) - with_ball:
        notes.append(f"the ball is off the pitch at {LIMIT_M} in {unseen} frames without one: CDF demands it")
    if outside := int(np.count_nonzero(~inside)):
        notes.append(f"{outside} positions beyond the format's limits are left out")
    about = {
        "cdf": VERSION,
        "fps": made.fps,
        "pitch_m": run.pitch_m,
        "teams": {_TEAM[t]: run.team_name(t) for t in _TEAM},
        "people": described_people(run),
    }
    return Written(len(made.frame), tuple(notes), about)


def _frames(run: RunTracks, made: Resampled, inside: NDArray[np.bool_]) -> Iterator[dict[str, Any]]:
    owners, spans = run.owners(made.time_s).tolist(), made.spans().tolist()
    track, seen = made.track.tolist(), made.observed.tolist()
    places = np.round(made.xy_m, 3).tolist()
    side = {int(t): _TEAM[team] for t, team in zip(run.people["track_id"], run.people["team"], strict=True)}
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
            ball |= {"status": True, "poss_team_id": _TEAM[owners[i]]}
        yield {
            "frame_id": frame - first,
            "timestamp": _utc(time_s),
            "period": _PERIODS[period],
            "match": {"id": "run"},
            "teams": {name: {"id": name, "players": who} for name, who in players.items()},
            "ball": ball,
        }


def _utc(time_s: float) -> str:
    moment = _START + timedelta(milliseconds=round(time_s * 1000))
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
