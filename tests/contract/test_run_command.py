"""`teamshape run` on short footage: resume, what reruns, team level, hard footage."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.tables import storage
from pipeline.video.writer import VideoWriter

SHORT = ("--end", "1.0", "--set", "segment.imgsz=640", "--set", "calibrate.every_s=0.4")
STEPS = (
    "segment",
    "track",
    "appearance",
    "calibrate",
    "shots",
    "project",
    "identify",
    "periods",
    "link",
    "measure",
    "physical",
    "play",
    "draw",
    "report",
)


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "pipeline", *map(str, arguments)]


def teamshape(*arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(command(*arguments), capture_output=True, text=True)


def stamps(root: Path) -> dict[str, int]:
    return {p.stem: p.stat().st_mtime_ns for p in (root / "steps").glob("*.json")}


@pytest.fixture(scope="module")
def finished(tmp_path_factory, demo_clip):
    root = tmp_path_factory.mktemp("runs") / "short"
    result = teamshape("run", demo_clip, "-o", root, *SHORT)
    assert result.returncode == 0, result.stderr
    return root


def test_a_run_leaves_page_video_tables_and_record(finished):
    assert (finished / "report" / "index.html").stat().st_size > 10_000
    assert (finished / "overlay.mp4").stat().st_size > 10_000
    record = json.loads((finished / "run.json").read_text())
    assert record["state"] == "finished"
    assert set(record["seconds"]) == set(STEPS)
    assert record["versions"]["teamshape"] != "not installed"
    assert len(record["inputs"]["segment.weights"]) >= 64
    for name in (
        "instances",
        "segments",
        "tracks",
        "views",
        "positions",
        "identities",
        "movement",
        "formations",
    ):
        storage.read(finished / "tables" / f"{name}.parquet", name)
        assert (finished / "tables" / f"{name}.csv").exists()
    assert not list(finished.rglob("*.part"))


def test_the_same_command_again_has_nothing_to_do(finished, demo_clip):
    before = stamps(finished)
    assert teamshape("run", demo_clip, "-o", finished, *SHORT).returncode == 0
    assert stamps(finished) == before


def test_a_changed_setting_reruns_only_what_depends_on_it(finished, demo_clip):
    before = stamps(finished)
    arguments = (*SHORT, "--set", "measure.min_players=4")
    assert teamshape("run", demo_clip, "-o", finished, *arguments).returncode == 0
    after = stamps(finished)
    assert {name for name in after if after[name] != before[name]} == {
        "measure",
        "physical",
        "play",
        "report",
    }


def test_report_builds_the_page_again_without_the_footage(finished):
    page = finished / "report" / "index.html"
    page.unlink()
    assert teamshape("report", finished).returncode == 0
    assert page.exists()


@pytest.mark.parametrize(("kind", "form"), [("semantic", "png"), ("instance", "png"), ("instance", "coco")])
def test_masks_are_exported(finished, tmp_path, kind, form):
    result = teamshape("masks", finished, "--kind", kind, "--format", form, "-o", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    assert any((tmp_path / "out").rglob("*.png" if form == "png" else "*.json"))


def test_other_footage_is_not_written_over_a_run(finished, tmp_path):
    other = tmp_path / "other.mp4"
    picture_video(other, [np.full((120, 160, 3), 90, np.uint8)] * 3)
    result = teamshape("run", other, "-o", finished)
    assert result.returncode == 2
    assert "other footage" in result.stderr


def test_a_run_killed_in_the_middle_continues_and_ends_the_same(finished, demo_clip, tmp_path):
    root = tmp_path / "killed"
    process = subprocess.Popen(command("run", demo_clip, "-o", root, *SHORT), stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not (root / "steps" / "track.json").exists() and time.monotonic() < deadline:
        if process.poll() is not None:
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    kept = stamps(root)
    assert "segment" in kept
    assert teamshape("run", demo_clip, "-o", root, *SHORT).returncode == 0
    assert stamps(root)["segment"] == kept["segment"]
    for name in ("instances", "tracks", "views", "positions", "identities"):
        first, second = (storage.read(r / "tables" / f"{name}.parquet", name) for r in (finished, root))
        pd.testing.assert_frame_equal(first, second)


def test_team_mode_gives_shapes_without_tracks(demo_clip, tmp_path):
    root = tmp_path / "team"
    result = teamshape("run", demo_clip, "-o", root, "--mode", "team", *SHORT)
    assert result.returncode == 0, result.stderr
    assert not (root / "tables" / "tracks.parquet").exists()
    assert not (root / "tables" / "movement.parquet").exists()
    assert set(storage.read(root / "tables" / "team_movement.parquet", "team_movement")["team"]) == {"A", "B"}
    labels = storage.read(root / "tables" / "labels.parquet", "labels")
    assert {"A", "B"} <= set(labels["team"].dropna())
    result = teamshape("masks", root, "--kind", "instance", "--format", "mots", "-o", tmp_path / "out")
    assert result.returncode == 2
    assert len(result.stderr.strip().splitlines()) == 1


def picture_video(path: Path, images: list[np.ndarray], fps: float = 25.0) -> None:
    height, width = images[0].shape[:2]
    with VideoWriter(path, width, height, fps) as out:
        for i, image in enumerate(images):
            out.write(image, i / fps)


@pytest.mark.parametrize("grey", [0, 128], ids=["black", "grey"])
def test_footage_without_people_or_pitch_gives_an_empty_report(tmp_path, grey):
    picture_video(tmp_path / "empty.mp4", [np.full((240, 320, 3), grey, np.uint8)] * 12)
    result = teamshape("run", tmp_path / "empty.mp4", "-o", tmp_path / "out", "--set", "segment.imgsz=320")
    assert result.returncode == 0, result.stderr
    assert storage.read(tmp_path / "out" / "tables" / "instances.parquet", "instances").empty
    assert (tmp_path / "out" / "report" / "index.html").exists()


def test_a_truncated_file_is_processed_as_far_as_it_goes(demo_clip, tmp_path):
    # The demo's index lies at the front, so the first part of the file still decodes.
    (tmp_path / "cut.mp4").write_bytes(demo_clip.read_bytes()[: demo_clip.stat().st_size // 8])
    result = teamshape("run", tmp_path / "cut.mp4", "-o", tmp_path / "out", "--set", "segment.imgsz=320")
    assert result.returncode == 0, result.stderr
    assert "warning" in result.stderr
    assert 0 < len(storage.read(tmp_path / "out" / "tables" / "frames.parquet", "frames")) < 250


def test_a_folder_of_images_is_footage_too(demo_clip, tmp_path):
    import cv2

    from pipeline.core.config import VideoSettings
    from pipeline.video import frames

    (tmp_path / "images").mkdir()
    for frame in frames(demo_clip, VideoSettings(end_s=0.2)):
        cv2.imwrite(str(tmp_path / "images" / f"{frame.index}.jpg"), frame.image)
    result = teamshape("run", tmp_path / "images", "-o", tmp_path / "out", "--set", "segment.imgsz=320")
    assert result.returncode == 0, result.stderr
    assert len(storage.read(tmp_path / "out" / "tables" / "frames.parquet", "frames")) >= 5
