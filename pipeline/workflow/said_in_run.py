"""What the user says in files that lie in the run: corrections, roster, and the match itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.core.config import Config, PeriodSettings
from pipeline.core.errors import ConfigError, CorrectionsError
from pipeline.runs.match_file import NAME, MatchSaid, read_match
from pipeline.workflow.steps import link


def said_in_run(config: Config, root: Path) -> Config:
    """Add the files that lie in the run, where none were given, and the halves that ``match.yaml`` says.

    Raises
    ------
    CorrectionsError
        If ``match.yaml`` is none.
    """
    full = link.said_in_run(config, root)
    path = match_path(full, root)
    if not path.is_file() and full.match_sheet is None:
        return full
    update = {"match_sheet": str(path), "periods": periods_of(full, read_match(path), path)}
    return full.model_copy(update=update)


def periods_of(config: Config, said: MatchSaid, path: Path) -> PeriodSettings:
    """Give the settings of halves with what the user says of the match, which comes first.

    Raises
    ------
    CorrectionsError
        If they contradict each other; ``path`` is for that.
    """
    try:
        return PeriodSettings.model_validate(config.periods.model_dump() | said.periods())
    except ValidationError as error:
        why = str(error.errors()[0].get("ctx", {}).get("error", error.errors()[0]["msg"]))
        raise CorrectionsError([f"{path}: {why}"]) from None


def refuse_two_answers(config: Config, root: Path, given: Mapping[str, Any]) -> None:
    """Refuse options that contradict ``match.yaml``: nobody could tell which of them counted.

    ``given``: dotted key -> value, as on the command line.

    Raises
    ------
    ConfigError
        Naming the first of them.
    """
    path = match_path(config, root)
    for name, said in match_said(config, root).periods().items():
        other = given.get(f"periods.{name}")
        if other is not None and other != said:
            why = f"says {name} {said}, and the command {other}; change the file, or leave the option out"
            raise ConfigError(f"{path}: {why}")


def match_path(config: Config, root: Path) -> Path:
    """Give the file that says what match a run is of: the one that was given, else the run's own."""
    return Path(config.match_sheet) if config.match_sheet else root / NAME


def match_said(config: Config, root: Path) -> MatchSaid:
    """Read what the user says of the match; empty where he says nothing.

    Raises
    ------
    CorrectionsError
        If the file is none.
    """
    path = match_path(config, root)
    return read_match(path) if path.is_file() or config.match_sheet else MatchSaid()
