"""A run's own footage as a data set: pictures worth correcting, with what the network found in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline import video
from pipeline.core import images
from pipeline.core.errors import DataSetError, RunError
from pipeline.core.files import whole_folder
from pipeline.core.types import CLASS_NAMES, ProgressCallback
from pipeline.datasets import canonical
from pipeline.datasets.canonical import DataSet, Label, Sample
from pipeline.datasets.own_footage import frame_choice
from pipeline.datasets.own_footage.frame_choice import BOX, Order
from pipeline.runs.frame_masks import FrameMasks
from pipeline.runs.mask_run import MaskRun, open_masks

_FRAMES = ["frame", "time_s", "shot", "duplicate"]


@dataclass(frozen=True, slots=True)
class FromRunRule:
    """Which frames are taken, and which masks are trusted.

    ``count``: at most so many frames, ``minimum_gap_s`` apart. ``sure``: masks with a score from here on, of
    people whose role is the network's, are marked ``teacher``, the rest ``doubtful``. ``longest_gap_s``: who
    is not found for this long at most, between two frames in which he is, gets a box without a mask.
    """

    count: int = 100
    order: Order = "hard"
    minimum_gap_s: float = 1.0
    sure: float = 0.6
    longest_gap_s: float = 1.0


def dataset_from_run(
    root: Path, out: Path, rule: FromRunRule | None = None, progress: ProgressCallback | None = None
) -> DataSet:
    """Write frames of the run in ``root`` as a data set folder (see `canonical`), all of it to train on.

    People off the pitch are left without a label, as in labelled footage. Beside the annotations stands
    ``frames.csv``: one line a picture, in the order in which to correct them, with what made it doubtful.

    Raises
    ------
    RunError
        If it is no run of footage, or nothing was found in it.
    VideoError
        If the footage is no longer where it was.
    DataSetError
        If ``out`` has other content.
    """
    rule = rule or FromRunRule()
    canonical.check_vacant(out)
    source = open_masks(root)
    _check_footage(source)
    chosen, missed = _choose(source, rule)
    if not len(chosen):
        raise RunError(f"{root}: nobody was found in any frame, so there is nothing to correct")
    with whole_folder(out, "data.yaml", replace=False) as part:
        samples = tuple(_samples(source, chosen, missed, part, rule, progress))
        made = DataSet(part, CLASS_NAMES, (), samples)
        canonical.save(made)
        files = {_frame_of(s): s.file for s in samples}
        listed = chosen.assign(file=chosen["frame"].map(files)).dropna(subset="file").round(3)
        listed.insert(0, "rank", np.arange(1, len(listed) + 1))
        listed.to_csv(part / "frames.csv", index=False)
    return replace(made, root=out)


def _check_footage(source: MaskRun) -> None:
    record = source.run.record
    if (
        video.probe(Path(record["source"]), source.run.config.video).fingerprint
        != record["video"]["fingerprint"]
    ):
        raise DataSetError(
            f"{record['source']}: no longer the footage that {source.run.root} was made from; "
            "its masks would lie on other pictures"
        )


def _choose(source: MaskRun, rule: FromRunRule) -> tuple[pd.DataFrame, pd.DataFrame]:
    run = source.run
    frames = run.table("frames", _FRAMES).sort_values("frame", ignore_index=True)
    instances = run.table("instances", ["frame", "instance", "class_name", "score", *BOX])
    tracks = run.table("tracks", ["frame", "instance", "track_id"])
    missed = frame_choice.missed_boxes(instances, tracks, frames, rule.longest_gap_s)
    doubts = frame_choice.frame_doubts(frames, instances, run.table("labels"), missed)
    doubts = doubts[doubts["found"] + doubts["missed"] > 0]
    return frame_choice.choose_frames(doubts, rule.count, rule.order, rule.minimum_gap_s), missed


def _samples(
    source: MaskRun,
    chosen: pd.DataFrame,
    missed: pd.DataFrame,
    out: Path,
    rule: FromRunRule,
    progress: ProgressCallback | None,
) -> Iterator[Sample]:
    wanted = set(chosen["frame"].tolist())
    lost = dict(tuple(missed[missed["frame"].isin(wanted)].groupby("frame")))
    group = re.sub(r"[^A-Za-z0-9-]+", "-", source.run.name).strip("-") or "run"
    footage = Path(source.run.record["source"])
    for done, picture in enumerate(video.frames_at(footage, wanted, source.run.config.video), 1):
        file = f"{group}_{picture.index:06d}.jpg"
        images.write_jpeg(out / "images" / "train" / file, picture.image)
        people = tuple(_found(source.frame(picture.index), rule))
        labels = (*people, *_unseen(lost.get(picture.index)))
        yield Sample(file, source.width, source.height, "train", group, labels)
        if progress is not None:
            progress(done, len(wanted))


def _found(people: FrameMasks, rule: FromRunRule) -> Iterator[Label]:
    for i, role in enumerate(people.role):
        network = CLASS_NAMES[int(people.class_id[i])]
        if role == "other":
            continue
        told = role if role in CLASS_NAMES else network
        score = float(np.nan_to_num(people.score[i]))
        x1, y1, x2, y2 = people.boxes_px[i].tolist()
        yield Label(
            CLASS_NAMES.index(told),
            (x1, y1, x2, y2),
            people.masks[i],
            "teacher" if score >= rule.sure and told == network else "doubtful",
            score,
        )


def _unseen(missed: pd.DataFrame | None) -> Iterator[Label]:
    if missed is not None:
        for name, (x1, y1, x2, y2) in zip(missed["class_name"], missed[BOX].to_numpy(float), strict=True):
            box = (float(x1), float(y1), float(x2), float(y2))
            yield Label(CLASS_NAMES.index(name), box, None, "none")


def _frame_of(sample: Sample) -> int:
    return int(sample.stem.rpartition("_")[2])
