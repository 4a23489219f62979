import numpy as np
import pytest
from calibration_scene import SIZE as PICTURE
from calibration_scene import view

from pipeline.calibration.initial_views.single_view import apart_m
from pipeline.calibration.manual.marked_points import (
    MarkedPoint,
    fingerprint,
    line_names,
    marked_views,
    read_points,
)
from pipeline.core.errors import ConfigError
from pipeline.core.geometry import transform
from pipeline.core.grounds.presets import PRESETS
from pipeline.core.pitch import Pitch

SIZE = (1050, 680)
# 10 px to the metre, looking straight down, the centre spot at (525, 340).
GOOD = """
- {image: [525, 340], pitch: [0, 0]}
- {image: [525, 0], keypoint: 13}
- {image: [0, 0], keypoint: 0}
- {image: [0, 680], keypoint: 5}
"""


def write(path, text):
    path.write_text(text)
    return path


def views(path):
    return marked_views(read_points(path, Pitch()), SIZE, Pitch(), path.name)


def test_landmarks_give_the_view_of_a_fixed_camera(tmp_path):
    (found,) = views(write(tmp_path / "p.yaml", GOOD))
    assert found.frame is None
    assert found.n_points == 4
    assert transform(np.array([[10.0, 10.0]]), found.view)[0] == pytest.approx((625, 240))


def test_points_of_frames_give_a_view_each(tmp_path):
    lines = [line.replace("}", f", frame: {n}}}") for n in (3, 9) for line in GOOD.strip().splitlines()]
    found = views(write(tmp_path / "p.yaml", "\n".join(lines)))
    assert [v.frame for v in found] == [3, 9]


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "expected a list"),
        ("[]", "expected a list"),
        ("- {image: [1, 2], pitch: [0, 0]}", "at least 4"),
        (GOOD.replace("keypoint: 13", "keypoint: 40"), "keypoint"),
        (GOOD.replace(", keypoint: 13", ""), "either pitch"),
        (GOOD.replace("[525, 0]", "[525]"), "two numbers"),
        (GOOD.replace("keypoint: 13", "keypoint: 13, frame: 2"), "all points a frame, or none"),
        (GOOD.replace("[525, 0]", "[9999, 0]"), "9999"),
        ("points: [", "not valid YAML"),
    ],
    ids=["empty", "none", "too few", "no such landmark", "no target", "half", "frames", "outside", "broken"],
)
def test_what_is_wrong_is_said_in_one_line_with_the_file_s_name(tmp_path, text, match):
    with pytest.raises(ConfigError, match=match) as caught:
        views(write(tmp_path / "p.yaml", text))
    assert "p.yaml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    for read in (lambda p: read_points(p, Pitch()), fingerprint):
        with pytest.raises(ConfigError, match=r"absent\.yaml"):
            read(tmp_path / "absent.yaml")


def clicked(noise_px, seed, lines=()):
    """Eight spread clicks of a camera that sees most of the pitch, some on lines, and the true view."""
    true = view(0.02, tilt=0.32, focal_px=640.0, place=np.array([2.0, -66.0, 24.0, 0.0, 0.0, 0.0]))
    rng = np.random.default_rng(seed)
    metres = Pitch().keypoints_m()
    pixels = transform(metres, true)
    inside = (
        np.isfinite(pixels[:, 0]) & (pixels > 20).all(axis=1) & (pixels < np.array(PICTURE) - 20).all(axis=1)
    )
    chosen = [int(np.flatnonzero(inside)[0])]
    while len(chosen) < 8:
        apart = np.linalg.norm(pixels[:, None] - pixels[chosen], axis=2).min(axis=1)
        chosen.append(int(np.where(inside, apart, -1).argmax()))
    points = [
        MarkedPoint(tuple(pixels[i] + rng.normal(0, noise_px, 2)), tuple(metres[i]), None) for i in chosen
    ]
    for name, where in lines:
        at = transform(np.array([where]), true)[0] + rng.normal(0, noise_px, 2)
        points.append(MarkedPoint(tuple(at), None, None, line_names(Pitch())[name]))
    return points, true


ON_LINES = (("far touchline", (-12.0, 34.0)), ("far touchline", (17.0, 34.0)), ("halfway line", (0.0, -20.0)))


def test_each_click_is_told_how_far_it_lies_beside_the_view():
    points, true = clicked(0.0, 1, ON_LINES)
    (found,) = marked_views(points, PICTURE, Pitch(), "p.yaml")
    assert max(found.apart_px) < 0.01
    assert len(found.apart_m) == len(points) == 11
    assert transform(np.array([[30.0, 10.0]]), found.view)[0] == pytest.approx(
        transform(np.array([[30.0, 10.0]]), true)[0], abs=0.01
    )


def test_a_click_on_the_wrong_place_is_named_by_its_number():
    points, _ = clicked(1.0, 2)
    points[4] = MarkedPoint(
        points[4].image_px, (points[4].pitch_m[0] * 0.5 + 12.0, -points[4].pitch_m[1]), None
    )
    with pytest.raises(ConfigError, match=r"point \d, image .* disagrees with the others by .* m"):
        marked_views(points, PICTURE, Pitch(), "p.yaml")


def test_clicks_on_lines_make_the_view_better():
    def off(lines):
        out = []
        for seed in range(9):
            points, true = clicked(4.0, seed, lines)
            (found,) = marked_views(points, PICTURE, Pitch(), "p.yaml")
            out.append(apart_m(true, found.view, PICTURE, Pitch()))
        return float(np.median(out))

    assert off(ON_LINES * 3) < off(()) < 1.0


def test_four_clicks_in_a_corner_are_mostly_refused_or_say_how_little_they_tell():
    _, true = clicked(0.0, 3)
    near = [(-36.0, -20.16), (-36.0, -7.3125), (-47.0, -9.16), (-41.5, 0.0)]
    pixels = transform(np.array(near), true)
    true_error, stated = [], []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        corner = [
            MarkedPoint(tuple(np.clip(p + rng.normal(0, 2, 2), 0, PICTURE)), m, None)
            for p, m in zip(pixels, near, strict=True)
        ]
        try:
            (found,) = marked_views(corner, PICTURE, Pitch(), "p.yaml")
        except ConfigError:
            true_error.append(0.0)
            stated.append(1.0)
            continue
        true_error.append(apart_m(true, found.view, PICTURE, Pitch()))
        stated.append(found.error_m)
    good = np.array(true_error) < 2 * np.array(stated)
    assert good.mean() >= 0.8


def test_an_unknown_line_is_named_with_those_there_are(tmp_path):
    with pytest.raises(ConfigError, match="halfway line"):
        views(write(tmp_path / "p.yaml", GOOD + "- {image: [5, 5], line: six-yard line}\n"))
    assert set(line_names(Pitch(40, 20, PRESETS["5-dfb"].marks, 5))) == {
        "halfway line",
        "left goal line",
        "right goal line",
        "near touchline",
        "far touchline",
    }
