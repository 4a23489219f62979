"""``match.yaml`` of a run, as the workbench reads and writes it: date, score, teams, kits, halves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.core.errors import CorrectionsError
from pipeline.core.files import whole_file
from pipeline.core.text.said import clock
from pipeline.runs.match_file import NAME, TEXTS, TIMES, MatchSaid, as_text, entries, match_of
from pipeline.runs.match_sheet import match_sheet
from pipeline.runs.stored_run import StoredRun
from pipeline.workbench.editing.correction_log import StaleError, revision_of
from pipeline.workflow.corrections_file import writing
from pipeline.workflow.said_in_run import match_said, periods_of

_PAIRS = ("teams", "kits")


def told_match(run: StoredRun) -> dict[str, Any]:
    """Tell what was said, what the input says of itself, and the halves that the run has.

    ``match``: ``said`` as in the file, its ``revision`` and ``lines``, what is wrong with it; ``input``: what
    holds where nothing is said; ``halves``: rows with ``attack_a``, which way team A attacks.
    """
    try:
        said, lines = match_said(run.config, run.root), list[str]()
    except CorrectionsError as error:
        said, lines = MatchSaid(), error.lines
    elsewhere = run.config.match_sheet
    about = {"path": elsewhere or str(run.root / NAME), "writable": elsewhere is None}
    return {
        "match": {"said": entries(said), "revision": revision(said), "lines": lines, **about},
        "input": _input(run),
        "halves": _halves(run),
    }


def write_match(typed: Mapping[str, Any], seen: str, run: StoredRun) -> bool:
    """Write what was typed; nothing: the file goes. False if it says that already.

    Parameters
    ----------
    typed
        Entries as in the file; empty texts are not said.
    seen
        The revision that the author saw.

    Raises
    ------
    StaleError
        If the file says something else by now; then nothing is written.
    CorrectionsError
        One line for each entry that is no good; likewise.
    """
    if run.config.match_sheet is not None:
        raise CorrectionsError([f"this run takes its match from {run.config.match_sheet}; change it there"])
    path = run.root / NAME
    said = match_of(_plain(typed), Path(NAME))
    periods_of(run.config, said, Path(NAME))
    with writing(run.root):
        before = told_match(run)["match"]
        if before["revision"] != seen:
            raise StaleError(before["revision"])
        if entries(said) == before["said"] and not before["lines"]:
            return False
        if not entries(said):
            path.unlink(missing_ok=True)
            return True
        with whole_file(path) as part:
            part.write_text(as_text(said), encoding="utf-8")
    return True


def revision(said: MatchSaid) -> str:
    """Name what is said."""
    return revision_of(entries(said))


def _plain(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is empty in a form; a plain number is a time in seconds."""
    out: dict[str, Any] = {}
    for key, value in typed.items():
        if key in _PAIRS and isinstance(value, dict):
            out[key] = {team: one for team, one in value.items() if one} or None
        elif key in TIMES and isinstance(value, str) and value.strip().replace(".", "", 1).isdigit():
            out[key] = float(value)
        else:
            out[key] = value.strip() or None if isinstance(value, str) else value
    return out


def _input(run: StoredRun) -> dict[str, Any]:
    """What holds where the user says nothing: of provider's data, and of the settings."""
    sheet, given = match_sheet(run.record), run.config.periods.model_dump()
    times = {name: given[f"{name}_s"] for name in TIMES}
    return {
        **{key: sheet.get(key) for key in ("date", "score", *TEXTS)},
        "teams": dict((run.record.get("tracking") or {}).get("teams") or {}),
        **{name: None if time_s is None else clock(time_s) for name, time_s in times.items()},
    }


def _halves(run: StoredRun) -> list[dict[str, Any]]:
    return [
        {
            "period": int(row["period"]),
            "from": clock(float(row["start_s"])),
            "to": clock(float(row["end_s"])),
            "attack_a": row["attack_a"] if isinstance(row["attack_a"], str) else None,
        }
        for row in run.table("periods").sort_values("start_s").to_dict("records")
    ]
