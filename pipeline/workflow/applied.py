"""Whether what the user says about who is who is in the tables of a run."""

from __future__ import annotations

from pathlib import Path

from pipeline.runs import records, run_directory
from pipeline.workflow import plan
from pipeline.workflow.step import fingerprints
from pipeline.workflow.steps import link


def applied(root: Path) -> bool:
    """Say whether step link was made with the corrections and the roster that the run has now.

    Raises
    ------
    RunError
        If there is no run.
    """
    record = records.begun_record(root)
    given = records.settings_of(root, record)
    video = record["video"].get("fingerprint", "")
    prints = fingerprints(plan.chosen(given), link.said_in_run(given, root), video)
    return link.NAME not in prints or run_directory.stands(root, link.NAME, prints[link.NAME])
