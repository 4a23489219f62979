import numpy as np
import pytest

from pipeline.core.errors import WeightsError
from pipeline.networks.pitch_network import PitchNet, fit_input, reading


def heatmaps(*peaks):
    """Gaussian peaks ``(landmark, x cell, y cell, height)`` as the network draws them."""
    maps = np.zeros((33, 72, 128), np.float32)
    y, x = np.mgrid[:72, :128]
    for landmark, px, py, height in peaks:
        maps[landmark] = height * np.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * 1.5**2))
    return maps


def read(maps, width=1280, height=720):
    _, matrix = fit_input(np.zeros((height, width, 3), np.uint8))
    return reading(maps, matrix, width, height)


@pytest.mark.parametrize("cell", [(64.0, 36.0), (64.3, 36.4), (10.75, 60.5)])
def test_a_peak_between_cells_is_found_to_a_fraction_of_a_cell(cell):
    found = read(heatmaps((5, *cell, 0.9)))
    # cell c is centred at pixel 4 c + 1.5 of the 512 px wide input, here enlarged 2.5 times
    expected = (4 * np.array(cell) + 2) * 2.5 - 0.5
    assert found.keypoints_px[5] == pytest.approx(expected, abs=1.5)
    assert found.score[5] == pytest.approx(0.9, abs=0.1)


def test_landmarks_that_do_not_respond_have_no_place():
    found = read(heatmaps((3, 20, 20, 0.8)))
    assert np.isfinite(found.keypoints_px[:, 0]).tolist() == [k == 3 for k in range(32)]


def test_a_peak_in_the_bars_beside_a_narrow_picture_has_no_place():
    found = read(heatmaps((3, 5, 36, 0.9), (4, 64, 36, 0.9)), width=480, height=854)
    assert np.isnan(found.keypoints_px[3]).all()
    assert found.keypoints_px[4] == pytest.approx([240, 433], abs=7)


@pytest.mark.parametrize("size", [(1280, 720), (848, 478), (480, 854), (100, 30), (1, 1)])
def test_any_picture_fits_the_input_with_its_aspect_kept(size):
    picture, matrix = fit_input(np.full((size[1], size[0], 3), 255, np.uint8))
    assert picture.shape == (288, 512, 3)
    assert matrix[0, 0] == pytest.approx(matrix[1, 1], rel=0.2 if min(size) < 50 else 0.01)
    assert (picture == 255).all(axis=2).any()


def test_the_bundled_network_finds_nothing_in_grey():
    found = PitchNet(threads=1).read(np.full((90, 160, 3), 114, np.uint8))
    assert found.score.max() < 0.3
    assert found.lines.shape == (72, 128)


def test_another_kind_of_network_is_refused():
    with pytest.raises(WeightsError, match=r"calibrate\.weights|segment\.weights"):
        PitchNet("football-seg-n")


def test_a_missing_network_is_named():
    with pytest.raises(WeightsError, match=r"nowhere\.onnx"):
        PitchNet("nowhere.onnx")
