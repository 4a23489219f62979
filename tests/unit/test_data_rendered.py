"""Rendered pictures become a data set that says only what can be seen."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pytest

from pipeline.core import images, masks
from pipeline.core.errors import DataSetError, RunError
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
    save_rendered(lambda first: [picture][first:], tmp_path / "ds", {}, done.append)
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
        save_rendered(lambda first: [], tmp_path / "ds", {})


def test_of_two_figures_the_nearer_is_seen():
    near, far = Figure("referee", 1.0, block(10, 10, 30, 10)), Figure("player", 0.5, block(10, 15, 30, 10))
    picture = Picture(np.zeros((60, 80, 3), np.uint8), [near, far], np.zeros((60, 80), np.uint8))
    shown = label_map(picture)
    assert (shown == shown[20, 10]).sum() == 300
    assert (shown == shown[20, 24]).sum() == 150


def test_nothing_rendered_is_told(tmp_path):
    with pytest.raises(DataSetError, match="no pictures"):
        save_rendered(lambda first: [], tmp_path / "none", {})
    assert not (tmp_path / "none").exists()


def test_a_real_rendered_picture_fits(tmp_path):
    made = save_rendered(partial(stills, 1, 3, (320, 180), 4), tmp_path / "ds", {})
    (sample,) = made.split("train")
    assert made.image(sample).shape == (180, 320, 3)
    assert sample.labels
    assert {x.mask_source for x in sample.labels} == {"labelled"}
    shown = made.label_map(sample)
    assert shown.shape == (180, 320)
    assert made.semantic_names[np.bincount(shown.ravel()).argmax()] == "pitch"


def drawn(number):
    """A picture with one player, further right with each number."""
    figures = [Figure("player", 1.0, block(10, 10 + 5 * number, 30, 10))]
    return Picture(np.full((60, 80, 3), 40 * number, np.uint8), figures, np.zeros((60, 80), np.uint8))


def content(folder):
    return {p.relative_to(folder): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_rendering_that_was_stopped_goes_on_to_the_same_data_set(tmp_path):
    pictures = lambda first: [drawn(i) for i in range(first, 5)]  # noqa: E731
    recipe = {"count": 5, "seed": 3}
    save_rendered(pictures, tmp_path / "whole", recipe)

    def stop(done):
        if done in (1, 3):
            raise KeyboardInterrupt

    rendered = []
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            save_rendered(pictures, tmp_path / "ds", recipe, stop)
        with pytest.raises(DataSetError, match="with other options"):
            save_rendered(pictures, tmp_path / "ds", recipe | {"seed": 4})
    (tmp_path / "ds" / "images" / "train" / "rendered_00003.jpg").write_bytes(b"half")
    save_rendered(pictures, tmp_path / "ds", recipe, rendered.append)
    assert rendered == [4, 5]
    assert content(tmp_path / "ds") == content(tmp_path / "whole")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ds", "whole"]


def test_a_full_disk_leaves_pictures_to_go_on_from_and_the_first_one_nothing(tmp_path, monkeypatch):
    pictures = lambda first: [drawn(i) for i in range(first, 2)]  # noqa: E731
    write = images.write_jpeg

    def full(path, image, quality=95):
        if path.name.endswith("1.jpg") or all_full:
            raise RunError(f"{path}: cannot write (No space left on device)")
        write(path, image, quality)

    monkeypatch.setattr(images, "write_jpeg", full)
    all_full = True
    with pytest.raises(RunError, match="No space"):
        save_rendered(pictures, tmp_path / "ds", {})
    assert list(tmp_path.iterdir()) == []
    all_full = False
    with pytest.raises(RunError, match="No space"):
        save_rendered(pictures, tmp_path / "ds", {})
    monkeypatch.undo()
    assert len(save_rendered(pictures, tmp_path / "ds", {}).samples) == 2


def test_one_that_was_killed_behind_its_last_picture_is_whole_without_its_lock(tmp_path):
    pictures = lambda first: [drawn(i) for i in range(first, 2)]  # noqa: E731
    save_rendered(pictures, tmp_path / "ds", {})
    made = content(tmp_path / "ds")
    (tmp_path / "ds" / ".lock").touch()
    with pytest.raises(DataSetError, match="holds a rendered data set"):
        save_rendered(pictures, tmp_path / "ds", {})
    assert content(tmp_path / "ds") == made
