"""A season: named matches, each a finished run, listed in one small file beside them.

Nothing is copied: `season_query` reads the runs' own Parquet files, as they are at that moment.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import RunError, SeasonError
from pipeline.core.json_files import write_json
from pipeline.runs.run_directory import read_json
from pipeline.runs.stored_run import StoredRun

FILE = "season.json"
_HOW_TO_ADD = "add matches with 'teamshape season add RUN...'"


@dataclass(frozen=True, slots=True)
class Match:
    """One match of a season: its unique name, and its run."""

    name: str
    run: StoredRun

    def tables(self) -> dict[str, Path]:
        """The run's Parquet files by table."""
        return {n: self.run.path(n) for n in self.run.tables()}


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
    listed = registered(folder)
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


def finished_of(roots: Sequence[Path]) -> tuple[list[Path], dict[Path, str]]:
    """Divide what a pattern such as ``runs/*`` gave: finished runs, and what is none, with the reason.

    A single path, and one at which nothing is, counts as meant, so that `add` can refuse it.

    Raises
    ------
    SeasonError
        If all of several are no finished runs.
    """
    if len(roots) == 1:
        return list(roots), {}
    kept, skipped = [], dict[Path, str]()
    for root in roots:
        try:
            finished_run(root)
        except SeasonError as error:
            if root.exists():
                own = root.name == FILE
                skipped[root] = (
                    "the season's own file" if own else str(error).removeprefix(f"{root}: ").split(" (")[0]
                )
                continue
        kept.append(root)
    if not kept:
        raise SeasonError(f"none of the {len(roots)} paths is a finished run; make one with 'teamshape run'")
    return kept, skipped


def remove(folder: Path, match: str) -> str:
    """Take a match out of the season, by its name or its run directory; the run itself stays.

    Raises
    ------
    SeasonError
        If the season has no such match.
    """
    listed = registered(folder)
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
    listed = registered(folder)
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
            found.append(Match(name, finished_run(root)))
        except SeasonError as error:
            way_out = f"add it again where it lies now, or 'teamshape season remove {name}'"
            raise SeasonError(f"match {name}: {error} ({way_out})") from error
    return found


def finished_run(root: Path) -> StoredRun:
    """Open a finished run.

    Raises
    ------
    SeasonError
        If there is no run, or it is unfinished.
    """
    try:
        return StoredRun.open(root, stage="finished")
    except RunError as error:
        raise SeasonError(str(error)) from error


def registered(folder: Path) -> dict[str, Path]:
    """Run directories by match name as `paths`, none where there is no season yet.

    Runs inside ``folder`` are kept relative to it, so that both can move together.

    Raises
    ------
    SeasonError
        If the season's file is broken.
    """
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
