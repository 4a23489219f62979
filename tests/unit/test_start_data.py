"""Tracking data on the start page: what a file is, what it needs, and the run that is made of it."""

import json
import shutil

import pytest
import tracking_files
from start_desk import StartPage


@pytest.fixture
def folder(tmp_path):
    for name in ("skillcorner_structured_data.json", "skillcorner_match_data.json"):
        shutil.copy(tracking_files.FILES / name, tmp_path / name)
    tracking_files.long_table().to_csv(tmp_path / "derby.csv", index=False)
    (tmp_path / "film.mp4").write_bytes(b"x")
    return tmp_path


@pytest.fixture
def start(folder):
    return StartPage(folder)


def test_only_what_can_be_tracking_data_is_listed(start):
    told = start.get("start/folder", kind="tracking").json()
    assert [f["name"] for f in told["files"]] == [
        "derby.csv",
        "skillcorner_match_data.json",
        "skillcorner_structured_data.json",
    ]
    assert told["data"] is False


def test_a_folder_of_files_that_belong_together_can_be_chosen(start, folder):
    for name in ("hawkeye_1_1.football.samples.centroids", "hawkeye_1_1.football.samples.ball"):
        shutil.copy(tracking_files.FILES / name, folder / name)
    assert start.get("start/folder", kind="tracking").json()["data"] is True
    assert start.get("start/data", path=str(folder)).json()["provider"] == "hawkeye"


def test_a_file_says_whose_it_is_and_what_it_needs(start):
    told = start.get("start/data", path="skillcorner_structured_data.json").json()
    assert told["provider"] == "skillcorner"
    own = next(p for p in told["providers"] if p["name"] == "skillcorner")
    assert own["meta"] == ["match data .json"]
    assert start.get("start/data", path="derby.csv").json()["provider"] == "table"
    odd = start.get("start/data", path="skillcorner_match_data.json").json()
    assert (odd["provider"], "cannot tell who wrote it" in odd["why"]) == (None, True)


def test_an_order_becomes_the_settings_of_the_command(start, folder):
    meta = ["skillcorner_match_data.json", ""]
    body = {"source": "skillcorner_structured_data.json", "provider": "skillcorner", "meta": meta}
    assert start.post("analyze", body | {"name": "away"}).status_code == 200
    said = json.loads(start.children[0].path.read_text())
    assert (said["kind"], said["root"]) == ("data", str(folder / "runs" / "away"))
    assert said["config"]["analyze"] == {
        "provider": "skillcorner",
        "meta": [str(folder / "skillcorner_match_data.json")],
    }
    # What nobody set is left to the data: the pitch, the low-pass.
    assert set(said["config"]) == {"analyze"}
    assert [s["name"] for s in start.jobs()[0]["steps"]][:2] == ["import", "measure"]


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"source": ""}, "no file named"),
        ({"source": "/etc/passwd"}, "not found below"),
        ({"meta": ["../secret.json"]}, "not found below"),
        ({"source": "skillcorner_structured_data.json"}, "needs --meta with its match data .json"),
        ({"source": "skillcorner_match_data.json"}, "cannot tell who wrote it"),
        ({"provider": "nobody"}, "not known"),
        ({"also": ["skillcorner_match_data.json"], "provider": "table"}, "one too many"),
        ({"fps": "fast"}, "'fast' is no number"),
        ({"units": "miles"}, "units"),
        ({"name": "a/b"}, "no name for a run"),
    ],
)
def test_an_order_that_cannot_be_is_refused_in_one_line(start, wrong, text):
    answer = start.post("analyze", {"source": "derby.csv"} | wrong)
    assert answer.status_code == 422
    assert text in answer.json()["lines"][0]
    assert start.children == []


def test_read_only_analyses_nothing(folder):
    start = StartPage(folder, read_only=True)
    assert start.post("analyze", {"source": "derby.csv"}).status_code == 403
