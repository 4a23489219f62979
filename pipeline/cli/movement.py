"""The command ``movement``: who ran how much, of the whole match or part by part."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.arguments import times
from pipeline.cli.arguments.options import AnyPhase, Half, MovementBy, RunDir, Team, Wide
from pipeline.core.errors import TableError

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.core.config import MeasureSettings
    from pipeline.report.movement_answer import Answer

_Shown = tuple[tuple[str, str, int, float], ...]
_COLUMNS: _Shown = (
    ("minutes_visible", "seen, min", 1, 1.0),
    ("minutes_on_pitch", "on pitch, min", 1, 1.0),
    ("distance_visible_m", "distance, m", 0, 1.0),
    ("distance_error_m", "distance ±, m", 0, 1.0),
    ("m_per_visible_min", "m/min", 0, 1.0),
    ("fast_m", "fast, m", 0, 1.0),
    ("psv99_mps", "PSV-99, km/h", 1, 3.6),
    ("speed_error_mps", "speed ±, km/h", 1, 3.6),
    ("sprints", "sprints", 0, 1.0),
    ("sprints_per_10_min", "sprints in 10 min", 1, 1.0),
    ("accelerations", "accel.", 0, 1.0),
)
"""Column, its head, digits, and what it is multiplied by."""
_LEAVES = {
    "minutes_on_pitch": 4,
    "distance_error_m": 5,
    "fast_m": 2,
    "speed_error_mps": 6,
    "sprints_per_10_min": 3,
    "accelerations": 1,
}
"""What has no room leaves in this order, the highest first."""
_OPTION = "--minimum-time"
_PACES = ("m_per_visible_min", "mean_speed_mps")
_MORE = "--wide shows them, -o FILE.csv writes all columns"


def _measures(incomplete: str) -> list[str]:
    from pipeline.core.config import MeasureSettings
    from pipeline.tables.run_schemas import schemas_of_run

    schema = schemas_of_run(MeasureSettings())["movement_parts"]
    return [c.name for c in schema.columns if c.dtype != "str" and c.name.startswith(incomplete)]


def movement(
    run_dir: RunDir,
    by: Annotated[MovementBy, typer.Option(help="How to cut the match into parts.")] = "whole",
    team: Team = None,
    half: Half = None,
    phase: AnyPhase = None,
    measure: Annotated[
        str,
        typer.Option(
            metavar="COLUMN",
            help="Of table movement_parts ('teamshape season tables movement_parts'), shown part by part.",
            autocompletion=_measures,
        ),
    ] = "m_per_visible_min",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Also write all columns: .csv, .parquet or .json.")
    ] = None,
    minimum: Annotated[
        str | None,
        typer.Option(
            "--minimum-time",
            metavar="TIME",
            help="Leave out who was seen for less, such as 10s; 0 lists everybody.",
            show_default="30s, or a tenth of shorter footage",
        ),
    ] = None,
    wide: Wide = False,
) -> None:
    """Print how players and teams moved, over the time in which they were seen; nothing is extrapolated."""
    from pipeline.report.movement_answer import default_minimum_min, measures, movement_answer
    from pipeline.runs.stored_run import StoredRun
    from pipeline.tables import storage

    run = StoredRun.open(run_dir)
    settings = run.config.measure
    answer = movement_answer(run, by, team, half, phase)
    least_min = (
        default_minimum_min(run) if minimum is None else times.seconds(minimum, _OPTION, zero=True) / 60
    )
    if measure not in (known := measures(answer)):
        raise TableError(f"--measure {measure}: choose from {', '.join(known)}")
    if out is not None:  # before anything is printed, which a terminal may refuse
        storage.export(answer.players, out)
    if not len(answer.players):
        typer.echo("nobody was seen in this part")
    elif len(answer.parts) == 1:
        _whole(answer, settings, least_min, wide)
    else:
        _by_part(answer, measure, least_min, wide)
    if out is not None:
        typer.echo(f"{len(answer.players)} rows written to {out}")


def _whole(answer: Answer, settings: MeasureSettings, least_min: float, wide: bool) -> None:
    """Print one row a player with all measures."""
    from pipeline.cli.console.fitted_table import Column, Line, left_out, print_line, show

    shown = _shown(answer)
    leaves = {name: 1 for name, *_ in shown[len(_COLUMNS) :]} | _LEAVES
    columns = [Column("player"), Column("team")]
    columns += [Column(head, True, leaves.get(name, 0)) for name, head, _, _ in shown]
    lines = []
    for team, players in answer.players.groupby("team", dropna=False):
        named = players[players["minutes_visible"] >= least_min]
        lines += [
            Line([escaped(row["player"]), str(row["team"]), *_cells(row, shown)])
            for row in named.to_dict("records")
        ]
        for row in answer.teams[answer.teams["team"] == team].to_dict("records"):
            lines.append(Line([_outfield(players, team), str(team), *_cells(row, shown)], "bold"))
    heads = show(columns, lines, wide=wide)
    part = "" if answer.parts == ("whole",) else f"; part: {_called(answer.parts[0])}"
    _caption(answer, f"minutes and metres while seen; fast: above {settings.fast_mps:g} m/s{part}", least_min)
    if answer.pace_note:
        print_line(answer.pace_note)
    if answer.efforts_note:
        print_line(answer.efforts_note)
    left_out(heads, _MORE)


def _outfield(players: pd.DataFrame, team: object) -> str:
    """Name the row of a team's outfield players together."""
    named = players["team_name"].dropna()
    return escaped(f"{named.iloc[0] if len(named) else f'team {team}'}, outfield")


def _called(part: str) -> str:
    """Write a phase of play as people read it; other parts are named as they are asked for."""
    from pipeline.tables.play.phase_names import PHASE_TEXTS, PHASES

    return PHASE_TEXTS[part] if part in PHASES else part


def _shown(answer: Answer) -> _Shown:
    """List the columns to print; other packages may add some."""
    from pipeline.tables.metric_columns import metric_columns

    there = [m for m in metric_columns() if m.name in answer.players]
    return (*_COLUMNS, *((m.name, m.heading, m.digits, 1.0) for m in there))


def _cells(row: dict[Any, Any], shown: _Shown) -> list[str]:
    return [_number(row.get(name), digits, scale) for name, _, digits, scale in shown]


def _by_part(answer: Answer, measure: str, least_min: float, wide: bool) -> None:
    """Print one row a player with one measure, part by part."""
    from pipeline.cli.console.fitted_table import Column, Line, left_out, print_line, show

    columns = [Column("player"), Column("team")]
    columns += [
        Column(_called(p).replace(": ", "\n").removesuffix(" min"), True, at)
        for at, p in enumerate(answer.parts)
    ]
    lines = []
    for team, players in answer.players.groupby("team", dropna=False):
        for _, rows in players.groupby("track_id", sort=False):
            seen = rows.set_index("part")
            if seen["minutes_visible"].sum() >= least_min:
                name = escaped(rows["player"].iloc[0])
                lines.append(Line([name, str(team), *_parts(seen, measure, answer.parts, least_min)]))
        own = answer.teams[answer.teams["team"] == team].set_index("part")
        if measure in own and len(own):
            cells = _parts(own, measure, answer.parts, least_min)
            lines.append(Line([_outfield(players, team), str(team), *cells], "bold"))
    heads = show(columns, lines, wide=wide)
    _caption(answer, f"{measure}; dim: seen for under {60 * least_min:.3g} s of the part", least_min)
    if answer.pace_note and measure in _PACES:
        print_line(answer.pace_note)
    if answer.efforts_note and measure == "accelerations":
        print_line(answer.efforts_note)
    left_out(heads, _MORE)


def _parts(rows: Any, measure: str, parts: tuple[str, ...], least_min: float) -> list[str]:
    out = []
    for part in parts:
        if part not in rows.index:
            out.append("")
            continue
        value, minutes = rows.loc[part, measure], rows.loc[part, "minutes_visible"]
        text = _number(value, 0 if measure.endswith(("_m", "_min")) and measure[:2] != "mi" else 1)
        out.append(f"[dim]{text}[/dim]" if minutes == minutes and minutes < least_min else text)
    return out


def _number(value: Any, digits: int, scale: float = 1.0) -> str:
    if value is None or value != value:
        return "–"
    return f"{scale * float(value):,.{digits}f}".replace(",", "\u202f")


def _caption(answer: Answer, about: str, least_min: float) -> None:
    from pipeline.cli.console.fitted_table import print_line

    seen = answer.players.groupby("track_id")["minutes_visible"].sum()
    brief = int((seen < least_min).sum())
    few = f"; {brief} of {len(seen)} seen for under {60 * least_min:.3g} s left out ({_OPTION} 0 lists all)"
    print_line(about + (few if brief else ""))


def escaped(text: object) -> str:
    """Keep a name's brackets from being read as markup."""
    from rich.markup import escape

    return escape(str(text))
