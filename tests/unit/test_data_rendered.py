"""Rendered pictures become a data set that says only what can be seen."""

from dataclasses import dataclass

import numpy as np
import pytest

from pipeline.core import masks
from pipeline.core.errors import DataSetError
from pipeline.core.masks import crop
from pipeline.datasets import canonical
from pipeline.datasets.rendered_people import label_map, save_rendered
from pipeline.synthetic.people_stills import stills


@dataclass
class Figure:
    role: str
    visible_share: float
    mask: object


@dataclass
class Picture:
    image: np.ndarray
    instances: list
    surfaces: np.ndarray


def block(y, x, height, width):
    mask = np.zeros((60, 80), bool)
    mask[y : y + height, x : x + width] = True
    return crop(mask)


def test_the_bench_and_the_hidden_are_no_labels(tmp_path):
    figures = [
        Figure("player", 1.0, block(10, 10, 30, 10)),
        Figure("ball", 1.0, block(50, 40, 4, 4)),
        Figure("other", 1.0, block(10, 60, 30, 10)),
        Figure("referee", 0.1, block(10, 30, 30, 10)),
        Figure("ball", 1.0, block(50, 60, 2, 2)),
    ]
    done = []
    surfaces = np.zeros((60, 80), np.uint8)
    surfaces[:5] = 255
    picture = Picture(np.zeros((60, 80, 3), np.uint8), figures, surfaces)
    save_rendered([picture], tmp_path / "ds", done.append)
    made = canonical.load(tmp_path / "ds")
    (sample,) = made.split("train")
    assert [(x.class_id, x.box_px) for x in sample.labels] == [(0, (10, 10, 20, 40)), (3, (40, 50, 44, 54))]
    assert masks.area(sample.labels[0].mask) == 300
    assert done == [1]
    shown = made.label_map(sample)
    names = [made.semantic_names[shown[y, x]] for y, x in ((8, 0), (15, 15), (15, 35), (51, 61), (15, 65))]
    assert names == ["pitch", "player", "referee", "ball", "outside"], "however little is seen; no bench"
    assert (shown[:5] == canonical.VOID).all(), "under graphics nothing is seen"
    with pytest.raises(DataSetError, match="not empty"):
        save_rendered([], tmp_path / "ds")


def test_of_two_figures_the_nearer_is_seen():
    near, far = Figure("referee", 1.0, block(10, 10, 30, 10)), Figure("player", 0.5, block(10, 15, 30, 10))
    picture = Picture(np.zeros((60, 80, 3), np.uint8), [near, far], np.zeros((60, 80), np.uint8))
    shown = label_map(picture)
    assert (shown == shown[20, 10]).sum() == 300
    assert (shown == shown[20, 24]).sum() == 150


def test_nothing_rendered_is_told(tmp_path):
    with pytest.raises(DataSetError, match="no pictures"):
        save_rendered([], tmp_path / "none")


def test_a_real_rendered_picture_fits(tmp_path):
    made = save_rendered(stills(1, 3, (320, 180)), tmp_path / "ds")
    (sample,) = made.split("train")
    assert made.image(sample).shape == (180, 320, 3)
    assert sample.labels
    assert {x.mask_source for x in sample.labels} == {"labelled"}
    shown = made.label_map(sample)
    assert shown.shape == (180, 320)
    assert made.semantic_names[np.bincount(shown.ravel()).argmax()] == "pitch"
