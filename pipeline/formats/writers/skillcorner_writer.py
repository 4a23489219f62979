"""SkillCorner V3: ``tracking.jsonl`` with a frame a line at 10 Hz, and ``match.json``.

Metres from the centre spot, y up; what was not seen has ``is_detected`` false. `skillcorner` reads it
back, and so does kloppy.
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
from pipeline.formats.readers.match_data import CLOCK_START_S
from pipeline.formats.writers.export_result import Written
from pipeline.formats.writers.resample import BALL, Resampled, resample
from pipeline.runs.match_sheet import match_sheet
from pipeline.runs.pitch_tracks import RunTracks

FPS = 10
_HOME, _AWAY = 1, 2
_GROUP = {"A": "home team", "B": "away team", None: None}
_KEEPER = (0, "Goalkeeper", "GK")
_ROLES = {
    name: (number, name, acronym)
    for number, name, acronym in (
        *(_KEEPER, (2, "Center Back", "CB"), (3, "Left Center Back", "LCB"), (4, "Right Center Back", "RCB")),
        *((5, "Left Wing Back", "LWB"), (6, "Right Wing Back", "RWB"), (7, "Defensive Midfield", "DM")),
        *((8, "Center Midfield", "CM"), (9, "Left Midfield", "LM"), (10, "Right Midfield", "RM")),
        *((11, "Attacking Midfield", "AM"), (12, "Left Winger", "LW"), (13, "Right Winger", "RW")),
        *((14, "Left Forward", "LF"), (15, "Center Forward", "CF"), (16, "Right Forward", "RF")),
        *((17, "Substitute", "SUB"), (19, "Left Back", "LB"), (20, "Right Back", "RB")),
        *((21, "Left Defensive Midfield", "LDM"), (22, "Right Defensive Midfield", "RDM")),
    )
}


def write(run: RunTracks, out: Path) -> Written:
    """Write the run to the folder ``out``.

    Raises
    ------
    RunError
        If a period is none that SkillCorner knows.
    """
    made = resample(run, FPS)
    if strange := sorted(set(made.period.tolist()) - CLOCK_START_S.keys()):
        raise RunError(f"{run.root}: period {strange[0]}; SkillCorner knows periods 1 to 5")
    ids = player_ids(run.people)
    write_json(out / "match.json", _match(run, ids))
    with (out / "tracking.jsonl").open("w", encoding="utf-8") as handle:
        handle.writelines(json.dumps(frame) + "\n" for frame in _frames(run, made, ids))
    return Written(len(made.frame), ("referees and people without a team are left out",))


def player_ids(people: pd.DataFrame) -> dict[int, int]:
    """Number each track for files that want whole numbers: the provider's, or one above all of those."""
    tracks = people["track_id"].astype(int).tolist()
    own = [int(i) if isinstance(i, str) and i.isdecimal() else None for i in people["provider_id"]]
    given = [i for i in own if i is not None]
    if len(set(given)) < len(given):
        return {t: t for t in tracks}
    above = max(given, default=0)
    return {t: above + t if i is None else i for t, i in zip(tracks, own, strict=True)}


def _frames(run: RunTracks, made: Resampled, ids: dict[int, int]) -> Iterator[dict[str, Any]]:
    owners, spans = run.owners(made.time_s).tolist(), made.spans().tolist()
    track, seen = made.track.tolist(), made.observed.tolist()
    places = np.round(made.xy_m, 3).tolist()
    moments = zip(made.frame.tolist(), made.period.tolist(), made.step.tolist(), strict=True)
    nothing = {"x": None, "y": None, "z": None, "is_detected": None}
    for i, (frame, period, step) in enumerate(moments):
        ball: dict[str, Any] = nothing
        players = []
        for k in range(spans[i], spans[i + 1]):
            place = {"x": places[k][0], "y": places[k][1]}
            if track[k] == BALL:
                ball = place | {"z": None, "is_detected": seen[k]}
            else:
                players.append(place | {"player_id": ids[track[k]], "is_detected": seen[k]})
        yield {
            "frame": frame,
            "timestamp": _clock(round(CLOCK_START_S[period] * FPS) + step),
            "period": period,
            "ball_data": ball,
            "possession": {"player_id": None, "group": _GROUP[owners[i]]},
            "player_data": players,
        }


def _clock(tenths: int) -> str:
    seconds, tenth = divmod(tenths, FPS)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{tenth}0"


def _match(run: RunTracks, ids: dict[int, int]) -> dict[str, Any]:
    sheet = match_sheet(run.stored.record)
    score = sheet.get("score", [None, None])
    kits = {t: {"jersey_color": colour} for t, colour in sheet.get("kits", {}).items()}
    return {
        "id": None,
        "home_team_score": score[0],
        "away_team_score": score[1],
        "date_time": sheet.get("date"),
        "stadium": {"name": sheet["venue"]} if "venue" in sheet else None,
        "home_team_kit": kits.get("A"),
        "away_team_kit": kits.get("B"),
        "home_team": _team(_HOME, run.team_name("A")),
        "away_team": _team(_AWAY, run.team_name("B")),
        "home_team_coach": None,
        "away_team_coach": None,
        "pitch_length": run.pitch_m[0],
        "pitch_width": run.pitch_m[1],
        "ball": {"trackable_object": BALL},
        "referees": [],
        "players": [_player(run, row, ids) for row in run.people.to_dict("records")],
    }


def _team(number: int, name: str) -> dict[str, Any]:
    return {"id": number, "name": name, "short_name": name, "acronym": name[:3].upper()}


def _player(run: RunTracks, row: dict[Any, Any], ids: dict[int, int]) -> dict[str, Any]:
    track = int(row["track_id"])
    first, _, last = ("" if pd.isna(row["name"]) else str(row["name"])).partition(" ")
    unknown = (None, None, None) if pd.isna(row["position"]) else (None, row["position"], None)
    role = _KEEPER if row["role"] == "goalkeeper" else _ROLES.get(row["position"], unknown)
    leaves = row["off_s"] < float(run.frames["time_s"].iloc[-1])
    return {
        "id": ids[track],
        "trackable_object": track,
        "team_id": _HOME if row["team"] == "A" else _AWAY,
        "number": None if pd.isna(row["jersey"]) else int(row["jersey"]),
        "first_name": first or "Track",
        "last_name": last if first else str(track),
        "player_role": dict(zip(("id", "name", "acronym"), role, strict=True)),
        "start_time": None if pd.isna(row["on_s"]) else _match_clock(run, row["on_s"]),
        "end_time": _match_clock(run, row["off_s"]) if leaves else None,
    }


def _match_clock(run: RunTracks, time_s: float) -> str:
    begun = run.periods[run.periods["start_s"] <= time_s + 1e-6]
    period = begun.iloc[-1] if len(begun) else run.periods.iloc[0]
    clock = round(CLOCK_START_S[int(period["period"])] + max(0.0, time_s - float(period["start_s"])))
    return f"{clock // 3600:02d}:{clock // 60 % 60:02d}:{clock % 60:02d}"
