"""Folders that appear whole: killed and started twice; and who holds a lock."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.core import files, locks
from pipeline.core.errors import RunError

posix = pytest.mark.skipif(os.name != "posix", reason="locks of POSIX")
_KILLED = """
import os, sys
from pathlib import Path
from pipeline.core import files
with files.whole_folder(Path(sys.argv[1]), "mark", replace=True) as part:
    (part / "mark").write_text("second")
    if sys.argv[2] == "late":
        files.to_disk = lambda p: os._exit(9) if p == Path(sys.argv[1]).parent else None
    else:
        os._exit(9)
"""


def killed(out: Path, when: str) -> None:
    done = subprocess.run([sys.executable, "-c", _KILLED, out, when], check=False)
    assert done.returncode == 9


def write(out: Path, text: str) -> None:
    with files.whole_folder(out, "mark", replace=True) as part:
        (part / "mark").write_text(text)


@posix
@pytest.mark.parametrize(("when", "there"), [("early", "first"), ("late", "second")])
def test_a_killed_writer_leaves_the_old_folder_or_the_new_and_the_next_clears_up(tmp_path, when, there):
    write(tmp_path / "out", "first")
    killed(tmp_path / "out", when)
    assert (tmp_path / "out" / "mark").read_text() == there
    with (
        pytest.raises(RunError, match="holds an earlier export"),
        files.whole_folder(tmp_path / "out", "mark", replace=False),
    ):
        pass
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    write(tmp_path / "out", "third")
    assert (tmp_path / "out" / "mark").read_text() == "third"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@posix
def test_a_folder_that_was_put_aside_when_the_writer_died_comes_back(tmp_path):
    write(tmp_path / "out", "first")
    scratch = tmp_path / "out.part"
    scratch.mkdir()
    (scratch / ".teamshape").touch()
    (tmp_path / "out").rename(scratch / "old")
    write(tmp_path / "out", "next")
    assert (tmp_path / "out" / "mark").read_text() == "next"
    assert not scratch.exists()


def test_a_folder_of_somebody_else_under_that_name_is_not_touched(tmp_path):
    (tmp_path / "out.part").mkdir()
    (tmp_path / "out.part" / "thesis.doc").write_text("precious")
    with pytest.raises(RunError, match=r"out\.part: in the way"):
        write(tmp_path / "out", "first")
    assert (tmp_path / "out.part" / "thesis.doc").read_text() == "precious"


@posix
def test_who_works_in_a_folder_is_named_and_a_lock_outlives_nobody(tmp_path):
    lock = tmp_path / ".lock"
    with locks.alone(lock, tmp_path):
        owner = f"process {os.getpid()} of .* on "
        with pytest.raises(RunError, match=owner) as error, locks.alone(lock, tmp_path):
            pass
        assert "\n" not in str(error.value)
    with locks.alone(lock, tmp_path):
        pass


@posix
def test_two_at_once_in_one_new_folder_are_told(tmp_path):
    with files.whole_folder(tmp_path / "out", "mark", replace=False) as part:
        with pytest.raises(RunError, match="another teamshape works in it"):
            write(tmp_path / "out", "second")
        (part / "mark").write_text("first")
    assert (tmp_path / "out" / "mark").read_text() == "first"
