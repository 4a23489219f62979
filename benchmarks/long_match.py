"""Time and memory of every step behind the pictures over a whole match, made of a short run repeated.

Takes a finished run from footage, repeats what its pictures gave (people, tracks, camera views, shots) with
clock, frames, tracks and shots counted on until there are --minutes, and runs each step from `project` to
the page in a process of its own. Step `track` is timed on the same tables first.

    python benchmarks/long_match.py runs/derby --minutes 5 45 90
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

TILED = (
    *("frames", "instances", "segments", "tracks", "views", "view_errors", "shots"),
    *("number_readings", "tracklet_appearance"),
)
STEPS = ("track", "project", "identify", "periods", "link", "measure", "physical", "play", "report")
FRAME = ("frame", "start_frame", "end_frame")
TIME = ("time_s", "start_s", "end_s")

ONE_STEP = """
import json, sys
from pathlib import Path
from pipeline.core.config import Config
from pipeline.workflow import plan
from pipeline.workflow.step import Context, execute, fingerprints
root, name = Path(sys.argv[1]), sys.argv[2]
record = json.loads((root / "run.json").read_text())
config = Config.model_validate(record["config"])
steps = plan.chosen(config)
marks = fingerprints(steps, config, record["video"]["fingerprint"])
step = next(s for s in steps if s.name == name)
execute(step, Context(root, Path(record["source"]), config, lambda *_: None, print, marks[name]))
record["steps"] = marks
(root / "run.json").write_text(json.dumps(record))
"""


def shifted(table: pa.Table, by: dict[str, float]) -> pa.Table:
    """Add to every column that counts frames, time, tracks or shots."""
    for at, field in enumerate(table.schema):
        kind = next((k for k, names in KINDS.items() if field.name in names), None)
        if kind is not None:
            moved = pc.add(table.column(at), pa.scalar(by[kind], field.type))
            table = table.set_column(at, field, moved)
    return table


KINDS = {"frame": FRAME, "time": TIME, "track": ("track_id",), "shot": ("shot",)}


def repeat(run: Path, root: Path, minutes: float) -> None:
    """Write a run in ``root`` whose tables before `project` are those of ``run``, over and over."""
    frames = pq.read_table(run / "tables" / "frames.parquet").to_pandas()
    step_s = float(frames["time_s"].diff().median())
    tracks = pq.read_table(run / "tables" / "tracks.parquet").to_pandas()
    once = {
        "frame": int(frames["frame"].max()) + 1,
        "time": float(frames["time_s"].max()) + step_s,
        "track": int(tracks["track_id"].max()) + 1,
        "shot": int(frames["shot"].max()) + 1,
    }
    n = max(1, round(minutes * 60 / once["time"]))
    (root / "tables").mkdir(parents=True)
    (root / "steps").mkdir()
    for name in TILED:
        path = run / "tables" / f"{name}.parquet"
        table = pq.read_table(path)
        with pq.ParquetWriter(root / "tables" / path.name, table.schema, compression="zstd") as writer:
            for i in range(n):
                writer.write_table(shifted(table, {k: v * i for k, v in once.items()}), row_group_size=50_000)
    for name in ("segment", "track", "appearance", "calibrate", "shots"):
        shutil.copy(run / "steps" / f"{name}.json", root / "steps")
    record = json.loads((run / "run.json").read_text())
    record["video"]["duration_s"] = n * once["time"]
    (root / "run.json").write_text(json.dumps(record))


def measured(root: Path, name: str) -> tuple[float, float]:
    """Run one step; seconds of CPU, and the peak of its memory, MB."""
    process = psutil.Popen([sys.executable, "-c", ONE_STEP, str(root), name], stdout=subprocess.DEVNULL)
    peak, cpu_s = 0, 0.0
    while process.poll() is None:
        try:
            peak = max(peak, process.memory_info().rss)
            times = process.cpu_times()
            cpu_s = times.user + times.system
        except psutil.NoSuchProcess:
            break
        time.sleep(0.05)
    if process.wait():
        raise subprocess.CalledProcessError(process.returncode, name)
    return cpu_s, peak / 2**20


def main() -> None:
    """Print a Markdown table: a row a step, two columns a length."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run", type=Path, help="a finished run from footage")
    parser.add_argument("--minutes", type=float, nargs="+", default=[5.0, 45.0, 90.0])
    parser.add_argument("--steps", nargs="+", default=STEPS)
    parser.add_argument("--keep", type=Path, help="keep the longest run here")
    options = parser.parse_args()
    rows: dict[str, list[str]] = {name: [] for name in options.steps}
    for minutes in options.minutes:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "run"
            repeat(options.run, root, minutes)
            kept = root / "tables" / "tracks.parquet"
            tracks = kept.read_bytes()
            for name in options.steps:
                cpu_s, peak = measured(root, name)
                rows[name] += [f"{cpu_s:.1f}", f"{peak:.0f}"]
                print(f"{minutes:g} min {name}: {cpu_s:.1f} s, {peak:.0f} MB", file=sys.stderr, flush=True)
                if name == "track":
                    kept.write_bytes(tracks)
            page = root / "report" / "index.html"
            if page.exists():
                print(f"{minutes:g} min page: {page.stat().st_size / 1e6:.2f} MB", file=sys.stderr)
            if options.keep and minutes == max(options.minutes):
                shutil.copytree(root, options.keep)
    heads = [f"{m:g} min: s of CPU | MB" for m in options.minutes]
    print(f"| step | {' | '.join(heads)} |\n|---|{'---|---|' * len(heads)}")
    for name, cells in rows.items():
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
