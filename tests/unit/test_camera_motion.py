import cv2
import numpy as np
import pytest
import video_samples as samples

from pipeline.egomotion.camera_motion import MotionEstimator
from pipeline.egomotion.reduced_picture import reduced

WIDTH, HEIGHT, FOCAL = 640, 360, 1500.0
NOBODY = np.zeros((0, 4), np.float32)
GROUND = samples.scenery(1, 2200, 1400)


def view(pan: float = 0.0, tilt: float = 0.0, zoom: float = 1.0) -> np.ndarray:
    """Homography image_from_ground of a camera that turns (radians) and zooms about the ground's middle."""
    y, x = (
        np.array([[np.cos(pan), 0, -np.sin(pan)], [0, 1, 0], [np.sin(pan), 0, np.cos(pan)]]),
        np.array([[1, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]]),
    )
    lens = np.array([[FOCAL * zoom, 0, WIDTH / 2], [0, FOCAL * zoom, HEIGHT / 2], [0, 0, 1]])
    flat = np.array([[FOCAL, 0, GROUND.shape[1] / 2], [0, FOCAL, GROUND.shape[0] / 2], [0, 0, 1]])
    return lens @ x @ y @ np.linalg.inv(flat)


def shoot(image_from_ground: np.ndarray) -> np.ndarray:
    return cv2.warpPerspective(GROUND, image_from_ground, (WIDTH, HEIGHT))


def error_px(found: np.ndarray, true: np.ndarray) -> float:
    """Largest distance between two motions over the picture."""
    x, y = np.meshgrid([20.0, 320, 620], [20.0, 180, 340])
    points = np.stack([x, y], -1).reshape(-1, 1, 2)
    a, b = (cv2.perspectiveTransform(points, m) for m in (found, true))
    return float(np.hypot(*(a - b)[:, 0].T).max())


def follow(images, boxes=NOBODY):
    estimator = MotionEstimator()
    return [estimator.update(reduced(image), boxes) for image in images]


def test_the_first_picture_has_no_motion():
    assert follow([shoot(view())]) == [None]


@pytest.mark.parametrize(
    "there",
    [view(), view(pan=0.008), view(pan=-0.03, tilt=0.01), view(zoom=1.05), view(0.01, -0.01, 0.96)],
    ids=["still", "pan", "fast pan and tilt", "zoom in", "all at once, out"],
)
def test_motion_is_right_to_a_quarter_of_a_pixel(there):
    here = view()
    motion = follow([shoot(here), shoot(there)])[1]
    assert motion is not None
    assert motion.shape == (3, 3)
    assert motion.dtype == np.float64
    assert motion[2, 2] == 1
    assert error_px(motion, there @ np.linalg.inv(here)) < 0.25


def test_large_pictures_are_measured_in_their_own_pixels():
    here, there = view(), view(pan=0.01)
    double = np.diag([2.0, 2.0, 1.0])
    large = [cv2.warpPerspective(GROUND, double @ v, (2 * WIDTH, 2 * HEIGHT)) for v in (here, there)]
    motion = follow(large)[1]
    true = double @ there @ np.linalg.inv(here) @ np.linalg.inv(double)
    assert error_px(motion, true) < 0.5


def test_the_product_over_a_second_hardly_drifts():
    views = [view(pan=0.1 * np.sin(i / 12), tilt=0.0008 * i, zoom=1 + 0.004 * i) for i in range(26)]
    rng = np.random.default_rng(0)
    images = [
        np.clip(shoot(v) + rng.normal(0, 4, (HEIGHT, WIDTH, 3)), 0, 255).astype(np.uint8) for v in views
    ]
    chain = np.eye(3)
    for motion in follow(images)[1:]:
        chain = motion @ chain
    assert error_px(chain, views[-1] @ np.linalg.inv(views[0])) < 1.0


def test_people_who_move_are_left_out():
    people = np.array([[60 * i, 100, 60 * i + 40, 260] for i in range(10)], np.float32)
    images = []
    for step, v in enumerate((view(), view(pan=0.004))):
        image = shoot(v)
        for x1, y1, x2, y2 in people.astype(int):
            image[y1:y2, x1:x2] = samples.scenery(9, 900, 700)[y1:y2, x1 + 9 * step : x2 + 9 * step]
        images.append(image)
    motion = follow(images, people)[1]
    assert error_px(motion, view(pan=0.004) @ np.linalg.inv(view())) < 0.5


def test_what_stands_still_on_the_screen_has_no_vote():
    overlay = samples.scenery(5, 400, 80)
    views = [view(pan=0.004 * i) for i in range(6)]
    images = [shoot(v) for v in views]
    for image in images:
        image[10:90, 20:420] = overlay
        image[300:350, 400:630] = overlay[:50, :230]
    motions = follow(images)
    for i in range(1, 6):
        assert error_px(motions[i], views[i] @ np.linalg.inv(views[i - 1])) < 0.5


def test_a_cut_has_no_motion_even_under_a_score_bug():
    images = [samples.scenery(3, WIDTH, HEIGHT), samples.scenery(4, WIDTH, HEIGHT)]
    for image in images:
        image[10:60, 20:300] = samples.scenery(5, 280, 50)
    assert follow(images)[1] is None


@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_empty_picture_has_no_motion(level):
    assert follow([np.full((HEIGHT, WIDTH, 3), level, np.uint8)] * 3) == [None] * 3


def test_it_goes_on_after_a_cut():
    images = [shoot(view()), samples.scenery(4, WIDTH, HEIGHT), shoot(view()), shoot(view(pan=0.01))]
    motions = follow(images)
    assert motions[1] is None
    assert error_px(motions[3], view(pan=0.01) @ np.linalg.inv(view())) < 0.25


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (7, 900), (90, 160)])
def test_pictures_of_any_size_are_taken(shape):
    follow([np.zeros((*shape, 3), np.uint8)] * 2)


def test_a_change_of_size_is_no_motion():
    assert follow([shoot(view()), samples.scenery(1, 320, 180)])[1] is None
