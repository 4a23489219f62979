import numpy as np
import pytest

from pipeline.calibration.manual.marked_points import fingerprint, marked_views, read_points
from pipeline.core.errors import ConfigError
from pipeline.core.geometry import transform
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
