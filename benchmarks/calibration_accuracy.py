"""How far off views of single pictures are: labelled frames of the validation matches, and the rendered demo.

python benchmarks/calibration_accuracy.py --shared ../shared [--weights runs/pitch/weights/pitch.onnx]

The labelled frames by `teamshape evaluate-calibration`, whole and with their middle enlarged (closer views
than the set has). The demo's frames, one a second, against its exact truth.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline import video
from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.initial_views.single_view import picture_grid
from pipeline.calibration.sequence.shot_views import solve_shot
from pipeline.core.config import CalibrateSettings
from pipeline.core.geometry import orient, to_pitch
from pipeline.core.pitch import Pitch
from pipeline.networks.pitch_network import PitchNet
from pipeline.tables.schemas import VIEW_COLUMNS
from pipeline.workflow.calibrate_stills import look_once

PITCH = Pitch()
ZOOMS = (1.0, 1.5, 2.0)


def validation(shared: Path, weights: str) -> None:
    """Measure the validation matches; the second set has the same pictures, squeezed to squares."""
    datasets = shared / "datasets"
    for zoom in ZOOMS:
        print(f"pitch_317, split val, zoom {zoom:g}", flush=True)
        command = [sys.executable, "-m", "pipeline", "evaluate-calibration", "--zoom", str(zoom)]
        data = ["--data", datasets / "pitch" / "pitch_317", "--boxes", datasets / "players" / "val.json"]
        subprocess.run([*command, *map(str, data), "--weights", weights], check=True)


def demo(network: PitchNet) -> None:
    """Measure single frames of the rendered demo."""
    folder = Path(__file__).parents[1] / "pipeline" / "demo"
    views = pd.read_parquet(folder / "truth_views.parquet").set_index("frame")
    off: list[NDArray[np.float64]] = []
    stated, n = [], 0
    for frame in video.frames(folder / "demo.mp4"):
        if frame.index % 25:
            continue
        n += 1
        item = look_once(frame.image, network, CalibrateSettings())
        size = (item.width_px, item.height_px)
        known = views.loc[frame.index, list(VIEW_COLUMNS)].to_numpy(np.float64).reshape(3, 3)
        truth, grid = orient(known, (size[0] / 2, size[1] * 0.8)), picture_grid(*size)
        ground = to_pitch(grid, truth)
        on = PITCH.contains(ground)
        solved = solve_shot([item], np.zeros((0, 3, 3)), PITCH)
        if solved is not None and np.isfinite(solved.views).all():
            off.append(np.linalg.norm(to_pitch(grid[on], inverted(solved.views[0])) - ground[on], axis=1))
            stated.append(solved.error_m[0])
    every = np.concatenate(off) if off else np.full(1, np.nan)
    print(
        f"demo: {len(off)} of {n} frames; over the pitch median {np.median(every):.3f} m, p95 "
        f"{np.percentile(every, 95):.3f}; stated {np.median(stated):.3f}"
    )


def main() -> None:
    """Run both measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--shared", type=Path, help="folder that holds datasets/pitch")
    parser.add_argument("--weights", default="pitch-lines-n", help="bundled network, or a path to .onnx")
    options = parser.parse_args()
    if options.shared is not None:
        validation(options.shared, options.weights)
    demo(PitchNet(options.weights))


if __name__ == "__main__":
    main()
