"""`teamshape image` as a user types it, on drawn people."""

import csv
import json

import cv2
import drawn_people
import numpy as np
import pytest
from PIL import Image
from pycocotools.coco import COCO
from typer.testing import CliRunner

from pipeline.cli.main import app
from pipeline.core.errors import ConfigError, RunError, VideoError, WeightsError
from pipeline.core.types import LABEL_NAMES

SMALL = ("--imgsz", "640")


def typed(*words: object):
    return CliRunner().invoke(app, ["image", *(str(w) for w in words)])


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """A folder as people have it: odd names, 16 bits, grey, transparent, turned by EXIF, empty, broken."""
    folder, image = tmp_path_factory.mktemp("photos"), drawn_people.draw()
    cv2.imencode(".png", image)[1].tofile(folder / "Müller – 90.png")
    cv2.imwrite(str(folder / "deep.png"), image.astype(np.uint16) * 257)
    cv2.imwrite(str(folder / "grey.png"), cv2.cvtColor(image, cv2.COLOR_BGR2GRAY))
    cv2.imwrite(str(folder / "clear.png"), np.dstack([image, np.full(image.shape[:2], 255, np.uint8)]))
    turned = Image.fromarray(np.rot90(image[:, :, ::-1]).copy())
    exif = Image.Exif()
    exif[0x0112] = 6
    turned.save(folder / "turned.jpg", exif=exif, quality=95)
    cv2.imwrite(str(folder / "lawn.png"), np.full((360, 640, 3), (60, 140, 90), np.uint8))
    (folder / "broken.jpg").write_bytes(b"no picture")
    return folder


@pytest.fixture(scope="module")
def results(pictures, tmp_path_factory):
    out = tmp_path_factory.mktemp("results") / "out"
    made = typed(pictures, "-o", out, *SMALL)
    assert made.exit_code == 0, made.output
    assert "6 pictures" in made.output
    return out


def labels(out, name):
    return np.array(Image.open(out / "teams" / f"{name}.png"))


def test_both_teams_are_painted_where_they_stand(results):
    painted = labels(results, "Müller – 90")
    teams = [
        painted[y - h // 2 - 15 : y - h // 2, x - 3 : x + 4]
        for (x, y), h in zip(drawn_people.FEET, drawn_people.HEIGHTS, strict=True)
    ]
    values = [int(np.bincount(t.ravel(), minlength=8)[1:3].argmax()) + 1 for t in teams]
    assert len(set(values[0::2])) == 1
    assert len(set(values[1::2])) == 1
    assert values[0] != values[1]
    assert Image.open(results / "teams" / "Müller – 90.png").mode == "L"


@pytest.mark.parametrize("name", ["deep", "clear", "turned"])
def test_the_same_picture_in_another_form_gives_the_same_map(results, name):
    one, other = labels(results, "Müller – 90"), labels(results, name)
    assert one.shape == other.shape == (360, 640)
    assert (one != other).mean() < 0.01


def test_a_grey_picture_has_people_but_its_teams_need_not_be_told(results):
    rows = [
        r for r in csv.DictReader((results / "people.csv").open(encoding="utf-8")) if r["picture"] == "grey"
    ]
    assert len(rows) >= 10


def test_a_picture_without_people_has_an_empty_map(results):
    assert not labels(results, "lawn").any()
    assert not cv2.imread(str(results / "instances" / "lawn.png"), cv2.IMREAD_UNCHANGED).any()
    assert (results / "overlay" / "lawn.jpg").is_file()


def test_map_table_and_coco_file_tell_the_same(results):
    coco = COCO(results / "coco.json")
    rows = list(csv.DictReader((results / "people.csv").open(encoding="utf-8")))
    by_name = {i["name"]: i for i in coco.dataset["images"]}
    assert len(coco.dataset["annotations"]) == len(rows)
    painted = cv2.imread(str(results / "instances" / "deep.png"), cv2.IMREAD_UNCHANGED)
    found = coco.loadAnns(coco.getAnnIds(imgIds=[by_name["deep"]["id"]]))
    assert painted.max() == len(found)
    for row, annotation in zip([r for r in rows if r["picture"] == "deep"], found, strict=True):
        mask = coco.annToMask(annotation).astype(bool)
        assert (painted[mask] == int(row["instance"])).mean() > 0.95
        assert annotation["team"] == (row["team"] or None)
    assert by_name["Müller – 90"]["file_name"] == "Müller – 90.png"


def test_the_legend_names_values_and_what_was_left_out_is_not_in_it(results):
    legend = json.loads((results / "legend.json").read_text(encoding="utf-8"))
    assert [x["name"] for x in legend["labels"]] == list(LABEL_NAMES)
    assert "broken" not in [p["name"] for p in legend["pictures"]]


def test_a_second_call_replaces_the_first_and_forgets_what_is_gone(results, tmp_path):
    out = tmp_path / "out"
    one, two = tmp_path / "one.png", tmp_path / "two.png"
    for path in (one, two):
        cv2.imwrite(str(path), np.full((96, 160, 3), (60, 140, 90), np.uint8))
    assert typed(tmp_path / "*.png", "-o", out, "--format", "teams", *SMALL).exit_code == 0
    assert {p.name for p in (out / "teams").iterdir()} == {"one.png", "two.png"}
    assert typed(one, "-o", out, "--format", "teams", *SMALL).exit_code == 0
    assert {p.name for p in (out / "teams").iterdir()} == {"one.png"}
    assert not (out / "overlay").exists()


def test_what_cannot_work_is_told_in_one_line_and_leaves_nothing(pictures, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("mine")
    (tmp_path / "match.mp4").write_bytes(b"video")
    cases = {
        (tmp_path / "nowhere",): VideoError,
        (tmp_path / "empty",): VideoError,
        (tmp_path / "match.mp4",): VideoError,
        (pictures / "broken.jpg",): VideoError,
        (pictures, "--format", "gif"): SystemExit,
        (pictures, "--group", "("): ConfigError,
        (pictures, "--group", "a", "--each-alone"): ConfigError,
        (pictures, "--weights", "nothing.pt"): WeightsError,
    }
    for words, error in cases.items():
        result = typed(*words, "-o", tmp_path / "out")
        assert isinstance(result.exception, error), words
        assert error is not SystemExit or result.exit_code == 2  # a choice that --help lists
        assert "\n" not in str(result.exception)
        assert not (tmp_path / "out").exists()
    assert isinstance(typed(pictures, "-o", tmp_path / "full").exception, RunError)
    assert [p.name for p in (tmp_path / "full").iterdir()] == ["thesis.txt"]
