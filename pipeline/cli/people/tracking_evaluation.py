"""The command ``evaluate-tracking``: a run against the truth of who is who."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.arguments.options import RunDir

if TYPE_CHECKING:
    from pipeline.evaluation.tracking.evaluate import Level, TrackingReport


def evaluate_tracking(
    run: RunDir,
    truth: Annotated[
        Path,
        typer.Argument(help="A rendered match, MOTChallenge gt.txt, or SoccerNet Labels-GameState.json."),
    ],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Also write everything as JSON.")] = None,
) -> None:
    """Measure tracks and people of a run: HOTA, IDF1, switches, whole identities, game state."""
    from pipeline.core.files import whole_file
    from pipeline.evaluation.tracking.evaluate import evaluate_tracking as measure

    report = measure(run, truth)
    if out is not None:
        with whole_file(out) as part:
            part.write_text(json.dumps(report.as_json(), indent=2) + "\n", encoding="utf-8")
    for line in summary(report):
        typer.echo(line)


def summary(report: TrackingReport) -> list[str]:
    """Write the numbers as lines of at most 80 characters."""
    head = f"{'':8}{'HOTA':>7}{'DetA':>7}{'AssA':>7}{'IDF1':>7}{'MOTA':>7}{'switches':>10}"
    lines = [f"{report.n_frames} frames of {report.run}", "", head]
    for level in report.levels:
        s = level.scores
        lines.append(
            f"{level.name:8}{s.hota:7.1f}{s.det_a:7.1f}{s.ass_a:7.1f}{s.idf1:7.1f}{s.mota:7.1f}{s.switches:10d}"
        )
    lines += ["", *(line for level in report.levels for line in _whole(level))]
    if report.on_pitch is not None:
        p = report.on_pitch
        lines.append(
            f"on the pitch: HOTA {p.hota:.1f}, DetA {p.det_a:.1f}, AssA {p.ass_a:.1f}, IDF1 {p.idf1:.1f}"
        )
        lines.append("  (in metres, where the run has a camera view; 5 m apart is worth 5%)")
    if report.game_state is not None:
        g = report.game_state
        lines.append(f"game state: GS-HOTA {g.hota:.1f}, DetA {g.det_a:.1f}, AssA {g.ass_a:.1f}")
        lines.append("  (a person counts only with the right role, team and shirt number)")
    if report.position_m == report.position_m:
        lines.append(f"positions: median {report.position_m:.2f} m")
    if report.distances is not None:
        d = report.distances
        off = f"median {d.median:.1%}, worst {d.worst:.1%} off"
        lines.append(f"distance run: {d.n_near} of {d.n_people} within 3%; {off}")
    return lines


def _whole(level: Level) -> list[str]:
    s = level.shares
    return [
        f"{level.name}: {s.n_identities} for {s.n_people} players, {s.ids_per_person:g} a player (median)",
        f"  of a player's visible time in one: mean {s.mean_share:.3f}, worst {s.worst_share:.3f}",
        f"  purity {s.purity:.3f}, time that belongs to nobody {s.unknown_share:.3f}",
    ]
