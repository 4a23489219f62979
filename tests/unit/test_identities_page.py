"""The page of who is who: pictures of people, doubts with lines to paste, scenes from the footage."""

import html
import json
import re
import shutil

import cv2
import fake_run
import linked_people
import numpy as np
import pandas as pd
import pytest

from pipeline import video
from pipeline.core import masks
from pipeline.core.json_files import write_json
from pipeline.linking.by_hand.corrections import corrected
from pipeline.linking.by_hand.entries import Entry, read_corrections
from pipeline.report.identities.identity_page import page, page_path, write_page
from pipeline.report.identities.scenes import HEIGHT_PX, WIDTH_PX, scene
from pipeline.runs.stored_run import StoredRun
from pipeline.tables import storage


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A run with two people of team A and one of B, whose rival is a man of B too; tracks have pictures."""
    root = fake_run.build(tmp_path_factory.mktemp("identities") / "run", seconds=1.0, video=True)
    linked_people.write(root)
    who = linked_people.people(
        (1, "A", "player", 10, "Ada <b>"), (12, "B", "player", None, None), (13, "B", "player", None, None)
    ).assign(minutes_in_view=0.1, score=0.9)
    sure = linked_people.links((1, 0, 24, 1), (2, 0, 24, None))
    torn = linked_people.links((12, 0, 24, 12), team="B", score=0.7, seconds=1.0)
    torn = torn.assign(second_id=13, second_score=0.2)
    other = linked_people.links((13, 0, 24, 13), team="B", score=0.99, seconds=1.0)
    links = storage.conform(pd.concat([sure, torn, other]), "links")
    storage.write(who, root / "tables" / "people.parquet", "people")
    storage.write(links, root / "tables" / "links.parquet", "links")
    tracks = storage.read(root / "tables" / "tracks.parquet", "tracks")
    listing = {}
    for track, rows in tracks[tracks["track_id"].isin([1, 2, 12, 13])].groupby("track_id"):
        listing[str(track)] = {"file": f"{track}.jpg", "frame": int(rows["frame"].iloc[0]), "instance": 0}
        folder = root / "thumbnails"
        folder.mkdir(exist_ok=True)
        _, data = cv2.imencode(".jpg", np.full((96, 40, 3), 9 * track, np.uint8))
        (folder / f"{track}.jpg").write_bytes(data.tobytes())
    write_json(root / "thumbnails" / "tracks.json", listing)
    record = json.loads((root / "run.json").read_text())
    record["video"]["fingerprint"] = video.probe(root.parent / "run_match.mp4").fingerprint
    write_json(root / "run.json", record | {"source": str(root.parent / "run_match.mp4")})
    return root


@pytest.fixture(scope="module")
def text(root):
    entry = Entry(1, "ignore", 88, {"note": "a ball boy"})
    return page(StoredRun.open(root, stage="begun"), [entry])


def plain(text):
    return " ".join(html.unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", text, flags=re.S)).split())


def lines(text):
    return [html.unescape(line) for line in re.findall(r'data-line="([^"]*)"', text)]


def test_everybody_is_there_by_name_with_pictures_and_nothing_comes_from_elsewhere(text):
    assert "10 Ada &lt;b&gt;" in text
    assert "in corrections: 12" in plain(text)
    assert "nobody in particular: 2.0 s, 50% of player-time" in plain(text)
    assert text.count("data:image/jpeg;base64,") >= 5
    assert not re.search(r"(src|href)=\"(?!data:|#)", text)


def test_a_doubt_shows_the_piece_the_assumed_person_and_the_rival_with_their_lines(text):
    words = plain(text)
    assert "Track 12, player of B, 0:00.0 to 0:01.0" in words
    assert "Assumed B1 70%" in words
    assert "Rival B2 20%" in words
    assert "Decided by motion. 0.3 s at stake." in words
    assert lines(text)[-4:-2] == [
        "- {assign: 12, to: 12}",
        "- {swap: [12, 13], from_frame: 0, until_frame: 25}",
    ]


def test_every_line_on_the_page_can_be_applied(text, root, tmp_path):
    run = StoredRun.open(root, stage="begun")
    tables = [run.table(n) for n in ("people", "links", "tracks")]
    assert len(lines(text)) >= 6
    for line in lines(text):
        (tmp_path / "c.yaml").write_text(line)
        corrected(*tables, read_corrections(tmp_path / "c.yaml"))


def test_corrections_so_far_are_listed_by_number(text):
    assert "1 - {ignore: 88} a ball boy" in plain(text)


def test_scenes_come_from_the_footage_or_a_line_says_why_not(text, root, tmp_path):
    scenes = text.count('class="scene"')
    assert scenes == 2, scenes
    copy = tmp_path / "run"
    shutil.copytree(root, copy)
    record = json.loads((copy / "run.json").read_text())
    write_json(copy / "run.json", record | {"source": "/nowhere/match.mp4"})
    without = page(StoredRun.open(copy, stage="begun"), [])
    assert 'class="scene"' not in without
    assert "No scenes from the footage: /nowhere/match.mp4" in plain(without)
    write_json(copy / "run.json", record | {"video": record["video"] | {"fingerprint": "another"}})
    assert "is not the footage of this run any more" in plain(page(StoredRun.open(copy, stage="begun"), []))


def test_a_run_without_people_and_pictures_still_has_a_page(root, tmp_path):
    copy = tmp_path / "run"
    shutil.copytree(root, copy)
    shutil.rmtree(copy / "thumbnails")
    for name in ("people", "links"):
        storage.write(storage.empty(name), copy / "tables" / f"{name}.parquet", name)
    path = write_page(StoredRun.open(copy, stage="begun"), [])
    assert path == page_path(copy)
    words = plain(path.read_text(encoding="utf-8"))
    assert "Nobody was linked." in words
    assert "No doubts." in words


def test_a_picture_that_leads_out_of_the_run_is_not_read(root, tmp_path):
    copy = tmp_path / "run"
    shutil.copytree(root, copy)
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    listing = json.loads((copy / "thumbnails" / "tracks.json").read_text())
    listing["1"]["file"] = "../../secret.jpg"
    write_json(copy / "thumbnails" / "tracks.json", listing)
    assert "c2VjcmV0" not in page(StoredRun.open(copy, stage="begun"), [])


@pytest.mark.parametrize("corner", [(0, 0), (340, 600), (170, 300)])
def test_a_scene_has_its_size_and_the_outline_wherever_he_stands(corner):
    image = np.full((360, 640, 3), 40, np.uint8)
    mask = masks.encode(np.ones((20, 10), bool), *corner)
    made = scene(image, mask)
    assert made.shape == (HEIGHT_PX, WIDTH_PX, 3)
    drawn = np.argwhere((made > 200).any(axis=2))
    assert len(drawn)
    assert np.ptp(drawn[:, 0]) == pytest.approx(0.3 * HEIGHT_PX, abs=8)
