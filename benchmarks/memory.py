"""Show that memory does not grow with the length of the footage.

Runs the demo clip and the same clip looped to five minutes, and prints the peak resident memory of each.

    python benchmarks/memory.py
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import av
import psutil

CLIP = Path(__file__).parents[1] / "pipeline" / "demo" / "demo.mp4"


def loop(source: Path, target: Path, seconds: float) -> None:
    """Repeat a clip by copying its packets with shifted times; nothing is encoded again."""
    with av.open(str(target), "w") as out:
        stream, offset = None, 0
        while stream is None or float(offset * stream.time_base) < seconds:
            with av.open(str(source)) as container:
                video = container.streams.video[0]
                stream = stream or out.add_stream_from_template(video)
                span = round(float(container.duration / av.time_base) / float(video.time_base))
                for packet in container.demux(video):
                    if packet.dts is None:
                        continue
                    packet.dts += offset
                    packet.pts += offset
                    packet.stream = stream
                    out.mux(packet)
            offset += span


def peak_mb(source: Path, out: Path, arguments: list[str]) -> tuple[float, float]:
    """Process ``source`` and give the peak resident memory (MB) and the time (s)."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "pipeline", "run", str(source), "-o", str(out), *arguments]
    process = psutil.Popen(command)
    peak = 0
    while process.poll() is None:
        try:
            peak = max(peak, process.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.1)
    if process.wait():
        raise subprocess.CalledProcessError(process.returncode, command)
    return peak / 2**20, time.perf_counter() - began


def main() -> None:
    """Print a Markdown table of both runs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument(
        "--imgsz", type=int, default=640, help="smaller is faster; it adds a constant to the memory"
    )
    options = parser.parse_args()
    arguments = ["--set", f"segment.imgsz={options.imgsz}"]
    with tempfile.TemporaryDirectory() as folder:
        long = Path(folder) / "long.mp4"
        loop(CLIP, long, options.minutes * 60)
        print("| footage | peak memory (MB) | time (s) |\n|---|---|---|")
        for name, source in (("10 s", CLIP), (f"{options.minutes:g} min", long)):
            peak, seconds = peak_mb(source, Path(folder) / name.replace(" ", ""), arguments)
            print(f"| {name} | {peak:.0f} | {seconds:.0f} |", flush=True)


if __name__ == "__main__":
    main()
