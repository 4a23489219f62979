"""A line-up as the roster of a run: a CSV, or the line-up file of a provider.

Of providers: SkillCorner's match data, a Common Data Format meta sheet, StatsBomb's line-ups (all ``.json``),
Sportec / DFL match information (``.xml``, read with kloppy). Their times are of the match clock.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pipeline.core.errors import CorrectionsError
from pipeline.formats.readers.cdf_match import person_of
from pipeline.formats.readers.match_data import Person, Team
from pipeline.formats.readers.skillcorner_match import player_of
from pipeline.linking.by_hand.roster import Listed, Roster, roster_of

_COLUMNS = {"jersey": "number", "shirt": "number", "player": "name", "side": "team"}
_KNOWN = ("team", "number", "name", "position", "on", "off")
_EXPECTED = (
    "expected a line-up: YAML or CSV with team and number, SkillCorner match data, a CDF meta sheet or "
    "StatsBomb line-ups (.json), or Sportec match information (.xml)"
)


def read_line_up(path: Path, home: Team) -> Roster:
    """Read a line-up that is no YAML; ``home`` is the team of the run that plays at home.

    Raises
    ------
    CorrectionsError
        If it is none, or one line for each player that is no good.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CorrectionsError([f"{path}: cannot be read ({error})"]) from error
    if path.suffix.lower() == ".csv":
        return roster_of(_rows(path, text, home), path)
    reader = _sportec if path.suffix.lower() == ".xml" else _json
    try:
        people = reader(text)
    except CorrectionsError:
        raise
    except Exception as error:  # a file of another kind may lack anything
        about = f"{type(error).__name__}: {error}"
        raise CorrectionsError([f"{path}: no line-up that is known ({about}); {_EXPECTED}"]) from error
    away: Team = "B" if home == "A" else "A"
    teams = {"A": home, "B": away}
    return _roster(path, [(teams[p.team], p) for p in people if p.team in teams])


def _rows(path: Path, text: str, home: Team) -> list[Any]:
    """Give the rows of a CSV as the players of a YAML roster."""
    dialect = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    rows = list(csv.DictReader(io.StringIO(text), delimiter=dialect))
    sides = {"home": home, "away": "B" if home == "A" else "A"}
    out = []
    for row in rows:
        item: dict[str, Any] = {}
        for key, value in row.items():
            name = _COLUMNS.get(str(key).strip().lower(), str(key).strip().lower())
            if name in _KNOWN and isinstance(value, str) and value.strip():
                item[name] = value.strip()
        item["team"] = sides.get(str(item.get("team")).lower(), item.get("team"))
        for name in ("number", "on", "off"):
            if str(item.get(name, "")).isdigit():
                item[name] = int(item[name])
        out.append(item)
    if not out:
        raise CorrectionsError([f"{path}: no players in it; {_EXPECTED}"])
    return out


def _json(text: str) -> list[Person]:
    data = json.loads(text)
    if isinstance(data, list):
        return _statsbomb(data)
    if "home_team" in data:
        home = data["home_team"]["id"]
        everybody = [player_of(p, "A" if p["team_id"] == home else "B") for p in data["players"]]
        # Who never came on has no time of coming on.
        played = [p for p in everybody if p.on_s is not None]
        return played or everybody
    sides: tuple[tuple[str, Team], ...] = (("home", "A"), ("away", "B"))
    return [person_of(p, team) for side, team in sides for p in data["teams"][side]["players"]]


def _statsbomb(teams: list[Mapping[str, Any]]) -> list[Person]:
    """StatsBomb names the home team first."""
    out = []
    for letter, team in zip(("A", "B"), teams, strict=True):
        for player in team["lineup"]:
            stays = player.get("positions") or []
            if not stays:
                continue
            position = str(stays[0]["position"])
            out.append(
                Person(
                    "A" if letter == "A" else "B",
                    "goalkeeper" if position == "Goalkeeper" else "player",
                    name=player.get("player_nickname") or player["player_name"],
                    jersey=int(player["jersey_number"]),
                    position=position,
                    on_s=_clock(stays[0]["from"]),
                    off_s=_clock(stays[-1].get("to")),
                )
            )
    return out


def _clock(value: str | None) -> float | None:
    if value is None:
        return None
    minutes, seconds = value.split(":")
    return 60 * float(minutes) + float(seconds)


def _sportec(text: str) -> list[Person]:
    from kloppy.infra.serializers.event.sportec.deserializer import sportec_metadata_from_xml_elm
    from lxml import etree, objectify

    safe = objectify.makeparser(resolve_entities=False, no_network=True, load_dtd=False)
    teams = sportec_metadata_from_xml_elm(etree.fromstring(text.encode(), safe)).teams
    out = []
    sides: tuple[Team, Team] = ("A", "B")
    for letter, team in zip(sides, teams, strict=True):
        for player in team.players:
            place = player.starting_position
            position = None if place is None else str(place)
            full = " ".join(n for n in (player.first_name, player.last_name) if n)
            out.append(
                Person(
                    letter,
                    "goalkeeper" if position == "Goalkeeper" else "player",
                    name=full or player.name,
                    jersey=int(player.jersey_no),
                    position=position,
                )
            )
    return out


def _roster(path: Path, people: Iterable[tuple[str, Person]]) -> Roster:
    out: dict[tuple[str, int], Listed] = {}
    lines = []
    for team, one in people:
        if one.jersey is None:
            continue
        if (team, one.jersey) in out:
            lines.append(f"{path}: number {one.jersey} of team {team} is there twice")
            continue
        # A starter who stays needs no times: he is there from the start to the end.
        on_clock = one.on_s if one.on_s or one.off_s is not None else None
        out[team, one.jersey] = Listed(
            team, one.jersey, one.name, one.position, on_clock_s=on_clock, off_clock_s=one.off_s
        )
    if not out and not lines:
        lines.append(f"{path}: no player with a shirt number in it; {_EXPECTED}")
    if lines:
        raise CorrectionsError(lines)
    return out
