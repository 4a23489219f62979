"""Teachers' masks are believed only where they agree with the box and each other."""

import cv2
import numpy as np
import pytest

from pipeline.core import masks
from pipeline.core.masks import crop
from pipeline.core.types import CLASS_NAMES, Instances
from pipeline.datasets import canonical
from pipeline.datasets.canonical import DataSet, Label, Sample
from pipeline.datasets.pseudo_masks import (
    VIEW_PX,
    PseudoRule,
    by_colour,
    masks_for,
    pseudo_masks,
    view_of,
)

BOX = (60.0, 40.0, 80.0, 90.0)


def scene() -> np.ndarray:
    image = np.full((120, 160, 3), (40, 140, 60), np.uint8)
    image[40:90, 64:76] = (20, 20, 220)
    image[55:60, 60:80] = (20, 20, 220)
    return image


def truth() -> np.ndarray:
    return (scene() == (20, 20, 220)).all(axis=2)


def by_red(pictures):
    """A perfect teacher of this scene: all that is red."""
    for picture in pictures:
        yield found([picture[..., 2].astype(int) > picture[..., 1].astype(int) + 20])


def found(dense) -> Instances:
    n = len(dense)
    return Instances(
        0,
        np.zeros((n, 4), np.float32),
        np.full(n, 0.5, np.float32),
        np.zeros(n, np.int8),
        tuple(crop(m) for m in dense),
    )


def nothing(pictures):
    return (found([]) for _ in pictures)


def left_half(pictures):
    view = np.zeros((VIEW_PX, VIEW_PX), bool)
    view[:, : VIEW_PX // 2] = True
    return (found([view]) for _ in pictures)


LABEL = Label(0, BOX, None, "none")


def test_a_mask_that_teachers_agree_on_comes_back_in_image_pixels():
    (result,) = masks_for(scene(), [LABEL], [by_red, by_red], rule=PseudoRule())
    assert not result.doubtful
    assert result.score > 0.85
    assert masks.iou(result.mask, crop(truth())) > 0.9


def test_teachers_who_see_nothing_or_something_else_leave_it_to_colour():
    for teachers in ([nothing], [left_half], []):
        (result,) = masks_for(scene(), [LABEL], teachers, rule=PseudoRule())
        assert result.doubtful
        assert result.score <= 0.4
        assert masks.iou(result.mask, crop(truth())) > 0.6


def test_one_teacher_against_three_silent_ones_is_not_believed():
    (result,) = masks_for(scene(), [LABEL], [by_red, nothing, nothing, nothing], rule=PseudoRule())
    assert result.doubtful


def test_a_ball_is_round_and_asks_nobody():
    def fail(pictures):
        raise AssertionError("a ball needs no teacher")

    ball = Label(3, (10.0, 10.0, 20.0, 20.0), None, "none")
    (result,) = masks_for(scene(), [ball], [fail], rule=PseudoRule())
    assert masks.area(result.mask) == pytest.approx(np.pi * 25, rel=0.1)


@pytest.mark.parametrize("box", [(0.0, 0.0, 12.0, 30.0), (140.0, 80.0, 170.0, 130.0), (5.0, 5.0, 7.0, 9.0)])
def test_at_the_border_masks_stay_inside_the_picture(box):
    image = scene()
    view = view_of(image, box)
    assert view.picture.shape == (VIEW_PX, VIEW_PX, 3)

    def everything(pictures):
        x1, y1, x2, y2 = (max(0, round(v)) for v in view.box)
        full = np.zeros((VIEW_PX, VIEW_PX), bool)
        full[y1:y2, x1:x2] = True
        return (found([full]) for _ in pictures)

    for teachers in ([everything], []):
        (result,) = masks_for(image, [Label(0, box, None, "none")], teachers, rule=PseudoRule(), flip=False)
        mask = result.mask
        assert mask.top >= 0
        assert mask.top + mask.height <= 120
        assert mask.left + mask.width <= 160


def test_colour_takes_an_ellipse_where_there_is_only_grass():
    result = by_colour(np.full((120, 160, 3), (40, 140, 60), np.uint8), BOX)
    assert result.doubtful
    assert masks.area(result.mask) > 0


def test_a_data_set_gets_its_missing_masks_and_a_list(tmp_path):
    (tmp_path / "images/train").mkdir(parents=True)
    cv2.imwrite(str(tmp_path / "images/train/m_1.png"), scene())
    drawn = Label(2, (0.0, 0.0, 10.0, 10.0), crop(np.ones((10, 10), bool)), "labelled")
    made = DataSet(tmp_path, CLASS_NAMES, (), (Sample("m_1.png", 160, 120, "train", "m", (drawn, LABEL)),))
    canonical.save(made)
    steps = []
    report = pseudo_masks(canonical.load(tmp_path), [by_red], progress=lambda i, n: steps.append((i, n)))
    assert (report.n_boxes, report.n_trusted, report.doubtful, steps) == (1, 1, (), [(1, 1)])
    first, second = canonical.load(tmp_path).samples[0].labels
    assert (first.mask_source, second.mask_source) == ("labelled", "teacher")
    assert masks.iou(second.mask, crop(truth())) > 0.9
    assert len((tmp_path / "pseudo.csv").read_text().splitlines()) == 2
    again = pseudo_masks(canonical.load(tmp_path), [nothing])
    assert again.n_boxes == 0
