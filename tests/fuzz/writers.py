"""Every command that writes, with its input and with what may differ between two of its runs."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))

import forked
import kinds
import tracking_files
import video_samples

_NOISE = ("created", "seconds", "run.json", "steps/", "export.json", ".html", ".lock", ".mp4", ".onnx")
"""Names of what may differ between two runs: times of day and of work, pages that show them."""
_SMALL = ("--set", "segment.imgsz=320")


@dataclass(frozen=True)
class Work:
    """A command that writes, and the input that it needs, made in the folder where it runs.

    ``noise`` are parts of names whose content may differ; ``share`` is how often it is disturbed, beside
    others: dear commands less often.
    """

    command: list[str]
    prepare: Callable[[Path], object]
    noise: tuple[str, ...] = _NOISE
    share: float = 1.0
    others: Callable[[Path], object] | None = None
    """Puts another input under the same name."""
    moves: bool = True
    """Whether the result is the same wherever the folder lies."""


def _nothing(folder: Path) -> None:
    pass


def _table(folder: Path) -> None:
    kinds.short_table().to_csv(folder / "match.csv", index=False)


def _other_table(folder: Path) -> None:
    tracking_files.long_table(seconds=3.0).to_csv(folder / "match.csv", index=False)


def _film(folder: Path) -> None:
    shutil.copy(kinds.DEMO, folder / "clip.mp4")


def _other_film(folder: Path) -> None:
    images = [video_samples.scenery(i, 320, 180) for i in range(10)]
    video_samples.film(folder / "clip.mp4", images)


def _labels(folder: Path) -> None:
    kinds.labels_whole(folder / "src")


@cache
def _made(*command: str) -> Path:
    """A folder with what ``command`` writes to ``out``."""
    folder = Path(tempfile.mkdtemp(prefix="teamshape-torture-made-"))
    _film(folder)
    made = forked.call(list(command), folder)
    assert made.code == 0, made.said
    return folder / "out"


def _footage(folder: Path) -> None:
    made = kinds.footage_run()
    shutil.copy(made / "clip.mp4", folder)
    shutil.copytree(made / "run", folder / "run")


def _planned(folder: Path) -> None:
    _film(folder)
    plan = ["plan", "clip.mp4", "-o", "out", "--set", "video.end_s=0.3", *_SMALL]
    made = forked.call(plan, folder)
    assert made.code == 0, made.said


def _worked(folder: Path) -> None:
    _planned(folder)
    made = forked.call(["work", "out"], folder)
    assert made.code == 0, made.said


def _rendered(folder: Path) -> None:
    shutil.copytree(_made("data", "render", "-o", "out", "-n", "4", "--per-scene", "1"), folder / "ds")


def _rendered_pitch(folder: Path) -> None:
    shutil.copytree(_made("data", "render-pitch", "-o", "out", "-n", "4", "--per-scene", "1"), folder / "ds")


def _pictures(folder: Path) -> None:
    made = _made("data", "render", "-o", "out", "-n", "4", "--per-scene", "1")
    (folder / "images").mkdir()
    for path in (made / "images").rglob("*.*"):
        shutil.copy(path, folder / "images")


def _corrected(folder: Path) -> None:
    _footage(folder)
    (folder / "run" / "corrections.yaml").write_text("- {set: 4, number: 9, name: Ada}\n")


def _point_sets(folder: Path) -> None:
    kinds.points_whole(folder)


_OF_RUN: dict[str, list[str]] = {
    "export csv": ["export", "run", "--format", "csv", "-o", "out"],
    "export tracab": ["export", "run", "--format", "tracab", "-o", "out"],
    "movement": ["movement", "run", "-o", "out/m.csv"],
    "physical": ["physical", "run", "-o", "out/p.csv"],
    "phases": ["phases", "run", "-o", "out/p.csv"],
    "behaviour": ["behaviour", "run", "-o", "out/b.csv"],
    "off-ball": ["off-ball", "run", "-o", "out/o.csv"],
    "formations": ["formations", "run", "-o", "out/f.csv"],
    "heatmap": ["heatmap", "run", "--team", "A", "-o", "out/h.csv"],
    "player": ["player", "run", "t3", "--format", "csv", "-o", "out/p.csv"],
    "compare": ["compare", "run:A", "run:B", "-o", "out/c.html"],
    "report": ["report", "run"],
}
WORK = {
    "run": Work(
        ["run", "clip.mp4", "-o", "out", "--end", "0.3", *_SMALL], _film, share=4.5, others=_other_film
    ),
    "plan": Work(["plan", "clip.mp4", "-o", "out", *_SMALL], _film, share=0.5),
    "work": Work(["work", "out"], _planned, share=0.5),
    "merge": Work(["merge", "out"], _worked, share=0.5),
    "analyze": Work(["analyze", "match.csv", "-o", "out"], _table, share=2, others=_other_table),
    "import": Work(["data", "import", "coco", "src", "-o", "out"], _labels, share=1.5),
    "check": Work(["data", "check", "ds", "-o", "out.html"], _rendered, share=0.5),
    "render": Work(["data", "render", "-o", "out", "-n", "2", "--per-scene", "2"], _nothing),
    "render-pitch": Work(["data", "render-pitch", "-o", "out", "-n", "2", "--per-scene", "2"], _nothing),
    "from-run": Work(["data", "from-run", "run", "-o", "out", "--frames", "4"], _footage),
    "pseudo": Work(["data", "pseudo", "ds", "--no-flip"], _rendered),
    "masks": Work(["masks", "run", "--format", "png", "-o", "out"], _footage),
    "image": Work(["image", "images", "-o", "out", "--imgsz", "320"], _pictures),
    "calibrate": Work(["calibrate", "a.png", "--points", "p.yaml", "-o", "out.json"], _point_sets),
    "identities": Work(["identities", "run", "--apply", "--no-page"], _corrected),
    "train": Work(
        ["train", "--data", "ds", "-o", "out", "--epochs", "2", "--imgsz", "64", "--batch", "2"],
        _rendered,
        (*_NOISE, ".pt", ".csv", ".json", ".yaml", ".jsonl", ".cache"),
        share=0.6,
    ),
    "weights export": Work(
        ["weights", "export", "football-seg-n", "--format", "onnx", "-o", "out", "--imgsz", "160"],
        _nothing,
        (*_NOISE, ".json", ".md"),
        share=0.4,
    ),
    "weights average": Work(
        ["weights", "average", "football-seg-n", "football-seg-n", "-o", "out.pt"],
        _nothing,
        (*_NOISE, ".pt"),
        share=0.4,
    ),
    "season add": Work(
        ["season", "add", "run", "--db", "out"],
        kinds.run_copied,
        (*_NOISE, "season.json"),
        share=0.7,
        moves=False,
    ),
    **{name: Work(command, kinds.run_copied, share=0.7) for name, command in _OF_RUN.items()},
}
