"""The camera by hand: what can be clicked, the view behind clicks, points.yaml."""

from importlib import resources

import numpy as np
import pandas as pd
import pytest
from fake_run import build
from starlette.testclient import TestClient

from pipeline.calibration.manual.marked_points import read_points
from pipeline.core.geometry import to_image
from pipeline.core.pitch import Pitch
from pipeline.runs.run_directory import read_json
from pipeline.workbench.app import create_app
from pipeline.workbench.bench import Bench
from pipeline.workbench.clicking.clicked_points import solved, write_clicks
from pipeline.workbench.clicking.landmarks import landmarks, markings_to_click
from pipeline.workbench.editing.noted_settings import noted_config
from pipeline.workbench.guard import Door, loopback_hosts

PORT, TOKEN = 8765, "secret-token"
OWN = {"origin": f"http://127.0.0.1:{PORT}", "sec-fetch-site": "same-origin"}
SIZE, PITCH = (1280, 720), Pitch()


@pytest.fixture(scope="module")
def truth():
    """The view of the bundled clip's frame 60, pitch from image."""
    views = pd.read_parquet(str(resources.files("pipeline") / "demo" / "truth_views.parquet"))
    row = views[views["frame"] == 60].iloc[0]
    return row[[f"h{i}{j}" for i in (1, 2, 3) for j in (1, 2, 3)]].to_numpy(float).reshape(3, 3)


@pytest.fixture(scope="module")
def clicks(truth):
    """All landmarks in the picture of frame 60, clicked exactly."""
    shown = to_image(np.array([mark["at"] for mark in landmarks(PITCH)]), truth)
    inside = ((shown > 0) & (shown < SIZE)).all(axis=1)
    return [
        {"image": [float(x), float(y)], **mark["said"], "frame": 60}
        for mark, (x, y), seen in zip(landmarks(PITCH), shown, inside, strict=True)
        if seen
    ]


def test_every_landmark_and_line_can_be_said_in_points_yaml(tmp_path):
    said = [mark["said"] for mark in (*landmarks(PITCH), *markings_to_click(PITCH))]
    path = tmp_path / "points.yaml"
    path.write_text("".join(f"- {{image: [1, 1], {k}: {v}}}\n" for one in said for k, v in one.items()))
    read = read_points(path, PITCH)
    for point, mark in zip(read, landmarks(PITCH), strict=False):
        assert point.pitch_m == pytest.approx(mark["at"], abs=0.01)
    assert {"centre circle", "halfway line"} <= {m["said"]["line"] for m in markings_to_click(PITCH)}


def test_a_line_to_click_lies_on_the_paint():
    for mark in markings_to_click(PITCH):
        path = np.array(mark["path"])
        if mark["said"]["line"] == "halfway line":
            assert path[:, 0].tolist() == [0, 0]
        if mark["said"]["line"] == "centre circle":
            assert np.hypot(*path.T) == pytest.approx(9.15, abs=0.02)


def test_exact_clicks_lie_on_the_view_and_so_do_its_lines(clicks, truth):
    (found,) = solved(clicks, SIZE, PITCH)
    assert max(found["apart_px"]) < 0.5
    assert found["points"] == list(range(len(clicks)))
    spot = to_image(np.array([[0.0, 9.15]]), truth)[0]
    apart = [np.hypot(*(np.array(line) - spot).T).min() for line in found["lines"]]
    assert min(apart) < 8


def test_one_bad_frame_spoils_no_other(clicks):
    bad = [dict(click, frame=61) for click in clicks[:2]]
    good, few = solved([*clicks, *bad], SIZE, PITCH)
    assert "why" not in good
    assert few["why"].startswith("frame 61: 2 points, at least 4 are needed")


def test_points_that_contradict_each_other_are_not_written(clicks, tmp_path):
    swapped = [
        dict(clicks[0], image=clicks[-1]["image"]),
        *clicks[1:-1],
        dict(clicks[-1], image=clicks[0]["image"]),
    ]
    with pytest.raises(Exception, match="frame 60"):
        write_clicks(swapped, tmp_path, SIZE, PITCH)
    assert not (tmp_path / "points.yaml").exists()
    path = write_clicks(clicks, tmp_path, SIZE, PITCH)
    assert len(read_points(path, PITCH)) == len(clicks)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return build(tmp_path_factory.mktemp("camera") / "run", seconds=1.0, video=True)


@pytest.fixture
def room(made):
    for name in ("points.yaml", "view/settings.json"):
        (made / name).unlink(missing_ok=True)
    return Room(made)


class Room:
    def __init__(self, root):
        self.root = root
        bench = Bench([root])
        (self.key,) = bench.sessions
        self.applied = []
        bench.sessions[self.key].apply = lambda: self.applied.append(True)
        app = create_app(bench, Door(TOKEN, loopback_hosts(PORT)))
        self.client = TestClient(app, base_url=f"http://127.0.0.1:{PORT}")

    def get(self, name, **query):
        return self.client.get(f"/{TOKEN}/api/{self.key}/{name}", params=query)

    def post(self, name, body):
        return self.client.post(f"/{TOKEN}/api/{self.key}/{name}", json=body, headers=OWN)


def test_clicks_become_the_file_the_command_and_the_noted_setting(room, clicks):
    size = read_json(room.root / "run.json")["video"]
    share = [size["width_px"] / SIZE[0], size["height_px"] / SIZE[1]]
    own = [dict(c, image=[c["image"][0] * share[0], c["image"][1] * share[1]], frame=3) for c in clicks]
    told = room.post("camera/view", {"clicks": own}).json()["views"][0]
    assert told["frame"] == 3
    assert "apart_px" in told
    saved = room.post("camera/points", {"clicks": own, "apply": False})
    assert saved.status_code == 200
    assert str(room.root / "points.yaml") in saved.json()["command"]
    assert (noted_config(room.root), room.applied) == (None, [])
    room.post("camera/points", {"clicks": own, "apply": True})
    assert noted_config(room.root).calibrate.points == str(room.root / "points.yaml")
    assert room.applied == [True]
    assert len(room.get("camera").json()["clicks"]) == len(own)


def test_clicks_that_are_none_are_told(room):
    wrong = [{"image": [1, 1], "keypoint": 99}]
    answer = room.post("camera/view", {"clicks": wrong})
    assert answer.status_code == 422
    assert "keypoint must be 0 to 31" in answer.json()["lines"][0]
    assert room.post("camera/view", {"clicks": []}).status_code == 400
    assert room.post("camera/view", {"clicks": ["x"]}).status_code == 400
    assert room.post("camera/points", {"clicks": wrong}).status_code == 422
    assert not (room.root / "points.yaml").exists()


def test_only_frames_of_the_run_are_shown(room):
    assert room.get("camera/picture", frame="99999").status_code == 404
    assert room.get("camera/picture", frame="../x").status_code == 404
