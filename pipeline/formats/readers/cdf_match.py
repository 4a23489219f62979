"""Common Data Format 0.3.2 (arXiv 2505.15820): ``tracking.jsonl`` and its ``meta.json``.

Metres from the centre spot, y up, the home team attacking to the right in every period. Players marked as not
visible are somebody's guess and left out, and so is a ball beyond `FARTHEST_M`: the format demands one in
every frame, and writers put an unseen one there.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.core.errors import TrackingError
from pipeline.formats.readers.match_data import MatchData, Person, Samples, Team

PERIODS = ("first_half", "second_half", "first_half_extratime", "second_half_extratime", "shootout")
FARTHEST_M = 64.9


def read(path: Path, meta: Path) -> MatchData:
    """Read a match.

    Raises
    ------
    TrackingError
        If a file is not what the format describes.
    """
    try:
        sheet = json.loads(meta.read_text(encoding="utf-8"))
        with path.open(encoding="utf-8") as handle:
            frames = [json.loads(line) for line in handle if line.strip()]
        return _match(frames, sheet)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TrackingError(
            f"{path} with {meta}: not Common Data Format tracking ({type(error).__name__}: {error})"
        ) from error


def _match(frames: list[dict[str, Any]], sheet: dict[str, Any]) -> MatchData:
    letters: dict[str, Team] = {"home": "A", "away": "B"}
    teams: dict[str, Team] = {str(sheet["teams"][side]["id"]): letter for side, letter in letters.items()}
    people = {
        str(p["id"]): person_of(p, letter)
        for side, letter in letters.items()
        for p in sheet["teams"][side].get("players") or []
    }
    number = {key: i for i, key in enumerate(people)}
    rows: list[tuple[int, int, float, float]] = []
    ball: list[tuple[int, float, float]] = []
    for row, frame in enumerate(frames):
        for side, letter in letters.items():
            for seen in frame["teams"][side]["players"]:
                key = str(seen["id"])
                if key not in number:
                    number[key] = len(people)
                    people[key] = Person(letter, "player", provider_id=key)
                if seen.get("is_visible", True):
                    rows.append((row, number[key], float(seen["x"]), float(seen["y"])))
        place = frame["ball"]
        if place.get("x") is not None and abs(float(place["x"])) < FARTHEST_M:
            ball.append((row, float(place["x"]), float(place["y"])))
    period = np.array([PERIODS.index(f["period"]) + 1 for f in frames], np.int64)
    places, ball_at = np.array(rows, float).reshape(-1, 4), np.array(ball, float).reshape(-1, 3)
    owner = np.array([_owner(f["ball"], teams) for f in frames], object)
    return MatchData(
        provider="cdf",
        frame=np.array([f["frame_id"] for f in frames], np.int64),
        period=period,
        clock_s=_clock_s(frames, period),
        people=tuple(people.values()),
        samples=Samples(places[:, 0].astype(np.int64), places[:, 1].astype(np.int64), places[:, 2:]),
        ball_row=ball_at[:, 0].astype(np.int64),
        ball_m=ball_at[:, 1:],
        owner=owner if any(owner) else None,
        pitch_m=(float(sheet["venue"]["pitch_length"]), float(sheet["venue"]["pitch_width"])),
        steady=True,
        team_names={letter: sheet["teams"][side].get("name") for side, letter in letters.items()},
    )


def _clock_s(frames: list[dict[str, Any]], period: np.ndarray[Any, np.dtype[np.int64]]) -> Any:
    when = np.array([datetime.fromisoformat(f["timestamp"]).timestamp() for f in frames])
    out = np.zeros(len(when))
    for number in np.unique(period):
        own = period == number
        out[own] = when[own] - when[own].min()
    return out


def person_of(entry: dict[str, Any], team: Team) -> Person:
    """Read a player of the meta sheet."""
    position = entry.get("position")
    name = " ".join(str(entry[n]) for n in ("first_name", "last_name") if entry.get(n))
    return Person(
        team,
        "goalkeeper" if position == "GK" else "player",
        name=name or None,
        jersey=None if entry.get("jersey_number") is None else int(entry["jersey_number"]),
        position=position,
        provider_id=str(entry["id"]),
    )


def _owner(ball: dict[str, Any], teams: dict[str, Team]) -> Team | None:
    return None if ball.get("status") is False else teams.get(str(ball.get("poss_team_id")))
