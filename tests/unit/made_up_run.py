"""A finished run of tracking data, made without any: two halves, sides changed, shirts, names, possession.

The teams stand and sway as `made_up_people.match` has them; in each half team A has the ball for the
first half of it, then team B, then nobody for the last `DEAD_S` seconds.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import tracking_run
from made_up_people import match, mirrored

from pipeline.tables import storage

HALF_S, BREAK_S, DEAD_S, HZ = 20.0, 10.0, 4.0, 5.0
STARTS_S = (0.0, HALF_S + BREAK_S)


def build(root: Path, *, without: tuple[str, ...] = (), everyone: pd.DataFrame | None = None) -> Path:
    """Write the run, not measured; ``without`` names tables that it lacks, ``everyone`` who is where."""
    people = two_halves() if everyone is None else everyone
    made = tracking_run.unmeasured(people, halves=periods(), spells=possession())
    made["people"] = line_ups(people)
    return tracking_run.write(root, {n: t for n, t in made.items() if n not in without})


def measured(root: Path) -> Path:
    """Write the run with what is measured from it: movement, team movement, shapes, formations, roles."""
    return tracking_run.build(root, two_halves(), halves=periods(), spells=possession())


def two_halves() -> pd.DataFrame:
    """A 4-4-2 (A, to the right in the first half) against a 4-3-3."""
    first = match(seconds=HALF_S, hz=HZ)
    later = first.assign(time_s=first["time_s"] + STARTS_S[1], frame=first["frame"] + int(STARTS_S[1] * 25))
    return pd.concat([first, mirrored(later, x=-1, y=-1)], ignore_index=True)


def periods() -> pd.DataFrame:
    """Both halves, with the direction of attack given."""
    spans = [(s, s + HALF_S) for s in STARTS_S]
    return tracking_run.periods(*spans, attack_a=("left_to_right", "right_to_left"))


def possession() -> pd.DataFrame:
    """Two spells in each half; one ends where the next begins."""
    live = (HALF_S - DEAD_S) / 2
    rows = [(s + i * live, s + (i + 1) * live, team) for s in STARTS_S for i, team in enumerate("AB")]
    return pd.DataFrame(rows, columns=["start_s", "end_s", "team"]).assign(source="given", score=1.0)


def line_ups(people: pd.DataFrame) -> pd.DataFrame:
    """Shirts 1 to 11 in both teams; the goalkeepers are called Núñez and Nunn, the others by number."""
    out = people[["track_id", "team", "role"]].drop_duplicates("track_id").sort_values("track_id")
    keeper = (out["role"] == "goalkeeper").to_numpy()
    out["jersey"] = np.where(keeper, 1, out.groupby("team").cumcount() + 2)
    out["name"] = [f"{t}. Player {n}" for t, n in zip(out["team"], out["jersey"], strict=True)]
    out.loc[keeper, "name"] = ["Núñez", "Nunn"][: keeper.sum()]
    out["position"] = np.where(keeper, "Goalkeeper", np.where(out["jersey"] <= 5, "Defender", "Forward"))
    out["team_name"] = out["team"].map({"A": "Atlas", "B": "Boca"})
    return out.reindex(columns=storage.empty("people").columns).assign(player_id=lambda t: t["track_id"])
