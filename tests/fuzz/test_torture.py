"""Cheap commands killed, or refused the disk, at steps that write; `make torture` does all, at random."""

import os
import signal

import pytest

if not hasattr(os, "fork"):
    pytest.skip("needs fork", allow_module_level=True)

import interrupting
import kinds
import torture
from writers import WORK


@pytest.fixture(scope="module", autouse=True)
def _warm():
    kinds.warm_up()


def _usual(work, root):
    steps, folder = root / "steps", torture.fresh(work, root, "plain")
    assert torture.whole(work, folder, interrupting.counted(steps)).code == 0
    return torture.Usual(torture.content(folder, work.noise), 1.0, steps.stat().st_size)


@pytest.mark.parametrize("name", ["season add", "calibrate", "export csv"])
def test_a_command_killed_at_any_step_is_started_again_and_makes_the_same(name, tmp_path):
    work = WORK[name]
    usual = _usual(work, tmp_path)
    assert usual.steps >= 3
    for step in {0, usual.steps // 2, usual.steps - 1}:
        folder = torture.fresh(work, tmp_path, f"kill{step}")
        assert torture.whole(work, folder, interrupting.kill_at(step)).code == -signal.SIGKILL
        assert not torture.ends_right(work, folder, usual)


def test_a_disk_that_is_full_from_some_step_on_is_one_line_and_the_command_continues(tmp_path):
    work = WORK["export csv"]
    usual = _usual(work, tmp_path)
    folder = torture.fresh(work, tmp_path, "full")
    assert not torture.one_line(torture.whole(work, folder, interrupting.full_from(usual.steps // 2)))
    assert not torture.ends_right(work, folder, usual)


def test_the_campaign_sees_what_a_killed_command_leaves(tmp_path):
    work = WORK["calibrate"]
    usual = _usual(work, tmp_path)
    folder = torture.fresh(work, tmp_path, "left")
    (folder / "out.json.part").touch()
    (folder / "else.txt").touch()
    assert "else.txt" in torture.ends_right(work, folder, usual)
