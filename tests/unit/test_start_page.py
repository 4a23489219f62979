"""The start page: what may be named, what footage says, orders, and one run after the other."""

import json
import shutil

import pytest
import video_samples
from fake_run import build
from start_desk import PORT, TOKEN, StartPage

from pipeline.core.errors import RunError
from pipeline.workbench.starting.allowed_folders import AllowedFolders


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    return video_samples.normal(tmp_path_factory.mktemp("clip") / "derby.mp4")


@pytest.fixture
def folder(tmp_path, clip):
    shutil.copy(clip, tmp_path / "derby.mp4")
    return tmp_path


@pytest.fixture
def start(folder):
    return StartPage(folder)


def test_a_folder_shows_footage_and_folders_but_nothing_hidden(start, folder):
    (folder / "second half").mkdir()
    (folder / ".secret").mkdir()
    (folder / "notes.txt").write_text("x")
    told = start.get("start/folder").json()
    assert [f["name"] for f in told["files"]] == ["derby.mp4"]
    assert told["folders"] == ["second half"]
    assert told["up"] is None
    below = start.get("start/folder", path=str(folder / "second half")).json()
    assert (below["files"], below["up"]) == ([], str(folder))


def test_a_folder_of_pictures_can_be_footage(start, folder):
    for n in range(3):
        (folder / f"{n}.png").write_bytes(b"x")
    assert start.get("start/folder").json()["pictures"] == 3
    assert start.get("start/folder", kind="roster").json()["pictures"] == 0


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "..", "../derby.mp4", "derby.mp4/../../..", "~", "none.mp4", "\0"]
)
@pytest.mark.parametrize("name", ["folder", "look", "picture"])
def test_nothing_outside_of_the_folders_can_be_named(start, name, path):
    answer = start.get(f"start/{name}", path=path)
    assert answer.status_code == 422
    assert "not found below" in answer.json()["lines"][0]


def test_a_link_that_leads_outside_is_neither_listed_nor_followed(start, folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    shutil.copy(folder / "derby.mp4", outside / "private.mp4")
    (folder / "link.mp4").symlink_to(outside / "private.mp4")
    (folder / "away").symlink_to(outside)
    told = start.get("start/folder").json()
    assert (told["folders"], [f["name"] for f in told["files"]]) == ([], ["derby.mp4"])
    assert start.get("start/look", path="link.mp4").status_code == 422
    assert start.post("order", {"source": "away/private.mp4"}).status_code == 422


def test_a_folder_that_is_none_is_refused(tmp_path):
    with pytest.raises(RunError, match="no such folder"):
        AllowedFolders([tmp_path / "none"])


def test_footage_says_its_size_rate_and_length_and_shows_a_picture(start):
    told = start.get("start/look", path="derby.mp4").json()
    assert (told["width_px"], told["height_px"]) == (64, 48)
    assert told["fps"] == pytest.approx(25)
    assert "small" in told["notes"]
    picture = start.get("start/picture", path="derby.mp4", at="0.2")
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.content[:2] == b"\xff\xd8"


def test_what_is_no_footage_is_told_in_the_line_of_the_command(start, folder):
    (folder / "text.mp4").write_text("this is no film")
    answer = start.get("start/look", path="text.mp4")
    assert answer.status_code == 422
    assert "text.mp4" in answer.json()["lines"][0]
    assert start.post("order", {"source": "text.mp4"}).status_code == 422


def test_an_order_becomes_the_settings_of_the_command(start, folder):
    (folder / "squad.csv").write_text("team,number,name\nA,1,Ada\n")
    body = {"source": "derby.mp4", "config": "fast", "mode": "team", "start": "0.1", "end": "0:00.3"}
    body |= {"every": "0.1", "half_time": "0:00.2", "roster": "squad.csv", "name": "cup final"}
    assert start.post("order", body).status_code == 200
    said = json.loads(start.children[0].path.read_text())
    assert said["root"] == str(folder / "runs" / "cup final")
    config = said["config"]
    assert config["mode"] == "team"
    assert config["video"] == {"start_s": 0.1, "end_s": 0.3, "every_s": 0.1, "image_fps": 25.0}
    assert config["segment"]["imgsz"] == 960
    assert config["link"]["roster"] == str(folder / "squad.csv")
    assert config["periods"]["half_time_s"] == 0.2


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"source": ""}, "no file named"),
        ({"end": "soon"}, "End: 'soon' is no time"),
        ({"start": "3", "end": "1"}, "must lie after"),
        ({"config": "../secret"}, "config"),
        ({"name": "../elsewhere"}, "no name for a run"),
        ({"roster": "/etc/passwd"}, "not found below"),
        ({"force": True}, "force"),
    ],
)
def test_an_order_that_cannot_be_is_refused_in_one_line(start, wrong, text):
    answer = start.post("order", {"source": "derby.mp4"} | wrong)
    assert answer.status_code == 422
    assert text in answer.json()["lines"][0]
    assert start.children == []


def test_one_runs_and_the_others_wait_in_order(start):
    for name in ("one", "two", "three"):
        start.post("order", {"source": "derby.mp4", "name": name})
    assert [(j["name"], j["state"]) for j in reversed(start.jobs())] == [
        ("one", "running"), ("two", "waiting"), ("three", "waiting"),
    ]  # fmt: skip
    assert start.post("order", {"source": "derby.mp4", "name": "two"}).status_code == 422
    start.post("cancel", {"number": 2})
    child = start.children[0]
    child.say({"event": "start", "step": "segment"})
    child.say({"event": "progress", "step": "segment", "done": 3, "total": 12})
    segment = start.jobs()[-1]["steps"][0]
    assert (segment["state"], segment["done"], segment["total"]) == ("running", 3, 12)
    child.say({"event": "finished"})
    child.on_end(None)
    assert {j["name"]: j["state"] for j in start.jobs()} == {
        "one": "finished", "two": "stopped", "three": "running",
    }  # fmt: skip
    assert len(start.children) == 2


def test_cancelling_stops_the_process_and_it_can_be_continued(start, folder):
    start.post("order", {"source": "derby.mp4"})
    answer = start.post("cancel", {"number": 1})
    assert start.children[0].stopped
    assert answer.json()["jobs"][0]["state"] == "stopped"
    assert start.post("cancel", {"number": 1}).status_code == 422
    said = json.loads(start.children[0].path.read_text())
    root = folder / "runs" / "derby"
    root.mkdir(parents=True)
    record = {"state": "running", "source": said["source"], "config": said["config"], "video": {}}
    (root / "run.json").write_text(json.dumps(record))
    run = start.get("start/runs").json()["runs"][0]
    assert (run["name"], run["finished"]) == ("derby", False)
    assert start.post("continue", {"key": run["key"]}).status_code == 200
    assert json.loads(start.children[1].path.read_text()) == said
    assert start.post("continue", {"key": "none"}).status_code == 422


def test_why_it_did_not_work_is_the_line_that_the_process_said(start):
    start.post("order", {"source": "derby.mp4"})
    start.children[0].say({"event": "refused", "lines": ["derby.mp4: its pictures are too small"]})
    start.children[0].on_end(None)
    job = start.jobs()[0]
    assert (job["state"], job["lines"]) == ("refused", ["derby.mp4: its pictures are too small"])
    start.post("order", {"source": "derby.mp4"})
    start.children[1].on_end("Traceback (most recent call last):\nMemoryError: no more\n")
    assert start.jobs()[0]["lines"] == ["MemoryError: no more"]


def test_a_finished_run_opens_in_the_workbench(start, folder):
    build(folder / "runs" / "cup", seconds=1.0, video=True)
    run = start.get("start/runs").json()["runs"][0]
    assert (run["name"], run["finished"]) == ("cup", True)
    assert start.get("runs").json()["runs"] == [{"key": run["key"], "name": "cup"}]
    assert start.get(f"{run['key']}/summary").status_code == 200
    assert start.get("00000000/summary").status_code == 404


def test_read_only_runs_nothing(folder):
    start = StartPage(folder, read_only=True)
    for what in ("order", "continue", "check", "cancel"):
        assert start.post(what, {"source": "derby.mp4"}).status_code == 403
    assert start.get("start/runs").json()["read_only"] is True
    assert start.children == []


def test_other_pages_cannot_start_a_run(start):
    for headers in (
        {},
        {"origin": "http://evil.example"},
        {"origin": f"http://127.0.0.1:{PORT}", "sec-fetch-site": "cross-site"},
    ):
        assert start.post("order", {"source": "derby.mp4"}, headers=headers).status_code == 403
    assert start.client.get("/start").status_code == 404
    assert start.client.get(f"/{TOKEN}/start").status_code == 200
    assert start.children == []


def test_another_run_of_other_footage_is_never_written_over(start, folder):
    (folder / "runs" / "derby").mkdir(parents=True)
    start.post("order", {"source": "derby.mp4"})
    assert json.loads(start.children[0].path.read_text())["root"] == str(folder / "runs" / "derby-2")
