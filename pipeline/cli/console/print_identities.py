"""Prints people and doubts of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pipeline.cli.console.fitted_table import Column, Line, show

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.linking.by_hand.doubt_list import Doubt

_COLUMNS = (
    Column("id", True),
    Column("who"),
    Column("role", leaves=1),
    Column("in view, min", True),
    Column("score", True),
    Column("tracks", True, leaves=2),
)


def print_people(people: pd.DataFrame, links: pd.DataFrame, *, wide: bool = False) -> None:
    """Print a table of people for each team, and of the officials."""
    from rich.text import Text

    from pipeline.core.text.printable import printable
    from pipeline.tables.names import player_labels

    called = player_labels(people)
    tracks = links.dropna(subset=["player_id"]).groupby("player_id")["track_id"].nunique()
    ordered = people.sort_values(["minutes_in_view"], ascending=False)
    for team in ("A", "B", None):
        own = ordered[ordered["team"].isna() if team is None else ordered["team"] == team]
        lines = []
        for row in own.to_dict("records"):
            who = Text(printable(called[row["track_id"]]))
            sure = (f"{row['minutes_in_view']:.2f}", f"{row['score']:.3f}")
            n_tracks = str(tracks.get(row["player_id"], 0))
            lines.append(Line([str(row["player_id"]), who, str(row["role"]), *sure, n_tracks]))
        if lines:
            title = "officials" if team is None else f"team {team}: {len(lines)} people"
            show(_COLUMNS, lines, title=title, wide=wide)
    nobody = links["player_id"].isna() & links["role"].isin(["player", "goalkeeper"])
    typer.echo(f"of nobody in particular: {links.loc[nobody, 'seconds'].sum() / 60:.2f} min of players' time")


def print_doubts(doubts: list[Doubt], most: int) -> None:
    """Print the worst doubts, each with the line for corrections.yaml, never broken."""
    if not doubts:
        typer.echo("no doubts")
        return
    typer.echo(f"{len(doubts)} doubts, worst first; if you see it so, paste the line into corrections.yaml")
    for doubt in doubts[:most]:
        typer.echo(f"\n{doubt.text}, {doubt.at_stake_s:.1f} s at stake\n{doubt.line}")
    if len(doubts) > most:
        typer.echo(f"\n{len(doubts) - most} more; --doubts {len(doubts)} prints all")
