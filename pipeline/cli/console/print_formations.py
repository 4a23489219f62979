"""Formations and comparisons in a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from pipeline.report.compare.comparison_page import distance_rows, shape_rows, side_words
from pipeline.report.page.formation_texts import PHASES, in_brief, known, longest, over_time, roles_of
from pipeline.report.style.wording import DASH, clock, number, share

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.compare.comparison import Pair
    from pipeline.report.compare.sides import NamedSide
    from pipeline.report.finished_run import StoredRun

_out = Console(highlight=False)
_MIN_SHARE = 0.1
_DISTANCES = (">Same role, m", ">Form alone, m", ">Wasserstein, m", ">Neighbours")
"""Short heads for `comparison.DISTANCES`, in its order."""


def show_formations(run: StoredRun, table: pd.DataFrame) -> None:
    """Print table ``formations``: whole halves first where there are any, then window by window."""
    if not len(table):
        _out.print("no formation: too little of a team was seen for too short a time")
        return
    spans = table[table["scope"] == "span"]
    _print(run, in_brief(table) if len(spans) else table, "Formations")
    if len(spans) and len(over_time(table)):
        _print_over_time(run, over_time(table))
    for team in ("A", "B"):
        _print_changes(run, team, spans[(spans["team"] == team) & (spans["phase"] == "all")])
    _out.print(
        "[dim]Margin: how much worse the second fits. Confidence: of the name among all templates. Coverage: "
        "share of the time with enough players in view.[/dim]"
    )


def show_roles(run: StoredRun, formations: pd.DataFrame, roles: pd.DataFrame) -> None:
    """Print who stood where over each team's longest row of ``formations``."""
    for team in ("A", "B"):
        best = longest(formations, team)
        if best is None:
            continue
        own = roles_of(roles, best)
        title = f"Roles: {run.team_name(team)}, {clock(best['start_s'])}–{clock(best['end_s'])}"
        table = _table(title, "Role", "Player", ">Of the player's time", ">Of all the time", ">x, m", ">y, m")
        own = own[own["share"].isna() | (own["share"] >= _MIN_SHARE)]
        for row in own.sort_values(["x_m", "role", "n_frames"], ascending=[True, True, False]).to_dict(
            "records"
        ):
            place = (number(row["x_m"], 1), number(row["y_m"], 1))
            table.add_row(
                row["role"], _who(run, row["track_id"]), share(row["share"]), share(row["role_share"]), *place
            )
        _out.print(table)


def show_comparison(sides: list[NamedSide], pairs: list[Pair]) -> None:
    """Print a comparison: each side's formation, the distances, and team shape beside the first side's."""
    words = [side_words(i, s) for i, s in enumerate(sides)]
    table = _table("Sides", "", ">Back line", "Formation", "Second", ">Margin", ">Players seen", ">Frames")
    for w in words:
        bold = f"[bold]{w['formation']}[/bold]"
        table.add_row(w["label"], w["defenders"], bold, w["second"], w["margin"], w["seen"], w["frames"])
    _out.print(table)
    table = _table("How far apart", "", *_DISTANCES, ">95%", ">By chance")
    for pair in pairs:
        rows = distance_rows(pair)
        name = f"{sides[pair.i].label} – {sides[pair.j].label}"
        values = [r["value"].split("\u00a0")[0] for r in rows]
        table.add_row(name, *values, rows[0]["interval"], rows[0]["chance"])
    _out.print(table)
    first = [p for p in pairs if p.i == 0]
    table = _table("Team shape (difference from the first)", "", *(f">{s.label}" for s in sides))
    for row in shape_rows(sides, first):
        cells = [c["mean"] + (f" ({c['difference']})" if c["difference"] else "") for c in row["cells"]]
        table.add_row(f"{row['about']}, {row['unit']}", *cells)
    _out.print(table)


def _print(run: StoredRun, rows: pd.DataFrame, title: str) -> None:
    head = ("Team", "Phase", "Time", ">Back line", "Formation", "Second", ">Margin", ">Confidence")
    table = _table(title, *head, ">Coverage", ">Players seen", ">Frames")
    before = None
    for row in rows.sort_values(["team", "start_s", "phase"]).to_dict("records"):
        if before is not None and row["team"] != before:
            table.add_section()
        before = row["team"]
        table.add_row(
            run.team_name(row["team"]),
            PHASES[row["phase"]],
            _time(row),
            defenders(row),
            f"[bold]{name(row)}[/bold]" + (" now" if row["kind"] != "formation" else ""),
            row["second"] if isinstance(row["second"], str) else DASH,
            share(row["margin"]),
            share(row["score"]),
            share(row["coverage"]),
            number(row["players_seen"], 1),
            number(row["n_frames"]),
        )
    _out.print(table)


def _print_over_time(run: StoredRun, rows: pd.DataFrame) -> None:
    table = _table("Window by window", "Time", *(run.team_name(t) for t in ("A", "B")))
    for _, group in rows.sort_values("start_s").groupby("start_s", sort=True):
        cells = {row["team"]: row for row in group.to_dict("records")}
        texts = [_in_short(cells[t]) if t in cells else DASH for t in ("A", "B")]
        table.add_row(_time(group.iloc[0].to_dict()), *texts)
    _out.print(table)


def _print_changes(run: StoredRun, team: str, spans: pd.DataFrame) -> None:
    rows = spans.sort_values("start_s").to_dict("records")
    for one, two in pairwise(rows):
        if not known(one["period"]) or one["period"] == two["period"]:
            _out.print(
                f"{run.team_name(team)} changed at {clock(two['start_s'])}: {name(one)} to {name(two)}"
            )


def name(row: Mapping[Any, Any]) -> str:
    """Name a row of ``formations``: what it is, or what it is nearest to."""
    if row["formation"] == "unclear" and isinstance(row["nearest"], str):
        return f"unclear ({row['nearest']})"
    return str(row["formation"])


def defenders(row: Mapping[Any, Any]) -> str:
    """Say how many defend, and how sure that is."""
    if not known(row["defenders"]):
        return "unclear"
    return f"{int(row['defenders'])} ({share(row['defenders_score'])})"


def _in_short(row: Mapping[Any, Any]) -> str:
    second = (
        f"  then {row['second']}, margin {share(row['margin'])}" if isinstance(row["second"], str) else ""
    )
    return f"{name(row)}[dim]{second}[/dim]"


def _time(row: Mapping[Any, Any]) -> str:
    half = "" if not known(row["period"]) else f"P{int(row['period'])} "
    return f"{half}{clock(row['start_s'])}–{clock(row['end_s'])}"


def _who(run: StoredRun, track: Any) -> str:
    if not known(track):
        return DASH
    about = run.people[run.people["track_id"] == int(track)].to_dict("records")
    if not about:
        return f"track {int(track)}"
    parts = [str(v) for v in (about[0]["jersey"], about[0]["name"]) if known(v)]
    return " ".join(parts) or f"track {int(track)}"


def _table(title: str, *columns: str) -> Table:
    """A table; a column that begins with ``>`` is set to the right."""
    table = Table(
        title=title, title_justify="left", title_style="bold", header_style="dim", box=None, pad_edge=False
    )
    for column in columns:
        table.add_column(column.removeprefix(">"), justify="right" if column.startswith(">") else "left")
    return table
