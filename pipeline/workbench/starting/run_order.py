"""What the start page asks for: footage or tracking data, and options, checked before anything is begun."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.core import config as settings
from pipeline.core.config import Config
from pipeline.core.errors import ConfigError, RunError
from pipeline.core.text.said import seconds_of
from pipeline.runs.run_directory import read_json, record_path
from pipeline.workbench.starting.allowed_folders import AllowedFolders

CONFIGS = ("match", "fast", "tactical", "team_only")
"""The bundled configurations, the usual one first."""
_NOT_IN_NAMES = set('/\\:*?"<>|')


class RunOrder(BaseModel):
    """One run that somebody wants. Times are as typed: seconds or ``mm:ss``; empty is not given."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str = Field(max_length=4096)
    name: str = Field("", max_length=120)
    config: Literal["match", "fast", "tactical", "team_only"] = "match"
    mode: Literal["", "team", "player", "both"] = ""
    start: str = Field("", max_length=20)
    end: str = Field("", max_length=20)
    every: str = Field("", max_length=20)
    kick_off: str = Field("", max_length=20)
    half_time: str = Field("", max_length=20)
    second_half: str = Field("", max_length=20)
    roster: str = Field("", max_length=4096)
    points: str = Field("", max_length=4096)


class DataOrder(BaseModel):
    """One run from tracking data; ``also``: further files of the match, ``meta``: what describes them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str = Field(max_length=4096)
    name: str = Field("", max_length=120)
    provider: str = Field("", max_length=60)
    also: tuple[Annotated[str, Field(max_length=4096)], ...] = Field((), max_length=20)
    meta: tuple[Annotated[str, Field(max_length=4096)], ...] = Field((), max_length=20)
    units: Literal["", "m", "cm"] = ""
    origin: Literal["", "centre", "bottom-left", "top-left"] = ""
    fps: str = Field("", max_length=20)


Order = TypeVar("Order", RunOrder, DataOrder)


def read_order(body: dict[str, Any], kind: type[Order]) -> Order:
    """Read what the browser sent; ConfigError where a field is none, or not what it must be."""
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def config_of(order: RunOrder, folders: AllowedFolders) -> Config:
    """Make the settings that an order means.

    Raises
    ------
    ConfigError, RunError
        If a time is none, a file is not below the folders, or settings contradict each other.
    """
    given: dict[str, Any] = {
        "mode": order.mode or None,
        "video.start_s": _time("Start", order.start),
        "video.end_s": _time("End", order.end),
        "video.every_s": _time("Every", order.every),
        "periods.kick_off_s": _time("Kick-off", order.kick_off),
        "periods.half_time_s": _time("Half-time", order.half_time),
        "periods.second_half_s": _time("Second half", order.second_half),
        "link.roster": str(folders.checked(order.roster)) if order.roster else None,
        "calibrate.points": str(folders.checked(order.points)) if order.points else None,
    }
    said = {key: value for key, value in given.items() if value is not None}
    return settings.load(settings.find(order.config), said)


def data_config_of(order: DataOrder, folders: AllowedFolders) -> Config:
    """Make the settings that an order of tracking data means; raises as `config_of`."""
    try:
        fps = float(order.fps) if order.fps.strip() else None
    except ValueError:
        raise ConfigError(f"Frames a second: {order.fps!r} is no number") from None
    given: dict[str, Any] = {
        "analyze.provider": order.provider or None,
        "analyze.meta": [str(folders.checked(m)) for m in order.meta if m.strip()] or None,
        "analyze.units": order.units or None,
        "analyze.origin": order.origin or None,
        "analyze.fps": fps,
    }
    return settings.load(None, {key: value for key, value in given.items() if value is not None})


def root_of(order: RunOrder | DataOrder, source: Path, out: Path) -> Path:
    """Choose the run directory in ``out``: of the given name, or a free one after the footage.

    Raises
    ------
    RunError
        If the name is none for a folder.
    """
    name = order.name.strip()
    if not name:
        return free_root(source, out)
    if name.startswith(".") or set(name) & _NOT_IN_NAMES or not name.isprintable():
        raise RunError(f"{name}: no name for a run; use letters, digits, - and _")
    return out / name


def free_root(source: Path, out: Path) -> Path:
    """Give the run directory of this footage in ``out``, or one that is not there yet."""
    stem = source.stem.strip(". ") or "footage"
    for name in (stem, *(f"{stem}-{n}" for n in range(2, 1000))):
        root = out / name
        if not root.exists() or read_json(record_path(root)).get("source") == str(source):
            return root
    raise RunError(f"{out}: a thousand runs of {stem} already; type another name")


def _time(what: str, text: str) -> float | None:
    text = text.strip()
    if not text:
        return None
    try:
        return seconds_of(float(text) if text.replace(".", "", 1).isdigit() else text)
    except ValueError as error:
        raise ConfigError(f"{what}: {error}") from None
