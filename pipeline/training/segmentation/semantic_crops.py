"""What a semantic network is trained on: crops with label maps in one set of classes, of any data sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.core import images, masks
from pipeline.core.errors import DataSetError
from pipeline.core.files import whole_folder
from pipeline.core.types import BALL as BALL_ID
from pipeline.datasets import canonical
from pipeline.datasets.canonical import SPLITS, VOID, DataSet, Sample
from pipeline.datasets.semantic_classes import BALL, PEOPLE, class_table, common_classes
from pipeline.training.segmentation.ball_pasting import Cutout, ball_cutouts, paste_balls
from pipeline.training.segmentation.crops import CropSettings, cut, cut_label, cut_map, places


def make_semantic_crops(
    datasets: Sequence[DataSet], out: Path, settings: CropSettings | None = None
) -> DataSet:
    """Cut pictures and label maps of both splits into one new data set; whole frames without settings.

    Frames that have no label map but people or balls with masks teach those: the rest of them is void.
    Others are left out, and so are crops that are all void. Validation frames are cut too, or far players
    would be measured at another size than they are learnt.

    Raises
    ------
    DataSetError
        If ``out`` has other content, a label map is missing or of another size, or none is there to train on.
    """
    canonical.check_vacant(out)
    check_trainable(datasets)
    with whole_folder(out, "semantic.yaml", replace=False) as part:
        made = _make_crops(datasets, part, settings)
    return replace(made, root=out)


def _make_crops(datasets: Sequence[DataSet], out: Path, settings: CropSettings | None) -> DataSet:
    classes = _classes(datasets)
    rng = np.random.default_rng(settings.seed if settings else 0)
    cutouts = ball_cutouts(datasets) if settings and settings.paste_balls else ()
    samples: list[Sample] = []
    for number, dataset in enumerate(datasets):
        table = class_table(dataset.semantic_names, classes)
        for sample in (s for split in SPLITS for s in dataset.split(split) if teaches(s)):
            image, values = dataset.image(sample), _label_map(dataset, sample, table, classes)
            for n, (picture, part) in enumerate(
                _cuts(image, values, sample, classes, settings, cutouts, rng)
            ):
                file = f"{number}_{sample.stem.replace('/', '_')}_crop{n}.jpg"
                height, width = part.shape
                made = Sample(file, width, height, sample.split, sample.group, (), has_label_map=True)
                images.write_jpeg(out / "images" / sample.split / file, picture)
                canonical.write_label_map(out / "semantic" / sample.split / f"{made.stem}.png", part)
                samples.append(made)
    made_set = DataSet(out, datasets[0].class_names, classes, tuple(samples))
    canonical.save(made_set)
    return made_set


def check_trainable(datasets: Sequence[DataSet]) -> None:
    """Check that there are label maps to train on, and something to learn in each data set.

    Raises
    ------
    DataSetError
        If not.
    """
    for dataset in datasets:
        if not any(teaches(s) for s in dataset.split("train")):
            raise DataSetError(f"{dataset.root}: no label map and no mask in train; nothing to learn from")
    if not any(s.has_label_map for d in datasets for s in d.split("train")):
        roots = ", ".join(str(d.root) for d in datasets)
        raise DataSetError(
            f"{roots}: no label map in train; semantic training needs data imported as labelmap or voc, "
            "or rendered"
        )


def teaches(sample: Sample) -> bool:
    """Whether there is a label map, or a mask that can be trusted."""
    return sample.has_label_map or any(_known(sample))


def _classes(datasets: Sequence[DataSet]) -> tuple[str, ...]:
    told = [d.semantic_names for d in datasets if d.semantic_names]
    return common_classes([*told, (PEOPLE, BALL)])


def _known(sample: Sample) -> Iterator[canonical.Label]:
    """People first, so that a ball comes to lie on top."""
    labels = sorted(sample.labels, key=lambda x: x.class_id == BALL_ID)
    return (
        x
        for x in labels
        if x.mask is not None and x.mask_source != "doubtful" and not x.crowd and x.class_id <= BALL_ID
    )


def _label_map(
    dataset: DataSet, sample: Sample, table: NDArray[np.uint8], classes: Sequence[str]
) -> NDArray[np.uint8]:
    size = sample.height_px, sample.width_px
    if sample.has_label_map:
        values = table[dataset.label_map(sample)]
        if values.shape != size:
            raise DataSetError(
                f"{dataset.image_path(sample)}: its label map has another size; import it again"
            )
        return np.asarray(values, np.uint8)
    out = np.full(size, VOID, np.uint8)
    for label in _known(sample):
        if label.mask is not None:
            masks.paste(out, label.mask, classes.index(BALL if label.class_id == BALL_ID else PEOPLE))
    return out


def _cuts(
    image: NDArray[np.uint8],
    values: NDArray[np.uint8],
    sample: Sample,
    classes: Sequence[str],
    settings: CropSettings | None,
    cutouts: Sequence[Cutout],
    rng: np.random.Generator,
) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.uint8]]]:
    if settings is None:
        yield image, values
        return
    for corner, scale in places(sample.labels, image.shape[1::-1], settings, rng):
        picture = cut(image, corner, scale, settings.size_px)
        part = cut_map(values, corner, scale, settings.size_px)
        if cutouts and sample.split == "train":
            moved = [cut_label(x, corner, scale, settings) for x in sample.labels]
            there = [x for x in moved if x is not None]
            n_balls = int(rng.integers(settings.paste_balls + 1))
            picture, labels = paste_balls(picture, there, cutouts, n_balls, rng)
            for ball in labels[len(there) :]:
                if ball.mask is not None:
                    masks.paste(part, ball.mask, classes.index(BALL))
        if (part != VOID).any():
            yield picture, part
