"""The command that draws heatmaps; `pipeline.cli.main` mounts it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.core.errors import UserError

if TYPE_CHECKING:
    from pipeline.report.heatmap.heatmap_query import Choice

_KEYS = ("player", "team", "role", "phase", "half", "from", "to")
_ENDINGS = (".png", ".html", ".csv")
_AGAINST = "RUN2[:KEY=VALUE,...]"


def heatmap(
    run_dir: Annotated[Path, typer.Argument(metavar="RUN", help="A finished run directory.")],
    player: Annotated[
        str | None, typer.Option(help="Shirt number, name, track id, or A7 (shirt of team A), t12 (track).")
    ] = None,
    team: Annotated[str | None, typer.Option(help="A or B.")] = None,
    role: Annotated[
        str | None, typer.Option(help="goalkeeper, outfield, referee, or a place such as LB or DM.")
    ] = None,
    phase: Annotated[str | None, typer.Option(help="in or out (of possession).")] = None,
    half: Annotated[int | None, typer.Option(help="1 or 2 (3 and 4: extra time).")] = None,
    from_: Annotated[float | None, typer.Option("--from", help="Not before this time, s.")] = None,
    to: Annotated[float | None, typer.Option(help="Not after this time, s.")] = None,
    zones: Annotated[
        bool, typer.Option("--zones", help="The 20 positional zones instead of a grid.")
    ] = False,
    against: Annotated[
        str | None,
        typer.Option(
            metavar=_AGAINST, help="Compare with another run, or with this one; what KEY leaves out stays."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="A .png, .html or .csv [default: heatmap.png in RUN].")
    ] = None,
) -> None:
    """Draw where a player, a team or a role was: seconds, corrected for where the camera looked.

    Attack runs from left to right. With --against both are drawn on one scale, and their difference.
    """
    from pipeline.report.heatmap import captions, heatmap_run
    from pipeline.report.heatmap.heatmap_data import heat_map

    path = out or run_dir / "heatmap.png"
    if path.suffix.lower() not in _ENDINGS:
        raise UserError(f"-o {path}: expected a name that ends in {', '.join(_ENDINGS)}")
    given = dict(zip(_KEYS, (player, team, role, phase, half, from_, to), strict=True))
    run = heatmap_run.load(run_dir)
    one, two = heat_map(run, _choice(given)), None
    if against is not None:
        other, changed = _against(against)
        second = run if other is None else heatmap_run.load(other)
        two = heat_map(second, _choice(_merged(given, changed)))
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


def _against(text: str) -> tuple[Path | None, dict[str, str]]:
    """Take ``RUN2:KEY=VALUE,...`` apart; an absent run is the same one, a bare A or B a team."""
    found = re.fullmatch(r"(.*?)(?::([A-Za-z]+=.*|[AB]))?", text)
    run, changes = (found[1], found[2]) if found else (text, None)
    out: dict[str, str] = {}
    for item in (changes or "").split(","):
        key, separator, value = item.partition("=")
        if item in ("A", "B"):
            key, separator, value = "team", "=", item
        if item and (not separator or key not in _KEYS):
            raise UserError(f"--against {text}: {item} is not KEY=VALUE with KEY one of {', '.join(_KEYS)}")
        if item:
            out[key] = value
    return Path(run) if run else None, out


def _merged(given: dict[str, Any], changed: dict[str, str]) -> dict[str, Any]:
    """What the second shows: as the first, changed; another player may be of the other team."""
    left_out: set[str] = set()
    if changed.keys() & {"player", "role"}:
        left_out = {"player", "role"} | ({"team"} if "player" in changed else set())
    return {k: None if k in left_out else v for k, v in given.items()} | changed


def _choice(given: dict[str, Any]) -> Choice:
    from pipeline.metrics.direction.match_stretch import Stretch
    from pipeline.report.heatmap.heatmap_query import Choice

    team, phase = given["team"], given["phase"]
    if team is not None and team.upper() not in ("A", "B"):
        raise UserError(f"--team {team}: expected A or B")
    if phase not in (None, "in", "out"):
        raise UserError(f"--phase {phase}: expected in or out")
    half, start, end = (_number(n, given[n]) for n in ("half", "from", "to"))
    if half is not None and not half.is_integer():
        raise UserError(f"--half {half:g}: expected 1 or 2")
    if start is not None and end is not None and end <= start:
        raise UserError(f"--to {end:g}: must lie after --from {start:g}")
    part = Stretch(None if half is None else int(half), phase, start, end)
    return Choice(given["player"], None if team is None else team.upper(), given["role"], part)


def _number(name: str, value: Any) -> float | None:
    try:
        return None if value is None else float(value)
    except ValueError:
        raise UserError(f"--against {name}={value}: expected a number") from None
