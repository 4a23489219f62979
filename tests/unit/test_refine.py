import numpy as np
import pytest

from pipeline.appearance import flat_masks, mask_refinement
from pipeline.appearance.surroundings import Ground, claimed, ground_around, to_lab

GRASS, RED = to_lab(np.array([[[60, 140, 90]], [[40, 40, 210]]], np.uint8))[:, 0]


def scene(person_width):
    """Logits 12 x 20 that fall to the right, 0 at column 10; the person is red up to ``person_width``."""
    logits = np.tile(9.5 - np.arange(20, dtype=np.float32), (12, 1)) * 0.5
    lab = np.where(np.arange(20)[None, :, None] < person_width, RED, GRASS) * np.ones((12, 1, 1))
    return logits, lab.astype(np.float32)


def refine(logits, lab, ground, spread):
    """Decide the mask of one person alone in the picture."""
    around = Ground(ground[None], np.array([spread], np.float32))
    whose = np.zeros(logits.size, np.int64)
    flat = mask_refinement.refine(logits.ravel(), whose, around, lambda at: lab.reshape(-1, 3)[at])
    return flat.reshape(logits.shape)


@pytest.mark.parametrize(("person", "mask"), [(7, 7), (10, 10), (11, 11), (18, 12)], ids=str)
def test_colour_moves_the_edge_but_only_where_the_network_doubts(person, mask):
    assert refine(*scene(person), GRASS, 5.0).sum(axis=1).tolist() == [mask] * 12


def test_a_shadow_does_not_join_the_person():
    logits, lab = scene(10)
    lab[:, 10:, 0] -= 15
    assert refine(logits, lab, GRASS, 5.0).sum() == 120


@pytest.mark.parametrize("spread", [30.0, float("nan")], ids=["crowd", "nothing around"])
def test_without_even_ground_the_network_decides_alone(spread):
    assert refine(*scene(7), GRASS, spread).sum() == 120


def test_a_kit_as_green_as_the_grass_keeps_its_mask():
    assert refine(*scene(1), GRASS, 5.0).sum() == 120


def test_an_empty_box_stays_empty():
    nothing = refine(np.zeros((0, 0), np.float32), np.zeros((0, 0, 3), np.float32), GRASS, 5.0)
    assert nothing.shape == (0, 0)


def test_the_ground_is_what_nobody_claims():
    image = np.full((60, 80, 3), (60, 140, 90), np.uint8)
    image[10:50, 20:32] = (40, 40, 210)
    image[10:50, 33:45] = 255
    found = flat_masks.boxes([(10, 20, 40, 12), (10, 33, 40, 12)])
    claims = claimed((60, 80), found, np.ones(960, bool))
    assert claims.sum() == 2 * 480
    ground = ground_around(image, found, claims)
    assert np.allclose(ground.lab, GRASS, atol=0.1)
    assert ground.spread.max() < 1


def test_someone_who_fills_the_picture_has_no_ground():
    found = flat_masks.boxes([(0, 0, 20, 20)])
    claims = claimed((20, 20), found, np.ones(400, bool))
    ground = ground_around(np.zeros((20, 20, 3), np.uint8), found, claims)
    assert np.isnan(ground.lab).all()
    assert np.isnan(ground.spread).all()


def test_nobody_has_no_ground():
    ground = ground_around(
        np.zeros((20, 20, 3), np.uint8), flat_masks.boxes([]), np.zeros((20, 20), np.uint8)
    )
    assert ground.lab.shape == (0, 3)
