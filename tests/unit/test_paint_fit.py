import cv2
import numpy as np
import pytest

from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.camera_model.pinhole import image_from_pitch
from pipeline.calibration.evidence.paint import Picture, expected, paint_near, seen_share
from pipeline.calibration.manual.marked_points import MarkedPoint, marked_views
from pipeline.core.camera_lens import STRAIGHT, Lens
from pipeline.core.geometry import to_image, to_pitch
from pipeline.core.pitch import Pitch

SIZE = (1280, 720)
PITCH = Pitch()
NOBODY = np.zeros((0, 4))
PLACE = np.array([2.0, -60.0, 20.0, 0.0, 0.0, 0.0])
TRUE = image_from_pitch(np.array([[0.02, 0.32, np.log(760.0), 0.0]]), PLACE, (640.0, 360.0))[0]
LENSES = [
    STRAIGHT,
    Lens("radial", (640.0, 360.0), 1200.0, -0.3),
    Lens("radial", (640.0, 360.0), 760.0, 0.3),
]


def drawn(lens=STRAIGHT, lines=True):
    """A lawn with the pitch's lines, as the true camera shows it through a lens."""
    shift = 4
    picture = np.full((720, 1280, 3), (60, 130, 70), np.uint8)
    picture = cv2.add(picture, np.random.default_rng(0).integers(0, 12, picture.shape, dtype=np.uint8))
    for line in PITCH.lines_m(0.25) if lines else ():
        at = to_image(line, inverted(TRUE), lens)
        ok = np.isfinite(at).all(axis=1) & (np.abs(at) < 4000).all(axis=1)
        points = np.round(np.nan_to_num(at) * 2**shift).astype(np.int32)
        pieces = np.stack([points[:-1], points[1:]], axis=1)[ok[:-1] & ok[1:]]
        cv2.polylines(picture, list(pieces), False, (235, 240, 235), 3, cv2.LINE_AA, shift)
    return Picture(cv2.GaussianBlur(picture, (0, 0), 0.8), NOBODY)


def clicked(lens, noise_px, seed):
    rng, metres = np.random.default_rng(seed), PITCH.keypoints_m()
    pixels = to_image(metres, inverted(TRUE), lens)
    inside = (
        np.isfinite(pixels[:, 0]) & (pixels > 20).all(axis=1) & (pixels < np.array(SIZE) - 20).all(axis=1)
    )
    chosen = [int(np.flatnonzero(inside)[0])]
    while len(chosen) < 8:
        apart = np.linalg.norm(pixels[:, None] - pixels[chosen], axis=2).min(axis=1)
        chosen.append(int(np.where(inside, apart, -1).argmax()))
    return [
        MarkedPoint(tuple(pixels[i] + rng.normal(0, noise_px, 2)), tuple(metres[i]), None) for i in chosen
    ]


def worst_m(found, lens):
    """How far off the view is at the worst place in the picture, m."""
    x, y = np.meshgrid(np.linspace(5, 1275, 40), np.linspace(5, 715, 24))
    grid = np.column_stack([x.ravel(), y.ravel()])
    true = to_pitch(grid, inverted(TRUE), lens)
    ours = to_pitch(grid, inverted(found.view), found.lens)
    return float(np.linalg.norm(true - ours, axis=1)[PITCH.contains(true)].max())


@pytest.mark.parametrize("lens", LENSES, ids=lambda lens: f"{lens.kind} {lens.k1}")
def test_clicks_are_drawn_onto_the_painted_lines_whatever_the_lens(lens):
    picture = drawn(lens)
    for seed in range(2):
        (found,) = marked_views(clicked(lens, 4.0, seed), SIZE, PITCH, "p.yaml", {None: picture})
        assert found.seen is not None
        assert found.seen > 0.8
        assert found.lens.kind == lens.kind
        assert worst_m(found, lens) < 0.8


def test_without_lines_in_the_picture_the_clicks_alone_tell_the_view():
    points = clicked(STRAIGHT, 2.0, 1)
    (found,) = marked_views(points, SIZE, PITCH, "p.yaml", {None: drawn(lines=False)})
    (alone,) = marked_views(points, SIZE, PITCH, "p.yaml")
    assert found.seen is None
    assert np.array_equal(found.view, alone.view)


def test_lines_are_seen_where_they_are_and_not_beside():
    picture = drawn()
    near = paint_near(picture, expected(TRUE, STRAIGHT, SIZE, PITCH), 40.0)
    beside = np.array([[1, 0, 12.0], [0, 1, 12.0], [0, 0, 1]]) @ TRUE
    assert seen_share(expected(TRUE, STRAIGHT, SIZE, PITCH), near, picture) > 0.95
    assert seen_share(expected(beside, STRAIGHT, SIZE, PITCH), near, picture) < 0.3


def test_where_people_stand_no_line_is_asked_for():
    lines = expected(TRUE, STRAIGHT, SIZE, PITCH)
    everywhere = Picture(drawn().image, np.array([[0.0, 0.0, 1280.0, 720.0]]))
    assert np.isnan(seen_share(lines, paint_near(everywhere, lines, 10.0), everywhere))


def test_eight_clicks_through_a_bent_lens_alone_tell_the_bend():
    lens = LENSES[1]
    (found,) = marked_views(clicked(lens, 0.3, 0), SIZE, PITCH, "p.yaml")
    assert found.lens.kind == "radial"
    assert found.lens.k1 < 0
    assert worst_m(found, lens) < 1.5


def test_clicks_on_a_stitched_panorama_tell_its_cylinder():
    lens, size = Lens("cylinder", (1500.0, 300.0), 1100.0), (3000, 700)
    place = np.array([3.0, -48.0, 12.0, 0.0, 0.0, 0.0])
    true = image_from_pitch(np.array([[0.0, 0.2, np.log(1100.0), 0.0]]), place, lens.centre_px)[0]
    metres = PITCH.keypoints_m()[[0, 4, 5, 12, 13, 14, 15, 16, 17, 20, 24, 29]]
    pixels = to_image(metres, inverted(true), lens)
    inside = (pixels > 0).all(axis=1) & (pixels < size).all(axis=1)
    assert inside.sum() >= 9
    noisy = pixels + np.random.default_rng(0).normal(0, 1.0, pixels.shape)
    points = [
        MarkedPoint(tuple(p), tuple(m), None) for p, m, ok in zip(noisy, metres, inside, strict=True) if ok
    ]
    (found,) = marked_views(points, size, PITCH, "p.yaml")
    assert found.lens.kind == "cylinder"
    assert found.lens.focal_px == pytest.approx(1100.0, rel=0.05)
    spots = np.array([[-45.0, 20.0], [0.0, -25.0], [30.0, 10.0]])
    shown = to_image(spots, inverted(true), lens)
    assert to_pitch(shown, inverted(found.view), found.lens) == pytest.approx(spots, abs=0.8)


def test_clicks_that_leave_open_how_well_they_fix_the_view_are_fitted_all_the_same():
    noise = np.random.default_rng(5).integers(60, 200, (90, 160, 3), dtype=np.uint8)
    pixels = ((80, 10), (80, 80), (80, 10), (5, 10), (155, 10), (150, 85))
    metres = ((0, 34), (0, -34), (0, 34), (-52.5, 34), (52.5, 34), (52.5, -34))
    points = [MarkedPoint(at, place, None) for at, place in zip(pixels, metres, strict=True)]
    (found,) = marked_views(points, (160, 90), PITCH, "p.yaml", {None: Picture(noise, NOBODY)})
    assert found.seen is None
