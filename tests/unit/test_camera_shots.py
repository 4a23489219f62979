import cv2
import numpy as np
import pytest

from pipeline.camera.grass import grass_mask
from pipeline.camera.shots import ShotDetector


def scene(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    coarse = rng.integers(60 * seed, 60 * seed + 150, (36, 64, 3), np.uint8)
    return cv2.resize(coarse, (1280, 720), interpolation=cv2.INTER_CUBIC)


def watch(*images):
    detector = ShotDetector()
    return [detector.update(image) for image in images]


def test_the_first_picture_is_neither_cut_nor_repeat():
    assert watch(scene(0)) == [(False, False)]


def test_a_new_scene_is_a_cut():
    assert watch(scene(0), scene(1))[1] == (True, False)


def test_a_pan_is_no_cut():
    wide = np.hstack([scene(0), scene(1)])
    assert watch(wide[:, :1280], wide[:, 100:1380])[1] == (False, False)


def test_a_flash_is_no_cut():
    bright = cv2.convertScaleAbs(scene(0), alpha=0.7, beta=76)
    assert watch(scene(0), bright)[1] == (False, False)


def test_a_picture_encoded_again_is_a_repeat():
    again = cv2.imdecode(cv2.imencode(".jpg", scene(0), [cv2.IMWRITE_JPEG_QUALITY, 85])[1], cv2.IMREAD_COLOR)
    assert watch(scene(0), again)[1] == (False, True)


def test_a_moving_player_is_no_repeat():
    moved = scene(0).copy()
    moved[300:360, 600:630] = 255 - moved[300:360, 600:630]
    assert watch(scene(0), moved)[1] == (False, False)


@pytest.mark.parametrize("bgr", [(40, 120, 60), (30, 60, 35), (70, 150, 120)], ids=["day", "night", "faded"])
def test_grass_is_found_in_any_light(bgr):
    image = np.full((360, 640, 3), (90, 80, 85), np.uint8)
    image[100:] = bgr
    mask = grass_mask(image)
    assert mask.shape == (360, 640)
    assert mask[110:].mean() > 0.98
    assert mask[:90].mean() < 0.02


def test_a_picture_without_green_has_no_grass():
    assert not grass_mask(np.zeros((90, 160, 3), np.uint8)).any()
    assert not grass_mask(np.full((90, 160, 3), (200, 60, 60), np.uint8)).any()
