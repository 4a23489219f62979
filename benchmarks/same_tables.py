"""Show that one clip gives one set of tables: again and again, and with other numbers of threads.

Processes the clip N times, each time in a new process with another hash seed and the next number of threads,
compares every table with those of the first run byte by byte, and says what share of the time went into the
digests that vouch for the outputs. Exits with 1 if any table differs.

    python benchmarks/same_tables.py [CLIP] -n 10 -- --set segment.imgsz=640 --end 2
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

CLIP = Path(__file__).parents[1] / "pipeline" / "demo" / "demo.mp4"
THREADS = (1, 2, 4)
_RUN = """
import sys, time
from pipeline.runs import run_directory
from pipeline.workflow import step
spent, digest = 0.0, run_directory.sha256
def timed(path):
    global spent
    began = time.process_time()
    try:
        return digest(path)
    finally:
        spent += time.process_time() - began
run_directory.sha256 = step.sha256 = timed
from pipeline.cli.main import main
try:
    main()
finally:
    print("digests", spent, time.process_time(), file=sys.stderr)
"""


def tables_of(run: Path) -> dict[str, str]:
    """Digest of each table of a run, by its name."""
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(run.glob("tables/*.parquet"))}


def process(clip: Path, out: Path, options: Sequence[str], threads: int, seed: int) -> tuple[float, float]:
    """Run the clip; processor seconds for digests, and all of them."""
    known = {"OMP_NUM_THREADS": str(threads), "PYTHONHASHSEED": str(seed)}
    command = [sys.executable, "-c", _RUN, "run", str(clip), "-o", str(out), *options]
    done = subprocess.run(command, env=os.environ | known, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    spent, total = done.stderr.strip().splitlines()[-1].split()[1:]
    return float(spent), float(total)


def main() -> int:
    """Print a Markdown table of the runs, and which tables differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clip", type=Path, nargs="?", default=CLIP)
    parser.add_argument("-n", type=int, default=10, help="how many runs")
    parser.add_argument("--json", type=Path, help="also write the digests here")
    ours = sys.argv[1 : sys.argv.index("--")] if "--" in sys.argv else sys.argv[1:]
    args = parser.parse_args(ours)
    options = sys.argv[len(ours) + 2 :] or ["--end", "1", "--set", "segment.imgsz=640"]
    found: list[dict[str, str]] = []
    print("| run | threads | tables | that differ | digests, s | whole run, s of the processor |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for i in range(args.n):
            threads = THREADS[i % len(THREADS)]
            out = Path(folder) / f"run{i}"
            spent, total = process(args.clip.resolve(), out, options, threads, i)
            found.append(tables_of(out))
            other = [n for n in found[0] | found[i] if found[0].get(n) != found[i].get(n)]
            row = (i + 1, threads, len(found[i]), ", ".join(other) or "none", f"{spent:.3f}", f"{total:.1f}")
            print("| " + " | ".join(map(str, row)) + " |", flush=True)
    sets = len({json.dumps(f) for f in found})
    print(f"\n{args.n} runs of {args.clip.name}: {sets} set{'s' * (sets > 1)} of tables")
    if args.json:
        args.json.write_text(json.dumps(found, indent=1))
    return int(sets > 1)


if __name__ == "__main__":
    sys.exit(main())
