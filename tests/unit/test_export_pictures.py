"""Exports in pixels, read back with the formats' own tools."""

import configparser
import json

import fake_run
import numpy as np
import pytest
from pycocotools.coco import COCO

from pipeline.core.geometry import to_pitch
from pipeline.formats.writers.exports import write_export
from pipeline.tables import storage
from pipeline.tables.schemas import VIEW_COLUMNS

N_FRAMES = 20


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return fake_run.build(tmp_path_factory.mktemp("runs") / "derby", seconds=N_FRAMES / fake_run.FPS)


def table(run_dir, name):
    return storage.read(run_dir / "tables" / f"{name}.parquet", name)


def boxes_of(run_dir):
    joined = table(run_dir, "tracks").merge(table(run_dir, "instances"), on=["frame", "instance"])
    return joined.merge(table(run_dir, "identities"), on="track_id")


def evaluate(trackeval, dataset, tmp_path, truth_text, our_text):
    for folder, name, text in (("gt/derby/gt", "gt", truth_text), ("trackers/us/data", "derby", our_text)):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / f"{name}.txt").write_text(text)
    settings = {
        "GT_FOLDER": str(tmp_path / "gt"),
        "TRACKERS_FOLDER": str(tmp_path / "trackers"),
        "SEQ_INFO": {"derby": N_FRAMES},
        "SKIP_SPLIT_FOL": True,
        "PRINT_CONFIG": False,
        "DO_PREPROC": False,
    }
    data = dataset({k: v for k, v in settings.items() if k in dataset.get_default_dataset_config()})
    raw = data.get_raw_seq_data("us", "derby")
    return trackeval.metrics.HOTA().eval_sequence(data.get_preprocessed_seq_data(raw, "pedestrian"))


def test_trackeval_reads_mot_and_finds_every_person_of_the_run(run, tmp_path):
    trackeval = pytest.importorskip("trackeval")
    assert write_export(run, tmp_path / "out", "mot").frames == N_FRAMES
    boxes = boxes_of(run)
    people = boxes[boxes["role"] != "ball"]
    truth = "".join(
        f"{r.frame + 1},{r.track_id},{r.x1_px},{r.y1_px},{r.x2_px - r.x1_px},{r.y2_px - r.y1_px},1,1,1\n"
        for r in people.itertuples()
    )
    ours = (tmp_path / "out" / "mot.txt").read_text()
    assert all(len(line.split(",")) == 10 for line in ours.splitlines())
    scores = evaluate(trackeval, trackeval.datasets.MotChallenge2DBox, tmp_path, truth, ours)
    assert scores["HOTA"][:18] == pytest.approx(1.0)
    assert scores["HOTA_TP"][0] == len(people) > 300
    assert scores["HOTA_FP"][0] == scores["HOTA_FN"][0] == 0


def test_mot_keeps_the_ball_apart_and_describes_the_sequence(run, tmp_path):
    write_export(run, tmp_path / "out", "mot")
    ball = (tmp_path / "out" / "ball.txt").read_text().splitlines()
    boxes = boxes_of(run)
    assert len(ball) == (boxes["role"] == "ball").sum() > 0
    info = configparser.ConfigParser()
    info.read(tmp_path / "out" / "seqinfo.ini")
    assert dict(info["Sequence"]) == {
        "name": "derby",
        "imdir": "img1",
        "framerate": "25",
        "seqlength": str(N_FRAMES),
        "imwidth": str(fake_run.WIDTH),
        "imheight": str(fake_run.HEIGHT),
        "imext": ".jpg",
    }


def test_trackeval_reads_mots(run, tmp_path):
    trackeval = pytest.importorskip("trackeval")
    write_export(run, tmp_path / "out", "mots")
    text = (tmp_path / "out" / "mots.txt").read_text()
    scores = evaluate(trackeval, trackeval.datasets.MOTSChallenge, tmp_path, text, text)
    assert scores["HOTA"].min() == pytest.approx(1.0)
    assert scores["HOTA_TP"][0] > 300


def test_pycocotools_reads_coco_with_every_mask_of_the_run(run, tmp_path):
    write_export(run, tmp_path / "out", "coco")
    coco = COCO(str(tmp_path / "out" / "coco.json"))
    assert len(coco.imgs) == N_FRAMES
    assert len(coco.anns) == len(table(run, "segments"))
    assert {a["track_id"] for a in coco.anns.values()} == set(table(run, "tracks")["track_id"])


def read_gsr(folder):
    return json.loads((folder / "Labels-GameState.json").read_text())


def test_gsr_holds_each_box_with_role_side_and_feet_in_metres_with_y_down(run, tmp_path):
    write_export(run, tmp_path / "out", "gsr")
    data = read_gsr(tmp_path / "out")
    assert len(data["images"]) == data["info"]["seq_length"] == N_FRAMES
    assert data["info"]["frame_rate"] == 25
    kinds = {c["id"]: c["name"] for c in data["categories"]}
    assert len(data["annotations"]) == len(boxes_of(run))
    assert len({a["id"] for a in data["annotations"]}) == len(data["annotations"])
    frames = {f"1000{k + 1:06d}": k for k in range(N_FRAMES)}
    assert [i["image_id"] for i in data["images"]] == list(frames)
    made, without = fake_run.world(N_FRAMES / fake_run.FPS), set()
    for a in data["annotations"]:
        frame, who = frames[a["image_id"]], a["track_id"] - 1
        assert a["attributes"]["role"] == kinds[a["category_id"]] == made.role[who]
        assert a["attributes"]["team"] == {"A": "left", "B": "right", None: None}[made.team[who]]
        assert a["attributes"]["jersey"] is None
        if a["bbox_pitch"] is None:
            without.add(frame)
            continue
        x, y = made.xy_m[frame, who]
        assert a["bbox_pitch"]["x_bottom_middle"] == pytest.approx(x, abs=0.01)
        assert a["bbox_pitch"]["y_bottom_middle"] == pytest.approx(-y, abs=0.01)
    assert without == set(range(N_FRAMES - 5, N_FRAMES))


def test_gsr_predictions_are_what_the_tasks_evaluator_can_read(run, tmp_path):
    written = write_export(run, tmp_path / "out", "gsr")
    found = json.loads((tmp_path / "out" / "predictions.json").read_text())["predictions"]
    whole = read_gsr(tmp_path / "out")["annotations"]
    assert found == [a for a in whole if a["bbox_pitch"] is not None]
    assert 0 < len(found) < len(whole)
    assert f"{len(whole) - len(found)} boxes without a place on the pitch" in " ".join(written.notes)


def test_gsr_corners_are_the_boxes_lower_corners_seen_from_above(run, tmp_path):
    write_export(run, tmp_path / "out", "gsr")
    views = storage.matrices(table(run, "views"), VIEW_COLUMNS)
    for a in read_gsr(tmp_path / "out")["annotations"][:30]:
        box, ground = a["bbox_image"], a["bbox_pitch"]
        assert box["x_center"] == pytest.approx(box["x"] + box["w"] / 2, abs=0.02)
        lower = np.array([(box["x"], box["y"] + box["h"]), (box["x"] + box["w"], box["y"] + box["h"])])
        left, right = to_pitch(lower, views[int(a["image_id"]) % 1_000_000 - 1])
        assert (ground["x_bottom_left"], -ground["y_bottom_left"]) == pytest.approx(left, abs=0.05)
        assert (ground["x_bottom_right"], -ground["y_bottom_right"]) == pytest.approx(right, abs=0.05)


def test_gsr_leaves_the_team_open_when_its_side_is_unclear(tmp_path):
    run = fake_run.build(tmp_path / "run", seconds=0.4)
    storage.write(storage.empty("formations"), run / "tables" / "formations.parquet", "formations")
    written = write_export(run, tmp_path / "out", "gsr")
    assert {a["attributes"]["team"] for a in read_gsr(tmp_path / "out")["annotations"]} == {None}
    assert any("team null" in note for note in written.notes)


def test_footage_with_nobody_in_it_gives_empty_files(tmp_path):
    run = fake_run.build(tmp_path / "run", seconds=0.4)
    for name in ("instances", "segments", "labels", "tracks", "identities", "positions"):
        storage.write(storage.empty(name), run / "tables" / f"{name}.parquet", name)
    assert write_export(run, tmp_path / "mot", "mot").frames == 10
    assert (tmp_path / "mot" / "mot.txt").read_text() == ""
    assert write_export(run, tmp_path / "gsr", "gsr").frames == 10
    assert read_gsr(tmp_path / "gsr")["annotations"] == []
    assert json.loads((tmp_path / "gsr" / "predictions.json").read_text()) == {"predictions": []}
