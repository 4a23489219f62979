import numpy as np
import pytest

from pipeline.core.camera_lens import STRAIGHT, Lens
from pipeline.core.geometry import to_image, to_pitch

CENTRE = (640.0, 360.0)
GRID = np.stack(np.meshgrid(np.linspace(0, 1280, 9), np.linspace(0, 720, 7)), axis=2).reshape(-1, 2)
BENT = [
    Lens("radial", CENTRE, 1200.0, -0.3),
    Lens("radial", CENTRE, 1000.0, 0.3),
    Lens("radial", CENTRE, 700.0, -0.25, 0.08),
    Lens("cylinder", CENTRE, 500.0),
]


@pytest.mark.parametrize("lens", BENT, ids=lambda lens: f"{lens.kind} {lens.k1}")
def test_bending_undoes_straightening(lens):
    assert lens.bent(lens.straight(GRID)) == pytest.approx(GRID, abs=1e-5)


@pytest.mark.parametrize("lens", [STRAIGHT, *BENT], ids=lambda lens: f"{lens.kind} {lens.k1}")
def test_the_middle_of_the_picture_stays_where_it_is(lens):
    assert lens.straight(np.array([CENTRE])) == pytest.approx(np.array([CENTRE]))


def test_a_barrel_draws_the_edge_of_the_picture_in():
    lens = Lens("radial", CENTRE, 1000.0, -0.3)
    # 0.5 focal lengths out: 0.5 (1 - 0.3 * 0.25) = 0.4625
    assert lens.bent(np.array([[1140.0, 360.0]]))[0] == pytest.approx((1102.5, 360.0))


def test_columns_of_a_panorama_are_angles():
    lens = Lens("cylinder", CENTRE, 100.0)
    eighth = np.array([[640 + 100 * np.pi / 4, 360.0]])
    assert lens.straight(eighth)[0] == pytest.approx((740.0, 360.0))


def test_what_no_pinhole_shows_is_nan():
    barrel = Lens("radial", CENTRE, 500.0, -0.3)
    assert np.isnan(barrel.straight(np.array([[1280.0, 720.0]]))).all()
    assert np.isnan(Lens("cylinder", CENTRE, 300.0).straight(np.array([[1200.0, 360.0]]))).all()
    assert np.isnan(barrel.bent(np.array([[640.0 + 800, 360.0]]))).all()


@pytest.mark.parametrize("lens", BENT, ids=lambda lens: f"{lens.kind} {lens.k1}")
def test_the_stretch_is_the_derivative_of_straightening(lens):
    at = np.array([[900.0, 500.0]])
    step = np.array([0.01, -0.02])
    moved = lens.straight(at + step) - lens.straight(at)
    assert (lens.stretch(at)[0] @ step) == pytest.approx(moved[0], rel=1e-3)


def test_no_points_give_no_points():
    for lens in BENT:
        assert lens.straight(np.zeros((0, 2))).shape == (0, 2)
        assert lens.bent(np.zeros((0, 2))).shape == (0, 2)


def test_the_pitch_is_seen_through_the_lens():
    view = np.diag([0.1, -0.1, 1.0]) @ np.array([[1, 0, -640], [0, 1, -360], [0, 0, 1.0]])
    lens = Lens("radial", CENTRE, 1000.0, -0.3)
    assert to_pitch(np.array([[1102.5, 360.0]]), view, lens)[0] == pytest.approx((50.0, 0.0))
    assert to_image(np.array([[50.0, 0.0]]), view, lens)[0] == pytest.approx((1102.5, 360.0))
