"""What `teamshape image` writes: overlays, label maps, a COCO file, one row a person."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.appearance.team_kits import typical_kit
from pipeline.core import images
from pipeline.core.errors import ConfigError, RunError
from pipeline.core.files import whole_file
from pipeline.core.json_files import write_json
from pipeline.core.label_maps import legend, paint
from pipeline.core.pitch import Pitch
from pipeline.core.types import ProgressCallback
from pipeline.formats.masks import label_png
from pipeline.formats.masks.coco_writer import INSTANCE_CATEGORIES, CocoImage, coco_file
from pipeline.report.overlay.overlay import Artist
from pipeline.report.style.colours import Colours, choose
from pipeline.runs.frame_masks import FrameMasks
from pipeline.runs.run_directory import read_json
from pipeline.workflow.stills.picture_sources import Source
from pipeline.workflow.stills.picture_teams import Look

FORMATS = ("overlay", "teams", "instances", "coco", "csv")
_ENDING = {"overlay": ".jpg", "teams": ".png", "instances": ".png", "semantic": ".png"}
LEGEND = "legend.json"
JPEG_QUALITY = 92
_NO_LIMIT_PX = 1_000_000
_COLUMNS = ("picture", "instance", "role", "team", "score", "x1_px", "y1_px", "x2_px", "y2_px", "area_px")


@dataclass(frozen=True, slots=True)
class Result:
    """A picture with everything known about it."""

    source: Source
    look: Look
    people: FrameMasks


def check_formats(formats: Sequence[str]) -> tuple[str, ...]:
    """Check the chosen formats; none means all.

    Raises
    ------
    ConfigError
        If one is unknown.
    """
    if unknown := [f for f in formats if f not in FORMATS]:
        raise ConfigError(f"--format {unknown[0]}: expected {', '.join(FORMATS)}")
    return tuple(f for f in FORMATS if f in formats or not formats)


def prepare(out: Path, made_with: str = "labels") -> None:
    """Check that ``out`` is new, empty, or made by this command before; results in it will be replaced.

    ``made_with`` is the entry by which its legend tells the kind of network.

    Raises
    ------
    RunError
        If it holds anything else.
    """
    if out.is_file():
        raise RunError(f"{out}: is a file; give a folder with -o")
    others = {p.name for p in out.iterdir()} - {LEGEND + ".part"} if out.is_dir() else set()
    if others and made_with not in read_json(out / LEGEND):
        raise RunError(
            f"{out}: not empty, and not made by teamshape image with this kind of network; choose another -o"
        )


def begin(out: Path, made_with: str = "labels") -> None:
    """Mark ``out`` as of this command before the first result, so that a killed call can be made again."""
    if not (out / LEGEND).exists():
        write_json(out / LEGEND, {made_with: [], "pictures": []})


def write_all(
    results: Sequence[Result], out: Path, formats: Sequence[str], progress: ProgressCallback
) -> None:
    """Write ``formats`` of all results; pictures are read again for the overlays.

    Raises
    ------
    RunError
        If the disk is full or the folder cannot be written.
    """
    begin(out)
    forget(out, {r.source.name for r in results})
    colours = {m: _colours([r for r in results if r.source.match == m]) for m in _matches(results)}
    for i, result in enumerate(results):
        for kind in formats:
            if kind in _ENDING:
                path = out / kind / (result.source.name + _ENDING[kind])
                write(path, _PICTURES[kind](result, colours[result.source.match]))
        progress(i + 1, len(results))
    if "coco" in formats:
        _write_coco(results, out / "coco.json")
    if "csv" in formats:
        _write_csv(results, out / "people.csv")
    write_json(out / LEGEND, _legend(results, colours, formats))


def team_map(look: Look, people: FrameMasks) -> NDArray[np.uint8]:
    """Paint the team-level label map of a picture, ``(H, W)``; values index `core.types.LABEL_NAMES`."""
    return paint(look.height_px, look.width_px, people.masks, people.value, people.feet_px[:, 1])


def _overlay(result: Result, colours: Colours) -> bytes:
    look = result.look
    image = images.read(result.source.path)
    if image is None or image.shape[:2] != (look.height_px, look.width_px):
        raise RunError(f"{result.source.path}: changed while it was worked on; start again")
    artist = Artist(look.height_px, look.width_px, _NO_LIMIT_PX, colours, Pitch())
    drawn = artist.draw_people(image, result.people)
    return cv2.imencode(".jpg", drawn, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1].tobytes()


def _teams(result: Result, colours: Colours) -> bytes:
    return label_png.index_png(team_map(result.look, result.people))


def _instances(result: Result, colours: Colours) -> bytes:
    look = result.look
    painted = label_png.instance_map(result.people, look.height_px, look.width_px, tracked=False)
    return label_png.gray16_png(painted)


_PICTURES: dict[str, Callable[[Result, Colours], bytes]] = {
    "overlay": _overlay,
    "teams": _teams,
    "instances": _instances,
}


def write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    with whole_file(path) as part:
        part.write_bytes(data)


def _write_coco(results: Sequence[Result], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with coco_file(path, INSTANCE_CATEGORIES) as writer:
        for r in results:
            image = CocoImage(r.source.path.name, r.look.height_px, r.look.width_px, {"name": r.source.name})
            writer.add_instances(r.people, image)


def _write_csv(results: Sequence[Result], path: Path) -> None:
    with whole_file(path) as part, part.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(_COLUMNS)
        for r in results:
            p = r.people
            for i, mask in enumerate(p.masks):
                box = [round(float(v), 1) for v in p.boxes_px[i]]
                area_px = int(mask.runs[1::2].sum())
                team = p.team[i] or ""
                writer.writerow(
                    [r.source.name, i + 1, p.role[i], team, round(float(p.score[i]), 3), *box, area_px]
                )


def _colours(results: Sequence[Result]) -> Colours:
    """Choose the colours of one match from its teams' shirts."""
    kits = {}
    for team in ("A", "B"):
        rows = [
            np.append(r.look.kit.torso[i], r.look.kit.kit_px[i])
            for r in results
            for i in range(len(r.people.masks))
            if r.people.role[i] == "player" and r.people.team[i] == team
        ]
        kits[team] = typical_kit(np.array(rows, np.float64).reshape(-1, 4))
    return choose(kits["A"], kits["B"])


def _legend(
    results: Sequence[Result], colours: Mapping[str, Colours], formats: Sequence[str]
) -> dict[str, Any]:
    pictures = [
        {
            "name": r.source.name,
            "file": str(r.source.path),
            "match": r.source.match,
            "height_px": r.look.height_px,
            "width_px": r.look.width_px,
            "pitch_found": bool(r.look.view["source"].iloc[0] != "none"),
            "people": dict(Counter(_called(r.people, i) for i in range(len(r.people.masks)))),
        }
        for r in results
    ]
    kits = {match: {"A": c.a.kit, "B": c.b.kit} for match, c in colours.items()}
    return {
        "labels": legend(),
        "instances": {"0": "nobody", "else": "row of people.csv with this instance"},
        "kits_rgb": kits,
        "formats": list(formats),
        "pictures": pictures,
    }


def _called(people: FrameMasks, i: int) -> str:
    team = people.team[i]
    return f"{people.role[i]} {team}" if team else people.role[i]


def _matches(results: Sequence[Result]) -> list[str]:
    return list(dict.fromkeys(r.source.match for r in results))


def forget(out: Path, names: set[str]) -> None:
    """Remove results of an earlier call for pictures that are not among ``names``."""
    for picture in read_json(out / LEGEND).get("pictures", ()):
        if picture["name"] not in names:
            for kind, ending in _ENDING.items():
                (out / kind / (Path(picture["name"]).name + ending)).unlink(missing_ok=True)
