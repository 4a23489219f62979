import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.core.config import Config
from pipeline.core.errors import PlanError, RunError
from pipeline.core.images import write_jpeg
from pipeline.runs import run_directory
from pipeline.workflow import plan as workflow
from pipeline.workflow.step import Context, Step, check_plan, execute, fingerprints, finished


def make_step(name, reads, writes, log, setting=lambda config: {}, version=1):
    def do(context):
        log.append(name)
        for path in steps_outputs(context.root):
            path.write_text(name)
        context.warn(f"{name} warns")
        return {"rows": 1}

    step = Step(name, version, reads, writes, setting, do)

    def steps_outputs(root):
        return step.outputs(root)

    return step


def context_for(root: Path, fingerprint: str) -> Context:
    return Context(
        root, Path("match.mp4"), Config(), lambda done, total: None, lambda text: None, fingerprint
    )


def go(root, steps, config=None):
    run_directory.prepare(root)
    prints = fingerprints(steps, config or Config(), "video-1")
    for step in steps:
        if not finished(root, step, prints[step.name]):
            execute(step, context_for(root, prints[step.name]))


@pytest.fixture
def log():
    return []


@pytest.fixture
def plan(log):
    return [
        make_step("segment", ("video",), ("instances.txt",), log, lambda c: {"imgsz": c.segment.imgsz}),
        make_step("track", ("instances.txt",), ("tracks.txt",), log, lambda c: {"gap": c.track.max_gap_s}),
        make_step("views", ("video",), ("views.txt",), log),
    ]


def test_a_second_run_has_nothing_to_do(tmp_path, plan, log):
    go(tmp_path / "r", plan)
    go(tmp_path / "r", plan)
    assert log == ["segment", "track", "views"]


def test_a_changed_setting_reruns_only_what_depends_on_it(tmp_path, plan, log):
    go(tmp_path / "r", plan)
    log.clear()
    go(tmp_path / "r", plan, Config.model_validate({"track": {"max_gap_s": 2}}))
    assert log == ["track"]
    log.clear()
    changed = Config.model_validate({"segment": {"imgsz": 640}, "track": {"max_gap_s": 2}})
    go(tmp_path / "r", plan, changed)
    assert log == ["segment", "track"]


def test_a_lost_output_is_made_again(tmp_path, plan, log):
    go(tmp_path / "r", plan)
    (tmp_path / "r" / "tracks.txt").unlink()
    log.clear()
    go(tmp_path / "r", plan)
    assert log == ["track"]


def test_a_step_that_dies_leaves_no_record(tmp_path, log):
    def explode(context):
        raise ZeroDivisionError

    broken = Step("segment", 1, ("video",), ("x.txt",), lambda c: {}, explode)
    run_directory.prepare(tmp_path / "r")
    with pytest.raises(ZeroDivisionError):
        execute(broken, context_for(tmp_path / "r", "f"))
    assert not (tmp_path / "r" / "steps" / "segment.json").exists()


def test_warnings_and_facts_are_recorded(tmp_path, plan):
    go(tmp_path / "r", plan)
    record = json.loads((tmp_path / "r" / "steps" / "track.json").read_text())
    assert record["warnings"] == ["track warns"]
    assert record["facts"] == {"rows": 1}


def test_parts_of_a_step_survive_until_its_fingerprint_changes(tmp_path):
    root = tmp_path / "r"
    run_directory.prepare(root)
    (context_for(root, "a").scratch("segment") / "part-0").write_text("kept")
    assert (context_for(root, "a").scratch("segment") / "part-0").exists()
    assert not (context_for(root, "b").scratch("segment") / "part-0").exists()


@pytest.mark.parametrize(
    ("steps", "match"),
    [
        ([("track", ("instances",), ("tracks",))], "reads instances, which no earlier step writes"),
        ([("a", ("video",), ("x",)), ("b", ("video",), ("x",))], "writes x a second time"),
    ],
    ids=["nothing writes it", "written twice"],
)
def test_a_plan_that_does_not_fit_together_is_refused_before_any_work(steps, match, log):
    with pytest.raises(PlanError, match=match):
        check_plan([make_step(*s, log) for s in steps])
    assert log == []


def test_a_plan_without_steps_is_fine():
    check_plan([])
    assert fingerprints([], Config(), "video") == {}


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path):
    (tmp_path / "thesis.doc").write_text("precious")
    with pytest.raises(RunError, match="other things"):
        run_directory.prepare(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.doc"]


def test_a_file_in_the_way_is_one_line(tmp_path):
    (tmp_path / "out").write_text("x")
    with pytest.raises(RunError, match="cannot write"):
        run_directory.prepare(tmp_path / "out")


def test_broken_json_reads_as_nothing(tmp_path):
    (tmp_path / "a.json").write_text("{")
    (tmp_path / "b.json").write_text("[1]")
    assert [run_directory.read_json(tmp_path / n) for n in ("a.json", "b.json", "c.json")] == [{}, {}, {}]


@pytest.mark.parametrize("content", ["", '{"kind": "video", "vid', "[1, 2]"], ids=["empty", "cut", "a list"])
def test_a_record_that_cannot_be_read_is_no_fresh_folder(tmp_path, content):
    footage, root = tmp_path / "images", tmp_path / "run"
    footage.mkdir()
    write_jpeg(footage / "0.jpg", np.zeros((20, 40, 3), np.uint8))
    (root / "steps").mkdir(parents=True)
    (root / "run.json").write_text(content)
    with pytest.raises(RunError, match=r"run\.json: cannot be read"):
        workflow.execute(footage, root, Config(), lambda *_: None, {})
    assert (root / "run.json").read_text() == content
