"""calibrate and evaluate-calibration as a user meets them."""

import json
import subprocess
import sys

import cv2
import numpy as np
import pandas as pd
import pytest
import yaml

from pipeline import video
from pipeline.core.geometry import orient, to_image, to_pitch
from pipeline.core.pitch import Pitch
from pipeline.tables.schemas import VIEW_COLUMNS

LANDMARKS = Pitch().keypoints_m()
N = 12
"""Frames of the clip that the demo's beginning makes."""


def teamshape(*arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *map(str, arguments)], capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def beginning(demo_clip, tmp_path_factory):
    """The demo's first frames as images, and the true landmarks of each in px (NaN outside)."""
    folder = tmp_path_factory.mktemp("beginning")
    table = pd.read_parquet(demo_clip.with_name("truth_views.parquet"))
    truth = table[list(VIEW_COLUMNS)].to_numpy().reshape(-1, 3, 3)
    marks = []
    for frame in video.frames(demo_clip):
        if frame.index == N:
            break
        cv2.imwrite(str(folder / f"{frame.index:03d}.png"), frame.image)
        at = to_image(LANDMARKS, orient(truth[frame.index], (640, 576)))
        at[~((at >= 0) & (at < [1280, 720])).all(axis=1)] = np.nan
        marks.append(at)
    return folder, marks


def points_file(path, marks, frames):
    rows = [
        {"image": [round(float(v), 2) for v in marks[frame][k]], "keypoint": int(k)} | {"frame": frame}
        for frame in frames
        for k in np.flatnonzero(np.isfinite(marks[frame][:, 0]))
    ]
    path.write_text(yaml.safe_dump(rows))
    return path


def off_m(view, marks):
    seen = np.isfinite(marks[:, 0])
    return float(np.median(np.linalg.norm(to_pitch(marks[seen], np.array(view)) - LANDMARKS[seen], axis=1)))


def test_anchor_frames_carry_the_views_between_them_and_a_picture_shows_it(beginning, tmp_path):
    folder, marks = beginning
    points = points_file(tmp_path / "points.yaml", marks, (0, N - 1))
    out = tmp_path / "views.json"
    result = teamshape("calibrate", folder, "--points", points, "-o", out)
    assert result.returncode == 0, result.stderr
    views = json.loads(out.read_text())["views"]
    assert [v["source"] for v in views] == ["measured", *["tracked"] * (N - 2), "measured"]
    assert max(off_m(v["pitch_from_image"], m) for v, m in zip(views, marks, strict=True)) < 0.3
    assert cv2.imread(str(tmp_path / "views.png")) is not None
    assert "2 measured" in result.stdout


def test_stills_are_found_by_the_network_and_a_blank_one_is_said_to_have_no_view(beginning, tmp_path):
    folder, marks = beginning
    pictures = tmp_path / "stills"
    pictures.mkdir()
    cv2.imwrite(str(pictures / "a.png"), cv2.imread(str(folder / "000.png")))
    cv2.imwrite(str(pictures / "b.png"), np.full((720, 1280, 3), (60, 130, 60), np.uint8))
    result = teamshape("calibrate", pictures, "-o", tmp_path / "views.json")
    assert result.returncode == 0, result.stderr
    good, blank = json.loads((tmp_path / "views.json").read_text())["views"]
    assert off_m(good["pitch_from_image"], marks[0]) < 2 * good["error_m"]
    assert (blank["source"], blank["pitch_from_image"], blank["error_m"]) == ("none", None, None)
    assert "1 measured, 1 none" in result.stdout


def test_evaluation_prints_numbers_and_writes_a_page(beginning, tmp_path):
    folder, marks = beginning
    for name in ("images", "labels"):
        (tmp_path / name / "val").mkdir(parents=True)
    cv2.imwrite(str(tmp_path / "images" / "val" / "a.png"), cv2.imread(str(folder / "003.png")))
    keypoints = np.c_[np.nan_to_num(marks[3] / [1280, 720]), np.isfinite(marks[3][:, 0]) * 2]
    (tmp_path / "labels" / "val" / "a.txt").write_text("0 .5 .5 1 1 " + " ".join(map(str, keypoints.ravel())))
    page = tmp_path / "page.html"
    result = teamshape("evaluate-calibration", "--data", tmp_path, "-o", page)
    assert result.returncode == 0, result.stderr
    assert "all: 1 of 1 pictures have a view (100.0%)" in result.stdout
    assert "JaC@5 100.0%" in result.stdout
    assert "a.png" in page.read_text()


def broken_points(path):
    path.write_text("- {image: [1, 2], pitch: [0, 0]}")
    return path


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda clip, d: ("calibrate", clip, "-o", d / "v.json"), ("--points", "teamshape run")),
        (lambda clip, d: ("calibrate", d / "absent.png", "-o", d / "v.json"), ("absent.png",)),
        (lambda clip, d: ("calibrate", clip, "--points", d / "no.yaml", "-o", d / "v.json"), ("no.yaml",)),
        (
            lambda clip, d: ("calibrate", clip, "--points", broken_points(d / "p.yaml"), "-o", d / "v.json"),
            ("p.yaml", "at least 4"),
        ),
        (lambda clip, d: ("evaluate-calibration", "--data", d), ("no labels of split val",)),
    ],
    ids=["clip without points", "no picture", "no points", "too few points", "no labels"],
)
def test_mistakes_are_one_line_and_leave_nothing(demo_clip, tmp_path, make, words):
    result = teamshape(*make(demo_clip, tmp_path))
    assert result.returncode == 2, result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert all(word in result.stderr for word in words)
    assert not (tmp_path / "v.json").exists()
