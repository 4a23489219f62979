import numpy as np
import pytest

from pipeline.calibration.camera_model.covariance import even
from pipeline.calibration.sequence.video_views import Footage, VideoViews
from pipeline.calibration.sequence.view_tables import errors_table, view_spreads, views_table
from pipeline.core.pitch import Pitch
from pipeline.report.calibration.view_sheet import sheet
from pipeline.tables import storage

DOWN = np.array([[0.1, 0, -52.5], [0, -0.1, 34.0], [0, 0, 1]])


def found(n):
    out = VideoViews.empty(n)
    root = np.random.default_rng(0).normal(0, 0.001, (8, 8))
    for row in range(0, n, 2):
        out.pitch_from_image[row], out.error_m[row], out.source[row] = DOWN, 0.2, "measured"
        out.spread[row] = root @ root.T if row else even(np.array([2.0]))[0]
    return out


def footage(n):
    return Footage(np.arange(n), np.arange(n) / 25, np.zeros(n, np.int64), np.full((n, 3, 3), np.nan))


@pytest.mark.parametrize("n", [0, 1, 5])
def test_spreads_survive_their_table_and_frames_without_a_view_have_no_row(tmp_path, n):
    views = found(n)
    path = tmp_path / "view_errors.parquet"
    storage.write(errors_table(footage(n), views), path, "view_errors")
    back = view_spreads(storage.read(path, "view_errors"), views_table(footage(n), views))
    assert np.isfinite(back[:, 0, 0]).tolist() == (views.source != "none").tolist()
    seen = views.source != "none"
    assert back[seen] == pytest.approx(views.spread[seen].astype(float), rel=1e-3, abs=1e-10)


def test_a_sheet_has_three_pictures_beside_each_other_and_one_alone_keeps_its_size():
    picture = np.full((680, 1050, 3), 60, np.uint8)
    alone = sheet([(picture, DOWN, "a")], Pitch())
    assert alone.shape == picture.shape
    assert (alone != picture).any()
    several = sheet([(picture, DOWN, "a"), (picture[:, :340], None, "b")] * 2, Pitch())
    assert several.shape[1] == 3 * 640
    assert several.shape[0] >= 2 * 400
