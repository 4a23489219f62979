"""Tracking files of many providers, read with kloppy.

Coordinates are asked for as Second Spectrum's: metres, centre origin, y up. Teams go by their ground,
since Hawk-Eye's come as away, home.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.core.errors import TrackingError
from pipeline.formats.readers.match_data import MatchData, Person, Samples, Team
from pipeline.formats.readers.providers import Provider

_METRES = "secondspectrum"


def read(provider: Provider, sources: tuple[Path, ...], meta: tuple[Path, ...]) -> MatchData:
    """Read a match.

    Raises
    ------
    TrackingError
        If kloppy cannot read the files as this provider's.
    """
    with warnings.catch_warnings():
        # Orientation and positions that kloppy cannot work out are worked out again here.
        warnings.simplefilter("ignore")
        data = _load(provider, sources, meta)
    if not len(data.records):
        raise TrackingError(f"{sources[0]}: {provider.name} data without a single frame")
    return _match(data, provider)


def _load(provider: Provider, sources: tuple[Path, ...], meta: tuple[Path, ...]) -> Any:
    from kloppy.exceptions import KloppyError

    try:
        return _LOADERS[provider.name](sources, meta)
    except (
        KloppyError, SyntaxError, ValueError, KeyError, IndexError, TypeError, AttributeError, StopIteration
    ) as error:  # fmt: skip
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

    return metrica.load_tracking_csv(home_data=sources[0], away_data=sources[1], coordinates=_METRES)


def _signality(sources: tuple[Path, ...], meta: tuple[Path, ...]) -> Any:
    from kloppy import signality

    return signality.load(
        meta_data=meta[0], raw_data_feeds=list(sources), venue_information=meta[1], coordinates=_METRES
    )


def _pff(sources: tuple[Path, ...], meta: tuple[Path, ...]) -> Any:
    from kloppy import pff

    return pff.load_tracking(
        meta_data=meta[0], roster_meta_data=meta[1], raw_data=sources[0], coordinates=_METRES
    )


def _statsperform(sources: tuple[Path, ...], meta: tuple[Path, ...]) -> Any:
    from kloppy import statsperform

    return statsperform.load_tracking(
        ma1_data=meta[0], ma25_data=sources[0], pitch_length=105, pitch_width=68, coordinates=_METRES
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
    "secondspectrum": _plain("secondspectrum", "load"),
    "signality": _signality,
    "sportec": _plain("sportec", "load_tracking"),
    "statsperform": _statsperform,
    "tracab": _plain("tracab", "load"),
}


def _match(data: Any, provider: Provider) -> MatchData:
    from kloppy.domain import DatasetFlag

    letter = {id(t): _letter(t, i) for i, t in enumerate(data.metadata.teams)}
    people = {p: _person(p, letter[id(t)]) for t in data.metadata.teams for p in t.players}
    number = {p: i for i, p in enumerate(people)}
    records = sorted(data.records, key=lambda f: (f.period.id, f.timestamp))
    rows: list[tuple[int, int, float, float]] = []
    ball: list[tuple[int, float, float]] = []
    for row, frame in enumerate(records):
        for player, seen in frame.players_data.items():
            if seen.coordinates is not None:
                if player not in number:
                    number[player] = len(people)
                    people[player] = _person(player, letter[id(player.team)])
                rows.append((row, number[player], seen.coordinates.x, seen.coordinates.y))
        if frame.ball_coordinates is not None:
            ball.append((row, frame.ball_coordinates.x, frame.ball_coordinates.y))
    flags = data.metadata.flags
    says = flags is not None and bool(flags & DatasetFlag.BALL_OWNING_TEAM)
    owner = [None if _dead(f) else letter.get(id(f.ball_owning_team)) for f in records] if says else None
    seen_at, ball_at = _finite(rows, 4), _finite(ball, 3)
    return MatchData(
        provider=provider.name,
        frame=np.array([f.frame_id for f in records], np.int64),
        period=np.array([f.period.id for f in records], np.int64),
        clock_s=np.array([f.timestamp.total_seconds() for f in records]),
        people=tuple(people.values()),
        samples=Samples(seen_at[:, 0].astype(np.int64), seen_at[:, 1].astype(np.int64), seen_at[:, 2:]),
        ball_row=ball_at[:, 0].astype(np.int64),
        ball_m=ball_at[:, 1:],
        owner=None if owner is None or not any(owner) else np.array(owner, object),
        pitch_m=_pitch(data.metadata.pitch_dimensions),
        steady=provider.steady,
        team_names={letter[id(t)]: t.name or None for t in data.metadata.teams},
    )


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


def _finite(rows: list[Any], width: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    table = np.array(rows, np.float64).reshape(-1, width)
    return table[np.isfinite(table).all(axis=1)]
