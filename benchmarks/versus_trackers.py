"""Our tracker against those of the packages ``trackers`` and ``ultralytics``, on the same boxes in one run.

    pip install trackers lap
    python benchmarks/versus_trackers.py --shared ../shared

Boxes are those of ``tracking_accuracy.py``: the truth of 15 football sequences of SportsMOT, as it is and as
a detector would see it. There are no pictures, so nobody has them: compensation of camera motion from
pictures is off (ours reads it off the people), and so are appearance and masks (McByte's). Everything else
stands at its package's defaults; ``--alike`` gives all of them our setting where they have one of that
meaning: scores from which a box may begin a track, and how long one that is lost is waited for. The packages
are for this benchmark only: teamshape needs neither.
"""

from __future__ import annotations

import argparse
import inspect
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tracking_accuracy import BOX, FPS, SETTINGS, Sequence, _boxes, _scores, _tables, row, sportsmot

from pipeline.tracking.tracker import track

Rows = dict[int, NDArray[np.int64]]
Tracker = Callable[[pd.DataFrame, int], NDArray[np.int64]]
"""Takes boxes with scores by frame, and the number of frames; gives an id to each box, -1 for none."""
_OF_TRACKERS = ("SORT", "ByteTrack", "OCSORT", "BoTSORT", "CBIoU", "McByte")
_OF_ULTRALYTICS = ("botsort", "bytetrack")
_DEFAULT = "botsort"


def main() -> None:
    """Measure and print a table in Markdown for each kind of boxes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--every", type=int, default=1, help="only one sequence in so many")
    parser.add_argument("--alike", action="store_true", help="our thresholds and patience for all")
    options = parser.parse_args()
    sequences = list(sportsmot(options.shared, 1))[:: options.every]
    alike = options.alike
    everybody: dict[str, Tracker] = {"teamshape": _ours}
    everybody |= {f"trackers {version('trackers')}: {n}": _trackers(n, alike) for n in _OF_TRACKERS}
    everybody |= {_called(n): _ultralytics(n, alike) for n in _OF_ULTRALYTICS}
    for kind in ("true", "simulated detector"):
        print(f"\n{len(sequences)} sequences, {kind} boxes\n")
        print("| tracker | HOTA in view | HOTA id again | AssA | IDF1 | switches | ms a frame |")
        print("|---|---|---|---|---|---|---|")
        for name, tracker in everybody.items():
            print(row(name, measure(sequences, kind, tracker)), flush=True)


def _called(name: str) -> str:
    note = " (its default)" if name == _DEFAULT else ""
    return f"ultralytics {version('ultralytics')}: {name}{note}"


def measure(sequences: list[Sequence], kind: str, tracker: Tracker) -> pd.DataFrame:
    """Scores for each sequence."""
    out = []
    for seed, sequence in enumerate(sequences):
        boxes = _boxes(sequence.truth, kind, seed).reset_index(drop=True)
        n_frames = int(boxes["frame"].max()) + 1
        began = time.process_time()
        ids = tracker(boxes, n_frames)
        took = (time.process_time() - began) / n_frames * 1e3
        linked = boxes.assign(track_id=ids)[ids >= 0]
        out.append({**_scores(sequence.truth, linked, FPS), "ms": took})
    return pd.DataFrame(out)


def _ours(boxes: pd.DataFrame, n_frames: int) -> NDArray[np.int64]:
    made = track(*_tables(boxes, FPS), SETTINGS)
    ids = boxes.merge(made[["frame", "instance", "track_id"]], "left", ["frame", "instance"])["track_id"]
    return ids.fillna(-1).to_numpy(np.int64)


def _trackers(name: str, alike: bool) -> Tracker:
    def do(boxes: pd.DataFrame, n_frames: int) -> NDArray[np.int64]:
        import supervision
        import trackers

        kind = getattr(trackers, f"{name}Tracker")
        takes = inspect.signature(kind).parameters
        # The package counts its buffer in frames of 1/30 s.
        ours = {"lost_track_buffer": round(30 * SETTINGS.max_gap_s)}
        ours |= dict.fromkeys(("track_activation_threshold", "high_conf_det_threshold"), SETTINGS.high_score)
        asked = {"frame_rate": FPS, "enable_cmc": False} | (ours if alike else {})
        made = kind(**{k: v for k, v in asked.items() if k in takes})
        ids = np.full(len(boxes), -1)
        at: Rows = boxes.groupby("frame").indices
        box, score = boxes[BOX].to_numpy(np.float32), boxes["score"].to_numpy(np.float32)
        for frame in range(n_frames):
            rows = at.get(frame, np.zeros(0, np.int64))
            seen = supervision.Detections(
                box[rows], None, score[rows], np.zeros(len(rows), int), data={"row": rows}
            )
            out = made.update(seen)
            if len(out) and out.tracker_id is not None:
                ids[np.asarray(out.data["row"])] = out.tracker_id
        return ids

    return do


class _Results:
    """Boxes as ultralytics' trackers ask for them: with ``xywh``, ``conf``, ``cls``, by row."""

    def __init__(self, xyxy: NDArray[np.float32], conf: NDArray[np.float32]) -> None:
        self.xyxy, self.conf, self.cls = xyxy, conf, np.zeros(len(conf), np.float32)

    @property
    def xywh(self) -> NDArray[np.float32]:
        """Middle and size, ``(N, 4)`` px."""
        first, last = self.xyxy[:, :2], self.xyxy[:, 2:]
        return np.concatenate([(first + last) / 2, last - first], axis=1)

    def __len__(self) -> int:
        return len(self.conf)

    def __getitem__(self, rows: Any) -> _Results:
        return _Results(self.xyxy[rows], self.conf[rows])


def _ultralytics(name: str, alike: bool) -> Tracker:
    def do(boxes: pd.DataFrame, n_frames: int) -> NDArray[np.int64]:
        from ultralytics.trackers.track import TRACKER_MAP
        from ultralytics.utils import YAML
        from ultralytics.utils.checks import check_yaml

        asked = YAML.load(check_yaml(f"{name}.yaml"))
        asked |= {"gmc_method": "none", "with_reid": False}
        if alike:
            asked["track_buffer"] = round(SETTINGS.max_gap_s * FPS)
            asked |= dict.fromkeys(("track_high_thresh", "new_track_thresh"), SETTINGS.high_score)
        made = TRACKER_MAP[name](args=SimpleNamespace(**asked))
        ids = np.full(len(boxes), -1)
        at: Rows = boxes.groupby("frame").indices
        box, score = boxes[BOX].to_numpy(np.float32), boxes["score"].to_numpy(np.float32)
        for frame in range(n_frames):
            rows = at.get(frame, np.zeros(0, np.int64))
            out = np.asarray(made.update(_Results(box[rows], score[rows]), None))
            if len(out):
                ids[rows[out[:, -1].astype(int)]] = out[:, 4].astype(int)
        return ids

    return do


if __name__ == "__main__":
    main()
