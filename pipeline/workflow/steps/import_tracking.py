"""Step import: tracking data -> the tables that a video run has after `identify`, and who is who."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core import config as settings
from pipeline.core.config import Config
from pipeline.core.errors import TrackingError
from pipeline.core.extensions import PROVIDERS, fingerprints
from pipeline.workflow.step import Context, Step

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.formats.readers.match_data import MatchData

NAME = "import"
STEADY_HZ = 1.0
BROADCAST_HZ = 0.6
"""Low-pass for positions from cameras that see the whole pitch, and from broadcast pictures."""


def step() -> Step:
    """Read the tracking data that ``config.analyze`` describes."""
    return Step(
        NAME,
        2,
        ("video",),
        ("frames", "positions", "labels", "identities", "periods", "people", "possession"),
        _settings,
        _do,
    )


def described(config: Config, also: Sequence[Path]) -> Config:
    """Add to ``config`` the further files, and the pitch if it sets one."""
    update: dict[str, Any] = {"also": tuple(str(p.absolute()) for p in also)}
    if config.pitch.model_fields_set:
        update["pitch_m"] = (config.pitch.length_m, config.pitch.width_m)
    return config.model_copy(update={"analyze": config.analyze.model_copy(update=update)})


def fitted(config: Config, facts: Mapping[str, Any]) -> Config:
    """Set the pitch and the low-pass as the data ask for, where ``config`` leaves them open.

    Tracking data have tracks, so the mode is always both.

    Raises
    ------
    ConfigError
        If the data's pitch is none of the chosen kind.
    """
    data = config.model_dump() | {"mode": "both"}
    if facts["pitch_m"] is not None and config.analyze.pitch_m is None:
        data["pitch"] |= dict(zip(("length_m", "width_m"), facts["pitch_m"], strict=True))
    if "cutoff_hz" not in config.measure.model_fields_set:
        data["measure"]["cutoff_hz"] = STEADY_HZ if facts["steady"] else BROADCAST_HZ
    return settings.load(None, data)


def fingerprint(sources: Sequence[Path], config: Config) -> str:
    """Recognise the files by their content; a folder stands for all in it.

    Raises
    ------
    TrackingError
        If one is missing.
    """
    from pipeline.video.fingerprint import of_file

    paths = [*sources, *(Path(m) for m in config.analyze.meta)]
    for path in paths:
        if not path.exists():
            raise TrackingError(f"{path}: no such file or folder")
    files = [f for p in paths for f in _files(p) if f.is_file()]
    return hashlib.sha256("".join(of_file(f) for f in files).encode()).hexdigest()


def _files(path: Path) -> list[Path]:
    """List the files that ``path`` stands for: a folder for all in it, a run for its tables."""
    from pipeline.formats.readers.run_match import run_of

    if (root := run_of(path)) is not None:
        return sorted((root / "tables").glob("*.parquet"))
    return sorted(path.iterdir()) if path.is_dir() else [path]


def _settings(config: Config) -> Mapping[str, Any]:
    own = {"analyze": config.analyze.model_dump(), "max_gap_s": config.project.max_gap_s}
    return own | ({"providers": added} if (added := fingerprints(PROVIDERS)) else {})


def _do(context: Context) -> Mapping[str, Any]:
    from pipeline.formats.readers.match_data import BROADCAST_ERROR_M, STEADY_ERROR_M
    from pipeline.formats.readers.match_tables import tables_of
    from pipeline.formats.readers.read_match import read_match
    from pipeline.formats.readers.table_units import Convention
    from pipeline.tables import storage

    config = context.config
    wanted = config.analyze
    convention = Convention(wanted.units, wanted.origin, wanted.pitch_m, wanted.fps)
    sources = (context.source, *(Path(p) for p in wanted.also))
    match = read_match(sources, tuple(Path(p) for p in wanted.meta), wanted.provider, convention)
    assumed = STEADY_ERROR_M if match.steady else BROADCAST_ERROR_M
    error_m = assumed if wanted.error_m is None else wanted.error_m
    made = tables_of(match, error_m)
    made["positions"] = _filled(made["positions"], made["frames"], config.project.max_gap_s)
    made["possession"] = _possession(match, made)
    made["periods"] = _with_attack(made)
    for name, table in made.items():
        storage.write(storage.conform(table, name), context.table(name), name)
    for note in match.notes:
        context.warn(note)
    return {
        "provider": match.provider,
        "frames": len(made["frames"]),
        "people": len(made["people"]),
        "positions": len(made["positions"]),
        "periods": len(made["periods"]),
        "pitch_m": match.pitch_m,
        "steady": match.steady,
        "error_m": error_m,
        "teams": match.team_names,
        "match": dict(match.sheet),
    }


def _filled(positions: pd.DataFrame, frames: pd.DataFrame, max_gap_s: float) -> pd.DataFrame:
    """Add interpolated rows where a track misses up to ``max_gap_s``, never across periods."""
    import numpy as np
    import pandas as pd

    from pipeline.positions.gap_filling import bridged
    from pipeline.tables.schemas import SCHEMAS

    filled = bridged(positions, frames, np.ones(len(frames), bool), max_gap_s)
    whole = positions.assign(source="observed").astype({"instance": "Int32"})
    if len(filled):
        filled["instance"] = pd.array([pd.NA] * len(filled), dtype="Int32")
        whole = pd.concat([whole, filled.assign(source="interpolated")])
    columns = [c.name for c in SCHEMAS["positions"].columns]
    return whole[columns].sort_values(["frame", "track_id"], ignore_index=True)


def _possession(match: MatchData, made: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Take possession as the provider gives it, else estimate it."""
    from pipeline.core.pitch import Pitch
    from pipeline.metrics.possession import given_spells
    from pipeline.metrics.summary import MatchTables, possession_of

    if match.owner is None:
        names = ("frames", "positions", "labels", "identities")
        return possession_of(MatchTables(**{n: made[n] for n in names}), Pitch(*match.pitch_m or ()))
    return given_spells(made["frames"]["time_s"].to_numpy(float), match.owner, match.period)


def _with_attack(made: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Say in which direction team A attacks in each period."""
    import numpy as np

    from pipeline.metrics.direction.attack_direction import directions_by_period
    from pipeline.tables.who_is_where import people

    playing = people(made["positions"], made["labels"], made["identities"])
    ways = directions_by_period(playing, made["periods"])
    attack, score = np.array([w.attack for w in ways], object), np.array([w.score for w in ways], float)
    return made["periods"].assign(attack_a=attack, attack_score=score)
