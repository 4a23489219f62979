"""Formations and comparisons in a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from pipeline.cli.console.fitted_table import Column, Line, left_out, print_line, show
from pipeline.metrics.formation.named_changes import named_changes
from pipeline.report.compare.comparison_page import (
    distance_rows,
    movement_rows,
    pace_notes,
    shape_rows,
    side_words,
)
from pipeline.report.page.formation_texts import PHASES, in_brief, known, longest, over_time, roles_of
from pipeline.report.style.match_clock import match_clock, match_span
from pipeline.report.style.wording import DASH, number, share, with_variant

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.compare.comparison import Pair
    from pipeline.report.compare.sides import NamedSide
    from pipeline.runs.stored_run import StoredRun

_MIN_SHARE = 0.1
_MORE = "--wide shows them, -o FILE.csv writes all columns"
_FORMATIONS = (
    Column("Team"),
    Column("Phase", leaves=1),
    Column("Time"),
    Column("Back line", True),
    Column("Formation"),
    Column("Second", leaves=2),
    Column("Margin", True, 3),
    Column("Confidence", True, 4),
    Column("Coverage", True, 5),
    Column("Players seen", True, 6),
    Column("Frames", True, 7),
)
_SIDES = (
    Column(""),
    Column("Back line", True),
    Column("Formation"),
    Column("Second", leaves=1),
    Column("Margin", True, 2),
    Column("Players seen", True, 3),
    Column("Seconds", True, 4),
)
_DISTANCES = (
    Column(""),
    Column("Same role, m", True),
    Column("Form alone, m", True),
    Column("Wasserstein, m", True),
    Column("Neighbours", True, 2),
    Column("95%", True),
    Column("By chance", True, 1),
)
"""Behind the first: `comparison.DISTANCES`, in its order, then how sure the first of them is."""
_ROLES = (
    Column("Role"),
    Column("Player"),
    Column("Of the player's time", True),
    Column("Of all the time", True, 1),
    Column("x, m", True),
    Column("y, m", True),
)


def show_formations(run: StoredRun, table: pd.DataFrame, wide: bool = False) -> None:
    """Print table ``formations``: whole halves first where there are any, then window by window."""
    if not len(table):
        print_line("no formation: too little of a team was seen for too short a time")
        return
    spans = table[table["scope"] == "span"]
    heads = _print(run, in_brief(table) if len(spans) else table, wide)
    if len(spans) and len(over_time(table)):
        _print_over_time(run, over_time(table), wide)
    for team in ("A", "B"):
        _print_changes(run, team, spans[(spans["team"] == team) & (spans["phase"] == "all")])
    print_line(
        "[dim]Margin: how much worse the second fits. Confidence: of the name among all templates. Coverage: "
        "share of the time (of the phase) with enough players in view."
        + (" Brief: the shape of moments, no formation yet." if (table["kind"] != "formation").any() else "")
        + "[/dim]"
    )
    left_out(heads, _MORE)


def show_roles(run: StoredRun, formations: pd.DataFrame, roles: pd.DataFrame, wide: bool = False) -> None:
    """Print who stood where over each team's longest row of ``formations``."""
    for team in ("A", "B"):
        best = longest(formations, team)
        if best is None:
            continue
        own = roles_of(roles, best)
        title = f"Roles: {run.team_name(team)}, {_time(run, best.to_dict())}"
        own = own[own["share"].isna() | (own["share"] >= _MIN_SHARE)]
        own = own.sort_values(["x_m", "role", "n_frames"], ascending=[True, True, False])
        lines = [
            Line(
                [
                    row["role"],
                    escape(_who(run, row["track_id"])),
                    share(row["share"]),
                    share(row["role_share"]),
                    number(row["x_m"], 1),
                    number(row["y_m"], 1),
                ]
            )
            for row in own.to_dict("records")
        ]
        left_out(show(_ROLES, lines, title=title, wide=wide), "--wide shows them")


def show_comparison(sides: list[NamedSide], pairs: list[Pair], page: Path, wide: bool = False) -> None:
    """Print a comparison: each side's formation, the distances, and team shape beside the first side's.

    ``page`` is where all of it is written.
    """
    more = f"--wide shows them, {page} has all"
    words = [side_words(i, s) for i, s in enumerate(sides)]
    names = ("defenders", "formation", "second", "margin", "seen", "seconds")
    lines = [
        Line([escape(w["label"]), *(f"[bold]{w[n]}[/bold]" if n == "formation" else w[n] for n in names)])
        for w in words
    ]
    left_out(show(_SIDES, lines, title="Sides", wide=wide), more)
    lines = []
    for pair in pairs:
        rows = distance_rows(pair)
        name = escape(f"{sides[pair.i].label} – {sides[pair.j].label}")
        values = [r["value"].split("\u00a0")[0] for r in rows]
        lines.append(Line([name, *values, rows[0]["interval"], rows[0]["chance"]]))
    left_out(show(_DISTANCES, lines, title="How far apart", wide=wide), more)
    columns = [Column(""), *(Column(s.label, True, at) for at, s in enumerate(sides))]
    lines = []
    for row in shape_rows(sides, [p for p in pairs if p.i == 0]):
        cells = [c["mean"] + (f" ({c['difference']})" if c["difference"] else "") for c in row["cells"]]
        lines.append(Line([f"{row['about']}, {row['unit']}", *cells]))
    left_out(show(columns, lines, title="Team shape (difference from the first)", wide=wide), more)
    lines = []
    for row in movement_rows(sides, [p for p in pairs if p.i == 0]):
        cells = [c["mean"] + (f" ({c['difference']})" if c["difference"] else "") for c in row["cells"]]
        lines.append(Line([f"{row['about']}, {row['unit']}", *cells]))
    if lines:
        left_out(show(columns, lines, title="Movement (difference from the first)", wide=wide), more)
        if note := pace_notes(sides):
            print_line(note)


def _print(run: StoredRun, rows: pd.DataFrame, wide: bool) -> tuple[str, ...]:
    lines = [
        Line(
            [
                escape(run.team_name(row["team"])),
                PHASES[row["phase"]],
                _time(run, row),
                defenders(row),
                f"[bold]{name(row)}[/bold]" + (" (brief)" if row["kind"] != "formation" else ""),
                row["second"] if isinstance(row["second"], str) else DASH,
                share(row["margin"]),
                share(row["score"]),
                share(row["coverage"]),
                number(row["players_seen"], 1),
                number(row["n_frames"]),
            ]
        )
        for row in in_order(rows).to_dict("records")
    ]
    return show(_FORMATIONS, lines, title="Formations", wide=wide)


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Sort rows by team and time; phases of play, which go on all the time, by half and in their order."""
    order = {name: at for at, name in enumerate(PHASES)}
    rank = rows["phase"].map(order)
    if (~rows["phase"].isin(["all", "in", "out"])).any():
        keys = rows.assign(half=rows["period"].fillna(0), rank=rank)
        return rows.loc[keys.sort_values(["team", "half", "rank", "start_s"], kind="stable").index]
    return rows.sort_values(["team", "start_s", "phase"])


def _print_over_time(run: StoredRun, rows: pd.DataFrame, wide: bool) -> None:
    teams = [t for t in ("A", "B") if (rows["team"] == t).any()]
    columns = [Column("Time"), *(Column(run.team_name(t)) for t in teams)]
    lines = []
    for _, group in rows.sort_values("start_s").groupby("start_s", sort=True):
        cells = {row["team"]: row for row in group.to_dict("records")}
        texts = [_in_short(cells[t]) if t in cells else DASH for t in teams]
        lines.append(Line([_time(run, group.iloc[0].to_dict()), *texts]))
    show(columns, lines, title="Window by window", wide=wide)


def show_changes(run: StoredRun, changes: pd.DataFrame, wide: bool = False) -> None:
    """Print changes of formation (`named_changes`) with their time."""
    if not len(changes):
        print_line(
            "no change of formation found: the places of neither team changed for five minutes or more, "
            "and no half has another name"
        )
        return
    columns = [Column("Team"), Column("Time"), Column("From"), Column("To"), Column("What changed")]
    columns += [Column("Another formation", True)]
    lines = [
        Line(
            [
                escape(run.team_name(row["team"])),
                match_clock(row["time_s"], run.table("periods")),
                row["before"],
                row["after"],
                _CHANGED[row["changed"]],
                share(row["score"]),
            ]
        )
        for row in changes.to_dict("records")
    ]
    left_out(show(columns, lines, title="Changes of formation", wide=wide), "--wide shows them")


_CHANGED = {"formation": "formation", "places": "places within it", "unclear": "unclear"}


def _print_changes(run: StoredRun, team: str, spans: pd.DataFrame) -> None:
    for row in named_changes(spans[spans["team"] == team]).to_dict("records"):
        at = match_clock(row["time_s"], run.table("periods"))
        text = f"{escape(run.team_name(team))}, {at}: {row['before']} to {row['after']}"
        sure = f" (another formation: {share(row['score'])})" if known(row["score"]) else ""
        print_line(f"{text}, {_CHANGED[row['changed']]}{sure}")


def name(row: Mapping[Any, Any]) -> str:
    """Name a row of ``formations``: what it is, or what it is nearest to."""
    if row["formation"] == "unclear" and isinstance(row["nearest"], str):
        return f"unclear, near {with_variant(row['nearest'], row['variant'])}"
    return with_variant(row["formation"], row["variant"])


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


def _time(run: StoredRun, row: Mapping[Any, Any]) -> str:
    half = "" if not known(row["period"]) else f"P{int(row['period'])} "
    return half + match_span(row["start_s"], row["end_s"], run.table("periods"))


def _who(run: StoredRun, track: Any) -> str:
    return run.name_of(track) if known(track) else DASH
