"""What the shots of a rendered broadcast are taken for, and what they are; or of finished runs.

python benchmarks/shots_found.py --render runs/shots          # renders 20 s, runs them, prints both
python benchmarks/shots_found.py runs/real/*                  # what was found, to compare by eye

The broadcast: main camera, close-up, main, wipe, slow motion of a while ago from another place, wipe, main, a
camera behind the goal live, a replay between hard cuts without the score graphic, main, a table of results,
the stands, and through black to the main camera. Slow motion is rendered, not made of repeated frames.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.synthetic.match.simulate import MatchPlan
from pipeline.synthetic.render import render_frame
from pipeline.synthetic.scene import Scene, Stage, build
from pipeline.synthetic.venue.true_camera import PLANS, CameraPlan, follow
from pipeline.tables import storage
from pipeline.video.writer import VideoWriter

Image = NDArray[np.uint8]
FPS, WIDTH, HEIGHT = 25, 640, 360
SCENE = Scene(MatchPlan(duration_s=19.0, fps=2 * FPS, seed=3), width_px=WIDTH, height_px=HEIGHT)
CLOSE = CameraPlan((0.0, -40.0, 3.0), 4.5, (1.0, 1.0), lag_s=0.2)
CORNER = CameraPlan((40.0, -58.0, 9.0), 26.0, (0.9, 0.6))
STANDS = CameraPlan((0.0, -40.0, 6.0), 24.0, (0.2, 0.0), (0.0, 62.0))


@dataclass(frozen=True)
class Part:
    """A shot: its kind, how it begins, who films it (None: a graphic), from and to when in the match (s), how
    many times slower, and whether the score graphic is on.
    """

    kind: str
    start: str
    camera: CameraPlan | None
    since_s: float
    until_s: float
    slower: int = 1
    bug: bool = True


PARTS = (
    Part("main", "first", PLANS["broadcast"], 0.0, 2.5),
    Part("close_up", "cut", CLOSE, 2.5, 4.0),
    Part("main", "cut", PLANS["broadcast"], 4.0, 6.5),
    Part("replay", "wipe", CORNER, 5.0, 6.2, slower=2, bug=False),
    Part("main", "wipe", PLANS["broadcast"], 7.5, 9.5),
    Part("other", "cut", PLANS["behind_goal"], 9.5, 11.5),
    Part("replay", "cut", CLOSE, 9.8, 10.6, slower=2, bug=False),
    Part("main", "cut", PLANS["broadcast"], 13.5, 15.5),
    Part("graphic", "cut", None, 0.0, 1.5),
    Part("no_pitch", "cut", STANDS, 16.0, 17.5),
    Part("main", "fade", PLANS["broadcast"], 17.5, 19.0),
)


def shot_pictures(part: Part, stage: Stage) -> list[Image]:
    """Film one shot."""
    if part.camera is None:
        return [results(i) for i in range(round((part.until_s - part.since_s) * FPS))]
    match, size = stage.motion.match, (WIDTH, HEIGHT)
    path = follow(part.camera, match.time_s, match.ball_m, size, np.random.default_rng(5))
    scene = replace(stage.scene, venue=replace(stage.scene.venue, score_bug=part.bug))
    own = replace(stage, scene=scene, paths=((0.0, path),))
    rows = range(round(part.since_s * 2 * FPS), round(part.until_s * 2 * FPS), 2 // part.slower)
    shown = [render_frame(own, i).image for i in rows]
    if part.kind == "no_pitch":  # only what is above the boards
        for image in shown:
            graphic = image[:40, :200].copy()
            image[:] = cv2.resize(image[: HEIGHT * 2 // 5], (WIDTH, HEIGHT))
            image[:40, :200] = graphic
    return [np.asarray(image, np.uint8) for image in shown]


def results(number: int) -> Image:
    """A full-screen table of results."""
    image = np.full((HEIGHT, WIDTH, 3), (90, 40, 20), np.uint8)
    for i in range(8):
        top = 50 + 35 * i
        cv2.rectangle(image, (60, top), (580, top + 28), (200, 180, 160) if i % 2 else (120, 80, 60), -1)
        place = (80, top + 22)
        cv2.putText(
            image, f"Team {i + 1}   {24 - 3 * i}", place, cv2.FONT_HERSHEY_SIMPLEX, 0.7, (20, 20, 20), 2
        )
    grain = np.random.default_rng(number).normal(0, 1.5, image.shape)
    return np.asarray(np.clip(image + grain, 0, 255), np.uint8)


def wipe(before: Image, after: Image, n: int = 16) -> Iterator[Image]:
    """A slanted board with a badge that sweeps over the picture."""
    for k in range(n):
        share = k / (n - 1)
        image = (before if share < 0.5 else after).copy()
        left = int((2.2 * share - 1.1) * WIDTH)
        corners = [(left - 60, 0), (left + WIDTH + 60, 0), (left + WIDTH - 60, HEIGHT), (left - 180, HEIGHT)]
        cv2.fillPoly(image, [np.array(corners, np.int32)], (150, 40, 20))
        middle = (left + WIDTH // 2 - 30, HEIGHT // 2)
        cv2.circle(image, middle, 110, (240, 240, 240), -1)
        cv2.circle(image, middle, 60, (30, 30, 200), -1)
        yield image


def broadcast() -> Iterator[tuple[Image, str]]:
    """All pictures in order with the kind that is true of them."""
    stage = build(SCENE)
    shots = [shot_pictures(part, stage) for part in PARTS]
    for (part, own), (follower, following) in pairwise(
        zip([*PARTS, PARTS[0]], [*shots, shots[0]], strict=True)
    ):
        faded = 10 if part is not PARTS[-1] and follower.start == "fade" else 0
        risen = 10 if part.start == "fade" else 0
        for i, image in enumerate(own):
            level = min(1.0, (len(own) - i) / faded if faded else 1.0, i / risen if risen else 1.0)
            yield cv2.convertScaleAbs(image, alpha=level), part.kind
        if part is not PARTS[-1] and follower.start == "wipe":
            yield from ((image, "transition") for image in wipe(own[-1], following[0]))


def compared(shown: Iterable[tuple[Image, str]], folder: Path) -> None:
    """Write pictures as a clip, run it, and print for each true shot what its frames were taken for."""
    folder.mkdir(parents=True, exist_ok=True)
    clip, truth = folder / "broadcast.mp4", []
    with VideoWriter(clip, WIDTH, HEIGHT, float(FPS), crf=20, preset="fast") as writer:
        for number, (image, kind) in enumerate(shown):
            writer.write(image, number / FPS)
            truth.append(kind)
    command = [sys.executable, "-m", "pipeline", "run", str(clip), "-o", str(folder / "run")]
    subprocess.run([*command, "--set", "report.overlay=false", "--set", "segment.imgsz=640"], check=True)
    shots = found(folder / "run")
    at = shots["start_frame"].to_numpy().searchsorted(np.arange(len(truth)), side="right") - 1
    taken = shots["kind"].to_numpy()[at]
    print("| true kind | frames | taken for | feeds positions |\n|---|---|---|---|")
    changes = [0, *(k for k in range(1, len(truth)) if truth[k] != truth[k - 1]), len(truth)]
    for a, b in pairwise(changes):
        counts = pd.Series(taken[a:b]).value_counts()
        fed = 100 * shots["feeds_positions"].to_numpy()[at[a:b]].mean()
        print(f"| {truth[a]} | {b - a} | {', '.join(f'{k} {n}' for k, n in counts.items())} | {fed:.0f}% |")


def found(run: Path) -> pd.DataFrame:
    """The shots of a finished run, in order."""
    return storage.read(run / "tables" / "shots.parquet", "shots").sort_values(
        "start_frame", ignore_index=True
    )


def main() -> None:
    """Render and run, or print what runs have."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", type=Path, nargs="*")
    parser.add_argument("--render", type=Path, help="folder for the rendered broadcast and its run")
    options = parser.parse_args()
    if options.render is not None:
        compared(broadcast(), options.render)
        options.runs.append(options.render / "run")
    for run in options.runs:
        print(f"\n{run.name}")
        for shot in found(run).to_dict("records"):
            print(f"  {shot['start_s']:6.2f} s {shot['start']:5} {shot['kind']:10} {described(shot)}")


def described(shot: dict[str, Any]) -> str:
    """The rest of a line on a shot."""
    place = "({x_m:.0f}, {y_m:.0f}, {z_m:.0f}) m".format(**shot) if np.isfinite(shot["x_m"]) else "no place"
    fed = "positions" if shot["feeds_positions"] else "no positions"
    return f"{shot['score']:.2f}, view {100 * shot['view_share']:.0f}%, {fed}, {place}: {shot['signs']}"


if __name__ == "__main__":
    main()
