"""How many cuts between real views of football are found, joined from short pieces of the clips and the demo.

python benchmarks/cuts_found.py --shared ../shared

Pieces of one clip at different times look most alike: same grass, same light, same kits.
"""

from __future__ import annotations

import argparse
from itertools import permutations
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline import video
from pipeline.egomotion.camera_motion import MotionEstimator
from pipeline.egomotion.cut_detection import ShotDetector
from pipeline.egomotion.reduced_picture import reduced

Image = NDArray[np.uint8]
SIZE = (640, 360)
N_FRAMES = 14
DEMO = Path(__file__).parents[1] / "pipeline" / "demo" / "demo.mp4"
STARTS = {
    "broadcast_720p25": (0, 180, 400, 600, 790),
    "broadcast_cut_360p30": (0, 150, 300, 430, 600),
    "bundesliga_480p25": (0, 120),
    "tactical_720p30": (0, 380),
    "vertical_480x854": (0, 200, 370),
    "demo": (0, 120, 230),
}


def pieces(clip: Path, starts: tuple[int, ...]) -> list[list[Image]]:
    """Short pieces of a clip from the frames ``starts`` on; of an upright picture its middle."""
    out: list[list[Image]] = [[] for _ in starts]
    for frame in video.frames(clip):
        for piece, start in zip(out, starts, strict=True):
            if start <= frame.index < start + N_FRAMES:
                height, width = frame.image.shape[:2]
                top = max(0, height - width * 9 // 16) // 2
                middle = frame.image[top : height - top]
                piece.append(np.asarray(cv2.resize(middle, SIZE, interpolation=cv2.INTER_AREA), np.uint8))
    return out


def watched(before: list[Image], after: list[Image]) -> tuple[bool, bool]:
    """Whether the cut is found by itself, and whether it is in doubt with no motion that joins the views."""
    detector, motion, nobody = ShotDetector(), MotionEstimator(), np.zeros((0, 4))
    for image in before:
        detector.update(reduced(image))
        motion.update(reduced(image), nobody)
    new = reduced(after[0])
    cut = detector.update(new)[0]
    return cut, detector.in_doubt and motion.update(new, nobody) is None


def main() -> None:
    """Join pieces in every order and count."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, required=True, help="folder that holds clips/")
    options = parser.parse_args()
    shown = []
    for name, starts in STARTS.items():
        clip = DEMO if name == "demo" else options.shared / "clips" / f"{name}.mp4"
        shown += [(name, start, piece) for start, piece in zip(starts, pieces(clip, starts), strict=True)]
    for within in (True, False):
        pairs = [(a, b) for a, b in permutations(shown, 2) if (a[0] == b[0]) is within]
        found = [watched(a[2], b[2]) for a, b in pairs]
        both = sum(cut or doubt for cut, doubt in found)
        where = "within a clip" if within else "between clips"
        print(f"{where}: {both} of {len(pairs)} found; {sum(cut for cut, _ in found)} by the picture alone")
        for (a, b), (cut, doubt) in zip(pairs, found, strict=True):
            if not (cut or doubt):
                print(f"    missed: {a[0]} {a[1]} to {b[0]} {b[1]}")


if __name__ == "__main__":
    main()
