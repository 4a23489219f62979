"""A finished run made from tracking data, without any: two halves, sides changed, shirts, names, possession.

The teams stand and sway as `made_up_people.match` has them; in each half team A has the ball for the
first half of it, then team B, then nobody for the last `DEAD_S` seconds.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from made_up_people import match, mirrored

from pipeline import tables
from pipeline.config import Config
from pipeline.run import Context, write_json
from pipeline.steps import measure

HALF_S, BREAK_S, DEAD_S, HZ = 20.0, 10.0, 4.0, 5.0
STARTS_S = (0.0, HALF_S + BREAK_S)


def build(root: Path, *, without: tuple[str, ...] = (), everyone: pd.DataFrame | None = None) -> Path:
    """Write the run; ``without`` names tables that it lacks, ``everyone`` replaces who is where."""
    people = two_halves() if everyone is None else everyone
    (root / "tables").mkdir(parents=True, exist_ok=True)
    made = {
        "frames": _frames(people),
        "positions": _positions(people),
        "labels": tables.empty("labels"),
        "identities": _identities(people),
        "periods": _periods(),
        "people": _people(people),
        "possession": _possession(),
    }
    for name, table in made.items():
        if name not in without:
            tables.write(table, root / "tables" / f"{name}.parquet", name)
    record = {"kind": "tracking", "state": "finished", "source": "made up", "config": Config().model_dump()}
    write_json(root / "run.json", record | {"video": {}, "seconds": {"import": 0.5, "measure": 1.5}})
    return root


def measured(root: Path) -> Path:
    """Write the run with what is measured from it: movement, team movement, shapes, formations, roles."""
    build(root)
    context = Context(root, root, Config(), lambda done, total: None, lambda text: None)
    measure.step("both", "tracking").do(context)
    return root


def two_halves() -> pd.DataFrame:
    """A 4-4-2 (A, to the right in the first half) against a 4-3-3."""
    first = match(seconds=HALF_S, hz=HZ)
    later = first.assign(time_s=first["time_s"] + STARTS_S[1], frame=first["frame"] + int(STARTS_S[1] * 25))
    return pd.concat([first, mirrored(later, x=-1, y=-1)], ignore_index=True)


def _frames(people: pd.DataFrame) -> pd.DataFrame:
    frames = people[["frame", "time_s"]].drop_duplicates().sort_values("frame", ignore_index=True)
    frames = frames.assign(shot=0, duplicate=False, grass=0.0)
    return frames.assign(**{f"m{i}{j}": np.nan for i in (1, 2, 3) for j in (1, 2, 3)})


def _positions(people: pd.DataFrame) -> pd.DataFrame:
    out = people[["frame", "time_s", "track_id", "x_m", "y_m", "error_m"]]
    return out.assign(instance=None, source=np.where(people["observed"], "observed", "interpolated"))


def _identities(people: pd.DataFrame) -> pd.DataFrame:
    group = people.groupby("track_id")
    out = pd.DataFrame({"role": group["role"].first(), "team": group["team"].first()})
    out = out.assign(n_frames=group.size(), first_s=group["time_s"].min(), last_s=group["time_s"].max())
    return out.reset_index().assign(role_score=1.0, team_score=1.0)


def _periods() -> pd.DataFrame:
    ends = [s + HALF_S for s in STARTS_S]
    way = ["left_to_right", "right_to_left"]
    return pd.DataFrame({"period": [1, 2], "start_s": STARTS_S, "end_s": ends, "attack_a": way}).assign(
        source="given"
    )


def _people(people: pd.DataFrame) -> pd.DataFrame:
    """Shirts 1 to 11 in both teams; the goalkeepers are called Núñez and Nunn, the others by number."""
    out = people[["track_id", "team", "role"]].drop_duplicates("track_id").sort_values("track_id")
    number = out.groupby("team").cumcount() + 1
    keeper = (out["role"] == "goalkeeper").to_numpy()
    out["jersey"] = np.where(keeper, 1, number + 1)
    out["name"] = [f"{t}. Player {n}" for t, n in zip(out["team"], out["jersey"], strict=True)]
    out.loc[keeper, "name"] = ["Núñez", "Nunn"][: keeper.sum()]
    out["position"] = np.where(keeper, "Goalkeeper", np.where(out["jersey"] <= 5, "Defender", "Forward"))
    out["team_name"] = out["team"].map({"A": "Atlas", "B": "Boca"})
    return out.reindex(columns=tables.empty("people").columns)


def _possession() -> pd.DataFrame:
    live = (HALF_S - DEAD_S) / 2
    rows = [(s, s + live, "A") for s in STARTS_S] + [(s + live, s + 2 * live, "B") for s in STARTS_S]
    table = pd.DataFrame(rows, columns=["start_s", "end_s", "team"]).sort_values("start_s")
    return table.assign(source="given", score=1.0)
