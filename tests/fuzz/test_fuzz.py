"""A few damaged inputs of each kind, held to the rule; `make fuzz` runs as many as you like."""

import os

import pytest

if not hasattr(os, "fork"):
    pytest.skip("needs fork", allow_module_level=True)

import campaign
import forked
import kinds


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
