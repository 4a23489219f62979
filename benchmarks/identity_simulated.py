"""Who is who, against truth in metres: matches as a broadcast camera would see them, linked and compared.

    python benchmarks/identity_simulated.py [--shared ../shared] [--minutes 90] [--seeds 11 12 13]
    [--readable 0 0.2]

Worlds: the project's own simulated matches (any length), six minutes of TRACAB and a whole match of broadcast
tracking by SkillCorner with its own gaps. A camera window follows play, so players leave it; close-ups of
seconds interrupt it; tracklets break; noise of 0.2 m. Teams and roles are given; identities are not.
``readable``: share of tracklets whose shirt number was read, 4% of these wrongly. Parameters were chosen
on seeds below
10 and SkillCorner's first half.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

import numpy as np
import pandas as pd
from identity_worlds import Filming, filmed, simulated, skillcorner_half, tracab_match
from numpy.typing import NDArray

from pipeline.linking.link_people import Linked, link

KIT = ["torso_l", "torso_a", "torso_b", "legs_l", "legs_a", "legs_b"]


def main() -> None:
    """Link every world and print a row of a Markdown table for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[1].parent / "shared")
    parser.add_argument("--minutes", type=float, nargs="*", default=[5.0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12, 13])
    parser.add_argument("--readable", type=float, nargs="+", default=[0.0])
    parser.add_argument("--real", nargs="*", choices=("tracab", "skillcorner1", "skillcorner2"), default=[])
    options = parser.parse_args()
    print("| world | seed | numbers read | mean share | worst | purity | people | unknown | s | GB |")
    print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
    for name in [*(f"simulated {m:g} min" for m in options.minutes), *options.real]:
        for seed in options.seeds:
            rows = world(name, seed, options.shared)
            for readable in options.readable:
                print(row(name, seed, readable, rows), flush=True)


def world(name: str, seed: int, shared: Path) -> pd.DataFrame:
    """Make a world by name: `identity_worlds.filmed`."""
    if name.startswith("simulated"):
        people, ball = simulated(float(name.split()[1]), seed)
        return filmed(people, Filming(), seed, ball)
    if name == "tracab":
        return filmed(tracab_match(shared), Filming(), seed)
    return skillcorner_half(int(name[-1]))


def row(name: str, seed: int, readable: float, rows: pd.DataFrame) -> str:
    """Link one world and put its figures in a line."""
    began = time.process_time()
    linked = link(*tables(rows), appearance=appearance(rows, readable, seed))
    seconds = time.process_time() - began
    found = score(rows, linked)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return (
        f"| {name} | {seed} | {readable:.0%} | {found['mean']:.3f} "
        f"| {found['worst']:.3f} "
        f"| {found['purity']:.3f} | {found['people']:.0f} "
        f"| {found['unknown']:.1%} | {seconds:.0f} | {memory:.1f} |"
    )


def tables(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Make ``tracks, instances, positions, identities`` of a world."""
    frame = (rows["time_s"] / 0.2).round().astype("int32")
    seen = rows.assign(frame=frame, track_id=rows["piece"].astype("int32"))
    seen["instance"] = seen.groupby("frame").cumcount().astype("int32")
    tracks = seen[["frame", "time_s", "instance", "track_id"]]
    instances = seen[["frame", "instance"]].assign(**dict.fromkeys(KIT, np.nan))
    positions = seen[["frame", "instance", "x_m", "y_m", "error_m"]]
    identities = seen.groupby("track_id")[["role", "team"]].first().reset_index()
    return tracks, instances, positions, identities


def appearance(rows: pd.DataFrame, readable: float, seed: int) -> pd.DataFrame | None:
    """Read the numbers of a share of the tracklets, 4% of them wrongly."""
    if readable == 0:
        return None
    rng = np.random.default_rng(seed)
    own = rows.groupby("piece")["person"].first()
    number = (own.to_numpy(np.int64) % 99).astype(float)
    wrong = rng.random(len(own)) < 0.04
    number[wrong] = rng.integers(1, 30, int(wrong.sum()))
    number[rng.random(len(own)) >= readable] = np.nan
    table = pd.DataFrame({"track_id": own.index, "number": number, "number_score": 0.95, "n_samples": 5})
    return table.astype({"number": "Int32"})


def score(rows: pd.DataFrame, linked: Linked) -> dict[str, float]:
    """Compare: each player's share of time in one person, purity, people, share of unknown time."""
    who = linked.links.set_index("track_id")["player_id"]
    label = rows["piece"].map(who.groupby(level=0).first()).astype("Int64").fillna(-1).astype(int)
    together = pd.crosstab(rows["person"], label)
    known = together.drop(columns=[-1], errors="ignore")
    total = together.sum(axis=1)
    long: NDArray[np.bool_] = (total > 0.03 * total.max()).to_numpy()
    share = (known.max(axis=1) / total)[long]
    return {
        "mean": float(share.mean()),
        "worst": float(share.min()),
        "purity": float(known.max().sum() / max(known.to_numpy().sum(), 1)),
        "people": float(known.shape[1]),
        "unknown": float((label == -1).mean()),
    }


if __name__ == "__main__":
    main()
