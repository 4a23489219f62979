"""A few damaged inputs of each kind, held to the rule; `make fuzz` runs as many as you like."""

import os
import subprocess
import sys

import pytest

if not hasattr(os, "fork"):
    pytest.skip("needs fork", allow_module_level=True)

import campaign
import forked
import kinds


def test_damaged_input_ends_in_a_result_or_one_line(tmp_path):
    # A process of its own: forks want one without the threads that other tests leave.
    ended = subprocess.run(
        [sys.executable, campaign.__file__, "2", "0", ",".join(kinds.QUICK)],
        env={**os.environ, "TEAMSHAPE_FUZZ": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert f"{2 * len(kinds.QUICK)} cases, 0 broke the rule" in ended.stdout


def test_the_rule_sees_tracebacks_parts_and_files_outside(tmp_path, monkeypatch):
    monkeypatch.setitem(kinds.ALL, "bad", lambda folder, rng: [["bad"]])
    for said, code, name in (("Traceback", 1, "out"), ("teamshape: a", 2, "out.part"), ("", 0, "else.txt")):

        def ended(command, folder, said=said, code=code, name=name):
            (folder / name).touch()
            return forked.End(code, 0.1, 1000, said)

        monkeypatch.setattr(forked, "call", ended)
        assert campaign.run_case("bad", hash(name) % 999, tmp_path).broken
