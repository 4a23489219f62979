"""Run the real clips and print, for each, what came out: the table of docs/real-footage.md.

python benchmarks/real_footage.py --shared ../shared -o runs/real
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd

from pipeline.runs import run_directory
from pipeline.tables import storage

ON_PITCH = ("player", "goalkeeper", "referee")


def describe(root: Path) -> dict[str, object]:
    """Sum up one finished run: people, views, tracks, teams, speed."""
    read = {
        n: storage.read(root / "tables" / f"{n}.parquet", n)
        for n in ("frames", "views", "labels", "identities")
    }
    frames, labels = read["frames"], read["labels"]
    people = labels[labels["role"].isin(ON_PITCH)]
    per_frame = people.groupby("frame").size().reindex(frames["frame"], fill_value=0)
    split = people[people["role"] == "player"].groupby(["frame", "team"]).size().unstack(fill_value=0)
    split = split.reindex(frames["frame"], fill_value=0)
    views = read["views"]["source"].value_counts()
    who = read["identities"]
    players = who[who["role"].isin(("player", "goalkeeper"))]
    seconds = run_directory.read_json(root / "run.json")["seconds"]
    return {
        "clip": root.name,
        "frames": len(frames),
        "shots": frames["shot"].nunique(),
        "people a frame (median)": per_frame.median(),
        "view measured/tracked/interpolated/none": "/".join(
            str(views.get(s, 0)) for s in ("measured", "tracked", "interpolated", "none")
        ),
        "tracks (players)": f"{len(who)} ({len(players)})",
        "median player track (s)": round(float((players["last_s"] - players["first_s"]).median()), 1),
        "team A v B a frame (median)": " v ".join(
            f"{split.get(t, pd.Series([0])).median():.0f}" for t in "AB"
        ),
        "frames/s segment": round(len(frames) / max(seconds["segment"], 1e-9), 1),
        "frames/s all": round(len(frames) / max(sum(seconds.values()), 1e-9), 1),
    }


def main() -> None:
    """Run every clip (finished steps are skipped) and print a Markdown table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, required=True, help="folder that holds clips/")
    parser.add_argument("-o", "--out", type=Path, default=Path("runs/real"))
    parser.add_argument("arguments", nargs="*", help="more arguments for 'teamshape run'")
    options = parser.parse_args()
    rows = []
    for clip in sorted((options.shared / "clips").glob("*.mp4")):
        root = options.out / clip.stem
        began = time.perf_counter()
        command = [sys.executable, "-m", "pipeline", "run", str(clip), "-o", str(root), *options.arguments]
        subprocess.run(command, check=True)
        print(f"{clip.name}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
        rows.append(describe(root))
    keys = list(rows[0])
    print("| " + " | ".join(keys) + " |\n|" + "---|" * len(keys))
    for row in rows:
        print("| " + " | ".join(str(row[k]) for k in keys) + " |")


if __name__ == "__main__":
    main()
