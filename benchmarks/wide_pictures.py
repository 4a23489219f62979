"""People in a stitched panorama of 6500 x 1000, through tiles: recall, precision, teams and seconds a frame.

    python benchmarks/wide_pictures.py --shared ../shared [--from 37] [--to 74] [--every 4] [--tall 40]

The truth (SoccerTrack's wide view) has boxes of 22 players and the ball, not of the referee, the bench and
the spectators: found people count who stand on the pitch by the truth's own homography, one a picture may be
the referee. Ellipses and name tags are drawn into the footage and join people's boxes, and the truth's boxes
are a few px beside people 12 px wide: overlaps from 0.3 count. How tall people are made was chosen on frames
0 to 36; reported are 37 to 73.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from pipeline.core import config
from pipeline.core.types import BALL
from pipeline.networks import segmenter
from pipeline.networks.tiling import tile_layout, tiled_network

Array = NDArray[np.float64]
MIN_IOU = 0.3
LATE = 2
"""The boxes are those of two frames later: so they lie over the people, in frames 0 to 36."""


def main() -> None:
    """Print the table."""
    asked = _asked()
    cv2.setNumThreads(2)
    tiled_network.TALL_PX, tile_layout._TALLER = asked.tall, asked.taller
    folder = Path(asked.shared) / "tracking" / "soccertrack_wide"
    truth = _truth(folder / "gt.txt")
    homography = np.array(json.loads((folder / "homography.json").read_text())["image_to_pitch"])
    network = segmenter.load(config.load(None, {"segment.threads": 2}).segment)
    film = cv2.VideoCapture(str(folder / "cool_vis.mp4"))
    rows = []
    for frame in range(asked.to):
        there, image = film.read()
        if not there:
            break
        if not frame:
            network, tiles = network.for_footage(image, "auto")
            for tile in {t.top: t for t in tiles}.values():
                n = sum(t.top == tile.top for t in tiles)
                print(
                    f"{n} tiles of {tile.width} x {tile.height} from row {tile.top}, scale {tile.scale:.2f}"
                )
        if frame < asked.start or (frame - asked.start) % asked.every:
            continue
        began = time.perf_counter()
        found = segmenter.segment_image(image, network)
        seconds = time.perf_counter() - began
        people = found.class_id != BALL
        boxes = found.boxes_px[people].astype(float)
        boxes = boxes[_on_pitch(boxes, homography)]
        rows.append((*_matched(boxes, truth[frame + LATE]), seconds))
        if asked.draw:
            _draw(image, boxes, truth[frame + LATE], f"{asked.draw}_{frame}.png")
    hit, n_found, n_true, iou, seconds = np.array(rows).T
    recall, precision = hit.sum() / n_true.sum(), hit.sum() / n_found.sum()
    besides = hit.sum() / (n_found - (n_found > hit)).sum()
    print(f"{len(rows)} pictures: recall {recall:.3f}, precision {precision:.3f}")
    print(f"  one more a picture allowed for the referee: precision {besides:.3f}")
    print(f"  median IoU {np.median(iou):.2f}, {np.median(seconds):.2f} s a picture")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--shared", default="../shared")
    parser.add_argument("--from", dest="start", type=int, default=37)
    parser.add_argument("--to", type=int, default=72)
    parser.add_argument("--every", type=int, default=4)
    parser.add_argument("--tall", type=float, default=tiled_network.TALL_PX)
    parser.add_argument("--draw", default="")
    parser.add_argument("--taller", type=float, default=tile_layout._TALLER)
    return parser.parse_args()


def _truth(path: Path) -> dict[int, Array]:
    """Boxes xyxy of the players in each frame, from 0."""
    table = np.loadtxt(path, delimiter=",")
    out = {}
    for frame in np.unique(table[:, 0]).astype(int):
        rows = table[(table[:, 0] == frame) & (table[:, 4] * table[:, 5] > _BALL_AREA_PX)]
        out[frame - 1] = np.c_[rows[:, 2:4], rows[:, 2:4] + rows[:, 4:6]]
    return out


_BALL_AREA_PX = 150.0


def _on_pitch(boxes: Array, pitch_from_image: Array) -> NDArray[np.bool_]:
    """Whose feet are on the pitch; the truth's metres count from a corner."""
    feet = np.c_[(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3], np.ones(len(boxes))] @ pitch_from_image.T
    at = feet[:, :2] / feet[:, 2:]
    return np.asarray(((at > -_MARGIN_M) & (at < np.array([105.0, 68.0]) + _MARGIN_M)).all(axis=1))


_MARGIN_M = 1.0


def _matched(found: Array, true: Array) -> tuple[int, int, int, float]:
    low = np.maximum(found[:, None, :2], true[None, :, :2])
    high = np.minimum(found[:, None, 2:], true[None, :, 2:])
    shared = (high - low).clip(0).prod(axis=2)
    area = [(b[:, 2:] - b[:, :2]).prod(axis=1) for b in (found, true)]
    iou = shared / (area[0][:, None] + area[1][None] - shared)
    rows, columns = linear_sum_assignment(-iou)
    good = iou[rows, columns] >= MIN_IOU
    return int(good.sum()), len(found), len(true), float(np.median(iou[rows, columns]))


def _draw(image: NDArray[np.uint8], found: NDArray[np.float32], true: Array, path: str) -> None:
    drawn = image.copy()
    for boxes, colour in ((true, (0, 255, 0)), (found, (0, 0, 255))):
        for x1, y1, x2, y2 in boxes.round().astype(int):
            cv2.rectangle(drawn, (x1, y1), (x2, y2), colour, 1)
    cv2.imwrite(path, drawn)


if __name__ == "__main__":
    main()
