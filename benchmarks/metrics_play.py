"""How right phases, behaviour, runs and physical load are, and how far they move when a camera sees less.

Two truths. A *script* (`play_script`): half an hour in which who has the ball, restarts, passes and runs of
each kind are staged and exactly known. And matches of which every position is known: minutes of the
simulated one, and of TRACAB where they are there; they are measured whole and as broadcast shows them:
people within 24 m of the play, positions off by 0.3 m from frame to frame and by 0.5 m over seconds, one
sight of the ball in five lost, replays of 4 to 9 s in between, the low-pass of 0.6 Hz.

    python benchmarks/metrics_play.py [--shared ../shared]

Exits with 1 if a bar is missed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from metrics_runs import phases_estimated
from play_script import played
from play_truth import ball_table, load_table, matched, phase_at, phase_table, restart_table, run_table
from play_views import all_seeing, broadcast_view, measured, scripted_scene, simulated, tracab_scene

from pipeline.core.config import Config, load
from pipeline.tables.play.behaviour_schemas import MEASURES

Tables = dict[str, pd.DataFrame]
STEADY = {"measure.cutoff_hz": 1.0}
PHASE_BARS = {"exact": 0.95, "0.2 m noise": 0.95, "broadcast": 0.90, "broadcast, possession estimated": 0.80}
RUN_BARS = {"exact": 0.95, "0.2 m noise": 0.9}
MISSED: list[str] = []


def main() -> None:
    """Run all checks and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[1].parent / "shared")
    shared = parser.parse_args().shared
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    script()
    scenes = {"simulated, 5 min": simulated(300.0)}
    path = shared / "tracking" / "eredivisie_tracab_6min.parquet"
    if path.exists():
        scenes["TRACAB, 6 min"] = tracab_scene(path)
    for name, scene in scenes.items():
        truth, seen = measured(scene, load(None, STEADY)), measured(broadcast_view(scene), Config())
        print(f"\n## {name}: whole against broadcast")
        behaviour_moves(truth, seen)
        phases_move(truth, seen, float(scene.play_s[0, 1]))
        rows_move(truth, seen)
        load_moves(truth, seen)
    phases_estimated()
    print("\nmissed: " + "; ".join(MISSED) if MISSED else "\nall bars met")
    sys.exit(1 if MISSED else 0)


def script() -> None:
    """The staged match against what was staged."""
    made = played(50)
    scene = scripted_scene(made)
    views = {
        "exact": measured(scene, load(None, STEADY | {"measure.cutoff_hz": 2.5})),
        "0.2 m noise": measured(all_seeing(scene), load(None, STEADY)),
        "broadcast": measured(broadcast_view(scene), Config()),
        "broadcast, possession estimated": measured(broadcast_view(scene, estimated=True), Config()),
    }
    print(f"## staged: {made.times[-1] / 60:.0f} min, {len(made.play)} possessions")
    for name, right in phase_table(made, views).items():
        bar(f"phases, {name}", right, PHASE_BARS[name])
    restart_table(made, views)
    for name, (found, kind) in run_table(made, views).items():
        if name in RUN_BARS:
            bar(f"runs found, {name}", found, RUN_BARS[name])
            bar(f"kinds of runs, {name}", kind, RUN_BARS[name])
    load_table(made, views)
    ball_table(made, views)
    print("\nstaged: exact against broadcast")
    behaviour_moves(views["exact"], views["broadcast"])


def bar(name: str, value: float, least: float) -> None:
    """Remember a value below its bar."""
    if not value >= least:
        MISSED.append(f"{name} {value:.3f} below {least}")


def behaviour_moves(truth: Tables, seen: Tables) -> None:
    """Each measure of table ``behaviour``, second by second."""
    print("\n| measure | truth, mean | seen, mean | of the seconds | off by: mean, RMS |")
    print("|---|---|---|---|---|")
    both = truth["behaviour"].merge(seen["behaviour"], "left", ["time_s", "team"], suffixes=("", "_seen"))
    for name in MEASURES:
        one, two = both[name], both[f"{name}_seen"]
        known, shared = one.notna(), one.notna() & two.notna()
        if not shared.any():
            print(f"| {name} | {one.mean():.2f} | – | 0% | |")
            continue
        off = (two - one)[shared]
        print(f"| {name} | {one.mean():.2f} | {two[shared].mean():.2f} | {shared.sum() / known.sum():.0%} "
              f"| {off.mean():+.2f}, {np.sqrt((off**2).mean()):.2f} |")  # fmt: skip


def phases_move(truth: Tables, seen: Tables, until_s: float) -> None:
    """How much of the time in each phase is told the same."""
    times = np.arange(0, until_s, 0.2)
    one, two = (np.concatenate([phase_at(t["phases"], team, times) for team in "AB"]) for t in (truth, seen))
    print("\n| phase | whole, s | of it seen in a phase | then the same |")
    print("|---|---|---|---|")
    for phase in dict.fromkeys(p for p in one if p is not None):
        own = one == phase
        told = own & np.array([p is not None for p in two])
        same = f"{(two[told] == phase).mean():.0%}" if told.any() else "–"
        print(f"| {phase} | {own.sum() * 0.2:.0f} | {told.sum() / own.sum():.0%} | {same} |")
    both = np.array([a is not None and b is not None for a, b in zip(one, two, strict=True)])
    print(f"\nthe same in {(one[both] == two[both]).mean():.1%} of the time known to both")


def rows_move(truth: Tables, seen: Tables) -> None:
    """Runs, passes and turnovers: how many, how many of them the same."""
    print(
        "\n| rows | whole | seen | of the whole's found | of the seen there | same kind; metres off, median |"
    )
    print("|---|---|---|---|---|---|")
    for name in ("fast_runs", "off_ball_runs", "efforts"):
        one, two = truth[name].reset_index(drop=True), seen[name].reset_index(drop=True)
        found, back = matched(one, two), matched(two, one)
        hit = found >= 0
        kind = (
            (one["kind"].to_numpy()[hit] == two["kind"].to_numpy()[found[hit]]).mean()
            if hit.any()
            else np.nan
        )
        size = "distance_m" if "distance_m" in one else "strongest_mps2"
        off = two[size].to_numpy()[found[hit]] - one[size].to_numpy()[hit]
        middle = np.median(off) if len(off) else np.nan
        shares = [f"{(v >= 0).mean():.0%}" if len(v) else "–" for v in (found, back)]
        print(f"| {name} | {len(one)} | {len(two)} | {shares[0]} | {shares[1]} | {kind:.0%}; {middle:+.1f} |")
    for name, column in (
        ("passes", "opponents_outplayed"),
        ("passes", "lines_broken"),
        ("turnovers", "press_s"),
    ):
        one, two = truth[name][column].dropna(), seen[name][column].dropna()
        print(f"| {name}.{column} | {len(one)}: {one.mean():.2f} | {len(two)}: {two.mean():.2f} | | | |")
    print(f"| line_steps | {len(truth['line_steps'])} | {len(seen['line_steps'])} | | | |")


def load_moves(truth: Tables, seen: Tables) -> None:
    """Physical load: rates a visible minute, PSV-99 and its stated error."""
    both = truth["physical"].merge(seen["physical"], on="track_id", suffixes=("", "_seen"))
    both = both[(both["role"] == "player") & both["psv99_mps_seen"].notna() & both["psv99_mps"].notna()]
    off = both["psv99_mps_seen"] - both["psv99_mps"]
    stated = np.sqrt((both["psv99_error_mps_seen"] ** 2).mean())
    within = (off.abs() <= 2 * both["psv99_error_mps_seen"]).mean()
    print(f"\nPSV-99 of {len(both)} players, seen {both['coverage_seen'].mean():.0%} of the time: off by "
          f"{off.mean():+.2f} m/s on average, RMS {np.sqrt((off**2).mean()):.2f}, stated {stated:.2f}; "
          f"within twice that {within:.0%}")  # fmt: skip
    for name in ("distance_visible_m", "high_speed_m", "sprint_m", "accelerations", "decelerations"):
        one, two = both[name] / both["minutes_visible"], both[f"{name}_seen"] / both["minutes_visible_seen"]
        print(f"{name} a visible minute: whole {one.mean():.2f}, seen {two.mean():.2f}")


if __name__ == "__main__":
    main()
