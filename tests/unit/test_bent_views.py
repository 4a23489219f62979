"""Pictures bent by a lens: the bend is found, and every projection goes through it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from calibration_scene import CENTRE, PITCH, SIZE, evidence, view

from pipeline.calibration.camera_model.covariance import even
from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.evidence.pitch_evidence import straightened
from pipeline.calibration.sequence.bent_shots import solve_bent_shot, straight_motion
from pipeline.core.camera_lens import STRAIGHT, Lens
from pipeline.core.geometry import to_pitch
from pipeline.core.pitch import Pitch
from pipeline.metrics.heatmap.occupancy import seconds_in_view
from pipeline.metrics.heatmap.pitch_grid import Grid
from pipeline.positions.projection import projections
from pipeline.report.overlay.camera_footprint import footprint_m
from pipeline.tables import storage
from pipeline.tables.cameras.view_lenses import LENS_COLUMNS, lens_columns, lens_of, view_lenses

BARREL = Lens("radial", CENTRE, 1000.0, -0.25)
PINCUSHION = Lens("radial", CENTRE, 1000.0, 0.25)
WIDE = view(0.03, tilt=0.32, focal_px=820.0, place=np.array([2.0, -62.0, 20.0, 0.0, 0.0, 0.0]))
# 10 px to the metre, looking straight down, the centre spot at (525, 340).
DOWN = np.array([[0.1, 0, -52.5], [0, -0.1, 34.0], [0, 0, 1]])
OVER = Lens("radial", (525.0, 340.0), 600.0, -0.1)


def bent(item, lens):
    """The evidence as the lens would show it."""
    along = np.c_[-item.line_normal[:, 1], item.line_normal[:, 0]]
    start, end = lens.bent(item.line_px - along / 2), lens.bent(item.line_px + along / 2)
    turned = (end - start) / np.maximum(np.linalg.norm(end - start, axis=1, keepdims=True), 1e-9)
    pixels = lens.bent(item.line_px)
    line_map = np.zeros_like(item.line_map)
    column, row = np.clip((pixels / 20).astype(int), 0, [63, 35]).T
    line_map[row, column] = 255
    normals = np.c_[turned[:, 1], -turned[:, 0]]
    return replace(
        item,
        keypoints_px=lens.bent(item.keypoints_px),
        line_px=pixels,
        line_normal=normals,
        line_map=line_map,
    )


def off_m(found, lens):
    x, y = np.meshgrid(np.linspace(60, 1220, 20), np.linspace(60, 660, 12))
    grid = np.column_stack([x.ravel(), y.ravel()])
    true = to_pitch(grid, inverted(WIDE), lens)
    ours = to_pitch(grid, inverted(found.views[0]), found.lens)
    return np.linalg.norm(true - ours, axis=1)[PITCH.contains(true)]


@pytest.mark.parametrize("lens", [BARREL, PINCUSHION], ids=["barrel", "pincushion"])
def test_a_bent_lens_is_found_from_what_the_network_sees(lens):
    found = solve_bent_shot([bent(evidence(WIDE), lens)], np.zeros((0, 3, 3)), PITCH, search=False)
    assert found is not None
    assert found.lens.kind == "radial"
    assert np.sign(found.lens.k1) == np.sign(lens.k1)
    assert np.median(off_m(found, lens)) < 0.15


def test_a_straight_lens_stays_straight():
    found = solve_bent_shot([evidence(WIDE)], np.zeros((0, 3, 3)), PITCH, search=False)
    assert found is not None
    assert found.lens == STRAIGHT


def test_straightened_evidence_is_that_of_a_pinhole():
    plain = evidence(WIDE)
    back = straightened(bent(plain, BARREL), BARREL)
    assert back.keypoints_px == pytest.approx(plain.keypoints_px, abs=1e-4)
    assert np.abs((back.line_normal * plain.line_normal).sum(axis=1)).min() > 0.999


def test_a_standing_camera_stands_still_in_straightened_pictures_too():
    still = straight_motion(np.stack([np.eye(3), np.full((3, 3), np.nan)]), BARREL, SIZE)
    assert still[0] / still[0, 2, 2] == pytest.approx(np.eye(3), abs=1e-6)
    assert np.isnan(still[1]).all()


def views(lens):
    row = {f"h{i // 3 + 1}{i % 3 + 1}": [v] for i, v in enumerate(DOWN.ravel())}
    table = pd.DataFrame({"frame": [0], "time_s": [0.0], "source": ["measured"], **row})
    return storage.conform(table.assign(error_m=0.2, n_points=4, **lens_columns([lens])), "views")


def test_lenses_come_back_from_the_table(tmp_path):
    path = tmp_path / "views.parquet"
    storage.write(views(OVER), path, "views")
    stored = storage.read(path, "views")
    assert view_lenses(stored) == [OVER]
    assert lens_of(stored.iloc[0]) == OVER
    assert view_lenses(views(STRAIGHT)) == [STRAIGHT]


def test_views_of_older_runs_have_straight_lenses(tmp_path):
    path = tmp_path / "views.parquet"
    storage.write(views(STRAIGHT).drop(columns=list(LENS_COLUMNS)), path, "views")
    assert view_lenses(storage.read(path, "views")) == [STRAIGHT]


def test_feet_are_projected_through_the_lens_and_less_surely_where_it_draws_the_picture_in():
    feet = OVER.bent(np.array([[525.0, 340.0], [825.0, 340.0]]))
    people = pd.DataFrame(
        {"frame": 0, "time_s": 0.0, "instance": [0, 1], "class_name": "player", "x1_px": 0.0, "x2_px": 9.0}
    ).assign(y1_px=feet[:, 1] - 18, y2_px=feet[:, 1], foot_x_px=feet[:, 0], foot_y_px=feet[:, 1])
    table = projections(people, views(OVER), even(np.full(1, 0.1)), Pitch(), 5.0)
    assert table[["x_m", "y_m"]].to_numpy().ravel() == pytest.approx([0, 0, 30, 0], abs=1e-6)
    assert table["error_m"][1] > 1.03 * table["error_m"][0]


def test_a_barrel_shows_more_of_the_pitch():
    def area(polygon):
        x, y = polygon.T
        return abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2

    near = np.array([[0.05, 0, -26.25], [0, -0.05, 17.0], [0, 0, 1]])
    assert area(footprint_m(near, 680, 1050, Pitch())) == pytest.approx(52.5 * 34)
    assert area(footprint_m(near, 680, 1050, Pitch(), lens=OVER)) > 1.1 * 52.5 * 34


def test_what_the_lens_draws_in_is_in_view():
    grid = Grid(np.linspace(-52.5, 52.5, 36), np.linspace(-34, 34, 24))
    seen = [seconds_in_view(views(lens), 900, 680, grid, np.array([1.0])).sum() for lens in (STRAIGHT, OVER)]
    assert seen[1] > seen[0]
