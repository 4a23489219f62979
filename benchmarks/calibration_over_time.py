"""How steady and how honest the camera views of finished runs are.

python -m pipeline demo -o runs/demo
python benchmarks/calibration_over_time.py runs/demo --truth pipeline/demo/truth_views.parquet
python benchmarks/calibration_over_time.py runs/real/*

Jitter: how far someone who stands still seems to move from one frame to the next (see
`pipeline.calibration.uncertainty.jitter`). With the truth of a rendered clip: errors over the visible pitch
by source of the view, and the share of them under twice the stated error at the same place.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline import video
from pipeline.calibration.camera_model.covariance import ground_rms_m
from pipeline.calibration.initial_views.single_view import picture_grid
from pipeline.calibration.sequence.view_tables import view_matrices, view_spreads
from pipeline.calibration.uncertainty.jitter import jitter_m, side_flips
from pipeline.calibration.uncertainty.view_error import MEDIAN_OF_RMS
from pipeline.core.geometry import orient, to_pitch
from pipeline.core.pitch import Pitch
from pipeline.report.calibration.view_sheet import sheet, write_sheet
from pipeline.tables import storage
from pipeline.tables.schemas import MOTION_COLUMNS, VIEW_COLUMNS

Array = NDArray[np.float64]
PITCH = Pitch()
N_DRAWN = 12


def steadiness(run: Path) -> None:
    """Print sources, jitter, flips and stated errors of a run."""
    size, frames, views = read(run)
    matrices, error = view_matrices(views)
    jitter = jitter_m(matrices, storage.matrices(frames, MOTION_COLUMNS), size, PITCH)
    known = jitter[np.isfinite(jitter)]
    counts = views["source"].value_counts()
    told = ", ".join(f"{counts.get(s, 0)} {s}" for s in ("measured", "tracked", "interpolated", "none"))
    flips = side_flips(matrices, frames["shot"].to_numpy(np.int64), size)
    print(f"{run.name}: {told}; {flips} flips of side; stated error {np.nanmedian(error):.3f} m (median)")
    if len(known):
        median, high = np.percentile(known, [50, 95])
        over = 100 * (known > 0.15).mean()
        print(
            f"    jitter of a standing point over {len(known)} steps: median {median:.3f} m, p95 {high:.3f}, "
            f"largest {known.max():.3f}; over 0.15 m in {over:.1f}%"
        )


def honesty(run: Path, truth: Path) -> None:
    """Print true against stated errors of a run of a rendered clip, by source of the view."""
    size, _, views = read(run)
    spreads = view_spreads(storage.read(run / "tables" / "view_errors.parquet", "view_errors"), views)
    matrices, _ = view_matrices(views)
    known = pd.read_parquet(truth).set_index("frame")
    true = known[list(VIEW_COLUMNS)].to_numpy().reshape(-1, 3, 3)
    row = {frame: i for i, frame in enumerate(known.index)}
    off: dict[str, list[Array]] = {}
    grid = picture_grid(*size)
    for k, (frame, source) in enumerate(zip(views["frame"], views["source"], strict=True)):
        if source == "none" or frame not in row:
            continue
        ground = to_pitch(grid, orient(true[row[frame]], (size[0] / 2, size[1] * 0.8)))
        on = PITCH.contains(ground)
        apart = np.linalg.norm(to_pitch(grid[on], matrices[k]) - ground[on], axis=1)
        stated = MEDIAN_OF_RMS * ground_rms_m(grid[on], matrices[k], spreads[k])
        off.setdefault(source, []).append(np.column_stack([apart, stated]))
    for source, parts in off.items():
        apart, stated = np.concatenate(parts).T
        print(
            f"    {source}: true median {np.median(apart):.3f} m, p95 {np.percentile(apart, 95):.3f}; stated "
            f"{np.median(stated):.3f}; true under twice stated {100 * (apart < 2 * stated).mean():.1f}%"
        )


def draw(run: Path, folder: Path) -> None:
    """Draw the lines on twelve frames of a run, where its views put them."""
    source = Path(json.loads((run / "run.json").read_text())["source"])
    _, _, views = read(run)
    chosen = views.iloc[np.linspace(0, len(views) - 1, N_DRAWN).astype(int)].set_index("frame")
    shown = []
    for picture in video.pictures(source):
        if picture.index in chosen.index and (image := picture.read()) is not None:
            row = chosen.loc[picture.index]
            view = row[list(VIEW_COLUMNS)].to_numpy(np.float64).reshape(3, 3)
            known = row["source"] != "none"
            text = f"{picture.index}: {row['source']}" + (f", {row['error_m']:.2f} m" if known else "")
            shown.append((image, view if known else None, text))
    write_sheet(sheet(shown, PITCH), folder / f"{run.name}.png")


def read(run: Path) -> tuple[tuple[int, int], pd.DataFrame, pd.DataFrame]:
    """Size of the pictures, tables frames and views."""
    info = json.loads((run / "run.json").read_text())["video"]
    frames, views = (storage.read(run / "tables" / f"{n}.parquet", n) for n in ("frames", "views"))
    return (info["width_px"], info["height_px"]), frames, views


def main() -> None:
    """Measure each run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("--truth", type=Path, help="truth_views.parquet of the rendered clip behind the run")
    parser.add_argument("--sheets", type=Path, help="folder for pictures with the lines drawn, to look at")
    options = parser.parse_args()
    for run in options.runs:
        steadiness(run)
        if options.truth is not None:
            honesty(run, options.truth)
        if options.sheets is not None:
            draw(run, options.sheets)


if __name__ == "__main__":
    main()
