"""What the overlay calls the person that a track shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.runs.frame_masks import UNTRACKED
from pipeline.tables.names import UNKNOWN, short_labels
from pipeline.tables.persons import PersonAt

if TYPE_CHECKING:
    import pandas as pd


class PersonNames:
    """Looks up names frame by frame.

    Parameters
    ----------
    people, links
        Tables of the run; empty where nobody was linked.
    """

    def __init__(self, people: pd.DataFrame, links: pd.DataFrame) -> None:
        self._labels = short_labels(people)
        self._person_at = PersonAt(links)

    def __call__(self, track_id: int, frame: int) -> str:
        """Name the person: shirt, name, or team and running number; ``?`` for nobody in particular.

        Empty without a track. Where nobody was linked at all, the track is all that is known: ``t12``.
        """
        if track_id == UNTRACKED:
            return ""
        if not self._labels:
            return f"t{track_id}"
        person = self._person_at(track_id, frame)
        return UNKNOWN if person is None else self._labels.get(person, UNKNOWN)


def plate_text(role: str, called: str) -> str:
    """Text under a person's feet: what to call him, and the role where it is special."""
    if role == "goalkeeper":
        return f"GK {called}".strip()
    if role == "referee":
        return called if called.startswith("REF") else f"REF {called}".strip()
    return called
