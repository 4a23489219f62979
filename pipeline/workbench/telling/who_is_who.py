"""People, and the pieces of tracks that are theirs: what the timeline, names and colours come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.tables import storage
from pipeline.tables.names import player_labels, short_labels
from pipeline.workbench.served_run import ServedRun
from pipeline.workbench.telling.json_columns import columns_of, rows_of, value_of
from pipeline.workflow.steps import link

if TYPE_CHECKING:
    import pandas as pd

_PERSON = ["player_id", "role", "team", "name", "jersey", "position", "minutes_in_view", "score", "off_s"]
_PIECE = {
    "track_id": "track",
    "frame_from": "from",
    "frame_to": "to",
    "player_id": "person",
    "role": "role",
    "team": "team",
    "why": "why",
    "score": "score",
    "second_id": "second",
    "second_score": "second_score",
    "seconds": "seconds",
}


def who_is_who(run: ServedRun, people: pd.DataFrame, links: pd.DataFrame) -> dict[str, Any]:
    """Tell people and pieces.

    Returns
    -------
    ``people``: rows, with ``label`` (as fully as known) and ``short`` (a word); ``pieces``: columns, by track
    and first frame; ``others``: role and team of each track that has no piece, by its number;
    ``roster``: players of the roster whose number nobody wears yet.
    """
    identities = run.stored.table("identities", optional=True)
    if people.empty:
        people = _people_of_tracks(identities)
    if links.empty:
        links = _pieces_of_tracks(run, people, identities)
    links = links.sort_values(["track_id", "frame_from"])
    linked = set(links["track_id"].tolist())
    rest = identities[~identities["track_id"].isin(linked)]
    others = {
        int(t): [value_of(r), value_of(team)]
        for t, r, team in zip(rest["track_id"], rest["role"], rest["team"], strict=True)
    }
    return {
        "people": _people(people),
        "pieces": columns_of(links, _PIECE),
        "others": others,
        "roster": _free_numbers(run, people),
    }


def _people(people: pd.DataFrame) -> list[dict[str, Any]]:
    full, short = player_labels(people), short_labels(people)
    rows = rows_of(people, [*_PERSON, "track_id"])
    for row in rows:
        track = row.pop("track_id")
        row |= {"label": full[track], "short": short[track]}
        row["player_id"] = track if row["player_id"] is None else row["player_id"]
    return rows


def _free_numbers(run: ServedRun, people: pd.DataFrame) -> list[dict[str, Any]]:
    roster = link.roster_of(run.stored.config, run.root, run.stored.table("periods"))
    worn = set(zip(people["team"].tolist(), people["jersey"].tolist(), strict=True))
    return [
        {"team": one.team, "number": one.number, "name": one.name}
        for key, one in sorted(roster.items())
        if key not in worn
    ]


def _people_of_tracks(identities: pd.DataFrame) -> pd.DataFrame:
    """Take each track for a person where nobody is known: as for movement, which is then told by track."""
    playing = identities[identities["role"].isin(["player", "goalkeeper", "referee"])]
    made = playing[["track_id", "role", "team"]].assign(player_id=playing["track_id"])
    return storage.conform(made.reindex(columns=storage.empty("people").columns), "people")


def _pieces_of_tracks(run: ServedRun, people: pd.DataFrame, identities: pd.DataFrame) -> pd.DataFrame:
    """Make a piece of each track where nothing was linked, as in tracking data: a track is a person."""
    frame, time_s = run.frames()
    playing = identities[identities["role"].isin(["player", "goalkeeper", "referee"])]
    if playing.empty or not len(frame):
        return storage.empty("links")
    last = len(frame) - 1
    at = [np.clip(np.searchsorted(time_s, playing[c] - 1e-6), 0, last) for c in ("first_s", "last_s")]
    known = dict(zip(people["track_id"].tolist(), people["player_id"].tolist(), strict=True))
    made = playing[["track_id", "role", "team"]].assign(
        frame_from=frame[at[0]],
        frame_to=frame[at[1]],
        player_id=playing["track_id"].map(known),
        why=None,
        score=1.0,
        second_id=None,
        second_score=np.nan,
        seconds=(playing["last_s"] - playing["first_s"]).to_numpy(),
    )
    return storage.conform(made, "links")
