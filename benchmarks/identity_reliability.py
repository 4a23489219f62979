"""How honest scores of links are: clips of TRACAB with a stretch cut out, linked and compared with the truth.

    python benchmarks/identity_reliability.py [--shared ../shared] [--cut 2 5 10] [--clips 16] [--floor 0]

Each clip shows 10 s, lacks the stretch, and shows 10 s more, by a camera that follows play. Of players in
view on both sides it counts who is kept, becomes another's, or is unknown; and for ranges of the score how
many of the links were right. ``--floor`` replaces the score below which a link is unknown.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from identity_simulated import tables
from identity_worlds import Filming, filmed, tracab_match

from pipeline.linking import groups
from pipeline.linking.link_people import link

EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)
BEHIND = 10_000


def main() -> None:
    """Print a row for each length of cut, and the reliability of its scores."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[1].parent / "shared")
    parser.add_argument("--cut", type=float, nargs="+", default=[2.0, 5.0, 10.0])
    parser.add_argument("--clips", type=int, default=16)
    parser.add_argument("--side", type=float, default=10.0, help="seconds shown before and after")
    parser.add_argument("--floor", type=float, default=groups.MIN_SCORE)
    options = parser.parse_args()
    groups.MIN_SCORE = options.floor
    world = tracab_match(options.shared)
    for length in options.cut:
        judged = pd.concat([judge(r, options.side, length) for r in clips(world, options, length)])
        share = judged["found"].value_counts(normalize=True)
        told = ", ".join(f"{n} {share.get(n, 0.0):.1%}" for n in ("kept", "wrong", "lost"))
        print(f"cut {length:g} s: {len(judged)} in view on both sides: {told}", flush=True)
        known = judged[judged["found"] != "lost"]
        for part, own in known.groupby(pd.cut(known["score"], EDGES), observed=True):
            right = (own["found"] == "kept").mean()
            print(f"  score {part}: {len(own)} links, said {own['score'].mean():.3f}, right {right:.3f}")


def clips(world: pd.DataFrame, options: argparse.Namespace, length: float) -> Iterator[pd.DataFrame]:
    """Cut clips of ``world`` at even times, tracks numbered anew behind the stretch; times from 0."""
    whole = 2 * options.side + length
    last = world["time_s"].max() - whole
    for at in np.linspace(world["time_s"].min(), last, options.clips):
        part = world[(world["time_s"] >= at) & (world["time_s"] < at + whole)].reset_index(drop=True)
        rows = filmed(part, Filming(close_up_every_s=1e9), 1)
        rows["time_s"] -= at
        rows = rows[(rows["time_s"] < options.side) | (rows["time_s"] >= options.side + length)].copy()
        rows["piece"] += BEHIND * (rows["time_s"] >= options.side)
        yield rows


def judge(rows: pd.DataFrame, at_s: float, length: float) -> pd.DataFrame:
    """Link one clip; ``found`` (kept, wrong, lost) and ``score`` of each outfield player on both sides."""
    links = link(*tables(rows)).links.drop_duplicates("track_id").set_index("track_id")
    rows = rows[rows["role"] == "player"]
    rows = rows.assign(who=rows["piece"].map(links["player_id"]), score=rows["piece"].map(links["score"]))
    time = rows["time_s"]
    before = rows[(time < at_s) & (time >= at_s - 1)].groupby("person").tail(1).set_index("person")
    after = rows[(time >= at_s + length) & (time < at_s + length + 1)].groupby("person").head(1)
    before = before[before["who"].notna()]
    known = set(before["who"])
    out = []
    for person, who, score in after[["person", "who", "score"]].itertuples(index=False):
        if person in before.index:
            same = pd.notna(who) and who == before["who"][person]
            taken = pd.notna(who) and who in known
            out.append(("kept" if same else "wrong" if taken else "lost", score))
    return pd.DataFrame(out, columns=["found", "score"])


if __name__ == "__main__":
    main()
