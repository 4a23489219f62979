"""The command ``movement``: who ran how much, of the whole match or part by part."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.core.errors import TableError

if TYPE_CHECKING:
    from pipeline.report.movement_answer import Answer

_COLUMNS = (
    ("minutes_visible", "seen, min", 1, 1.0),
    ("minutes_on_pitch", "on pitch, min", 1, 1.0),
    ("distance_visible_m", "distance, m", 0, 1.0),
    ("distance_error_m", "±", 0, 1.0),
    ("m_per_visible_min", "m/min", 0, 1.0),
    ("fast_m", "> 5.5 m/s, m", 0, 1.0),
    ("psv99_mps", "PSV-99, km/h", 1, 3.6),
    ("speed_error_mps", "±", 1, 3.6),
    ("sprints", "sprints", 0, 1.0),
    ("sprints_per_10_min", "in 10 min", 1, 1.0),
    ("accelerations", "accel.", 0, 1.0),
)
_SHORTEST_MIN = 0.5
_WIDTH = 200


def movement(
    run_dir: Annotated[Path, typer.Argument(help="A run directory of 'run' or 'analyze'.")],
    by: Annotated[str, typer.Option(help="whole, half, 5min or possession.")] = "whole",
    team: Annotated[str | None, typer.Option(help="A or B; both by default.")] = None,
    measure: Annotated[
        str, typer.Option(help="Column of movement_parts to show part by part.")
    ] = "m_per_visible_min",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Also write all columns: .csv, .parquet or .json.")
    ] = None,
) -> None:
    """Print how players and teams moved, over the time in which they were seen; nothing is extrapolated."""
    from pipeline.report.movement_answer import CUTS, MEASURES, movement_answer
    from pipeline.tables import storage
    from pipeline.workflow import plan

    for name, value, allowed in (
        ("by", by, CUTS),
        ("measure", measure, MEASURES),
        ("team", team, ("A", "B")),
    ):
        if value is not None and value not in allowed:
            raise TableError(f"--{name} {value}: choose from {', '.join(allowed)}")
    plan.load_run(run_dir)
    answer = movement_answer(run_dir, by, team)
    _print(_whole(answer) if by == "whole" else _by_part(answer, measure))
    if out is not None:
        storage.export(answer.players, out)
        typer.echo(f"{len(answer.players)} rows written to {out}")


def _print(table: Any) -> None:
    from rich.console import Console

    # Numbers cut short mislead, so a narrow terminal wraps lines instead; a pipe has no width at all.
    Console(highlight=False, width=_WIDTH, soft_wrap=True).print(table)


def _whole(answer: Answer) -> Any:
    table = _table("player", [label for _, label, _, _ in _COLUMNS])
    for team, players in answer.players.groupby("team", dropna=False):
        named = players[players["minutes_visible"] >= _SHORTEST_MIN]
        for row in named.to_dict("records"):
            table.add_row(str(row["player"]), str(row["team"]), *_cells(row))
        whole = answer.teams[answer.teams["team"] == team].to_dict("records")
        for row in whole:
            label = f"team {team}, outfield"
            table.add_row(label, str(team), *_cells(row), style="bold", end_section=True)
    return _captioned(table, answer, "minutes and metres while seen")


def _cells(row: dict[Any, Any]) -> list[str]:
    return [_number(row.get(name), digits, scale) for name, _, digits, scale in _COLUMNS]


def _by_part(answer: Answer, measure: str) -> Any:
    table = _table("player", [p.replace(": ", "\n").removesuffix(" min") for p in answer.parts])
    for team, players in answer.players.groupby("team", dropna=False):
        for _, rows in players.groupby("track_id", sort=False):
            seen = rows.set_index("part")
            if seen["minutes_visible"].sum() >= _SHORTEST_MIN:
                table.add_row(str(rows["player"].iloc[0]), str(team), *_parts(seen, measure, answer.parts))
        own = answer.teams[answer.teams["team"] == team].set_index("part")
        if measure in own and len(own):
            label = f"team {team}, outfield"
            cells = _parts(own, measure, answer.parts)
            table.add_row(label, str(team), *cells, style="bold", end_section=True)
    return _captioned(table, answer, f"{measure}; dim: seen for under {_SHORTEST_MIN * 60:.0f} s of the part")


def _parts(rows: Any, measure: str, parts: tuple[str, ...]) -> list[str]:
    out = []
    for part in parts:
        if part not in rows.index:
            out.append("")
            continue
        value, minutes = rows.loc[part, measure], rows.loc[part, "minutes_visible"]
        text = _number(value, 0 if measure.endswith(("_m", "_min")) and measure[:2] != "mi" else 1)
        out.append(f"[dim]{text}[/dim]" if minutes == minutes and minutes < _SHORTEST_MIN else text)
    return out


def _number(value: Any, digits: int, scale: float = 1.0) -> str:
    if value is None or value != value:
        return "–"
    return f"{scale * float(value):,.{digits}f}".replace(",", "\u202f")


def _table(first: str, columns: list[str]) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(first)
    table.add_column("team")
    for name in columns:
        table.add_column(name, justify="right")
    return table


def _captioned(table: Any, answer: Answer, about: str) -> Any:
    seen = answer.players.groupby("track_id")["minutes_visible"].sum()
    brief = int((seen < _SHORTEST_MIN).sum())
    table.caption = about + (f"; {brief} tracks seen for under 30 s left out" if brief else "")
    table.caption_justify = "left"
    return table
