"""Identities across a cut, without labels: a stretch is cut out of a finished run, the rest linked again.

    python benchmarks/identity_cuts.py RUN [RUN ...] [--cut 2 5 10] [--places 3] [--looks]

Tracks that span the cut are numbered anew behind it, as tracking would after a cut; times behind it are
kept, so the gap is known. Of the players in view on both sides (on one track across, or one person in the
uncut
linking) it counts who keeps his identity, who becomes another's, and who becomes a new person or unknown.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline import video
from pipeline.core.config import Config
from pipeline.linking.link_people import link
from pipeline.tables import storage
from pipeline.workflow import tracklet_looks

READS = ("tracks", "instances", "positions", "identities")
EDGE_S = 1.0


def main() -> None:
    """Cut every run at some moments and print a row of a Markdown table for each length."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("--cut", type=float, nargs="+", default=[2.0, 5.0, 10.0])
    parser.add_argument("--places", type=int, default=3, help="moments at which each run is cut")
    parser.add_argument("--looks", action="store_true", help="look at all tracks again in the footage")
    options = parser.parse_args()
    print("| run | cut, s | cuts | in view on both sides | kept | wrong | new or unknown |")
    print("|---|---|---|---|---|---|---|")
    for root in options.runs:
        tables = {n: storage.read(root / "tables" / f"{n}.parquet", n) for n in READS}
        look = partial(looks, root) if options.looks else None
        seen = None if look is None else look(tables["tracks"])
        truth = link(*tables.values(), appearance=seen).links
        for length in options.cut:
            counts = [
                judged(tables, truth, at, length, look) for at in moments(tables, length, options.places)
            ]
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


def looks(root: Path, tracks: pd.DataFrame) -> pd.DataFrame:
    """Make table ``tracklet_appearance`` of ``tracks``, from the run's masks and footage."""
    record = json.loads((root / "run.json").read_text())
    config, source = Config.model_validate(record["config"]), Path(record["source"])
    info = video.probe(source, config.video)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for table in ("instances", "segments"):
            (folder / f"{table}.parquet").symlink_to((root / "tables" / f"{table}.parquet").resolve())
        storage.write(tracks, folder / "tracks.parquet", "tracks")
        samples = tracklet_looks.choose(folder, config.appearance, (info.width_px, info.height_px))
        pictures = video.frames_at(source, sorted(set(samples["frame"].tolist())), config.video)
        seen = tracklet_looks.look(pictures, samples, folder, None, lambda _: None)
    return tracklet_looks.tracklets_table(seen, samples, config.appearance.min_number_score)


def judged(
    tables: dict[str, pd.DataFrame],
    truth: pd.DataFrame,
    at_s: float,
    length: float,
    look: Callable[[pd.DataFrame], pd.DataFrame] | None = None,
) -> tuple[int, int, int]:
    """Cut once: how many players are kept, become another's, become new or unknown."""
    tracks, number = cut(tables["tracks"], at_s, length)
    instances, positions = (rest(tables[n], at_s, length) for n in ("instances", "positions"))
    identities = number.merge(tables["identities"], left_on="was", right_on="track_id")
    identities = identities.assign(track_id=identities["now"]).drop(columns=["was", "now"])
    seen = None if look is None else look(tracks)
    made = link(tracks, instances, positions, identities, appearance=seen).links
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
