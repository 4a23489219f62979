"""What the command line does with mistakes: one line, exit code 2, nothing half-written."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest


def teamshape(*arguments: object, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *map(str, arguments)], capture_output=True, text=True, **options
    )


def assert_one_line(result: subprocess.CompletedProcess, *words: str) -> None:
    assert result.returncode == 2, result.stderr
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    for word in words:
        assert word in lines[0]


def empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def text_as_mp4(path: Path) -> Path:
    path.write_text("Dear coach,\n" * 500)
    return path


def folder(path: Path) -> Path:
    path.mkdir()
    return path


@pytest.mark.parametrize(
    "make", [lambda p: p, empty, text_as_mp4, folder], ids=["missing", "empty", "text", "folder"]
)
@pytest.mark.parametrize("command", ["run", "probe"])
def test_footage_that_is_none_is_named_in_one_line(tmp_path, make, command):
    source = make(tmp_path / "match.mp4")
    extra = ("-o", tmp_path / "out") if command == "run" else ()
    assert_one_line(teamshape(command, source, *extra), "match.mp4")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--set", "segment.imgszz=3"), ("segment.imgszz", "unknown setting")),
        (("--set", "segment.min_score=1.4"), ("segment.min_score", "1.4")),
        (("--set", "segment.imgsz"), ("KEY=VALUE",)),
        (("--config", "nowhere.yaml"), ("nowhere.yaml", "no such file")),
        (("--mode", "players"), ("mode", "players")),
        (("--start", "5", "--end", "3"), ("end_s",)),
    ],
    ids=["unknown key", "out of range", "no value", "no config", "unknown mode", "ends before it starts"],
)
def test_settings_that_are_wrong_are_named_in_one_line(demo_clip, tmp_path, arguments, words):
    assert_one_line(teamshape("run", demo_clip, "-o", tmp_path / "out", *arguments), *words)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("absent.pt", None),
        ("broken.onnx", b"not a network"),
        ("broken.pt", b"not a pickle"),
        ("notes.txt", b"hi"),
    ],
)
def test_weights_that_are_none_are_named_in_one_line(demo_clip, tmp_path, name, content):
    weights = tmp_path / name
    if content is not None:
        weights.write_bytes(content)
    result = teamshape("run", demo_clip, "-o", tmp_path / "out", "--weights", weights, "--trust-weights")
    assert_one_line(result, name)
    assert not (tmp_path / "out").exists()


def test_a_pickle_from_elsewhere_needs_the_user_s_word(demo_clip, tmp_path):
    (tmp_path / "mine.pt").write_bytes(b"x")
    result = teamshape("run", demo_clip, "-o", tmp_path / "out", "--weights", tmp_path / "mine.pt")
    assert_one_line(result, "mine.pt", "--trust-weights")


def test_a_folder_with_other_things_in_it_is_not_touched(demo_clip, tmp_path):
    (tmp_path / "thesis.doc").write_text("precious")
    assert_one_line(teamshape("run", demo_clip, "-o", tmp_path), "other things")
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.doc"]


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_a_closed_standard_output_is_no_mistake(tmp_path):
    command = f"'{sys.executable}' -m pipeline config fast >&-"
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_an_output_that_cannot_be_written_is_one_line(demo_clip):
    assert_one_line(teamshape("run", demo_clip, "-o", "/proc/teamshape"), "/proc/teamshape")


@pytest.mark.parametrize("command", ["report", "masks"])
def test_a_folder_that_is_no_run_is_named(tmp_path, command):
    extra = ("-o", tmp_path / "out") if command == "masks" else ()
    assert_one_line(teamshape(command, tmp_path, *extra), "no run here")


def test_a_full_disk_leaves_a_run_that_can_be_continued(small_disk, demo_clip):
    result = teamshape(
        "run", demo_clip, "--end", "0.4", "-o", small_disk / "out", "--set", "segment.imgsz=320"
    )
    assert_one_line(result, "space")
    assert not list(small_disk.rglob("*.mp4"))


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 64 kB, where the machine lets us mount one."""
    mount = tmp_path / "disk"
    mount.mkdir()
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("needs the right to mount a small file system")
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", mount], capture_output=True)
    if done.returncode:
        pytest.skip("needs the right to mount a small file system")
    yield mount
    subprocess.run(["umount", mount], check=True)


@pytest.mark.parametrize("command", ["run", "image"])
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("spieler", ("expected NAME=OURS",)),
        ("spieler=fuchs", ("not one of player",)),
        ("spieler=player", ("no class of that name", "it has player, goalkeeper, referee, ball")),
    ],
)
def test_what_a_class_is_said_to_be_is_checked(demo_clip, tmp_path, command, given, words):
    source = demo_clip
    if command == "image":
        source = tmp_path / "a.png"
        cv2.imwrite(str(source), np.zeros((40, 40, 3), np.uint8))
    result = teamshape(command, source, "-o", tmp_path / "out", "--class", given)
    assert_one_line(result, "--class", *words)
    assert not (tmp_path / "out").exists()
