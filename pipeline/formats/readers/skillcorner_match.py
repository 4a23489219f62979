"""SkillCorner's files, V2 (a JSON array) and V3 (a JSON a line), read directly.

kloppy reads them too and gives the same positions (a test holds that), but leaves out what matters
here: which V3 positions were detected and which guessed, the line-up's times, the referee.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.core.errors import TrackingError
from pipeline.formats.readers.match_data import CLOCK_START_S, MatchData, Person, Samples, Team
from pipeline.runs.match_sheet import MatchSheet, made_sheet

_SIDES: tuple[tuple[Team, str], ...] = (("A", "home"), ("B", "away"))
_OWNER = {"home team": "A", "away team": "B"}


def read(raw: Path, meta: Path) -> MatchData:
    """Read a match from its tracking file and its match data.

    Raises
    ------
    TrackingError
        If a file is not what SkillCorner writes.
    """
    try:
        match = json.loads(meta.read_text(encoding="utf-8"))
        frames = [f for f in _frames(raw) if f["period"] is not None and _time(f) is not None]
        if not frames:
            raise TrackingError(f"{raw}: no frame belongs to a period; nothing to read")
        return _match(frames, match)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TrackingError(
            f"{raw} with {meta}: not SkillCorner tracking and match data ({type(error).__name__}: {error})"
        ) from error


def _frames(raw: Path) -> list[dict[str, Any]]:
    with raw.open(encoding="utf-8") as handle:
        head = handle.read(1)
        handle.seek(0)
        if head == "[":
            return list(json.load(handle))
        return [json.loads(line) for line in handle if line.strip()]


def _time(frame: dict[str, Any]) -> str | None:
    return frame.get("time", frame.get("timestamp"))


def _match(frames: list[dict[str, Any]], match: dict[str, Any]) -> MatchData:
    squad = _Squad(match)
    rows: list[int] = []
    who: list[int] = []
    places: list[tuple[float, float]] = []
    ball_row: list[int] = []
    ball: list[tuple[float, float]] = []
    for row, frame in enumerate(frames):
        for person, place in _seen(frame, squad):
            if person == _BALL:
                ball_row.append(row)
                ball.append(place)
            else:
                rows.append(row)
                who.append(person)
                places.append(place)
    period = np.array([f["period"] for f in frames], np.int64)
    clock = np.array([_seconds(_time(f) or "0") for f in frames])
    return MatchData(
        provider="skillcorner",
        frame=np.array([f["frame"] for f in frames], np.int64),
        period=period,
        clock_s=clock - np.array([CLOCK_START_S.get(int(p), 0.0) for p in period]),
        people=tuple(squad.people),
        samples=Samples(
            np.array(rows, np.int64), np.array(who, np.int64), np.array(places, float).reshape(-1, 2)
        ),
        ball_row=np.array(ball_row, np.int64),
        ball_m=np.array(ball, float).reshape(-1, 2),
        owner=np.array([_OWNER.get(f["possession"].get("group")) for f in frames], object),
        pitch_m=(float(match["pitch_length"]), float(match["pitch_width"])),
        steady=False,
        team_names={"A": match["home_team"]["name"], "B": match["away_team"]["name"]},
        sheet=_sheet(match),
    )


def _sheet(match: dict[str, Any]) -> MatchSheet:
    def name(key: str) -> Any:
        return (match.get(key) or {}).get("name")

    score = (match.get("home_team_score"), match.get("away_team_score"))
    kits = {t: (match.get(f"{side}_team_kit") or {}).get("jersey_color") for t, side in _SIDES}
    return made_sheet(
        date=match.get("date_time"),
        competition=name("competition_edition"),
        round=name("competition_round"),
        venue=name("stadium"),
        score=None if None in score else score,
        kits=kits,
    )


_BALL = -2


def _seen(frame: dict[str, Any], squad: _Squad) -> list[tuple[int, tuple[float, float]]]:
    """List who was detected in a frame, as numbers of `_Squad.people`; the ball as `_BALL`."""
    if "player_data" in frame:
        found = [
            (squad.by_id[p["player_id"]], (p["x"], p["y"]))
            for p in frame["player_data"]
            if p.get("is_detected", True) and p["x"] is not None
        ]
        ball = frame["ball_data"]
        if ball["x"] is not None and ball.get("is_detected", True):
            found.append((_BALL, (ball["x"], ball["y"])))
        return found
    out = []
    for thing in frame["data"]:
        number = squad.number(thing)
        if number is not None:
            out.append((number, (thing["x"], thing["y"])))
    return out


class _Squad:
    """Everybody of the match data, and the nameless as they turn up."""

    def __init__(self, match: dict[str, Any]) -> None:
        home = match["home_team"]["id"]
        self.people: list[Person] = []
        self.by_id: dict[int, int] = {}
        self._by_object: dict[int, int] = {match["ball"]["trackable_object"]: _BALL}
        self._nameless: dict[tuple[Team, int], int] = {}
        for player in match["players"]:
            team: Team = "A" if player["team_id"] == home else "B"
            self._add(player, player_of(player, team))
        for referee in match.get("referees", []):
            self._add(referee, Person(None, "referee", _name(referee), provider_id=str(referee["id"])))

    def _add(self, entry: dict[str, Any], person: Person) -> None:
        self.by_id[entry["id"]] = len(self.people)
        self._by_object[entry["trackable_object"]] = len(self.people)
        self.people.append(person)

    def number(self, thing: dict[str, Any]) -> int | None:
        """Give the number of one V2 entry; None for what is nobody of either team."""
        known = thing.get("trackable_object")
        if known is not None:
            return self._by_object.get(known)
        team: Team | None = {"home team": "A", "away team": "B"}.get(thing.get("group_name", ""))  # type: ignore[assignment]
        if team is None:
            return _BALL if thing.get("group_name") == "balls" else None
        key = (team, int(thing["track_id"]))
        if key not in self._nameless:
            self._nameless[key] = len(self.people)
            self.people.append(Person(team, "player", provider_id=f"track {key[1]}", somebody=False))
        return self._nameless[key]


def player_of(entry: dict[str, Any], team: Team) -> Person:
    """Read a player of the match data."""
    role = entry["player_role"]
    began, ended = entry.get("start_time"), entry.get("end_time")
    return Person(
        team,
        "goalkeeper" if role["acronym"] == "GK" else "player",
        name=_name(entry),
        jersey=entry["number"],
        position=role["name"],
        provider_id=str(entry["id"]),
        on_s=None if began is None else _seconds(began),
        off_s=None if ended is None else _seconds(ended),
    )


def _name(entry: dict[str, Any]) -> str:
    return " ".join(str(entry[n]).strip() for n in ("first_name", "last_name") if entry.get(n))


def _seconds(clock: str) -> float:
    total = 0.0
    for part in clock.split(":"):
        total = 60 * total + float(part)
    return total
