"""Time and memory of ``teamshape analyze`` on a whole match: SkillCorner's, in the ``kloppy`` wheel.

    python benchmarks/analyze_speed.py [--out DIR]

Exits with 1 if it takes 60 s of CPU time or 1.5 GB.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from importlib import resources
from pathlib import Path

MOST_S, MOST_GB = 60.0, 1.5


def main() -> None:
    """Run the command once, from scratch, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, help="keep the run here")
    arguments = parser.parse_args()
    files = Path(str(resources.files("kloppy"))) / "tests" / "files"
    with tempfile.TemporaryDirectory() as folder:
        root = arguments.out or Path(folder) / "run"
        source, meta = (files / f"skillcorner_{n}.json" for n in ("structured_data", "match_data"))
        command = [sys.executable, "-m", "pipeline", "analyze", source, "--meta", meta, "-o", root]
        began = time.perf_counter()
        subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL)
        wall_s = time.perf_counter() - began
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = json.loads((root / "run.json").read_text())["seconds"]
    cpu_s, peak_gb = used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6
    steps = ", ".join(f"{name} {s:.0f} s" for name, s in seconds.items())
    print(f"{wall_s:.0f} s ({steps}); CPU {cpu_s:.0f} s; peak {peak_gb:.2f} GB")
    sys.exit(int(cpu_s >= MOST_S or peak_gb >= MOST_GB))


if __name__ == "__main__":
    main()
