"""How much faster is an int8 network than the float one on this CPU? Both in turn, so that load hits both.

CPU time (all threads) is compared as well as the clock: it hardly depends on what else the machine does.

    teamshape weights export football-seg-n --format openvino-int8 --data ds/ -o exported/ --keep
    python benchmarks/int8_speed.py exported/football-seg-n-openvino-int8 --rounds 30

The float network runs as it would in a run (half precision where the CPU has it) and in float32.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from pipeline.networks import backends, letterbox
from pipeline.networks.weights import resolve


def main() -> None:
    """Run the comparison and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("quantised")
    parser.add_argument("--original", default="football-seg-n")
    parser.add_argument("--imgsz", type=int, nargs="+", default=[640, 1280])
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--threads", type=int, default=0)
    options = parser.parse_args()
    original, quantised = resolve(options.original), resolve(options.quantised)
    networks = {
        "float32": backends.load(original, "cpu", options.threads, exact=True),
        "default": backends.load(original, "cpu", options.threads),
        "int8": backends.load(quantised, "cpu", options.threads),
    }
    for imgsz in options.imgsz:
        height, width = letterbox.fit((1080, 1920), imgsz).input_hw
        picture = np.random.default_rng(0).integers(0, 255, (1, height, width, 3), np.uint8)
        seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in networks}
        for _ in range(options.rounds + 2):
            for name, network in networks.items():
                began, work = time.perf_counter(), time.process_time()
                network.forward(picture)
                seconds[name].append((time.perf_counter() - began, time.process_time() - work))
        rows = {name: np.array(s[2:]) for name, s in seconds.items()}
        for name, s in rows.items():
            clock, work = np.median(s, axis=0)
            faster = np.median(rows["float32"] / s, axis=0)
            print(
                f"{width} x {height}  {name:8s} {1000 * clock:6.0f} ms by the clock ({faster[0]:.2f} x), "
                f"{1000 * work:6.0f} ms of CPU ({faster[1]:.2f} x float32)"
            )


if __name__ == "__main__":
    main()
