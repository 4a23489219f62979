"""Does 'data from-run --order hard' find the frames with most to correct? Measured on a rendered match.

python benchmarks/frames_to_correct.py RUN TRUTH --frames 20

RUN is a run of the match that `render_match.py` wrote to TRUTH. Counts what a person would have to put right
in a frame: people (at least a fifth of them visible) that were not found, found ones that are none, wrong
roles.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from pipeline.core.boxes import box_iou
from pipeline.core.types import CLASS_NAMES
from pipeline.datasets.own_footage import frame_choice
from pipeline.evaluation.matching import match
from pipeline.runs.stored_run import StoredRun

_PEOPLE = CLASS_NAMES[:3]


def main() -> None:
    """Print corrections a frame for hard, evenly spread and all frames, and the correlation over all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--frames", type=int, default=20)
    arguments = parser.parse_args()
    run = StoredRun.open(arguments.run)
    truth = pd.read_parquet(arguments.truth / "truth_instances.parquet")
    frames = run.table("frames", ["frame", "time_s", "shot", "duplicate"])
    found, tracks, labels = run.table("instances"), run.table("tracks"), run.table("labels")
    missed = frame_choice.missed_boxes(found, tracks, frames, 1.0)
    doubts = frame_choice.frame_doubts(frames, found, labels, missed)
    actual = corrections(truth, found.merge(labels, on=["frame", "instance"]))
    doubts["actual"] = doubts["frame"].map(actual).fillna(0)
    print(f"{'frames':<14}{'corrections a frame':>20}")
    for order in frame_choice.ORDERS:
        chosen = frame_choice.choose_frames(doubts, arguments.frames, order, 1.0)
        print(f"{order + ' ' + str(len(chosen)):<14}{chosen['actual'].mean():>20.2f}")
    print(f"{'all ' + str(len(doubts)):<14}{doubts['actual'].mean():>20.2f}")
    rank = doubts["corrections"].corr(doubts["actual"], method="spearman")
    print(f"rank correlation of expected and actual corrections: {rank:.2f}")


def corrections(truth: pd.DataFrame, found: pd.DataFrame) -> pd.Series:
    """Count what is wrong in each frame: not found, found but nobody, wrong role."""
    everyone = truth[truth["role"].isin(_PEOPLE) & (truth["area_px"] >= 12)].copy()
    everyone["x2"], everyone["y2"] = (
        everyone["left"] + everyone["width"],
        everyone["top"] + everyone["height"],
    )
    people = found[found["class_name"].isin(_PEOPLE) & (found["role"] != "other")]
    by_frame = dict(tuple(people.groupby("frame")))
    out = {}
    for frame, there in everyone.groupby("frame"):
        seen = by_frame.get(frame, people.iloc[:0])
        boxes = there[["left", "top", "x2", "y2"]].to_numpy(float)
        overlap = box_iou(boxes, seen[frame_choice.BOX].to_numpy(float))
        pairs = match(overlap, seen["score"].to_numpy(), 0.5)
        plain = there["visible_share"].to_numpy() >= 0.2
        not_found = plain.sum() - plain[pairs[:, 0]].sum()
        roles = there["role"].to_numpy()[pairs[:, 0]] != seen["class_name"].to_numpy()[pairs[:, 1]]
        out[frame] = int(not_found + len(seen) - len(pairs) + roles.sum())
    return pd.Series(out)


if __name__ == "__main__":
    main()
