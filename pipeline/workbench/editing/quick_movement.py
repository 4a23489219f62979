"""Movement of those whom a correction concerns, at once: all else is measured behind it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.linking.by_hand.corrections import Corrected
from pipeline.metrics.summary import MatchTables, measure_people
from pipeline.tables import storage
from pipeline.workbench.editing.preview import Preview
from pipeline.workbench.served_run import ServedRun
from pipeline.workbench.telling.results import player_rows

if TYPE_CHECKING:
    import pandas as pd

MOST_PEOPLE = 6
"""Where more are concerned, measuring everybody is hardly slower."""


def quick_movement(root: Path) -> list[dict[str, Any]]:
    """Measure those anew whose tracks differ from what table ``links`` says; nobody if they are many.

    Raises
    ------
    CorrectionsError
        If the corrections cannot be applied.
    """
    run = ServedRun(root)
    preview = Preview(run)
    made = preview.of(run.corrections())
    people = concerned(run.people()[1], made.links)
    if not people or len(people) > MOST_PEOPLE:
        return []
    formations = run.stored.table("formations", optional=True)
    movement = measure_people(_match(run, made, people), formations, run.stored.config)
    return player_rows(movement, made.people)


def concerned(before: pd.DataFrame, after: pd.DataFrame) -> set[int]:
    """Find the people who have other pieces of tracks than before."""
    had, have = _pieces(before), _pieces(after)
    return {who for who in have if had.get(who) != have[who]}


def _pieces(links: pd.DataFrame) -> dict[int, set[tuple[Any, ...]]]:
    known = links.dropna(subset=["player_id"])
    columns = ["track_id", "frame_from", "frame_to", "role", "team"]
    out: dict[int, set[tuple[Any, ...]]] = {}
    for who, *piece in known[["player_id", *columns]].astype(object).itertuples(index=False):
        out.setdefault(int(who), set()).add(tuple(str(v) for v in piece))
    return out


def _match(run: ServedRun, made: Corrected, people: set[int]) -> MatchTables:
    """Take from the run's tables what tells of ``people`` only."""
    import pyarrow.parquet as pq

    stored = run.stored
    links = made.links[made.links["player_id"].isin(people)]
    tracks = links["track_id"].unique().tolist()
    positions = pq.read_table(stored.path("positions"), filters=[("track_id", "in", tracks)]).to_pandas()
    identities = stored.table("identities")
    return MatchTables(
        frames=stored.table("frames"),
        positions=storage.conform(positions, "positions"),
        labels=storage.empty("labels"),
        identities=identities[identities["track_id"].isin(tracks)],
        periods=stored.table("periods"),
        people=made.people[made.people["player_id"].isin(people)],
        possession=stored.table("possession"),
        links=links,
        placed_by_hand=made.placed,
    )
