"""Tracking files of many providers, read with kloppy.

Coordinates are asked for as Second Spectrum's: metres, centre origin, y up. Teams go by their ground,
since Hawk-Eye's come as away, home.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.core.errors import TrackingError
from pipeline.formats.readers.match_data import Array, MatchData, Person, Samples, Team
from pipeline.formats.readers.providers import Provider
from pipeline.runs.match_sheet import MatchSheet, made_sheet

_METRES = "secondspectrum"
_USUAL_M = (105.0, 68.0)
_SIZELESS = ("metrica", "statsperform")
"""Providers whose files do not say how large the pitch is that they count from."""
_ABSENT_M = {"tracab": (55.5, 44.0)}
"""Where a provider puts what it does not see, whatever the signs."""
_BELOW_M = -1.0
"""A ball deeper under the grass is not seen: Second Spectrum writes (0, 0, -10)."""
_PFF_SEEN = {"VISIBLE": True, "ESTIMATED": False, None: True}


def read(
    provider: Provider,
    sources: tuple[Path, ...],
    meta: tuple[Path, ...],
    pitch_m: tuple[float, float] | None = None,
) -> MatchData:
    """Read a match; ``pitch_m`` is that of files which do not say theirs (`_SIZELESS`).

    Raises
    ------
    TrackingError
        If kloppy cannot read the files as this provider's.
    """
    with warnings.catch_warnings():
        # Orientation and positions that kloppy cannot work out are worked out again here.
        warnings.simplefilter("ignore")
        data = _load(provider, sources, meta, pitch_m or _USUAL_M)
        if not len(data.records):
            raise TrackingError(f"{sources[0]}: {provider.name} data without a single frame")
        match = _match(data, provider)
    if provider.name in _SIZELESS and pitch_m is None:
        note = (
            f"{sources[0]}: {provider.name} data do not say how large the pitch is; {_USUAL_M[0]:.0f} x "
            f"{_USUAL_M[1]:.0f} m assumed, say --set pitch.length_m=... and pitch.width_m=..."
        )
        match = replace(match, notes=(*match.notes, note))
    return _stretched(match, pitch_m) if provider.name == "metrica" and pitch_m else match


def _stretched(match: MatchData, pitch_m: tuple[float, float]) -> MatchData:
    """Bring positions that were shares of a pitch, taken for the usual one, to that of ``pitch_m``."""
    scale = np.array(pitch_m) / _USUAL_M
    samples = replace(match.samples, xy_m=match.samples.xy_m * scale)
    return replace(match, samples=samples, ball_m=match.ball_m * scale, pitch_m=pitch_m)


def _load(
    provider: Provider, sources: tuple[Path, ...], meta: tuple[Path, ...], pitch_m: tuple[float, float]
) -> Any:
    try:
        if provider.name == "statsperform":
            return _statsperform(sources, meta, pitch_m)
        return _LOADERS[provider.name](sources, meta)
    except (TrackingError, MemoryError):
        raise
    except Exception as error:  # kloppy raises whatever Python raises on files of another kind
        names = ", ".join(p.name for p in (*sources, *meta))
        text = f"{type(error).__name__}: {error}"
        raise TrackingError(f"{names}: cannot be read as {provider.name} data ({text})") from error


def _hawkeye(sources: tuple[Path, ...], meta: tuple[Path, ...]) -> Any:
    from kloppy import hawkeye

    files = [f for s in sources for f in (sorted(s.iterdir()) if s.is_dir() else [s])]
    balls, people = (
        sorted((f for f in files if f.name.endswith(end)), key=_minute)
        for end in (".samples.ball", ".samples.centroids")
    )
    if not people or len(balls) != len(people):
        raise TrackingError(
            f"{sources[0]}: {len(people)} *.samples.centroids and {len(balls)} *.samples.ball files; "
            "Hawk-Eye needs one of each a minute"
        )
    return hawkeye.load(
        ball_feeds=balls,
        player_centroid_feeds=people,
        meta_data=meta[0] if meta else None,
        coordinates=_METRES,
    )


def _minute(path: Path) -> tuple[int, ...]:
    """Order Hawk-Eye's files by half and minute: ``hawkeye_2_46.football.samples.ball``."""
    return tuple(int(n) for n in path.name.split(".")[0].split("_") if n.isdigit())


def _metrica(sources: tuple[Path, ...], meta: tuple[Path, ...]) -> Any:
    from kloppy import metrica

    home, away = sorted(sources, key=_is_away)
    return metrica.load_tracking_csv(home_data=home, away_data=away, coordinates=_METRES)


def _is_away(path: Path) -> bool:
    """Say whose the file is, by the team in its first line."""
    with path.open(encoding="utf-8-sig", errors="replace") as handle:
        return "away" in handle.readline().lower()


def _signality(sources: tuple[Path, ...], meta: tuple[Path, ...]) -> Any:
    from kloppy import signality

    return signality.load(
        meta_data=meta[0], raw_data_feeds=list(sources), venue_information=meta[1], coordinates=_METRES
    )


def _pff(sources: tuple[Path, ...], meta: tuple[Path, ...]) -> Any:
    from kloppy import pff

    with sources[0].open(encoding="utf-8") as handle:
        seen = b"\n".join(_only_seen(line) for line in handle if line.strip())
    return pff.load_tracking(
        meta_data=meta[0], roster_meta_data=meta[1], raw_data=BytesIO(seen), coordinates=_METRES
    )


def _only_seen(line: str) -> bytes:
    """Leave out of a frame of PFF's whom its cameras did not see, which kloppy does not carry."""
    frame = json.loads(line)
    for name in ("homePlayersSmoothed", "awayPlayersSmoothed"):
        frame[name] = [p for p in frame.get(name) or [] if _pff_seen(p)]
    if frame.get("ballsSmoothed") and not _pff_seen(frame["ballsSmoothed"]):
        frame["ballsSmoothed"] = None
    return json.dumps(frame).encode()


def _pff_seen(thing: dict[str, Any]) -> bool:
    word = thing.get("visibility")
    if word not in _PFF_SEEN:
        raise TrackingError(f"PFF visibility {word!r} is not known; VISIBLE and ESTIMATED are")
    return _PFF_SEEN[word]


def _secondspectrum(sources: tuple[Path, ...], meta: tuple[Path, ...]) -> Any:
    from kloppy import secondspectrum

    return secondspectrum.load(
        meta_data=meta[0],
        raw_data=sources[0],
        additional_meta_data=meta[1] if len(meta) > 1 else None,
        coordinates=_METRES,
    )


def _statsperform(sources: tuple[Path, ...], meta: tuple[Path, ...], pitch_m: tuple[float, float]) -> Any:
    from kloppy import statsperform

    length, width = pitch_m
    return statsperform.load_tracking(
        ma1_data=meta[0], ma25_data=sources[0], pitch_length=length, pitch_width=width, coordinates=_METRES
    )


def _plain(module: str, function: str) -> Callable[[tuple[Path, ...], tuple[Path, ...]], Any]:
    def load(sources: tuple[Path, ...], meta: tuple[Path, ...]) -> Any:
        from importlib import import_module

        call = getattr(import_module(f"kloppy.{module}"), function)
        return call(meta_data=meta[0], raw_data=sources[0], coordinates=_METRES)

    return load


_LOADERS: dict[str, Callable[[tuple[Path, ...], tuple[Path, ...]], Any]] = {
    "hawkeye": _hawkeye,
    "metrica": _metrica,
    "metrica_epts": _plain("metrica", "load_tracking_epts"),
    "pff": _pff,
    "secondspectrum": _secondspectrum,
    "signality": _signality,
    "sportec": _plain("sportec", "load_tracking"),
    "tracab": _plain("tracab", "load"),
}


def _match(data: Any, provider: Provider) -> MatchData:
    from kloppy.domain import DatasetFlag

    letter = {id(t): _letter(t, i) for i, t in enumerate(data.metadata.teams)}
    people = _People({id(t): list(t.players) for t in data.metadata.teams}, letter)
    records = sorted(data.records, key=lambda f: (f.period.id, f.timestamp))
    rows: list[tuple[int, int, float, float]] = []
    ball: list[tuple[int, float, float]] = []
    for row, frame in enumerate(records):
        for player, seen in frame.players_data.items():
            if seen.coordinates is not None:
                rows.append((row, people.number(player), seen.coordinates.x, seen.coordinates.y))
        if frame.ball_coordinates is not None and not (_height(frame.ball_coordinates) < _BELOW_M):
            ball.append((row, frame.ball_coordinates.x, frame.ball_coordinates.y))
    flags = data.metadata.flags
    says = flags is not None and bool(flags & DatasetFlag.BALL_OWNING_TEAM)
    owner = [None if _dead(f) else letter.get(id(f.ball_owning_team)) for f in records] if says else None
    absent = _ABSENT_M.get(provider.name)
    seen_at, ball_at = _finite(rows, 4, absent), _finite(ball, 3, absent)
    return MatchData(
        provider=provider.name,
        frame=np.array([f.frame_id for f in records], np.int64),
        period=np.array([f.period.id for f in records], np.int64),
        clock_s=np.array([f.timestamp.total_seconds() for f in records]),
        people=tuple(people.persons),
        samples=Samples(seen_at[:, 0].astype(np.int64), seen_at[:, 1].astype(np.int64), seen_at[:, 2:]),
        ball_row=ball_at[:, 0].astype(np.int64),
        ball_m=ball_at[:, 1:],
        owner=None if owner is None or not any(owner) else np.array(owner, object),
        pitch_m=_pitch(data.metadata.pitch_dimensions),
        steady=provider.steady,
        team_names={letter[id(t)]: t.name or None for t in data.metadata.teams},
        sheet=_sheet(data.metadata),
    )


def _sheet(about: Any) -> MatchSheet:
    """What kloppy's metadata know of the match; most providers say little."""
    score: Any = getattr(about, "score", None)
    date: Any = getattr(about, "date", None)
    week = getattr(about, "game_week", None)
    return made_sheet(
        date=date.isoformat() if hasattr(date, "isoformat") else date,
        round=None if week is None else f"Matchday {week}",
        score=None if score is None else (score.home, score.away),
    )


class _People:
    """Persons by their number; kloppy makes a second, nameless player where a shirt is not in the line-up."""

    def __init__(self, listed: dict[int, list[Any]], letter: dict[int, Team]) -> None:
        self.persons: list[Person] = []
        self._letter = letter
        self._numbers: dict[Any, int] = {}
        self._by_id: dict[tuple[Team, str], int] = {}
        for team, players in listed.items():
            for player in players:
                self._add(player, _person(player, letter[team]))

    def number(self, player: Any) -> int:
        """Number of the person that ``player`` is; a new one where nobody has that id."""
        if player not in self._numbers:
            self._add(player, _person(player, self._letter[id(player.team)]))
        return self._numbers[player]

    def _add(self, player: Any, person: Person) -> None:
        key = None if person.team is None or person.provider_id is None else (person.team, person.provider_id)
        at = self._by_id.get(key, len(self.persons)) if key else len(self.persons)
        if at == len(self.persons):
            self.persons.append(person)
        else:
            before = self.persons[at]
            self.persons[at] = replace(
                before,
                name=before.name or person.name,
                position=before.position or person.position,
                jersey=before.jersey if person.jersey is None else person.jersey,
                role="goalkeeper" if "goalkeeper" in (before.role, person.role) else before.role,
            )
        self._numbers[player] = at
        if key:
            self._by_id[key] = at


def _letter(team: Any, number: int) -> Team:
    from kloppy.domain import Ground

    if team.ground in (Ground.HOME, Ground.AWAY):
        return "A" if team.ground == Ground.HOME else "B"
    return "A" if number == 0 else "B"


def _person(player: Any, team: Team) -> Person:
    position = player.starting_position
    text = getattr(position, "value", position)
    text = text[0] if isinstance(text, tuple) else text
    named = player.name or (player.first_name and player.last_name)
    return Person(
        team,
        "goalkeeper" if text in ("Goalkeeper", "G", "GK") else "player",
        name=str(player.full_name).strip() if named else None,
        jersey=None if player.jersey_no is None or int(player.jersey_no) < 0 else int(player.jersey_no),
        position=None if text in (None, "Unknown") else str(text),
        provider_id=None if player.player_id is None else str(player.player_id),
    )


def _dead(frame: Any) -> bool:
    return frame.ball_state is not None and frame.ball_state.value == "dead"


def _pitch(dimensions: Any) -> tuple[float, float] | None:
    if dimensions is None or not dimensions.pitch_length or not dimensions.pitch_width:
        return None
    return float(dimensions.pitch_length), float(dimensions.pitch_width)


def _height(place: Any) -> float:
    z = getattr(place, "z", None)
    return 0.0 if z is None else float(z)


def _finite(rows: list[Any], width: int, absent_m: tuple[float, float] | None) -> Array:
    """Make rows that end with x and y an array, without those that have no place or stand for none."""
    table = np.array(rows, np.float64).reshape(-1, width)
    good = np.isfinite(table).all(axis=1)
    if absent_m is not None:
        good &= ~(np.abs(np.abs(table[:, -2:]) - absent_m) < 0.011).all(axis=1)
    return np.asarray(table[good])
