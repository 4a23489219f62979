"""How well instances are linked over time, apart from how well they are found.

    python benchmarks/tracking_accuracy.py --shared ../shared

Boxes come from the truth of 15 football sequences of SportsMOT (no pictures, so camera motion is read off
the people and kits are unknown) and of a wide tactical view: as they are, and as a detector would see them
(box noise, people missed behind others and in bursts, false boxes). ``id again`` counts a person who comes
back into view as the same; ``in view`` renews the truth's id after 1.5 s out of view, which is what a
tracker without re-identification can at most reach.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.core.boxes import box_iou
from pipeline.core.config import TrackSettings
from pipeline.tracking.tracker import track

Array = NDArray[np.float64]
BOX = ["x1_px", "y1_px", "x2_px", "y2_px"]
SETTINGS = TrackSettings()
FPS = 25.0


@dataclass(frozen=True, slots=True)
class Sequence:
    """True boxes: columns frame, id, and the box in px."""

    name: str
    truth: pd.DataFrame


def main() -> None:
    """Measure and print two tables in Markdown: accuracy, and what link scores are worth."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--every", type=int, default=1, help="keep one frame in so many")
    options = parser.parse_args()
    every = options.every
    sets = {
        "SportsMOT football, 15 sequences": list(sportsmot(options.shared, every)),
        "SoccerTrack wide view, 3 s": list(wide(options.shared, every)),
    }
    print("| boxes | HOTA in view | HOTA id again | AssA | IDF1 | switches | ms a frame |")
    print("|---|---|---|---|---|---|---|")
    links = []
    for title, sequences in sets.items():
        for kind in ("true", "simulated detector"):
            ours, scored = measure(sequences, kind, FPS / every)
            links.append(scored)
            print(row(f"{title}, {kind}", ours))
    print("\n| link score | links | right |\n|---|---|---|")
    table = pd.concat(links)
    bands = pd.cut(table["score"], [-0.01, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0])
    for band, part in table.groupby(bands, observed=True):
        print(
            f"| {max(band.left, 0):.2f} to {band.right:.2f} | {len(part)} | {100 * part.right.mean():.1f}% |"
        )


def row(title: str, scores: pd.DataFrame) -> str:
    """One line of the table: means over sequences (switches: sum)."""
    mean = scores.mean()
    cells = [f"{mean[name]:.1f}" for name in ("hota_in_view", "hota_again", "ass_a", "idf1")]
    cells += [str(int(scores["switches"].sum())), f"{mean['ms']:.2f}"]
    return f"| {title} | " + " | ".join(cells) + " |"


def sportsmot(shared: Path, every: int) -> Iterator[Sequence]:
    """The football sequences of SportsMOT."""
    for folder in sorted((shared / "tracking" / "sportsmot_football_gt").iterdir()):
        yield Sequence(folder.name, _mot(folder / "gt" / "gt.txt", every))


def wide(shared: Path, every: int) -> Iterator[Sequence]:
    """SoccerTrack's wide view, people only (id 23 is the ball)."""
    truth = _mot(shared / "tracking" / "soccertrack_wide" / "gt.txt", every)
    yield Sequence("soccertrack_wide", truth[truth["id"] != 23].reset_index(drop=True))


def _mot(path: Path, every: int) -> pd.DataFrame:
    rows = np.loadtxt(path, delimiter=",")
    table = pd.DataFrame({"frame": rows[:, 0].astype(int) - 1, "id": rows[:, 1].astype(int)})
    table[BOX] = np.column_stack([rows[:, 2:4], rows[:, 2:4] + rows[:, 4:6]])
    table = table[table["frame"] % every == 0].assign(frame=lambda t: t["frame"] // every)
    return table.sort_values("frame", kind="stable", ignore_index=True)


def measure(sequences: list[Sequence], kind: str, fps: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Scores for each sequence, and each link's score with whether it was right."""
    scores, links = [], []
    for seed, sequence in enumerate(sequences):
        boxes = _boxes(sequence.truth, kind, seed)
        frames, instances = _tables(boxes, fps)
        began = time.process_time()
        tracks = track(frames, instances, SETTINGS)
        took = (time.process_time() - began) / len(frames) * 1e3
        linked = tracks.merge(instances[["frame", "instance", *BOX]], on=["frame", "instance"])
        linked["id"] = tracks.merge(boxes[["frame", "instance", "id"]], on=["frame", "instance"])["id"]
        scores.append({**_scores(sequence.truth, linked, fps), "ms": took})
        links.append(_links(linked))
    return pd.DataFrame(scores), pd.concat(links)


def _boxes(truth: pd.DataFrame, kind: str, seed: int) -> pd.DataFrame:
    found = truth.assign(score=0.9) if kind == "true" else simulate_detector(truth, seed)
    return found.assign(instance=found.groupby("frame").cumcount())


def simulate_detector(
    truth: pd.DataFrame, seed: int, miss: float = 0.1, noise: float = 0.025
) -> pd.DataFrame:
    """Boxes as a detector sees them: noise of 2.5% of the height on each side, people missed where
    someone in front covers half of them, 3% missed at random and in bursts, one false box a frame.
    """
    chance = np.random.default_rng(seed)
    found = truth.copy()
    height = (found["y2_px"] - found["y1_px"]).to_numpy()
    for name in BOX:
        found[name] += chance.normal(0, noise, len(found)) * height
    found["score"] = chance.uniform(0.5, 0.95, len(found))
    lost = chance.random(len(found)) < 0.3 * miss
    dim = np.zeros(len(found), bool)
    for rows in found.groupby("frame").indices.values():
        box = found.iloc[rows][BOX].to_numpy()
        overlap = box_iou(box, box) * (box[None, :, 3] > box[:, None, 3])
        np.fill_diagonal(overlap, 0)
        lost[rows] |= overlap.max(axis=1) > 0.5
        dim[rows] = overlap.max(axis=1) > 0.3
    found.loc[dim, "score"] = 0.3
    for rows in found.groupby("id").indices.values():
        for start in np.flatnonzero(chance.random(len(rows)) < 0.7 * miss / 6):
            lost[rows[start : start + chance.geometric(1 / 6)]] = True
    n_false = chance.poisson(truth["frame"].max() + 1)
    false = truth.sample(n_false, replace=True, random_state=seed)
    x = chance.uniform(0, truth["x2_px"].max(), n_false) - false["x1_px"]
    y = chance.uniform(truth["y1_px"].min(), truth["y2_px"].max(), n_false) - false["y2_px"]
    false = false.assign(id=-1, score=chance.uniform(0.25, 0.6, n_false))
    for name, shift in zip(BOX, (x, y, x, y), strict=True):
        false[name] += shift
    return pd.concat([found[~lost], false]).sort_values("frame", kind="stable", ignore_index=True)


def _tables(boxes: pd.DataFrame, fps: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    number = np.arange(int(boxes["frame"].max()) + 1)
    frames = pd.DataFrame(
        {"frame": number, "time_s": number / fps, "shot": 0, "duplicate": False, "grass": 0.8}
    )
    frames[[f"m{i}{j}" for i in (1, 2, 3) for j in (1, 2, 3)]] = np.nan
    instances = boxes.assign(time_s=boxes["frame"] / fps, class_name="player", kit_px=0)
    instances[[f"{part}_{c}" for part in ("torso", "legs") for c in "lab"]] = np.nan
    return frames, instances


def _scores(truth: pd.DataFrame, linked: pd.DataFrame, fps: float) -> dict[str, float]:
    order = truth.sort_values(["id", "frame"])
    fresh = (order["id"].diff() != 0) | (order["frame"].diff() > SETTINGS.max_gap_s * fps)
    in_view = trackeval_scores(order.assign(id=fresh.cumsum()), linked)
    again = trackeval_scores(truth, linked)
    return {**again, "hota_in_view": in_view["hota"], "hota_again": again["hota"]}


def trackeval_scores(truth: pd.DataFrame, linked: pd.DataFrame) -> dict[str, float]:
    """HOTA, AssA, IDF1 (percent) and identity switches by trackeval; columns frame, id or track_id, box."""
    import trackeval

    true_ids, true_id = np.unique(truth["id"], return_inverse=True)
    ids, found_id = np.unique(linked["track_id"], return_inverse=True)
    in_truth, in_found = truth.groupby("frame").indices, linked.groupby("frame").indices
    n = int(truth["frame"].max()) + 1
    none = np.zeros(0, np.int64)
    data: dict[str, Any] = {
        "num_timesteps": n,
        "num_gt_ids": len(true_ids),
        "num_tracker_ids": len(ids),
        "num_gt_dets": len(truth),
        "num_tracker_dets": len(linked),
        "gt_ids": [true_id[in_truth.get(f, none)] for f in range(n)],
        "tracker_ids": [found_id[in_found.get(f, none)] for f in range(n)],
    }
    box, found = truth[BOX].to_numpy(), linked[BOX].to_numpy()
    data["similarity_scores"] = [
        box_iou(box[in_truth.get(f, none)], found[in_found.get(f, none)]) for f in range(n)
    ]
    with contextlib.redirect_stdout(io.StringIO()):
        hota = trackeval.metrics.HOTA().eval_sequence(data)
        clear = trackeval.metrics.CLEAR().eval_sequence(data)
        identity = trackeval.metrics.Identity().eval_sequence(data)
    return {
        "hota": 100 * float(np.mean(hota["HOTA"])),
        "ass_a": 100 * float(np.mean(hota["AssA"])),
        "idf1": 100 * float(identity["IDF1"]),
        "switches": float(clear["IDSW"]),
    }


def _links(linked: pd.DataFrame) -> pd.DataFrame:
    """Each link's score, and whether both of its ends are the same person."""
    order = linked.sort_values(["track_id", "frame"])
    before = order.groupby("track_id")["id"].shift()
    known = before.notna() & (before > 0)
    return pd.DataFrame({"score": order["link_score"], "right": order["id"] == before})[known]


if __name__ == "__main__":
    main()
