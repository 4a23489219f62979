"""Check formations against what is known of them.

(Labelled periods: `formation_periods.py`.) Six minutes of TRACAB under ``../shared/tracking`` where they
are there (both teams 4-2-3-1 by the metadata); a whole SkillCorner broadcast match inside the ``kloppy``
wheel (a dev dependency), in which Dortmund defended 4-4-2 in the second half.

    python benchmarks/formations_truth.py [--shared ../shared]

Exits with 1 if a bar is missed.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import pandas as pd
from metrics_sources import broadcast, periods, skillcorner, spells, tracab
from metrics_truth import MISSED, bar

from pipeline.metrics.formation.formation_tables import formation_table, role_table
from pipeline.metrics.formation.pairwise_places import relative_places
from pipeline.metrics.formation.template_fit import Fit, fit
from pipeline.metrics.formation.time_windows import FormationSettings
from pipeline.metrics.formation.windowed_formations import Stance, stances
from pipeline.metrics.shape.team_shape import team_frames

WHOLE = FormationSettings(window_s=1e9)


def main() -> None:
    """Run all checks and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[1].parent / "shared")
    arguments = parser.parse_args()
    path = arguments.shared / "tracking" / "eredivisie_tracab_6min.parquet"
    if path.exists():
        people = tracab(path)
        tracab_formations(people)
        tracab_midfield(people)
    broadcast_match()
    print("\nmissed: " + "; ".join(MISSED) if MISSED else "\nall bars met")
    sys.exit(1 if MISSED else 0)


def tracab_formations(people: pd.DataFrame) -> None:
    """Both teams are 4-2-3-1 by the metadata: by role EM, by players' means, and in narrower pictures."""
    print("\n| TRACAB, both 4-2-3-1 | team | phase | method | name | nearest | second | third | score "
          "| margin | back line | seen |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    alive = people[people["alive"]]
    for stance in stances(people, WHOLE):
        show("6 min", stance)
        bar(f"TRACAB {stance.team} defenders", float(fitted(stance).defenders), 4, 4)
        bar(
            f"TRACAB {stance.team} 4-2-3-1 in the top three", float("4-2-3-1" in top(fitted(stance), 3)), 1, 1
        )
        if stance.team == "B":
            bar("TRACAB B 4-2-3-1", float(fitted(stance).formation == "4-2-3-1"), 1, 1)
    for stance in stances(alive, WHOLE, None, spells(alive)):
        show("ball in play", stance)
    for half in (30.0, 24.0, 18.0):
        for stance in stances(broadcast(alive, half), WHOLE):
            show(f"in play, a picture of {2 * half:.0f} m", stance)
    for team, turn in (("A", attacks_right(people)), ("B", -attacks_right(people))):
        means = fit(relative_places(team_frames(people, team)).places_m * turn)
        print(f"players' means over 6 min, {team}: {', '.join(top(means, 3))}; score {means.score:.2f}, "
              f"margin {means.margin:.2f}")  # fmt: skip


def tracab_midfield(people: pd.DataFrame) -> None:
    """Why team A isn't 4-2-3-1 moment by moment: its two holding midfielders take turns at holding."""
    stood = [s for s in stances(people, WHOLE) if s.team == "A"]
    roles = role_table(stood)
    for track, rows in roles[roles["share"] > 0.05].groupby("track_id"):
        if set(rows["role"]) & {"DM", "LCM", "RCM"}:
            shares = ", ".join(f"{r.role} {r.share:.0%}" for r in rows.itertuples())
            print(f"team A, track {track}: {shares}")


def broadcast_match() -> None:
    """A whole SkillCorner match; Dortmund's second half without the ball is a 4-4-2."""
    people = skillcorner()
    people["possession"] = people["possession"].map({"home team": "A", "away team": "B"})
    halves, ball = periods(people), spells(people)
    began = time.perf_counter()
    found = stances(people, FormationSettings(), halves, ball)
    rows = formation_table(found)
    took = time.perf_counter() - began
    print(f"\nSkillCorner (B is Dortmund), a whole match: {len(rows)} rows in {took:.0f} s")
    print("| half | team | phase | name | nearest | second | margin | score | back line | coverage | seen |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for r in rows[rows["scope"] == "span"].itertuples():
        print(f"| {r.period} | {r.team} | {r.phase} | {r.formation} | {r.nearest} | {r.second} "
              f"| {r.margin:.2f} | {r.score:.2f} | {r.defenders} ({r.defenders_score:.2f}) "
              f"| {r.coverage:.2f} | {r.players_seen:.1f} |")  # fmt: skip
    known = rows[
        (rows["scope"] == "span") & (rows["period"] == 2) & (rows["team"] == "B") & (rows["phase"] == "out")
    ]
    first = known.iloc[0]
    ahead = float((first["formation"], first["second"]) == ("4-4-2", "4-2-3-1"))
    bar("Dortmund 4-4-2 ahead of 4-2-3-1", ahead, 1, 1)


def show(what: str, stance: Stance) -> None:
    """Print one row of the TRACAB table."""
    f = fitted(stance)
    print(f"| {what} | {stance.team} | {stance.phase} | {stance.places.method} | {f.formation} "
          f"| {' | '.join(top(f, 3))} | {f.score:.2f} | {f.margin:.2f} "
          f"| {f.defenders} ({f.defenders_score:.2f}) | {stance.players_seen:.1f} |")  # fmt: skip


def fitted(stance: Stance) -> Fit:
    """Give the fit, which whole teams always have."""
    assert stance.fit is not None
    return stance.fit


def top(found: Fit, n: int) -> list[str]:
    """Name the best ``n`` templates."""
    return [m.template.name for m in found.matches[:n]]


def attacks_right(people: pd.DataFrame) -> float:
    """Give 1 where team A attacks from left to right, else -1."""
    keepers = people[people["role"] == "goalkeeper"].groupby("team")["x_m"].mean()
    return 1.0 if keepers["A"] < keepers["B"] else -1.0


if __name__ == "__main__":
    main()
