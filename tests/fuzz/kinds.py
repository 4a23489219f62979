"""The kinds of input that are damaged: each makes its files in ``folder/in`` and names the commands to run.

Commands run in ``folder`` and write to ``out``.
"""

from __future__ import annotations

import atexit
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import film_kinds
import forked
import numpy as np
import pandas as pd
from mutators import NASTY, damaged_bytes, damaged_json, damaged_table, damaged_text

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))

import tracking_files

from pipeline.core.config import Config

Commands = list[list[str]]
DEMO = Path(__file__).parents[2] / "pipeline" / "demo" / "demo.mp4"
_CONFIG = """mode: player
video: {start_s: 0.1, end_s: 0.2, every_s: 0.04}
pitch:
  length_m: 105.0
  width_m: 68.0
segment:
  weights: football-seg-n
  imgsz: 320
  min_score: 0.25
track: {max_gap_s: 1.0}
report: {overlay: false}
"""
_POINTS = """
- {image: [80, 10], pitch: [0, 34]}
- {image: [80, 80], pitch: [0, -34]}
- {image: [5, 10], pitch: [-52.5, 34]}
- {image: [155, 10], pitch: [52.5, 34]}
- {image: [150, 85], pitch: [52.5, -34]}
"""

_CORRECTIONS = """
- {join: [1, 2]}
- {split: 3, at: 0:01}
- {set: 4, number: 9, name: Núñez}
- {ignore: 5}
- {swap: [7, 8], from: 0:02}
- {end: 9, at: 0:03}
"""
_ROSTER = """
- {team: A, number: 7, name: Núñez, position: LW, on: "0:00", off: "90:00"}
- {team: B, number: 9, name: O'Neil}
"""
_PROVIDERS = (
    (("skillcorner_v3_raw_data.jsonl",), ("skillcorner_meta_data.json",)),
    (("tracab_raw.dat",), ("tracab_meta.xml",)),
    (("tracab_raw.json",), ("tracab_meta.json",)),
    (("metrica_home.csv", "metrica_away.csv"), ()),
    (("epts_metrica_tracking.txt",), ("epts_metrica_metadata.xml",)),
    (("second_spectrum_fake_data_utf8sig.jsonl",), ("second_spectrum_fake_metadata.xml",)),
    (("sportec_positional.xml",), ("sportec_meta.xml",)),
    (("statsperform_tracking_ma25.txt",), ("statsperform_tracking_ma1.json",)),
    (("pff_3812.jsonl",), ("pff_metadata_3812.json", "pff_rosters_3812.json")),
)


def config(folder: Path, rng: random.Random) -> Commands:
    """A configuration, and a setting on the command line; the footage is no film: nothing heavy follows."""
    (folder / "in" / "c.yaml").write_text(damaged_text(_CONFIG, rng), "utf-8", "replace")
    setting = damaged_text("segment.imgsz=320", rng).replace("\0", "")
    (folder / "in" / "no.mp4").write_bytes(b"none")
    return [["run", "in/no.mp4", "-o", "out", "-c", "in/c.yaml", f"--set={setting}"]]


def points(folder: Path, rng: random.Random) -> Commands:
    """Landmarks by hand, for a picture."""
    (folder / "in" / "p.yaml").write_text(damaged_text(_POINTS, rng), "utf-8", "replace")
    (folder / "in" / "a.png").write_bytes(_picture())
    return [["calibrate", "in/a.png", "--points", "in/p.yaml", "-o", "out.json"]]


def table(folder: Path, rng: random.Random) -> Commands:
    """Tracking data as a table, long or wide, damaged as a table or as text."""
    made = short_table() if rng.random() < 0.1 else _few() if rng.random() < 0.5 else _wide()
    made = damaged_table(made, rng) if rng.random() < 0.7 else made
    path = folder / "in" / "match.csv"
    made.to_csv(path, index=False, errors="replace")
    if rng.random() < 0.4:
        path.write_text(damaged_text(path.read_text("utf-8"), rng), "utf-8", "replace")
    extra = ["--fps", "25"] if "track_id" not in made else []
    return [["analyze", "in/match.csv", "-o", "out", *extra]]


def labels(folder: Path, rng: random.Random) -> Commands:
    """COCO, YOLO or LabelMe labels, imported and checked."""
    fmt = rng.choice(("coco", "yolo", "labelme"))
    (folder / "in" / "a_1.png").write_bytes(_picture())
    ring = [40, 20, 60, 20, 60, 70, 40, 70]
    if fmt == "coco":
        mark = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [40, 20, 20, 50], "segmentation": [ring]}
        image = {"id": 1, "file_name": "a_1.png", "width": 160, "height": 90}
        content = {"images": [image], "annotations": [mark], "categories": [{"id": 1, "name": "player"}]}
        (folder / "in" / "labels.json").write_text(damaged_json(content, rng))
    elif fmt == "labelme":
        shape = {"label": "player", "points": [[40, 20], [60, 70]], "shape_type": "rectangle"}
        content = {"imagePath": "a_1.png", "imageHeight": 90, "imageWidth": 160, "shapes": [shape]}
        (folder / "in" / "a_1.json").write_text(damaged_json(content, rng))
    else:
        for name in ("images", "labels"):
            (folder / "in" / name / "train").mkdir(parents=True)
        shutil.move(folder / "in" / "a_1.png", folder / "in" / "images" / "train" / "a_1.png")
        data, lines = "train: images/train\nnames:\n  0: player\n", "0 0.3125 0.5 0.125 0.5556\n"
        which = rng.random() < 0.5
        (folder / "in" / "data.yaml").write_text(
            damaged_text(data, rng) if which else data, "utf-8", "replace"
        )
        text = folder / "in" / "labels" / "train" / "a_1.txt"
        text.write_text(lines if which else damaged_text(lines, rng), "utf-8", "replace")
    return [["data", "import", fmt, "in", "-o", "out"], ["data", "check", "out"]]


def points_whole(folder: Path) -> None:
    """Sound landmarks of a picture."""
    (folder / "p.yaml").write_text(_POINTS)
    (folder / "a.png").write_bytes(_picture())


def labels_whole(folder: Path) -> None:
    """Sound COCO labels of thirty pictures."""
    folder.mkdir()
    images = [{"id": i, "file_name": f"m{i}_1.png", "width": 160, "height": 90} for i in range(30)]
    box = {"category_id": 1, "bbox": [40, 20, 20, 50]}
    marks = [{"id": i, "image_id": i} | box for i in range(30)]
    for image in images:
        (folder / image["file_name"]).write_bytes(_picture())
    content = {"images": images, "annotations": marks, "categories": [{"id": 1, "name": "player"}]}
    (folder / "labels.json").write_text(json.dumps(content))


def record(folder: Path, rng: random.Random) -> Commands:
    """A finished run whose record, a step's, or a table is damaged; then somebody asks it."""
    shutil.copytree(_run(), folder / "in" / "run")
    files = [p for p in sorted((folder / "in" / "run").rglob("*")) if p.suffix in (".json", ".parquet")]
    path = rng.choice([*files, folder / "in" / "run" / "run.json"])
    if path.suffix == ".json":
        path.write_text(damaged_json(json.loads(path.read_text()), rng), "utf-8", "replace")
    else:
        path.write_bytes(damaged_bytes(path.read_bytes(), rng))
    asked = (
        ["movement", "in/run", "-o", "out.csv"],
        ["formations", "in/run", "-o", "out.csv"],
        ["export", "in/run", "--format", "csv", "-o", "out"],
        ["heatmap", "in/run", "--team", "A", "-o", "out.csv"],
    )
    return [rng.choice(asked)]


def settings(folder: Path, rng: random.Random) -> Commands:
    """One setting of all that there are is anything; then sound tracking data are analysed with it."""
    sections = Config().model_dump(mode="json")
    section = rng.choice(sorted(sections))
    while not isinstance(sections[section], dict):
        section = rng.choice(sorted(sections))
    name = rng.choice(sorted(sections[section]))
    was = sections[section][name]
    numeric = isinstance(was, int | float) and rng.random() < 0.7
    value = was * rng.choice((0, -1, 1e-6, 0.1, 10, 1e6)) if numeric else rng.choice(NASTY[:20])
    (_few() if rng.random() < 0.9 else short_table()).to_csv(folder / "in" / "match.csv", index=False)
    text = json.dumps(value).replace("\0", "")
    return [["analyze", "in/match.csv", "-o", "out", f"--set={section}.{name}={text}"]]


def provider(folder: Path, rng: random.Random) -> Commands:
    """A provider's files, one of which is damaged."""
    sources, meta = rng.choice(_PROVIDERS)
    damaged = rng.choice((*sources, *meta))
    for name in (*sources, *meta):
        data = (tracking_files.FILES / name).read_bytes()
        if name == damaged and name.endswith(".json") and rng.random() < 0.7:
            data = damaged_json(json.loads(data), rng).encode("utf-8", "replace")
        elif name == damaged and rng.random() < 0.7:
            data = damaged_text(data.decode("utf-8"), rng).encode("utf-8", "replace")
        elif name == damaged:
            data = damaged_bytes(data, rng)
        (folder / "in" / name).write_bytes(data)
    named = [x for name in meta for x in ("--meta", f"in/{name}")]
    return [["analyze", *(f"in/{name}" for name in sources), *named, "-o", "out"]]


def by_hand(folder: Path, rng: random.Random) -> Commands:
    """Corrections or a roster of a run, and who is who is asked."""
    made = footage_run()
    shutil.copytree(made / "run", folder / "out")
    shutil.copy(made / "clip.mp4", folder)
    name, text = rng.choice((("corrections.yaml", _CORRECTIONS), ("roster.yaml", _ROSTER)))
    (folder / "out" / name).write_text(damaged_text(text, rng), "utf-8", "replace")
    return [["identities", "out", "--apply", "--no-page"]]


_TEXTS = (config, points, table, labels, record, settings, provider, by_hand)
TEXT_KINDS: dict[str, Callable[[Path, random.Random], Commands]] = {k.__name__: k for k in _TEXTS}
QUICK = {k.__name__: k for k in (config, points, table, labels, record, provider, film_kinds.probed)}
"""Those that the suite can afford."""
ALL = TEXT_KINDS | film_kinds.FILM_KINDS | {"probed": film_kinds.probed}


def warm_up() -> None:
    """Make what all cases begin from, and import what the forks share; no thread may be running then."""
    for suffix in (".mp4", ".mkv", ".avi", ".ts"):
        film_kinds.film(suffix)
    _run()
    forked.preload()


@cache
def short_table() -> pd.DataFrame:
    """Tracking data of a few seconds."""
    return tracking_files.long_table(seconds=4.0)


@cache
def _few() -> pd.DataFrame:
    """Fewer seconds, and five of each team."""
    made = tracking_files.long_table(seconds=2.0)
    first = made[made["role"] != "ball"].groupby("team")["track_id"].unique()
    return made[made["track_id"].isin([*first["A"][:5], *first["B"][:5], 99])]


@cache
def _wide() -> pd.DataFrame:
    """A wide table, with few columns."""
    made = tracking_files.wide_table(seconds=2.0)
    few = [c for c in made if not c.startswith(("home", "away")) or c.split("_")[1] in "12345"]
    return made[few]


@cache
def _picture() -> bytes:
    import cv2

    image = np.full((90, 160, 3), (40, 140, 60), np.uint8)
    image[20:70, 40:60] = (20, 20, 220)
    return cv2.imencode(".png", image)[1].tobytes()


@cache
def _run() -> Path:
    """A finished run of tracking data, made in a process of its own."""
    folder = _own_folder()
    short_table().to_csv(folder / "match.csv", index=False)
    return _made(folder, "analyze", "match.csv", "-o", "run") / "run"


@cache
def footage_run() -> Path:
    """A folder with a finished run of footage, and the film beside it."""
    folder = _own_folder()
    shutil.copy(DEMO, folder / "clip.mp4")
    return _made(folder, "run", "clip.mp4", "-o", "run", "--end", "0.4", "--set", "segment.imgsz=320")


def _own_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="teamshape-fuzz-run-"))
    atexit.register(shutil.rmtree, folder, True)
    return folder


def _made(folder: Path, *command: str) -> Path:
    made = [sys.executable, "-m", "pipeline", *command]
    subprocess.run(made, cwd=folder, check=True, capture_output=True)
    return folder


def run_copied(folder: Path) -> None:
    """Lay the finished run into ``folder``."""
    shutil.copytree(_run(), folder / "run")
