"""The table of matches that a user writes: a name, the footage, and settings of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.core import config
from pipeline.core.errors import ConfigError, UserError
from pipeline.core.files import inside

_NAME, _SOURCE = "match", "source"
_FILES = ("link.roster", "link.corrections", "calibrate.points")
"""Settings that are paths: relative to the table, as the footage is."""


@dataclass(frozen=True, slots=True)
class Match:
    """One row: its run goes to ``name`` in the output folder, with ``settings`` (dotted key -> value)."""

    name: str
    source: Path
    settings: Mapping[str, Any]


def read(path: Path, out: Path, common: Mapping[str, Any], base: Path | None = None) -> list[Match]:
    """Read and check a table of matches (CSV: ``match``, ``source``, and settings such as ``link.roster``).

    Parameters
    ----------
    out
        The folder that the runs go to, beyond which no name leads.
    common, base
        Settings of all matches: single ones, and a YAML file.

    Raises
    ------
    UserError
        Naming the table, the line and the value.
    """
    rows = _rows(path)
    matches: list[Match] = []
    for line, row in enumerate(rows, start=2):
        match = _match(path, line, row)
        if any(match.name.casefold() == other.name.casefold() for other in matches):
            raise UserError(f"{path}: line {line}: match {match.name} is there twice; give each its own name")
        try:
            inside(out, match.name)
            config.load(base, {**common, **match.settings})
        except UserError as error:
            raise UserError(f"{path}: line {line}: {error}") from None
        matches.append(match)
    if not matches:
        raise UserError(f"{path}: no matches; expected a line each, behind the names of the columns")
    return matches


def _rows(path: Path) -> list[dict[str, str]]:
    import pandas as pd

    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, skipinitialspace=True)
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: cannot be read as CSV ({str(error).splitlines()[0]})") from None
    table.columns = table.columns.str.strip()
    if missing := [name for name in (_NAME, _SOURCE) if name not in table]:
        raise UserError(f"{path}: no column {', '.join(missing)}; expected match, source, and settings")
    return [{str(k): str(v).strip() for k, v in row.items()} for row in table.to_dict("records")]


def _match(path: Path, line: int, row: dict[str, str]) -> Match:
    name, source = row.pop(_NAME), row.pop(_SOURCE)
    if not name or not source:
        raise UserError(f"{path}: line {line}: match and source are both needed, got {name!r} and {source!r}")
    if Path(name).name != name or name.startswith("."):
        raise UserError(f"{path}: line {line}: match {name!r} cannot be the name of a folder")
    found = path.parent / Path(source).expanduser()
    if not found.exists() and not list(found.parent.glob(found.name)):
        raise UserError(f"{path}: line {line}: {found}: no such footage")
    try:
        settings = config.parse_set([f"{key}={value}" for key, value in row.items() if value])
    except ConfigError as error:
        raise UserError(f"{path}: line {line}: {error}") from None
    for key in _FILES:
        if key in settings:
            settings[key] = str((path.parent / str(settings[key])).absolute())
    return Match(name, found, settings)
