"""Render minutes of a match with cuts, and its truth: what identity over a whole match is measured on.

python benchmarks/render_match.py OUT --seed 7 --seconds 300 --cuts 8

The main camera follows the ball; at ``--cuts`` random moments a close-up from the touchline or from behind a
goal lasts two to six seconds. Kits and formations are drawn by the seed. The same code and library versions
give the same file again. Writes ``match.mp4`` and the truth tables (see `pipeline.synthetic.truth`).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from rich.progress import track

from pipeline.synthetic.looks import KEEPER_KITS, KITS, REFEREE_KITS
from pipeline.synthetic.match.simulate import MatchPlan
from pipeline.synthetic.render import RenderedFrame, render_frame
from pipeline.synthetic.scene import Scene, Stage, Wardrobe, build
from pipeline.synthetic.truth import gather, write
from pipeline.synthetic.venue.true_camera import PLANS, CameraPlan
from pipeline.video.writer import VideoWriter

FORMATIONS = ("4-3-3", "4-4-2", "4-2-3-1", "3-5-2")
# Pairs that nobody confuses: two teams must not meet in kits that a league would forbid.
PAIRS = (
    ("sky", "claret"),
    ("yellow", "navy"),
    ("black_white", "orange"),
    ("white", "purple"),
    ("red_white", "green"),
    ("pink", "black_blue"),
)
CLOSE_UPS = (
    CameraPlan((0.0, -42.0, 3.0), 9.0, (1.0, 0.9), (0.0, 0.0), 0.4, 0.05),
    CameraPlan((-60.0, 9.0, 4.0), 12.0, (1.0, 1.0), (0.0, 0.0), 0.4, 0.05),
    CameraPlan((62.0, -8.0, 4.0), 12.0, (1.0, 1.0), (0.0, 0.0), 0.4, 0.05),
)


def scene(seed: int, seconds: float, n_cuts: int, fps: float, height_px: int) -> Scene:
    """Draw a match by its seed."""
    rng = np.random.default_rng(seed)
    kit_a, kit_b = PAIRS[int(rng.integers(len(PAIRS)))]
    keepers, referees = sorted(KEEPER_KITS), sorted(REFEREE_KITS)
    keeper_a, keeper_b = rng.choice([k for k in keepers if k not in (kit_a, kit_b)], 2, replace=False)
    referee = rng.choice([k for k in referees if k not in (keeper_a, keeper_b)])
    formation_a, formation_b = rng.choice(FORMATIONS, 2)
    wardrobe = Wardrobe(
        KITS[kit_a], KITS[kit_b], KEEPER_KITS[keeper_a], KEEPER_KITS[keeper_b], REFEREE_KITS[referee]
    )
    main = replace(PLANS["broadcast"], field_m=float(rng.uniform(40, 50)))
    # One close-up in each of equal stretches, so that the shots between them are of different length.
    edges = np.linspace(5.0, seconds - 5.0, n_cuts + 1)
    cuts: list[tuple[float, CameraPlan]] = []
    for low, high in pairwise(edges.tolist()):
        lasts = float(rng.uniform(2.0, 6.0))
        start = float(rng.uniform(low, max(low, high - lasts - 2.0)))
        cuts += [(start, CLOSE_UPS[int(rng.integers(len(CLOSE_UPS)))]), (start + lasts, main)]
    return Scene(
        plan=MatchPlan(
            str(formation_a),
            str(formation_b),
            duration_s=seconds,
            fps=fps,
            start_ball_m=(float(rng.uniform(-20, 20)), 4.0),
            seed=seed,
        ),
        camera=main,
        wardrobe=wardrobe,
        width_px=round(height_px * 16 / 9),
        height_px=height_px,
        cuts=tuple(cuts),
    )


def _filmed(stage: Stage, writer: VideoWriter) -> Iterator[RenderedFrame]:
    for index in track(range(len(stage.motion.match.time_s)), description="frames"):
        frame = render_frame(stage, index)
        writer.write(frame.image, frame.time_s)
        yield frame


def main() -> None:
    """Render and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--cuts", type=int, default=8)
    parser.add_argument("--fps", type=float, default=25.0)
    parser.add_argument("--height", type=int, default=720)
    parser.add_argument(
        "--quick", action="store_true", help="Coarser edges, no motion blur of limbs: faster."
    )
    args = parser.parse_args()
    drawn = scene(args.seed, args.seconds, args.cuts, args.fps, args.height)
    if args.quick:
        drawn = replace(drawn, lens=replace(drawn.lens, moments=1, supersample=2))
    stage = build(drawn)
    args.out.mkdir(parents=True, exist_ok=True)
    clip = args.out / "match.mp4"
    with VideoWriter(clip, drawn.width_px, drawn.height_px, args.fps, crf=21, preset="fast") as writer:
        truth = gather(stage.motion.match, _filmed(stage, writer))
    write(truth, args.out)
    starts = ", ".join(f"{start_s:.1f}" for start_s, _ in drawn.cuts[::2])
    print(f"{clip}: {clip.stat().st_size / 1e6:.1f} MB, close-ups at {starts or 'no time'} s")


if __name__ == "__main__":
    main()
