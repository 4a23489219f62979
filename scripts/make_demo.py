"""Render the bundled demo clip and its truth: ``python scripts/make_demo.py [folder]``.

The same code and library versions give the same file again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from pipeline.synthetic.demo import DEMO
from pipeline.synthetic.render import RenderedFrame, render_frame
from pipeline.synthetic.scene import Stage, build
from pipeline.synthetic.truth import gather, write
from pipeline.video.writer import VideoWriter


def main(folder: Path) -> None:
    """Write ``demo.mp4`` and the truth tables into ``folder``."""
    stage = build(DEMO)
    folder.mkdir(parents=True, exist_ok=True)
    clip = folder / "demo.mp4"
    with VideoWriter(clip, DEMO.width_px, DEMO.height_px, DEMO.plan.fps, crf=23, preset="slower") as writer:
        truth = gather(stage.motion.match, _filmed(stage, writer))
    write(truth, folder)
    for path in sorted(folder.iterdir()):
        print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB")
    seen = truth.instances[truth.instances.role != "ball"].groupby("frame").size()
    print(f"people a frame: {seen.min()} to {seen.max()}, median {seen.median():.0f}")


def _filmed(stage: Stage, writer: VideoWriter) -> Iterator[RenderedFrame]:
    for index in range(len(stage.motion.match.time_s)):
        frame = render_frame(stage, index)
        writer.write(frame.image, frame.time_s)
        yield frame


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "pipeline" / "demo")
