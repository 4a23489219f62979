"""Identities across a cut, without labels: a stretch is cut out of a finished run, the rest linked again.

    python benchmarks/identity_cuts.py RUN [RUN ...] [--cut 2 5 10] [--places 3]

Tracks that span the cut are numbered anew behind it, as tracking would after a cut; times behind it are
kept, so the gap is known. Of the players in view on both sides (on one track across, or one person in the
uncut
linking) it counts who keeps his identity, who becomes another's, and who becomes a new person or unknown.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.linking.link_people import link
from pipeline.tables import storage

READS = ("tracks", "instances", "positions", "identities")
EDGE_S = 1.0


def main() -> None:
    """Cut every run at some moments and print a row of a Markdown table for each length."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("--cut", type=float, nargs="+", default=[2.0, 5.0, 10.0])
    parser.add_argument("--places", type=int, default=3, help="moments at which each run is cut")
    options = parser.parse_args()
    print("| run | cut, s | cuts | in view on both sides | kept | wrong | new or unknown |")
    print("|---|---|---|---|---|---|---|")
    for root in options.runs:
        tables = {n: storage.read(root / "tables" / f"{n}.parquet", n) for n in READS}
        truth = link(*tables.values()).links
        for length in options.cut:
            counts = [judged(tables, truth, at, length) for at in moments(tables, length, options.places)]
            kept, wrong, lost = np.sum(counts, axis=0) if counts else (0, 0, 0)
            n = max(kept + wrong + lost, 1)
            print(
                f"| {root.name} | {length:g} | {len(counts)} | {kept + wrong + lost} | {kept / n:.0%} "
                f"| {wrong / n:.0%} | {lost / n:.0%} |",
                flush=True,
            )


def moments(tables: dict[str, pd.DataFrame], length: float, places: int) -> list[float]:
    """Where to cut: evenly, with some seconds before and after; nowhere if the run is too short."""
    first, last = tables["tracks"]["time_s"].min() + 2.0, tables["tracks"]["time_s"].max() - length - 1.5
    return np.linspace(first, last, places).tolist() if last > first else []


def judged(
    tables: dict[str, pd.DataFrame], truth: pd.DataFrame, at_s: float, length: float
) -> tuple[int, int, int]:
    """Cut once: how many players are kept, become another's, become new or unknown."""
    tracks, number = cut(tables["tracks"], at_s, length)
    instances, positions = (rest(tables[n], at_s, length) for n in ("instances", "positions"))
    identities = number.merge(tables["identities"], left_on="was", right_on="track_id")
    identities = identities.assign(track_id=identities["now"]).drop(columns=["was", "now"])
    made = link(tracks, instances, positions, identities).links
    was = number.set_index("now")["was"]
    who, true = (
        table[table["player_id"].notna() & table["team"].notna()].groupby("track_id")["player_id"].first()
        for table in (made, truth)
    )
    before = tracks[(tracks["time_s"] <= at_s) & (tracks["time_s"] > at_s - EDGE_S)]["track_id"].unique()
    after = tracks[(tracks["time_s"] > at_s) & (tracks["time_s"] <= at_s + length + EDGE_S)][
        "track_id"
    ].unique()
    person_before = {true[was[t]]: t for t in before if was[t] in true.index}
    known = {who[t]: true[was[t]] for t in before if t in who.index and was[t] in true.index}
    kept = wrong = lost = 0
    for track in after:
        person = true.get(was[track])
        if person is None or person not in person_before or person_before[person] not in who.index:
            continue
        mine = who.get(track)
        kept += mine is not None and mine == who[person_before[person]]
        wrong += mine is not None and mine != who[person_before[person]] and mine in known
        lost += mine is None or (mine != who[person_before[person]] and mine not in known)
    return kept, wrong, lost


def cut(tracks: pd.DataFrame, at_s: float, length: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Take a stretch out of ``tracks`` and number all anew behind it; also ``now, was`` of each track."""
    kept = tracks[(tracks["time_s"] <= at_s) | (tracks["time_s"] > at_s + length)]
    behind = kept["time_s"] > at_s
    now = kept["track_id"] + behind * (int(tracks["track_id"].max()) + 1)
    number = pd.DataFrame({"now": now, "was": kept["track_id"]}).drop_duplicates().reset_index(drop=True)
    return kept.assign(track_id=now.astype("int32")).reset_index(drop=True), number


def rest(table: pd.DataFrame, at_s: float, length: float) -> pd.DataFrame:
    """The rows of another table outside the stretch."""
    return table[(table["time_s"] <= at_s) | (table["time_s"] > at_s + length)].reset_index(drop=True)


if __name__ == "__main__":
    main()
