"""The command ``physical``: load of players, their fast runs, efforts and hardest minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.cli.arguments.options import Half, RunDir, Team, Wide
from pipeline.cli.play.shown_rows import Out, Player, Shown, print_rows

if TYPE_CHECKING:
    from pipeline.runs.stored_run import StoredRun

What = Literal["players", "runs", "efforts", "peaks"]
_KMH = 3.6
_WHO = (Shown("player", "player", "text"), Shown("team", "team", "text"))
_SPAN = (Shown("start_s", "from", "clock"), Shown("end_s", "to", "clock", leaves=3))
_TABLES: dict[str, tuple[str, tuple[Shown, ...]]] = {
    "players": (
        "physical",
        (
            *_WHO,
            Shown("minutes_visible", "seen, min", digits=1),
            Shown("distance_visible_m", "distance, m"),
            Shown("high_speed_m", "high speed, m"),
            Shown("sprint_m", "sprint, m"),
            Shown("high_speed_runs", "high-speed runs"),
            Shown("sprints", "sprints"),
            Shown("psv99_mps", "PSV-99, km/h", digits=1, scale=_KMH),
            Shown("psv99_error_mps", "±", digits=1, scale=_KMH),
            Shown("accelerations", "accel.", leaves=4),
            Shown("decelerations", "decel.", leaves=4),
            Shown("repeated_bouts", "repeated sprints", leaves=5),
            Shown("decline", "decline, %", scale=100, leaves=3),
            Shown("decline_error", "±, %", scale=100, leaves=3),
        ),
    ),
    "runs": (
        "fast_runs",
        (
            *_WHO,
            *_SPAN,
            Shown("kind", "kind", "text"),
            Shown("peak_mps", "peak, km/h", digits=1, scale=_KMH),
            Shown("distance_m", "metres", digits=1),
            Shown("direction", "direction", "text"),
            Shown("possession", "possession", "text", leaves=1),
            Shown("with_ball", "with ball", "text", leaves=2),
        ),
    ),
    "efforts": (
        "efforts",
        (
            *_WHO,
            *_SPAN,
            Shown("kind", "kind", "text"),
            Shown("strongest_mps2", "strongest, m/s²", digits=1),
            Shown("start_mps", "from, km/h", digits=1, scale=_KMH),
            Shown("end_mps", "to, km/h", digits=1, scale=_KMH),
        ),
    ),
    "peaks": (
        "peak_demands",
        (
            *_WHO,
            Shown("measure", "of", "text"),
            Shown("window_min", "window, min"),
            Shown("m_per_min", "m/min", digits=1),
            Shown("start_s", "from", "clock"),
            Shown("coverage", "seen, %", scale=100),
        ),
    ),
}


def physical(
    run_dir: RunDir,
    show: Annotated[What, typer.Option(help="Players, fast runs, efforts or hardest minutes.")] = "players",
    team: Team = None,
    player: Player = None,
    half: Half = None,
    out: Out = None,
    wide: Wide = False,
) -> None:
    """Print the physical load: metres at speed, fast runs, accelerations, hardest minutes, decline.

    Over the time in which a player was seen; nothing is extrapolated.
    """
    from pipeline.cli.console.fitted_table import print_line
    from pipeline.metrics.movement import pace
    from pipeline.report.movement_answer import default_minimum_min, pace_basis
    from pipeline.report.play_answer import play_rows
    from pipeline.runs.stored_run import StoredRun
    from pipeline.tables import storage

    run = StoredRun.open(run_dir)
    name, shown = _TABLES[show]
    table = play_rows(run, name, team, player, half)
    if out is not None:  # before anything is printed, which a terminal may refuse
        storage.export(table, out)
    measure, caption = run.config.measure, _uncertain(run, show)
    if show == "players":
        least_min = default_minimum_min(run)
        brief = table["minutes_visible"] < least_min
        if brief.any() and player is None:
            left_out = f"; {int(brief.sum())} seen for under {60 * least_min:.3g} s left out"
            table, caption = table[~brief], left_out + caption
        table = table.sort_values(["team", "minutes_visible"], ascending=[True, False], kind="stable")
    elif show == "runs":
        table = table.sort_values("peak_mps", ascending=False, kind="stable")
    about = (
        f"high speed: {measure.high_speed_from_kmh:g} km/h, sprint: {measure.sprint_from_kmh:g} km/h and more"
    )
    if not len(table):
        typer.echo("nothing of it was seen")
    else:
        print_rows(run, table, shown, about + caption, wide)
        if show in ("players", "efforts") and (note := pace.efforts_note(pace_basis(run))):
            print_line(note)
    if out is not None:
        typer.echo(f"table: {out}")


def _uncertain(run: StoredRun, show: What) -> str:
    """Say how sure one speed, or one acceleration, is: the greatest of many reads high by it."""
    if show == "runs":
        parts = run.table("movement_parts")
        error = parts.loc[parts["by"] == "whole", "speed_error_mps"].median()
        return (
            ""
            if error != error
            else f"; a speed is sure to ± {_KMH * error:.1f} km/h, so top peaks read high"
        )
    if show == "efforts":
        error = run.table("physical")["acceleration_error_mps2"].median()
        return "" if error != error else f"; an acceleration is sure to ± {error:.1f} m/s²"
    return ""
