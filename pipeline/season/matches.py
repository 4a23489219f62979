"""A season: named matches, each a finished run, listed in one small file beside them.

Nothing is copied: `season_query` reads the runs' own Parquet files, as they are at that moment.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.core.errors import SeasonError
from pipeline.runs.run_directory import read_json, write_json

FILE = "season.json"
_HOW_TO_ADD = "add matches with 'teamshape season add RUN...'"


@dataclass(frozen=True, slots=True)
class Match:
    """One match of a season: its unique name, its run directory, and the run's record."""

    name: str
    root: Path
    record: dict[str, Any]

    def tables(self) -> dict[str, Path]:
        """The run's Parquet files by table."""
        return {p.stem: p for p in sorted((self.root / "tables").glob("*.parquet"))}


def add(folder: Path, roots: Sequence[Path], name: str | None = None) -> list[str]:
    """Take finished runs into the season in ``folder``; a run that is there already is replaced.

    Parameters
    ----------
    name
        Of the match, for a single run; otherwise a run's folder names it.

    Returns
    -------
    The matches' names, in the order of ``roots``.

    Raises
    ------
    SeasonError
        If a run is missing or unfinished, or a name is taken by another run. Then nothing is added.
    """
    if name is not None and len(roots) != 1:
        raise SeasonError(f"--name {name}: names one match, but {len(roots)} runs are to be added")
    listed = _listed(folder)
    names = []
    for root in (r.resolve() for r in roots):
        chosen = unicodedata.normalize("NFC", name or root.name).strip()
        if not chosen:
            raise SeasonError(f"--name '{name}': a match needs a name")
        finished_run(root)
        listed = {n: r for n, r in listed.items() if r != root}
        if chosen in listed:
            raise SeasonError(
                f"{root}: match {chosen} is {listed[chosen]} already; add it under another name with --name"
            )
        listed[chosen] = root
        names.append(chosen)
    _write(folder, listed)
    return names


def remove(folder: Path, match: str) -> str:
    """Take a match out of the season, by its name or its run directory; the run itself stays.

    Raises
    ------
    SeasonError
        If the season has no such match.
    """
    listed = _listed(folder)
    wanted, root = unicodedata.normalize("NFC", match), Path(match).resolve()
    found = [n for n in listed if n == wanted] or [n for n, r in listed.items() if r == root]
    if not found:
        raise SeasonError(f"{match}: no such match in {folder / FILE}; it has {_some(listed)}")
    _write(folder, {n: r for n, r in listed.items() if n != found[0]})
    return found[0]


def paths(folder: Path) -> dict[str, Path]:
    """Run directories by match name, there or not.

    Raises
    ------
    SeasonError
        If the season is empty or its file is broken.
    """
    listed = _listed(folder)
    if not listed:
        raise SeasonError(f"{folder / FILE}: a season without matches; {_HOW_TO_ADD}")
    return listed


def matches(folder: Path) -> list[Match]:
    """All matches of the season, by name.

    Raises
    ------
    SeasonError
        If the season is empty, or one of its runs is gone or unfinished.
    """
    found = []
    for name, root in sorted(paths(folder).items()):
        try:
            found.append(Match(name, root, finished_run(root)))
        except SeasonError as error:
            way_out = f"add it again where it lies now, or 'teamshape season remove {name}'"
            raise SeasonError(f"match {name}: {error} ({way_out})") from error
    return found


def finished_run(root: Path) -> dict[str, Any]:
    """Read the record of a finished run.

    Raises
    ------
    SeasonError
        If there is no run, or it is unfinished.
    """
    record = read_json(root / "run.json")
    if not record:
        raise SeasonError(f"{root}: no run here (run.json is missing or broken)")
    if record.get("state") != "finished":
        raise SeasonError(f"{root}: the run is not finished; continue it with the command that began it")
    return record


def _listed(folder: Path) -> dict[str, Path]:
    """The season's file; runs inside ``folder`` are kept relative to it, so that both can move together."""
    path = folder / FILE
    if not path.exists():
        return {}
    listed = read_json(path).get("matches")
    if not isinstance(listed, dict) or not all(isinstance(r, str) for r in listed.values()):
        raise SeasonError(f"{path}: not a season; delete it and {_HOW_TO_ADD}")
    return {n: (folder.resolve() / r) for n, r in listed.items()}


def _write(folder: Path, listed: dict[str, Path]) -> None:
    base = folder.resolve()
    kept = {n: str(r.relative_to(base) if r.is_relative_to(base) else r) for n, r in sorted(listed.items())}
    write_json(folder / FILE, {"matches": kept})


def _some(names: dict[str, Path], most: int = 8) -> str:
    shown = ", ".join(sorted(names)[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown or "none"
