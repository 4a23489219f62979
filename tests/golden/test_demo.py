"""The whole pipeline on the bundled clip, against its truth: metrics with tolerances."""

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import golden_metrics

from pipeline.synthetic import truth
from pipeline.tables import storage

DEMO = Path(__file__).parents[2] / "pipeline" / "demo"


def run(*arguments: object) -> None:
    command = [sys.executable, "-m", "pipeline", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    root = tmp_path_factory.mktemp("golden") / "demo"
    run("demo", "-o", root)
    return root


@pytest.fixture(scope="module")
def golden(finished):
    return golden_metrics.measure(finished, truth.read(DEMO))


def test_people_are_found_with_their_masks(golden):
    assert golden.detection.n_truth > 3000
    assert golden.detection.recall >= 0.95
    assert golden.detection.precision >= 0.93
    assert golden.detection.mask_iou >= 0.75


def test_players_are_followed(golden):
    assert golden.tracking.hota >= 75


def test_teams_and_roles_are_right(golden):
    assert golden.labelling.team_accuracy >= 0.98
    assert golden.labelling.role_accuracy >= 0.95


def test_positions_are_right_to_half_a_metre(golden):
    assert golden.placing.view_share >= 0.98
    assert golden.placing.median_m <= 0.5
    assert golden.placing.p95_m <= 1.5
    assert golden.placing.n_positions > 3000


def test_the_stated_error_is_neither_too_small_nor_trivially_large(finished, golden):
    positions = storage.read(finished / "tables" / "positions.parquet", "positions")
    stated = positions.loc[positions["source"] == "observed", "error_m"].median()
    assert golden.placing.median_m / 2 <= stated <= 2 * max(golden.placing.median_m, 0.1)


def test_a_clip_of_seconds_makes_no_formation_claim(finished):
    formations = storage.read(finished / "tables" / "formations.parquet", "formations")
    assert set(formations["team"]) == {"A", "B"}
    assert set(formations["kind"]) == {"shape_at_this_moment"}


def test_the_team_level_alone_gives_the_same_teams(finished, tmp_path_factory):
    root = tmp_path_factory.mktemp("golden") / "team"
    run("run", DEMO / "demo.mp4", "-o", root, "--mode", "team", "--end", 2, "--set", "report.overlay=false")
    found = golden_metrics.measure(root, truth.read(DEMO))
    assert found.tracking is None
    assert found.labelling.team_accuracy >= 0.95
