import numpy as np
import pytest

from pipeline.calibration.points import fingerprint, fixed_views, read_view
from pipeline.errors import ConfigError
from pipeline.geometry import to_pitch
from pipeline.pitch import Pitch

# 10 px to the metre, looking straight down, the centre spot at (525, 340).
GOOD = """
points:
  - {image: [525, 340], pitch: [0, 0]}
  - {image: [525, 0], keypoint: 13}
  - {image: [0, 0], keypoint: 0}
  - {image: [0, 680], keypoint: 5}
"""


def write(path, text):
    path.write_text(text)
    return path


def test_landmarks_give_the_view(tmp_path):
    view, miss = read_view(write(tmp_path / "p.yaml", GOOD), Pitch())
    assert to_pitch(np.array([[625.0, 240.0]]), view)[0] == pytest.approx((10, 10))
    assert miss == pytest.approx(0, abs=1e-6)


def test_every_frame_gets_it(tmp_path):
    views = fixed_views(write(tmp_path / "p.yaml", GOOD), np.arange(3), Pitch())
    assert [v.frame for v in views] == [0, 1, 2]
    assert {v.source for v in views} == {"measured"}
    assert fixed_views(tmp_path / "p.yaml", np.arange(0), Pitch()) == []


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "valid dictionary"),
        ("points: []", "at least 4"),
        (GOOD.replace("keypoint: 13", "keypoint: 40"), "less than or equal to 31"),
        (GOOD.replace(", keypoint: 13", ""), "either pitch"),
        (GOOD.replace("[525, 0]", "[525]"), "at least 2"),
        ("points:\n" + "".join(f"  - {{image: [{i}, {i}], keypoint: {i}}}\n" for i in range(4)), "on a line"),
        ("points: [", "not valid YAML"),
        (GOOD + "  - {image: [1050, 680], keypoint: 2}\n", "check their order"),
    ],
    ids=[
        "empty",
        "no points",
        "no such landmark",
        "no target",
        "half a point",
        "on a line",
        "broken",
        "wrong order",
    ],
)
def test_what_is_wrong_is_said_with_the_file_s_name(tmp_path, text, match):
    with pytest.raises(ConfigError, match=match) as caught:
        read_view(write(tmp_path / "p.yaml", text), Pitch())
    assert "p.yaml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    for read in (lambda p: read_view(p, Pitch()), fingerprint):
        with pytest.raises(ConfigError, match=r"absent.yaml"):
            read(tmp_path / "absent.yaml")
