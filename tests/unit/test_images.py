import cv2
import numpy as np
import pytest
from PIL import Image

from pipeline.core import images
from pipeline.core.errors import RunError

WIDE = np.zeros((20, 40, 3), np.uint8)
WIDE[:, 20:] = (0, 0, 255)  # right half red


def saved(path, turned=False):
    exif = Image.Exif()
    exif[0x0112] = 6 if turned else 1  # 6: a quarter clockwise makes it upright
    Image.fromarray(cv2.cvtColor(WIDE, cv2.COLOR_BGR2RGB)).save(path, exif=exif)
    return path


@pytest.mark.parametrize("name", ["plain.png", "Müller – 90 Łódź 東京.png"])
def test_any_path_is_read_as_bgr(tmp_path, name):
    assert (images.read(saved(tmp_path / name)) == WIDE).all()


@pytest.mark.parametrize("ending", ["jpg", "png"])
def test_a_turned_picture_is_read_upright_and_measured_so(tmp_path, ending):
    path = saved(tmp_path / f"phone.{ending}", turned=True)
    upright = images.read(path)
    assert upright.shape == (40, 20, 3)
    assert upright[30, 10, 2] > 200  # the right half is now the lower one
    assert images.size_px(path) == (40, 20)


def test_a_size_needs_no_picture_that_can_be_decoded_but_says_none_of_what_is_none(tmp_path):
    bitmap = tmp_path / "a.bmp"
    cv2.imwrite(str(bitmap), WIDE)
    assert images.size_px(bitmap) == (20, 40)
    text = tmp_path / "notes.png"
    text.write_text("no picture")
    assert images.size_px(text) is None
    assert images.size_px(tmp_path / "absent.jpg") is None


@pytest.mark.parametrize("data", [b"", b"no picture"])
def test_what_is_no_picture_is_none(tmp_path, data):
    path = tmp_path / "a.png"
    path.write_bytes(data)
    assert images.read(path) is None
    assert images.read(tmp_path) is None


def test_a_jpeg_reads_back_and_one_that_cannot_be_written_says_why(tmp_path):
    images.write_jpeg(tmp_path / "new" / "ü.jpg", WIDE)
    assert np.abs(images.read(tmp_path / "new" / "ü.jpg").astype(int) - WIDE).mean() < 4
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="cannot write"):
        images.write_jpeg(tmp_path / "file" / "a.jpg", WIDE)
