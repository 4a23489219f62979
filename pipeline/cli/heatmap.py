"""The command that draws heatmaps; `pipeline.cli.main` mounts it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.arguments.options import AnyPhase, Half, RunDir, Team
from pipeline.core.errors import UserError
from pipeline.report.side_query import split_side, team_letter
from pipeline.tables.play.phase_names import PHASE_TEXTS

if TYPE_CHECKING:
    from pipeline.report.heatmap.heatmap_query import Choice

_KEYS = ("player", "team", "role", "phase", "half", "start", "end")
_ENDINGS = (".png", ".html", ".csv")
_AGAINST = "SIDE"


def heatmap(
    run_dir: RunDir,
    player: Annotated[
        str | None,
        typer.Option(help="Shirt number, name, A7 (of team A: shirt 7, or a label), or t12 (track)."),
    ] = None,
    team: Team = None,
    role: Annotated[
        str | None, typer.Option(help="goalkeeper, outfield, referee, or a place such as LB or DM.")
    ] = None,
    phase: AnyPhase = None,
    half: Half = None,
    start: Annotated[float | None, typer.Option(help="Not before this time, s.")] = None,
    end: Annotated[float | None, typer.Option(help="Not after this time, s.")] = None,
    zones: Annotated[
        bool, typer.Option("--zones", help="The 20 positional zones instead of a grid.")
    ] = False,
    against: Annotated[
        str | None,
        typer.Option(
            metavar=_AGAINST,
            help="A second one beside it: RUN2:TEAM:half2:out, or :KEY=VALUE,... of this run; "
            "what is not said stays.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", show_default="heatmap.png in RUN", help="A .png, .html or .csv."),
    ] = None,
) -> None:
    """Draw where a player, a team or a role was: seconds, corrected for where the camera looked.

    Attack runs from left to right. With --against both are drawn on one scale, and their difference.
    """
    from pipeline.report.heatmap import captions, heatmap_run
    from pipeline.report.heatmap.heatmap_data import heat_map
    from pipeline.runs.stored_run import StoredRun

    path = out or run_dir / "heatmap.png"
    if path.suffix.lower() not in _ENDINGS:
        raise UserError(f"-o {path}: expected a name that ends in {', '.join(_ENDINGS)}")
    given = dict(zip(_KEYS, (player, team, role, phase, half, start, end), strict=True))
    run = heatmap_run.load(StoredRun.open(run_dir))
    one, two = heat_map(run, _choice(given, run.team_names)), None
    if against is not None:
        other, changed = split_side(against, _KEYS)
        second = run if other is None else heatmap_run.load(StoredRun.open(other))
        two = heat_map(second, _choice(_merged(given, changed), second.team_names))
    _write(path, one, two, zones)
    for shown in (one, two):
        if shown is not None:
            typer.echo(f"{captions.title(shown)}: {'; '.join(captions.facts(shown))}")
    typer.echo(f"heatmap: {path}")


def _write(path: Path, one: Any, two: Any, zones: bool) -> None:
    from pipeline.report.heatmap import heatmap_page, heatmap_png, heatmap_table
    from pipeline.report.heatmap import panels as heat_panels

    if path.suffix.lower() == ".csv":
        heatmap_table.write_table(heatmap_table.heat_table(one, two, by_zone=zones), path)
        return
    panels = heat_panels.panels(one, two, zones=zones)
    source = " and ".join(dict.fromkeys(m.run for m in (one, two) if m is not None)) + " · teamshape"
    draw = heatmap_png.write_png if path.suffix.lower() == ".png" else heatmap_page.write_html
    draw(panels, path, source)


def _merged(given: dict[str, Any], changed: dict[str, str]) -> dict[str, Any]:
    """What the second shows: as the first, changed; another player may be of the other team."""
    left_out: set[str] = set()
    if changed.keys() & {"player", "role"}:
        left_out = {"player", "role"} | ({"team"} if "player" in changed else set())
    return {k: None if k in left_out else v for k, v in given.items()} | changed


def _choice(given: Mapping[str, Any], team_names: Mapping[str, str]) -> Choice:
    from pipeline.metrics.direction.match_stretch import Stretch
    from pipeline.report.heatmap.heatmap_query import Choice

    team, phase = given["team"], given["phase"]
    if team is not None:
        team = team_letter(team, team_names, f"--team {team}")
    if phase is not None and phase not in PHASE_TEXTS:
        raise UserError(f"--phase {phase}: expected {', '.join(PHASE_TEXTS)}")
    half, start, end = (_number(n, given[n]) for n in ("half", "start", "end"))
    if half is not None and not half.is_integer():
        raise UserError(f"--half {half:g}: expected 1 or 2")
    if start is not None and end is not None and end <= start:
        raise UserError(f"--end {end:g}: must lie after --start {start:g}")
    part = Stretch(None if half is None else int(half), phase, start, end)
    return Choice(given["player"], team, given["role"], part)


def _number(name: str, value: Any) -> float | None:
    try:
        return None if value is None else float(value)
    except ValueError:
        raise UserError(f"--against {name}={value}: expected a number") from None
