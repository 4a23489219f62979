"""What a user installs holds everything that a run needs, and nothing that it does not."""

import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    wheel = next(WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"]))
    return zipfile.ZipFile(wheel).namelist()


@pytest.mark.parametrize(
    "name",
    [
        "pipeline/configs/match.yaml",
        "pipeline/configs/team_only.yaml",
        "pipeline/weights/football-seg-n.pt",
        "pipeline/weights/pitch-lines-n.onnx",
        "pipeline/weights/SHA256SUMS",
        "pipeline/demo/demo.mp4",
        "pipeline/workbench/assets/index.html",
        "pipeline/workbench/assets/js/rooms/watch.js",
        "pipeline/workbench/assets/texts/en.yaml",
    ],
)
def test_the_wheel_carries(names, name):
    assert name in names


def test_the_wheel_leaves_tests_and_footage_at_home(names):
    assert not [n for n in names if n.startswith(("tests/", "runs/", "benchmarks/"))]
    assert [n for n in names if n.endswith(".mp4")] == ["pipeline/demo/demo.mp4"]
