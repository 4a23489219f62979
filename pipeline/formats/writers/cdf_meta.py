"""The meta sheet of the Common Data Format 0.3.2: periods, line-up, pitch, frame rate.

A run knows neither competition, season, venue nor date, which the sheet demands: `UNKNOWN` and the year 1970
stand for them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from pipeline.core.errors import RunError
from pipeline.formats.writers.resample import Resampled
from pipeline.runs.pitch_tracks import RunTracks

VERSION = "0.3.2"
UNKNOWN = "unknown"
SHOOTOUT = 5
PERIODS = {
    1: "first_half",
    2: "second_half",
    3: "first_half_extratime",
    4: "second_half_extratime",
    SHOOTOUT: "shootout",
}
TEAM = {"A": "home", "B": "away"}
_KICKOFF = datetime(1970, 1, 1, tzinfo=UTC)
_STARTS_S = 1.0
"""Who is on the pitch this soon has started."""


def match_id(run: RunTracks) -> str:
    """Name of the run's folder."""
    return run.root.resolve().name


def utc(time_s: float) -> str:
    """Write a moment of the run as the format wants it, counted from 1970."""
    moment = _KICKOFF + timedelta(milliseconds=round(time_s * 1000))
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def turns(run: RunTracks) -> dict[int, int]:
    """By what to multiply x and y in each period so that team A attacks to the right, as the format has it.

    Raises
    ------
    RunError
        If a period is none that the format knows, or the direction of attack in it is unclear.
    """
    out = {}
    for period, way in zip(run.periods["period"].tolist(), run.periods["attack_a"].tolist(), strict=True):
        if period not in PERIODS:
            raise RunError(f"{run.root}: period {period}; CDF knows periods 1 to 5")
        if pd.isna(way) and period != SHOOTOUT:
            raise RunError(
                f"{run.root}: team A's direction of attack in period {period} is unclear, and CDF has it "
                "attack to the right; take --format skillcorner, tracab or csv"
            )
        out[int(period)] = -1 if way == "right_to_left" else 1
    return out


def meta_sheet(run: RunTracks, made: Resampled) -> tuple[dict[str, Any], list[str]]:
    """Make the sheet for the moments of ``made``, and sentences on what stands in for what."""
    periods = [_period(run, made, p) for p in np.unique(made.period).tolist()]
    edges = (("start", "start_time"), ("end", "end_time"))
    whistles = [{"type": p["period"], "sub_type": e, "time": p[k]} for p in periods for e, k in edges]
    teams = {side: _team(run, letter, side) for letter, side in TEAM.items()}
    tracking = {"version": _version(run), "name": "teamshape", "fps": made.fps}
    sheet = {
        "competition": {"id": UNKNOWN},
        "season": {"id": UNKNOWN},
        "match": {"id": match_id(run), "kickoff_time": utc(0), "periods": periods, "whistles": whistles},
        "teams": teams,
        "venue": {"id": UNKNOWN, "pitch_length": run.pitch_m[0], "pitch_width": run.pitch_m[1]},
        "meta": {
            **dict.fromkeys(("video", "event", "landmarks", "ball")),
            "tracking": tracking | {"collection_timing": "post_match"},
            "meta": {"version": _version(run), "name": "teamshape"},
            "cdf": {"version": VERSION},
        },
    }
    listed = sum(len(team["players"]) for team in teams.values())
    notes = [f"competition, season and venue are '{UNKNOWN}'; times count from 1970-01-01T00:00:00Z"]
    if listed < len(run.people):
        notes.append(
            f"meta.json has {listed} of {len(run.people)} tracks, those whose shirt and start are known; "
            "export.json has all under people"
        )
    return sheet, notes


def _period(run: RunTracks, made: Resampled, period: int) -> dict[str, Any]:
    own = np.flatnonzero(made.period == period)
    out: dict[str, Any] = {
        "period": PERIODS[period],
        "start_time": utc(float(made.time_s[own[0]])),
        "end_time": utc(float(made.time_s[own[-1]])),
        "frame_id_start": int(made.frame[own[0]] - made.frame[0]),
        "frame_id_end": int(made.frame[own[-1]] - made.frame[0]),
    }
    if period == SHOOTOUT:
        return out
    left, right = ("home", "away") if turns(run)[period] == 1 else ("away", "home")
    return out | {"play_direction": "left_right", "left_team_id": left, "right_team_id": right}


def _team(run: RunTracks, letter: str, side: str) -> dict[str, Any]:
    own = run.people[(run.people["team"] == letter) & run.people[["jersey", "on_s"]].notna().all(axis=1)]
    return {
        "id": side,
        "name": run.team_name(letter),
        "players": [_player(run, row, side) for row in own.to_dict("records")],
    }


def _player(run: RunTracks, row: dict[Any, Any], side: str) -> dict[str, Any]:
    out = {
        "id": str(int(row["track_id"])),
        "team_id": side,
        "jersey_number": int(row["jersey"]),
        "is_starter": bool(row["on_s"] <= run.periods["start_s"].iloc[0] + _STARTS_S),
    }
    if not pd.isna(row["name"]):
        first, _, last = str(row["name"]).rpartition(" ")
        out |= {"last_name": last} | ({"first_name": first} if first else {})
    return out


def _version(run: RunTracks) -> str:
    return str(run.stored.record.get("versions", {}).get("teamshape", UNKNOWN))
