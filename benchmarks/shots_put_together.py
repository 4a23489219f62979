"""What the shots of a broadcast put together from the clips are taken for.

python benchmarks/shots_put_together.py --shared ../shared -o runs/shots_clips

Main camera, wipe, half-speed replay from behind the goal without the score graphic, wipe, main camera,
close-up, the stands, a table of results, main camera. Close-up and stands carry the main camera's score
graphic and station logo.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from shots_found import FPS, HEIGHT, WIDTH, Image, compared, results, wipe

from pipeline import video

LAID_OVER = ((slice(10, 38), slice(18, 245)), (slice(12, 45), slice(538, 620)))
"""Where score graphic and station logo lie in the broadcast clip at 640 x 360."""
LOGO, BESIDE = (slice(8, 45), slice(540, WIDTH)), (slice(60, 97), slice(540, WIDTH))


def cut_out(clip: Path, since: int, until: int, part: tuple[slice, ...] = ()) -> list[Image]:
    """Frames of a clip at 640 x 360, or an enlarged part of them."""
    out = []
    for frame in video.frames(clip):
        if frame.index >= until:
            break
        if frame.index >= since:
            shown = cv2.resize(frame.image[part], (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
            out.append(np.asarray(shown, np.uint8))
    return out


def broadcast(clips: Path) -> Iterator[tuple[Image, str]]:
    """All pictures in order with the kind that is true of them."""
    main = cut_out(clips / "broadcast_720p25.mp4", 0, 620)
    replay = []
    for image in cut_out(clips / "tactical_720p30.mp4", 60, 120):
        image[LOGO] = cv2.GaussianBlur(image[BESIDE], (0, 0), 3)
        replay += [image, image]
    yield from ((image, "main") for image in main[:100])
    yield from ((image, "transition") for image in wipe(main[100], replay[0]))
    yield from ((image, "replay") for image in replay)
    yield from ((image, "transition") for image in wipe(replay[-1], main[236]))
    yield from ((image, "main") for image in main[236:320])
    stands = (slice(30, 130), slice(20, 200))
    for kind, shown in (
        ("close_up", cut_out(clips / "broadcast_cut_360p30.mp4", 490, 575)),
        ("no_pitch", cut_out(clips / "bundesliga_480p25.mp4", 0, 50, stands)),
    ):
        for image in shown:
            for place in LAID_OVER:
                image[place] = main[330][place]
            yield image, kind
    yield from ((results(i), "graphic") for i in range(2 * FPS))
    yield from ((image, "main") for image in main[500:590])


def main() -> None:
    """Put together, run, compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, required=True, help="folder that holds clips/")
    parser.add_argument("-o", "--out", type=Path, default=Path("runs/shots_clips"))
    options = parser.parse_args()
    compared(broadcast(options.shared / "clips"), options.out)


if __name__ == "__main__":
    main()
