import cv2
import numpy as np
import pytest
import video_samples as samples

from pipeline.egomotion.cut_detection import ShotDetector
from pipeline.egomotion.grass import grass_mask, grass_share
from pipeline.egomotion.reduced_picture import reduced


def scene(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    coarse = rng.integers(60 * seed, 60 * seed + 150, (36, 64, 3), np.uint8)
    return cv2.resize(coarse, (1280, 720), interpolation=cv2.INTER_CUBIC)


def watch(*images):
    detector = ShotDetector()
    return [detector.update(reduced(image)) for image in images]


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
    mask = grass_mask(reduced(image)) > 0
    assert mask.shape == (180, 320)
    assert mask[55:].mean() > 0.98
    assert mask[:45].mean() < 0.02
    assert grass_share(reduced(image)) == pytest.approx(260 / 360, abs=0.01)


def test_a_picture_without_green_has_no_grass():
    assert grass_share(reduced(np.zeros((90, 160, 3), np.uint8))) == 0
    assert grass_share(reduced(np.full((90, 160, 3), (200, 60, 60), np.uint8))) == 0


def test_a_cut_between_two_views_of_the_same_colours_is_found():
    first, second = (samples.scenery(seed, 640, 360) for seed in (1, 2))
    second = np.clip(second * 0.6 + (20, 60, 20), 0, 255).astype(np.uint8)
    assert watch(*[np.roll(first, 4 * i, axis=1) for i in range(10)], second)[-1] == (True, False)


def test_a_fast_pan_and_a_fast_zoom_are_no_cuts():
    wide = samples.scenery(1, 1600, 360)
    pan = [wide[:, 45 * i : 45 * i + 640] for i in range(12)]
    zoom = [cv2.resize(wide[9 * i : 360 - 9 * i, 16 * i : 640 - 16 * i], (640, 360)) for i in range(12)]
    assert not any(cut for cut, _ in watch(*pan))
    assert not any(cut for cut, _ in watch(*zoom))


def test_going_black_or_white_and_coming_back_is_no_cut():
    shown = samples.scenery(1, 640, 360)
    moved = np.roll(shown, 5, axis=1)
    for level in (0, 255):
        assert not any(cut for cut, _ in watch(shown, np.full_like(shown, level), moved))


def test_another_scene_after_black_is_a_cut():
    black = np.zeros((360, 640, 3), np.uint8)
    night = samples.scenery(2, 640, 360) // 2
    assert watch(samples.scenery(1, 640, 360), black, night) == [
        (False, False),
        (False, False),
        (True, False),
    ]


def test_a_ticking_clock_alone_is_a_repeat():
    shown = samples.scenery(1, 640, 360)
    ticked = shown.copy()
    ticked[12:24, 20:28] = 255 - ticked[12:24, 20:28]
    assert watch(shown, ticked)[1] == (False, True)


def test_dim_footage_is_not_all_repeats():
    dim = [(np.roll(samples.scenery(1, 640, 360), 2 * i, axis=1) // 5) for i in range(40)]
    assert sum(repeat for _, repeat in watch(*dim)[10:]) == 0


def test_a_change_of_size_is_a_cut_and_any_size_is_taken():
    assert watch(scene(0), scene(0)[:360])[1] == (True, False)
    assert watch(*[np.zeros((1, 1, 3), np.uint8)] * 3)[2] == (False, True)


def test_a_picture_that_is_partly_new_is_in_doubt_until_the_next():
    shown, other = samples.scenery(1, 640, 360), samples.scenery(2, 640, 360)
    detector = ShotDetector()
    said = [(detector.update(reduced(np.roll(shown, 4 * i, axis=1))), detector.in_doubt) for i in range(12)]
    assert not any(doubt for _, doubt in said)
    partly = np.roll(shown, 48, axis=1)
    partly[:, :256] = other[:, :256]
    assert detector.update(reduced(partly)) == (False, False)
    assert detector.in_doubt
    detector.update(reduced(partly))
    assert not detector.in_doubt
