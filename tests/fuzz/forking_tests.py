"""A few damaged inputs of each kind, and cheap commands killed, or refused the disk, at steps that write.

`make fuzz` and `make torture` do as much as you like, at random.
"""

import os
import signal

import pytest

if not hasattr(os, "fork"):
    pytest.skip("needs fork", allow_module_level=True)

import campaign
import forked
import interrupting
import kinds
import torture
from writers import WORK


@pytest.fixture(scope="module", autouse=True)
def _warm():
    kinds.warm_up()


@pytest.mark.parametrize("kind", kinds.QUICK)
def test_damaged_input_ends_in_a_result_or_one_line(kind, tmp_path):
    broken = [o for o in (campaign.run_case(kind, seed, tmp_path) for seed in range(2)) if o.broken]
    assert not broken, "\n".join(f"{o.kind} {o.seed}: {o.broken}\n{o.said}" for o in broken)


def test_the_rule_sees_tracebacks_parts_and_files_outside(tmp_path, monkeypatch):
    monkeypatch.setitem(kinds.ALL, "bad", lambda folder, rng: [["bad"]])
    for said, code, name in (("Traceback", 1, "out"), ("teamshape: a", 2, "out.part"), ("", 0, "else.txt")):

        def ended(command, folder, said=said, code=code, name=name):
            (folder / name).touch()
            return forked.End(code, 0.1, 1000, said)

        monkeypatch.setattr(forked, "call", ended)
        assert campaign.run_case("bad", hash(name) % 999, tmp_path).broken


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
