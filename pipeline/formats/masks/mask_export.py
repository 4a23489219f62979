"""Export the masks of a run: PNG label maps, COCO JSON or MOTS text, with a legend beside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pipeline.core.errors import ConfigError, RunError
from pipeline.core.files import whole_file
from pipeline.core.json_files import write_json
from pipeline.core.label_maps import legend, paint
from pipeline.formats.masks import label_png, mots_writer
from pipeline.formats.masks.coco_writer import (
    INSTANCE_CATEGORIES,
    SEMANTIC_CATEGORIES,
    coco_file,
    video_frame,
)
from pipeline.runs.frame_masks import FrameMasks
from pipeline.runs.mask_run import MaskRun, open_masks

FORMATS = {"semantic": ("png", "coco"), "instance": ("png", "coco", "mots")}


def write_masks(run_dir: Path, out: Path, *, kind: str, format: str) -> int:
    """Write the masks of the run in ``run_dir`` to the folder ``out``; gives the number of frames.

    Parameters
    ----------
    kind
        ``semantic``: one label map a frame, with teams and roles. ``instance``: every person apart.
    format
        ``png``: ``000123.png`` for frame 123, 8-bit classes (semantic) or 16-bit numbers (instance).
        ``coco``: ``coco.json`` with run-length masks. ``mots``: ``mots.txt``, instances of tracks only.

    Raises
    ------
    ConfigError
        If there is no such kind or format, or not together.
    RunError
        If the run is not finished, or lacks the tracks that the format needs.
    """
    if kind not in FORMATS:
        raise ConfigError(f"--kind {kind}: must be {' or '.join(FORMATS)}")
    if format not in FORMATS[kind]:
        raise ConfigError(f"--format {format}: --kind {kind} can be written as {' or '.join(FORMATS[kind])}")
    run = open_masks(run_dir)
    if format == "mots" and not run.tracked:
        raise RunError(f"{run_dir}: has no tracks (mode team), and MOTS needs them; run with --mode player")
    out.mkdir(parents=True, exist_ok=True)
    n = _WRITERS[format](run, out, kind)
    write_json(out / "legend.json", _legend(run, kind, format) | {"frames": n})
    return n


def _write_png(run: MaskRun, out: Path, kind: str) -> int:
    n = 0
    for frame in run.frames():
        path = out / f"{frame.frame:06d}.png"
        if kind == "semantic":
            path.write_bytes(label_png.index_png(_labels(run, frame)))
        else:
            image = label_png.instance_map(frame, run.height, run.width, run.tracked)
            path.write_bytes(label_png.gray16_png(image))
        n += 1
    return n


def _write_coco(run: MaskRun, out: Path, kind: str) -> int:
    n = 0
    categories = SEMANTIC_CATEGORIES if kind == "semantic" else INSTANCE_CATEGORIES
    with coco_file(out / "coco.json", categories) as writer:
        for frame in run.frames():
            image = video_frame(frame, run.height, run.width)
            if kind == "semantic":
                writer.add_labels(frame, image, _labels(run, frame))
            else:
                writer.add_instances(frame, image)
            n += 1
    return n


def _write_mots(run: MaskRun, out: Path, kind: str) -> int:
    factor, n = _id_factor(run), 0
    with whole_file(out / "mots.txt") as part, part.open("w", encoding="ascii") as handle:
        for frame in run.frames():
            handle.writelines(line + "\n" for line in mots_writer.lines(frame, run.height, run.width, factor))
            n += 1
    return n


_WRITERS: dict[str, Callable[[MaskRun, Path, str], int]] = {
    "png": _write_png,
    "coco": _write_coco,
    "mots": _write_mots,
}


def _labels(run: MaskRun, frame: FrameMasks) -> Any:
    return paint(run.height, run.width, frame.masks, frame.value, frame.feet_px[:, 1])


def _id_factor(run: MaskRun) -> int:
    ids = run.run.table("tracks", ["track_id"])["track_id"]
    return mots_writer.id_factor(int(ids.max()) if len(ids) else 0)


def _legend(run: MaskRun, kind: str, format: str) -> dict[str, Any]:
    about: dict[str, Any] = {
        "kind": kind,
        "format": format,
        "height_px": run.height,
        "width_px": run.width,
    }
    if kind == "semantic":
        return about | {"labels": legend()}
    return about | dict(_instance_legend(run, format))


def _instance_legend(run: MaskRun, format: str) -> Iterator[tuple[str, Any]]:
    if format == "coco":
        yield "categories", {i + 1: name for i, name in enumerate(INSTANCE_CATEGORIES)}
    elif format == "mots":
        yield "classes", {mots_writer.PERSON_CLASS: "person", mots_writer.BALL_CLASS: "ball"}
        yield "id", f"class * {_id_factor(run)} + track_id"
    elif run.tracked:
        yield "values", {"0": "nobody", str(label_png.NO_TRACK_VALUE): "without a track", "else": "track_id"}
    else:
        yield "values", {"0": "nobody", "else": "instance in the frame, plus 1"}
    if run.tracked and run.run.has("identities"):
        who = run.run.table("identities", ["track_id", "role", "team"])
        who = who.astype(object).where(who.notna(), None)
        yield "tracks", {int(t): {"role": r, "team": team} for t, r, team in who.itertuples(index=False)}
