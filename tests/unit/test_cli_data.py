"""The data commands, as a user types them."""

import cv2
import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from pipeline.cli import data, train
from pipeline.core.errors import DataSetError, UserError

app = typer.Typer()
app.add_typer(data.data)
app.command()(train.train)
app.command()(train.evaluate)


def typed(*words: object):
    return CliRunner().invoke(app, [str(w) for w in words])


def source(root):
    for folder in ("images", "masks"):
        (root / folder).mkdir(parents=True)
    for match in ("a", "b"):
        picture = np.random.default_rng(ord(match)).integers(0, 255, (60, 80, 3), dtype=np.uint8)
        mask = np.zeros((60, 80), np.uint8)
        mask[10:50, 20:35] = 255
        cv2.imwrite(str(root / "images" / f"{match}_1.png"), picture)
        cv2.imwrite(str(root / "masks" / f"{match}_1.png"), mask)
    return root


def test_import_check_and_pseudo_in_a_row(tmp_path):
    src, out = source(tmp_path / "src"), tmp_path / "ds"
    made = typed("data", "import", "masks", src, "-o", out, "--val", "b")
    assert made.exit_code == 0, made.output
    assert "1 pictures to train on, 1 to validate on, 2 labels, 2 of them with masks" in made.output
    checked = typed("data", "check", out)
    assert checked.exit_code == 0, checked.output
    assert (out / "check.html").is_file()


def test_a_leak_is_exit_code_one(tmp_path):
    src, out = source(tmp_path / "src"), tmp_path / "ds"
    picture = cv2.imread(str(src / "images" / "a_1.png"))
    cv2.imwrite(str(src / "images" / "b_1.png"), picture)
    typed("data", "import", "masks", src, "-o", out, "--val", "b")
    checked = typed("data", "check", out)
    assert checked.exit_code == 1
    assert "same picture in both splits" in checked.output


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("data", "import", "masks", "x", "-o", "y", "--class", "gk"), UserError),
        (("data", "check", "nowhere"), DataSetError),
        (("evaluate", "--data", "nowhere"), DataSetError),
    ],
)
def test_mistakes_are_user_errors_of_one_line(words, error):
    result = typed(*words)
    assert isinstance(result.exception, error)
    assert "\n" not in str(result.exception)
