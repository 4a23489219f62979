"""Rows of a table of physical load or of play, with names: what their commands print and write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.core.errors import TableError, UserError
from pipeline.report.heatmap.player_query import find, persons
from pipeline.report.side_query import team_letter
from pipeline.runs.stored_run import StoredRun

if TYPE_CHECKING:
    import pandas as pd


def play_rows(
    run: StoredRun, name: str, team: str | None = None, player: str | None = None, half: int | None = None
) -> pd.DataFrame:
    """Read the table ``name``, of one team, player or half if asked; ``player`` and ``team_name`` in front.

    Parameters
    ----------
    team
        A, B or a team's name.
    player
        As for ``teamshape heatmap``: a shirt, a name, A7 or t12.

    Raises
    ------
    TableError
        If the run has no such table.
    UserError
        If there is no such team, player or half.
    """
    if not run.has(name):
        raise TableError(
            f"{run.root}: no table {name} there; 'teamshape run' or 'teamshape analyze' with -o {run.root} "
            "makes it" + ("" if run.tracked else " (not with --mode team)")
        )
    table = run.table(name)
    letter = None
    if team is not None:
        letter = team_letter(team, {t: run.team_name(t) for t in ("A", "B")}, f"--team {team}")
        table = table[table["team"] == letter]
    if player is not None:
        if "track_id" not in table:
            raise UserError(f"--player {player}: table {name} is of teams; use --team")
        who = find(player, persons(run.table("identities"), run.table("people")), letter)
        table = table[table["track_id"].isin(who.tracks)]
    if half is not None:
        table = table[_in_half(run, table, half)]
    return _named(table, run).reset_index(drop=True)


def _in_half(run: StoredRun, table: pd.DataFrame, half: int) -> pd.Series:
    periods = run.table("periods")
    own = periods[periods["period"] == half]
    if not len(own):
        known = ", ".join(str(p) for p in sorted(periods["period"])) or "none"
        raise UserError(f"--half {half}: periods known in {run.root}: {known}")
    if "start_s" not in table:
        raise UserError(f"--half {half}: these rows are of the whole match; leave it out")
    at = table["start_s"]
    return (at >= float(own["start_s"].iloc[0])) & (at < float(own["end_s"].iloc[0]))


def _named(table: pd.DataFrame, run: StoredRun) -> pd.DataFrame:
    out = table.copy()
    teams = [run.team_name(t) if isinstance(t, str) else None for t in table["team"]]
    out.insert(0, "team_name", teams)
    if "track_id" in table:
        labels = {t: run.name_of(t) for t in table["track_id"].unique()}
        out.insert(0, "player", [labels[t] for t in table["track_id"]])
    return out


def phase_shares(phases: pd.DataFrame) -> pd.DataFrame:
    """Add up table ``phases`` (with ``team_name``): minutes, share, times and mean seconds of each phase.

    ``share`` is that of the team's known time in, or out of, possession.
    """
    from pipeline.tables.play.phase_names import PHASES

    long = phases.assign(minutes=(phases["end_s"] - phases["start_s"]) / 60)
    keys = ["team", "team_name", "possession", "phase"]
    made = long.groupby(keys, as_index=False).agg(minutes=("minutes", "sum"), times=("minutes", "size"))
    whole = made.groupby(["team", "possession"])["minutes"].transform("sum")
    made = made.assign(share=made["minutes"] / whole, mean_s=made["minutes"] * 60 / made["times"])
    order = made["phase"].map({name: i for i, name in enumerate(PHASES)})
    return (
        made.assign(order=order).sort_values(["team", "order"]).drop(columns="order").reset_index(drop=True)
    )
