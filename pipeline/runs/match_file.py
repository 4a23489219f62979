"""``match.yaml``: what the user says of the match itself: date, score, teams, kits, halves, direction."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from pipeline.core.config import Config
from pipeline.core.errors import CorrectionsError
from pipeline.core.text.said import clock, read_said, seconds_of, text_of
from pipeline.runs.match_sheet import MatchSheet, made_sheet, match_sheet

NAME = "match.yaml"
WAYS = ("left_to_right", "right_to_left")
TIMES = ("kick_off", "half_time", "second_half")
TEXTS = ("competition", "round", "venue")
_KEYS = ("date", "score", *TEXTS, "teams", "kits", *TIMES, "attack_a")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_MOST_GOALS = 99


@dataclass(frozen=True, slots=True)
class MatchSaid:
    """What was said; what was not is empty or None.

    ``teams``: names by letter. ``attack_a``: which way team A attacks in the first half, as on the pitch of
    the radar.
    """

    sheet: MatchSheet = field(default_factory=lambda: MatchSheet())
    teams: Mapping[str, str] = field(default_factory=dict)
    kick_off_s: float | None = None
    half_time_s: float | None = None
    second_half_s: float | None = None
    attack_a: Literal["left_to_right", "right_to_left"] | None = None

    def periods(self) -> dict[str, Any]:
        """Give what settings of periods it says, by their names."""
        said = {f"{name}_s": getattr(self, f"{name}_s") for name in TIMES} | {"attack_a": self.attack_a}
        return {key: value for key, value in said.items() if value is not None}


def read_match(path: Path) -> MatchSaid:
    """Read the file.

    Raises
    ------
    CorrectionsError
        One line for each key that is no good.
    """
    data = read_said(path)
    return match_of({} if data is None else data, path)


def match_of(data: Any, path: Path) -> MatchSaid:
    """Make it of what the file holds; ``path`` is for errors, as in `read_match`."""
    if not isinstance(data, dict):
        raise CorrectionsError([f"{path}: expected keys such as date: 2026-04-12"])
    known, lines = dict.fromkeys(_KEYS), []
    for key, value in data.items():
        try:
            if key not in _KEYS:
                raise ValueError(f"unknown key {key}; known are {', '.join(_KEYS)}")
            known[key] = None if value is None else _checked(key, value)
        except ValueError as error:
            lines.append(f"{path}: {error}")
    times = {f"{name}_s": known[name] for name in TIMES}
    given = [t for t in times.values() if t is not None]
    if not lines and (given != sorted(given) or (known["second_half"] is not None and len(given) < 2)):
        lines.append(f"{path}: kick_off, half_time and second_half must follow each other")
    if lines:
        raise CorrectionsError(lines)
    sheet = made_sheet(**{key: known[key] for key in ("date", "score", "kits", *TEXTS)})
    return MatchSaid(sheet, known["teams"] or {}, **times, attack_a=known["attack_a"])


def match_of_run(root: Path, record: Mapping[str, Any]) -> MatchSaid:
    """Read what the user says of the match of a run: the file of its settings, else its own, else nothing.

    A file that is none says nothing here: what makes the page refuses it in clear words.
    """
    given = (record.get("config") or {}).get("match_sheet")
    path = Path(given) if given else root / NAME
    try:
        return read_match(path) if path.is_file() else MatchSaid()
    except CorrectionsError:
        return MatchSaid()


def sheet_of_run(root: Path, record: Mapping[str, Any]) -> MatchSheet:
    """Give the match sheet of a run: what its input said, and over it what the user says."""
    return match_sheet(record) | match_of_run(root, record).sheet


def match_inputs(config: Config, step: str, keys: Collection[str]) -> dict[str, str]:
    """Identify what of the match sheet a step depends on; nothing said is no input.

    ``config`` names the file, also where it is the run's own.
    """
    if config.match_sheet is None:
        return {}
    said = {k: v for k, v in entries(read_match(Path(config.match_sheet))).items() if k in keys}
    text = json.dumps(said, sort_keys=True)
    return {f"{step}.match": hashlib.sha256(text.encode()).hexdigest()} if said else {}


def entries(said: MatchSaid) -> dict[str, Any]:
    """Give what was said as the file has it: times as ``m:ss.s``, nothing that was not said."""
    times = {name: getattr(said, f"{name}_s") for name in TIMES}
    out: dict[str, Any] = {
        **{key: said.sheet.get(key) for key in ("date", "score", *TEXTS, "kits")},
        "teams": dict(said.teams),
        **{name: None if time_s is None else clock(time_s) for name, time_s in times.items()},
        "attack_a": said.attack_a,
    }
    return {key: out[key] for key in _KEYS if out[key]}


def as_text(said: MatchSaid) -> str:
    """Write the file: a line a key."""
    return "".join(f"{key}: {_flow(value)}\n" for key, value in entries(said).items())


def _flow(value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10_000)
    return text.strip().removesuffix("...").strip()


def _checked(key: str, value: Any) -> Any:
    if key == "date":
        return _date(value)
    if key == "score":
        return _score(value)
    if key in TIMES:
        return seconds_of(value)
    if key == "attack_a":
        if value not in WAYS:
            raise ValueError(f"attack_a is {value!r}; expected {' or '.join(WAYS)}")
        return value
    if key in TEXTS:
        return text_of({key: str(value) if isinstance(value, int) else value}, key)
    return _by_team(key, value)


def _date(value: Any) -> str:
    if isinstance(value, datetime.date):  # YAML reads a plain 2026-04-12 as one
        return value.isoformat()
    try:
        return datetime.date.fromisoformat(str(value).strip()).isoformat()
    except ValueError:
        raise ValueError(f"date is {value!r}; expected a day such as 2026-04-12") from None


def _score(value: Any) -> list[int]:
    parts = re.split(r"\s*[-–:]\s*", value.strip()) if isinstance(value, str) else value
    # YAML 1.1 reads a plain 2:1 as 121 seconds, so a number is no score
    if not isinstance(parts, list) or len(parts) != 2:
        raise ValueError(f"score is {value!r}; expected goals of A and B, such as [2, 1]")
    goals = [int(p) if isinstance(p, str) and p.isdigit() else p for p in parts]
    if any(not isinstance(g, int) or isinstance(g, bool) or not 0 <= g <= _MOST_GOALS for g in goals):
        raise ValueError(f"score is {value!r}; expected goals of A and B, such as [2, 1]")
    return goals


def _by_team(key: str, value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not set(value) <= {"A", "B"}:
        raise ValueError(f"{key} is {value!r}; expected A and B, such as {{A: ..., B: ...}}")
    out = {team: text_of({key: one}, key) for team, one in value.items()}
    told = {team: one for team, one in out.items() if one is not None}
    if key == "kits" and (odd := [one for one in told.values() if not _COLOUR.fullmatch(one)]):
        raise ValueError(f"kits: {odd[0]!r} is no colour; expected one such as '#1f6b47'")
    return told
