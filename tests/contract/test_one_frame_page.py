"""docs/one-frame.md names functions that exist, step by step in the order in which a run takes them."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from pipeline.workflow import plan

TEXT = (Path(__file__).parents[2] / "docs" / "one-frame.md").read_text()
NAMED = re.findall(r"`(pipeline(?:\.\w+)+)`", TEXT)
STEPS = re.findall(r"^\| \*\*(\w+)\*\*", TEXT, re.M)


def test_the_page_is_not_empty():
    assert len(NAMED) > 20


@pytest.mark.parametrize("name", NAMED)
def test_a_function_that_is_named_exists(name):
    module, function = name.rsplit(".", 1)
    assert callable(getattr(import_module(module), function))


def test_steps_come_in_the_order_of_a_run():
    assert [step.name for step in plan.steps("both")] == STEPS


def test_no_step_reads_what_a_later_one_writes():
    written = {"video"}
    for step in plan.steps("both"):
        assert set(step.reads) <= written
        written |= set(step.writes)
