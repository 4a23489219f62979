"""Whether what the user says about who is who is in the tables of a run."""

from __future__ import annotations

from pathlib import Path

from pipeline.runs import records, run_directory
from pipeline.workflow import plan
from pipeline.workflow.said_in_run import match_path, said_in_run
from pipeline.workflow.step import fingerprints
from pipeline.workflow.steps import link


def applied(root: Path) -> bool:
    """Say whether step link was made with the corrections and the roster that the run has now.

    Raises
    ------
    RunError
        If there is no run.
    """
    prints = _prints(root)
    return link.NAME not in prints or run_directory.stands(root, link.NAME, prints[link.NAME])


def match_applied(root: Path) -> bool:
    """Say whether the halves and the page were made with what ``match.yaml`` in the run says now.

    True where there is none, and where the last page was made with none either.

    Raises
    ------
    RunError
        If there is no run.
    """
    record = records.begun_record(root)
    had = any(key.endswith(".match") for key in record.get("inputs", {}))
    if not had and not match_path(records.settings_of(root, record), root).is_file():
        return True
    prints = _prints(root)
    return all(run_directory.stands(root, n, prints[n]) for n in ("periods", "report") if n in prints)


def _prints(root: Path) -> dict[str, str]:
    record = records.begun_record(root)
    given = records.settings_of(root, record)
    steps = plan.tracking_steps() if record.get("kind") == "tracking" else plan.chosen(given)
    return fingerprints(steps, said_in_run(given, root), record["video"].get("fingerprint", ""))
