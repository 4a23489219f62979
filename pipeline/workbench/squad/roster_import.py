"""A line-up that somebody chose in the browser, read as the command line reads it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from pipeline.core.errors import CorrectionsError
from pipeline.formats.readers.line_ups import read_line_up
from pipeline.linking.by_hand.roster import on_footage, read_roster
from pipeline.workbench.squad.roster_file import players_of

_ENDINGS = (".yaml", ".yml", ".csv", ".json", ".xml")


def imported(name: str, text: str, home: Literal["A", "B"], periods: pd.DataFrame) -> dict[str, Any]:
    """Read a file's text by the ending of its ``name``: ``players`` as in YAML, and how many ``lost`` times.

    Times of the match clock are put onto the footage; where its halves are not known they are lost.

    Raises
    ------
    CorrectionsError
        If it is no line-up, or one line for each player that is no good.
    """
    ending = Path(name).suffix.lower()
    if ending not in _ENDINGS:
        raise CorrectionsError([f"{Path(name).name}: expected a file that ends in {', '.join(_ENDINGS)}"])
    with tempfile.TemporaryDirectory(prefix="teamshape-") as folder:
        path = Path(folder) / f"line-up{ending}"
        path.write_text(text, encoding="utf-8")
        try:
            read = read_roster(path) if ending in (".yaml", ".yml") else read_line_up(path, home)
        except CorrectionsError as error:
            lines = [line.replace(str(path), Path(name).name) for line in error.lines]
            raise CorrectionsError(lines) from error
    halves = periods.sort_values("start_s")
    spans = [(float(a), float(b)) for a, b in zip(halves["start_s"], halves["end_s"], strict=True)]
    roster = on_footage(read, spans)
    lost = sum(
        (one.on_clock_s is not None and one.on_s is None)
        + (one.off_clock_s is not None and one.off_s is None)
        for one in roster.values()
    )
    return {"players": players_of(roster), "lost": lost}
