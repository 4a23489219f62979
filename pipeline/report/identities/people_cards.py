"""People of each team as the page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.report.identities.track_pictures import Picture, TrackPictures
from pipeline.report.style.wording import DASH, duration, share

if TYPE_CHECKING:
    import pandas as pd

PICTURES = 6
_PLAYING = ("player", "goalkeeper")


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person: number in the tables, what he is called, and facts in words."""

    player_id: int
    label: str
    role: str
    position: str
    in_view: str
    score: str
    n_tracks: int
    by_hand: bool
    pictures: list[Picture]


@dataclass(frozen=True, slots=True)
class TeamCards:
    """A team's people (or the officials), and its players' time that belongs to nobody."""

    name: str
    colour: str
    people: list[PersonCard]
    unknown: str
    unknown_share: str


def person_cards(
    people: pd.DataFrame, links: pd.DataFrame, called: Mapping[int, str], pictures: TrackPictures
) -> list[PersonCard]:
    """Make cards of some people, the longest in view first."""
    tracks = links.dropna(subset=["player_id"]).groupby("player_id")["track_id"].nunique()
    hand = set(links.loc[links["why"] == "by_hand", "player_id"].dropna().astype(int))
    rows = people.sort_values(["minutes_in_view", "player_id"], ascending=[False, True]).to_dict("records")
    return [
        PersonCard(
            player_id=int(row["player_id"]),
            label=called[int(row["track_id"])],
            role=_text(row["role"]),
            position=_text(row["position"]),
            in_view=duration(60 * row["minutes_in_view"]) if _known(row["minutes_in_view"]) else DASH,
            score=share(row["score"]) if _known(row["score"]) else DASH,
            n_tracks=int(tracks.get(row["player_id"], 0)),
            by_hand=int(row["player_id"]) in hand,
            pictures=pictures.of_person(int(row["player_id"]), PICTURES),
        )
        for row in rows
    ]


def unknown_time(links: pd.DataFrame, team: str) -> tuple[str, str]:
    """Say how long players of a team are seen who are nobody in particular, and the share of all."""
    own = links[(links["team"] == team) & links["role"].isin(_PLAYING)]
    lost, seen = float(own.loc[own["player_id"].isna(), "seconds"].sum()), float(own["seconds"].sum())
    return duration(lost), share(lost / seen) if seen > 0 else DASH


def _known(value: Any) -> bool:
    return value is not None and value == value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
