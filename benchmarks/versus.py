"""The same clip, weights and outputs by teamshape and by the usual way: ultralytics and supervision.

The usual way: ``YOLO.track(stream=True)`` with masks at the picture's size, supervision's masks and labels
drawn into a video, a table of boxes and tracks with run-length coded masks. Ours is all of ``teamshape run``,
which also finds the camera, teams, shapes and play, and writes the page. Runs alternate, each in a process of
its own, at two lengths: their difference is what a further frame costs, without loading and compiling.

    python benchmarks/versus.py FOOTAGE [--imgsz 1280 640] [--ends 2 6] [--rounds 2] [--every 0.2]

Times are the processor's, over all processes; in brackets by the clock.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

SAME_OUTPUTS = ("segment", "track", "draw")
"""Our steps that alone give what the usual way gives."""


@dataclass(frozen=True)
class Cost:
    """Seconds of the processor and by the clock; ``share`` of it for the outputs that both have."""

    cpu_s: float
    wall_s: float
    share: float = 1.0


def with_lap() -> None:
    """Give ultralytics' trackers the package ``lap``, which they would install: where it lacks, by scipy."""
    try:
        import lap  # noqa: F401
    except ImportError:
        from scipy.optimize import linear_sum_assignment

        def lapjv(cost: np.ndarray, extend_cost: bool, cost_limit: float) -> tuple[float, Any, Any]:
            n, m = cost.shape
            whole = np.full((n + m, n + m), cost_limit / 2)
            whole[:n, :m], whole[n:, m:] = cost, 0
            row, column = linear_sum_assignment(whole)
            x, y = np.full(n, -1), np.full(m, -1)
            pairs = (row < n) & (column < m)
            x[row[pairs]], y[column[pairs]] = column[pairs], row[pairs]
            return float(whole[row, column].sum()), x, y

        sys.modules["lap"] = types.ModuleType("lap")
        sys.modules["lap"].lapjv = lapjv
        sys.modules["lap"].__version__ = "0.5.12"


def usual_way(clip: Path, out: Path, imgsz: int, n_frames: int) -> None:
    """Track, draw and store ``n_frames`` of a clip as the manuals of the libraries say."""
    from pipeline.networks.quiet import silence_libraries
    from pipeline.networks.weights import resolve

    silence_libraries()
    with_lap()
    import pandas as pd
    import supervision as sv
    from pycocotools import mask as coco
    from ultralytics import YOLO

    model = YOLO(str(resolve("football-seg-n").path))
    masks, labels = sv.MaskAnnotator(), sv.LabelAnnotator(text_scale=0.4)
    rows: list[dict[str, Any]] = []
    with sv.VideoSink(str(out / "overlay.mp4"), sv.VideoInfo.from_video_path(str(clip))) as sink:
        results = model.track(
            str(clip), stream=True, imgsz=imgsz, conf=0.25, iou=0.6, retina_masks=True, verbose=False,
            device="cpu",
        )  # fmt: skip
        for frame, result in enumerate(results):
            if frame == n_frames:
                break
            found = sv.Detections.from_ultralytics(result)
            ids = found.tracker_id if found.tracker_id is not None else np.full(len(found), -1)
            names = [f"#{i} {model.names[c]}" for i, c in zip(ids, found.class_id, strict=True)]
            sink.write_frame(labels.annotate(masks.annotate(result.orig_img.copy(), found), found, names))
            for i, box in enumerate(found.xyxy):
                rle = coco.encode(np.asfortranarray(found.mask[i].astype(np.uint8)))
                rows.append({"frame": frame, "track_id": ids[i], "score": found.confidence[i]})
                rows[-1] |= {"class_id": found.class_id[i], "runs": rle["counts"]}
                rows[-1] |= dict(zip(("x1_px", "y1_px", "x2_px", "y2_px"), box.tolist(), strict=True))
    pd.DataFrame(rows).to_parquet(out / "tracks.parquet")


def run(command: list[str]) -> Cost:
    """Run a command; what it and its children cost."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    wall_s, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime, wall_s)


def theirs(clip: Path, imgsz: int, end_s: float, fps: float) -> Cost:
    """The usual way, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        given = ["--usual-way", folder, str(round(end_s * fps)), "--imgsz", str(imgsz)]
        return run([__file__, str(clip), *given])


def ours(clip: Path, imgsz: int, end_s: float, every_s: float | None) -> Cost:
    """A whole run of teamshape."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        settings = [f"segment.imgsz={imgsz}", f"video.end_s={end_s}", "segment.device=cpu"]
        settings += [f"video.every_s={every_s}"] if every_s else []
        cost = run(
            ["-m", "pipeline", "run", str(clip), "-o", str(out), *(x for s in settings for x in ("--set", s))]
        )
        seconds = json.loads((out / "run.json").read_text())["seconds"]
    return Cost(cost.cpu_s, cost.wall_s, sum(seconds[s] for s in SAME_OUTPUTS) / sum(seconds.values()))


def costs(options: argparse.Namespace, imgsz: int, fps: float) -> Iterator[tuple[str, float, Cost]]:
    """Alternate the ways and the lengths: name, end, cost."""
    for _ in range(options.rounds):
        for end_s in options.ends:
            yield "theirs", end_s, theirs(options.footage, imgsz, end_s, fps)
            yield "ours", end_s, ours(options.footage, imgsz, end_s, None)
            if options.every:
                yield "every", end_s, ours(options.footage, imgsz, end_s, options.every)


def further_second(measured: list[tuple[str, float, Cost]], who: str, clock: str) -> float:
    """What a further second of footage costs: the least of all rounds at both lengths, subtracted."""
    ends = sorted({end for name, end, _ in measured if name == who})
    least = [min(getattr(c, clock) for name, e, c in measured if (name, e) == (who, end)) for end in ends]
    return (least[-1] - least[0]) / (ends[-1] - ends[0])


def main() -> None:
    """Print a Markdown table: a row a size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("footage", type=Path)
    parser.add_argument("--imgsz", type=int, nargs="+", default=[1280, 640])
    parser.add_argument("--ends", type=float, nargs=2, default=[2.0, 6.0], help="seconds of footage")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--every", type=float, help="also ours with one frame in so many seconds")
    parser.add_argument("--usual-way", nargs=2, metavar=("OUT", "FRAMES"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.usual_way:
        usual_way(options.footage, Path(options.usual_way[0]), options.imgsz[0], int(options.usual_way[1]))
        return
    from pipeline import video

    options.footage = options.footage.resolve()
    fps = video.probe(options.footage).fps
    print("| imgsz | theirs, ms a frame | ours, all of it | ratio | ours, the same outputs | ratio |")
    print("|---|---|---|---|---|---|")
    for imgsz in options.imgsz:
        measured = list(costs(options, imgsz, fps))
        share = float(np.median([c.share for name, _, c in measured if name == "ours"]))
        their, own = (
            {k: further_second(measured, who, k) for k in ("cpu_s", "wall_s")} for who in ("theirs", "ours")
        )
        cells = [f"{1e3 * t['cpu_s'] / fps:.0f} ({1e3 * t['wall_s'] / fps:.0f})" for t in (their, own)]
        ratios = [
            f"{their['cpu_s'] / own['cpu_s'] / s:.1f} ({their['wall_s'] / own['wall_s'] / s:.1f})"
            for s in (1, share)
        ]
        print(
            f"| {imgsz} | {cells[0]} | {cells[1]} | {ratios[0]} | {share:.0%} of it | {ratios[1]} |",
            flush=True,
        )
        if options.every:
            few = further_second(measured, "every", "cpu_s")
            name, ratio = f"{imgsz}, every {options.every:g} s", their["cpu_s"] / few
            print(f"| {name} | | {1e3 * few / fps:.0f} | {ratio:.1f} | | |", flush=True)


if __name__ == "__main__":
    main()
