"""How far off camera views are, on hand-labelled frames of the validation matches and on the rendered demo.

python benchmarks/calibration_accuracy.py --shared ../shared

Each labelled frame is solved by itself, as a shot of one picture: from landmarks alone, and with the
painted lines. Errors are distances in metres at the labelled points, and over the visible pitch against
the homography fitted to the labels (which has an error of its own: see the last line). The demo's truth is
exact. JaC@5 here: share of frames whose labelled points all lie within 5 px (at 960 x 540) of their place.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline import video
from pipeline.calibration.evidence import Evidence, collect
from pipeline.calibration.shot import solve_shot
from pipeline.calibration.single import first_view, picture_grid, through_points
from pipeline.geometry import orient, to_image, to_pitch
from pipeline.models.pitch_net import PitchNet
from pipeline.pitch import Pitch

Array = NDArray[np.float64]

PITCH = Pitch()
VALIDATION = ("08fd33", "54745b", "40cd38")
SETS = ("pitch_317", "soccer_field_514")
JAC_PX, JAC_WIDTH = 5.0, 960
NOBODY = np.zeros((0, 4))
ALONE = np.zeros((0, 3, 3))


@dataclass(frozen=True, slots=True)
class Labelled:
    """A frame of a data set: its evidence, and where people put its landmarks ``(32, 2)`` px, NaN unseen."""

    evidence: Evidence
    labels_px: Array


@dataclass(frozen=True, slots=True)
class Errors:
    """Of one frame: metres at labelled points, and over the visible pitch; the stated error; JaC."""

    at_labels_m: Array
    over_pitch_m: Array
    stated_m: float
    all_close: bool


def labelled(shared: Path, network: PitchNet) -> Iterator[Labelled]:
    """Read the validation frames; those stretched to a square are put back to 16 : 9."""
    for name in SETS:
        folder = shared / "datasets" / "pitch" / name
        for path in sorted((folder / "images").glob("*/*.jpg")):
            if not path.name.startswith(VALIDATION):
                continue
            image = cv2.imread(str(path))
            if image.shape[0] == image.shape[1]:
                image = cv2.resize(image, (1280, 720), interpolation=cv2.INTER_CUBIC)
            text = folder / "labels" / path.parent.name / f"{path.stem}.txt"
            keypoints = np.array(text.read_text().split()[5:101], float).reshape(32, 3)
            pixels = keypoints[:, :2] * [image.shape[1], image.shape[0]]
            pixels[keypoints[:, 2] <= 0] = np.nan
            yield Labelled(collect(0, 0.0, image, network.read(image), NOBODY, 0.3), pixels)


def errors(view: Array, stated_m: float, item: Labelled) -> Errors:
    """Compare a view (image_from_pitch) with the labels."""
    seen = np.isfinite(item.labels_px[:, 0])
    metres, pixels = PITCH.keypoints_m()[seen], item.labels_px[seen]
    inverse = np.linalg.inv(view)
    at_labels = np.linalg.norm(to_pitch(pixels, inverse) - metres, axis=1)
    off_px = np.linalg.norm(to_image(metres, inverse) - pixels, axis=1) * JAC_WIDTH / item.evidence.width_px
    truth = through_points(metres, pixels)
    over = np.zeros(0) if truth is None else over_pitch(inverse, np.linalg.inv(truth), item.evidence)
    return Errors(np.nan_to_num(at_labels, nan=99.0), over, stated_m, bool((off_px < JAC_PX).all()))


def over_pitch(found: Array, truth: Array, like: Evidence) -> Array:
    """Distances between two pitch_from_image over the visible pitch, metres."""
    grid = picture_grid(like.width_px, like.height_px)
    ground = to_pitch(grid, truth)
    on = PITCH.contains(ground)
    return np.nan_to_num(np.linalg.norm(to_pitch(grid[on], found) - ground[on], axis=1), nan=99.0)


def report(name: str, found: list[Errors], n: int) -> None:
    """Print one line of results."""
    if not found:
        print(f"{name:24s} 0 of {n} frames")
        return
    labels = np.concatenate([e.at_labels_m for e in found])
    pitch = np.concatenate([e.over_pitch_m for e in found])
    frames = np.array([np.median(e.over_pitch_m) for e in found if len(e.over_pitch_m)])
    stated = np.array([e.stated_m for e in found if len(e.over_pitch_m)])
    print(
        f"{name:24s} {len(found)} of {n} frames; at labelled points median {np.median(labels):.3f} m, "
        f"p95 {np.percentile(labels, 95):.3f}; over the pitch median {np.median(pitch):.3f}, "
        f"p95 {np.percentile(pitch, 95):.3f}; JaC@5 {100 * np.mean([e.all_close for e in found]):.1f}%"
    )
    if np.isfinite(stated).all():
        print(
            f"{'':24s} stated median {np.median(stated):.3f} m, true {np.median(frames):.3f}; "
            f"true under twice stated in {100 * (frames < 2 * stated).mean():.1f}% of frames"
        )


def validation(shared: Path, network: PitchNet) -> None:
    """Measure single frames of the validation matches."""
    items = list(labelled(shared, network))
    landmarks, refined, own = [], [], []
    for item in items:
        first = first_view(item.evidence, PITCH)
        if first is not None:
            landmarks.append(errors(first, float("nan"), item))
        solved = solve_shot([item.evidence], ALONE, PITCH)
        if solved is not None and np.isfinite(solved.views).all():
            refined.append(errors(solved.views[0], float(solved.error_m[0]), item))
        seen = np.isfinite(item.labels_px[:, 0])
        label_view = through_points(PITCH.keypoints_m()[seen], item.labels_px[seen])
        if label_view is not None:
            own.append(errors(label_view, float("nan"), item))
    report("landmarks alone", landmarks, len(items))
    report("with painted lines", refined, len(items))
    report("the labels' own fit", own, len(items))


def demo(network: PitchNet) -> None:
    """Measure single frames of the rendered demo, one a second, against its exact truth."""
    folder = Path(__file__).parents[1] / "pipeline" / "demo"
    views = pd.read_parquet(folder / "truth_views.parquet").set_index("frame")
    truth = views[[f"h{i}{j}" for i in "123" for j in "123"]].to_numpy().reshape(-1, 3, 3)
    place = {frame: i for i, frame in enumerate(views.index)}
    off: dict[str, list[Array]] = {"landmarks alone": [], "with painted lines": []}
    for frame in video.frames(folder / "demo.mp4"):
        if frame.index % 25 or frame.index not in place:
            continue
        item = collect(frame.index, frame.time_s, frame.image, network.read(frame.image), NOBODY, 0.3)
        true = orient(truth[place[frame.index]], (item.width_px / 2, item.height_px * 0.8))
        first, solved = first_view(item, PITCH), solve_shot([item], ALONE, PITCH)
        if first is not None:
            off["landmarks alone"].append(over_pitch(np.linalg.inv(first), true, item))
        if solved is not None and np.isfinite(solved.views).all():
            off["with painted lines"].append(over_pitch(np.linalg.inv(solved.views[0]), true, item))
    for name, parts in off.items():
        every = np.concatenate(parts) if parts else np.full(1, np.nan)
        print(
            f"demo, {name:18s} {len(parts)} frames; over the pitch median {np.median(every):.3f} m, "
            f"p95 {np.percentile(every, 95):.3f}"
        )


def main() -> None:
    """Run both measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, help="folder that holds datasets/pitch")
    options = parser.parse_args()
    network = PitchNet()
    if options.shared is not None:
        validation(options.shared, network)
    demo(network)


if __name__ == "__main__":
    main()
