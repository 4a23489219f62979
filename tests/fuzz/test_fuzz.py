"""Runs `forking_tests.py` in a process of its own: forks want one without threads, as other tests leave."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).with_name("forking_tests.py")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_damaged_input_and_kills_leave_a_result_or_one_line(tmp_path):
    where = ["--basetemp", str(tmp_path / "forks"), str(TESTS)]
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *where],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr  # 5 where no test was found
