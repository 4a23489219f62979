"""TRACAB JSON: ``tracking.json`` and ``metadata.json``; whole centimetres from the centre spot, y up.

The format knows players by team and shirt number, has a ball and its owner in every frame, and cannot say
that a position was interpolated.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.core.errors import RunError
from pipeline.core.json_files import write_json
from pipeline.formats.writers.export_result import Written
from pipeline.formats.writers.resample import BALL, Resampled, resample
from pipeline.runs.pitch_tracks import RunTracks

ABSENT_CM = (5550, 4400)
"""Where TRACAB itself puts what it does not see: beyond the corner."""
FIRST_STAND_IN = 101
"""Shirts have at most two digits, so numbers from here up are nobody's."""
_TEAM = {"A": 1, "B": 0}
_OWNER = {"A": "H", "B": "A"}
_PHASES = (1, 2, 3, 4, 5)


def write(run: RunTracks, out: Path) -> Written:
    """Write the run to the folder ``out``, at the whole rate nearest to its own.

    Raises
    ------
    RunError
        If a period is none that TRACAB knows.
    """
    made = resample(run, max(1, round(run.fps)))
    if strange := sorted(set(made.period.tolist()) - set(_PHASES)):
        raise RunError(f"{run.root}: period {strange[0]}; TRACAB knows phases 1 to 5")
    shirts, notes = shirt_numbers(run)
    write_json(out / "metadata.json", _metadata(run, made, shirts))
    with (out / "tracking.json").open("w", encoding="utf-8") as handle:
        handle.write('{"FrameData": [')
        for i, frame in enumerate(_frames(run, made, shirts)):
            handle.write((",\n" if i else "\n") + json.dumps(frame))
        handle.write("\n]}\n")
    notes.append("referees and people without a team are left out; interpolated positions are not marked")
    with_ball = int(np.count_nonzero(made.track == BALL))
    if unseen := len(made.frame) - with_ball:
        notes.append(f"the ball is beyond the corner, at {ABSENT_CM} cm, in {unseen} frames that have none")
    if unknown := sum(owner is None for owner in run.owners(made.time_s)):
        notes.append(
            f"in {unknown} frames nobody is known to have the ball: BallStatus Dead, last owner kept"
        )
    return Written(len(made.frame), tuple(notes))


def shirt_numbers(run: RunTracks) -> tuple[dict[int, int], list[str]]:
    """Number each track within its team: its shirt, or from `FIRST_STAND_IN` up where that is not known.

    Of several tracks with one shirt, such as pieces of a player, the one seen longest keeps it.
    """
    out: dict[int, int] = {}
    notes = []
    for team, own in run.people.assign(span_s=run.people["last_s"] - run.people["first_s"]).groupby("team"):
        own = own.sort_values(["span_s", "track_id"], ascending=[False, True])
        worn = own["jersey"].notna() & ~own["jersey"].duplicated()
        out |= dict(zip(own["track_id"][worn].astype(int), own["jersey"][worn].astype(int), strict=True))
        others = sorted(own["track_id"][~worn].astype(int))
        first = max(FIRST_STAND_IN, max(out.values(), default=0) + 1)
        out |= {track: first + i for i, track in enumerate(others)}
        if others:
            notes.append(
                f"team {team}: {len(others)} of {len(own)} tracks have no shirt number of their own; "
                f"JerseyNumber stands in for it from {first} up"
            )
    return out, notes


def _frames(run: RunTracks, made: Resampled, shirts: dict[int, int]) -> Iterator[dict[str, Any]]:
    owners, spans = run.owners(made.time_s).tolist(), made.spans().tolist()
    places = np.rint(made.xy_m * 100).astype(int).tolist()
    track = made.track.tolist()
    side = {int(t): _TEAM[team] for t, team in zip(run.people["track_id"], run.people["team"], strict=True)}
    last = "H"
    for i, (frame, period) in enumerate(zip(made.frame.tolist(), made.period.tolist(), strict=True)):
        ball = ABSENT_CM
        players = []
        for k in range(spans[i], spans[i + 1]):
            if track[k] == BALL:
                ball = places[k]
                continue
            entry = {"Team": side[track[k]], "JerseyNumber": shirts[track[k]]}
            players.append(entry | {"X": places[k][0], "Y": places[k][1], "Speed": None})
        last = _OWNER.get(owners[i], last)
        yield {
            "FrameCount": frame,
            "GameRunning": int(owners[i] is not None),
            "Phase": period,
            "PlayerPositions": players,
            "BallPosition": [
                {"X": ball[0], "Y": ball[1], "Z": 0, "Speed": None, "BallOwningTeam": last}
                | {"BallStatus": "Alive" if owners[i] else "Dead", "BallContactInfo": None}
            ],
        }


def _metadata(run: RunTracks, made: Resampled, shirts: dict[int, int]) -> dict[str, Any]:
    out: dict[str, Any] = {
        "GameID": None,
        "FrameRate": made.fps,
        "PitchShortSide": round(run.pitch_m[1] * 100),
        "PitchLongSide": round(run.pitch_m[0] * 100),
    }
    attack = dict(zip(run.periods["period"], run.periods["attack_a"], strict=True))
    for phase in _PHASES:
        frames = made.frame[made.period == phase]
        way = attack.get(phase)
        out[f"Phase{phase}StartFrame"] = int(frames[0]) if len(frames) else 0
        out[f"Phase{phase}EndFrame"] = int(frames[-1]) if len(frames) else 0
        out[f"Phase{phase}HomeGKLeft"] = None if pd.isna(way) else way == "left_to_right"
    for team, key, number in (("A", "HomeTeam", 1), ("B", "AwayTeam", 2)):
        name = run.team_name(team)
        own = run.people[run.people["team"] == team]
        players = [_player(row, made, shirts) for row in own.to_dict("records")]
        out[key] = {"LongName": name, "ShortName": name, "TeamID": number, "Players": players}
    return out


def _player(row: dict[Any, Any], made: Resampled, shirts: dict[int, int]) -> dict[str, Any]:
    track = int(row["track_id"])
    first, _, last = ("" if pd.isna(row["name"]) else str(row["name"])).partition(" ")
    stay = [
        None if pd.isna(t) else int(made.frame[min(np.searchsorted(made.time_s, t), len(made.frame) - 1)])
        for t in (row["on_s"], row["off_s"])
    ]
    return {
        "PlayerID": track,
        "FirstName": first or "Track",
        "LastName": last if first else str(track),
        "JerseyNo": shirts[track],
        "StartFrameCount": stay[0],
        "EndFrameCount": stay[1],
        "StartingPosition": "G" if row["role"] == "goalkeeper" else None,
        "CurrentPosition": None,
    }
