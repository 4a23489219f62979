"""What follows a correction: applied in the background, once at a time, and what changed is told."""

import json
import shutil
import threading
from pathlib import Path

import pytest
import workbench_runs as runs

from pipeline.core.errors import CorrectionsError
from pipeline.linking.by_hand.entries import entry_of
from pipeline.tables import storage
from pipeline.workbench.editing.apply_run import main, tell
from pipeline.workbench.editing.quick_movement import concerned, quick_movement
from pipeline.workbench.session import Session
from pipeline.workbench.working.child import Child
from pipeline.workbench.working.hub import Hub
from pipeline.workflow import decided
from pipeline.workflow import plan as workflow
from pipeline.workflow.by_hand.applied import applied
from pipeline.workflow.steps import link


class Started:
    """Stands in for processes: remembers them, and says what the test lets them say."""

    def __init__(self):
        self.all = []

    def __call__(self, module, root, on_event, on_end):
        self.module, self.say, self.end = module, on_event, on_end
        self.stopped = False
        self.all.append(module)
        return self

    def stop(self):
        self.stopped = True

    def wait(self, timeout_s=None):
        pass


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return runs.mistaken(tmp_path_factory.mktemp("session") / "run")


@pytest.fixture
def session(made):
    (made / "corrections.yaml").unlink(missing_ok=True)
    started = Started()
    out = Session(made, started)
    out.started = started
    return out


def correct(session, **said):
    session.correct(said, session.log.read().revision)


def test_a_correction_is_applied_by_one_process_and_the_next_waits_for_it(session):
    correct(session, swap=[2, 3], from_frame=50)
    assert len(session.started.all) == 1
    session.started.say({"event": "start", "step": "measure"})
    correct(session, join=[13, 113])
    assert len(session.started.all) == 1
    assert not session.started.stopped
    session.started.end(None)
    assert len(session.started.all) == 2
    session.started.end(None)
    assert len(session.started.all) == 2
    assert session.state()["busy"] is False


def test_the_page_and_the_overlay_make_room_for_a_correction(session):
    correct(session, swap=[2, 3], from_frame=50)
    session.started.say({"event": "start", "step": "draw"})
    correct(session, join=[13, 113])
    assert session.started.stopped


def test_what_the_process_says_is_what_is_shown(session):
    correct(session, swap=[2, 3], from_frame=50)
    session.started.say({"event": "start", "step": "link"})
    session.started.say({"event": "progress", "step": "link", "done": 3, "total": 9})
    told = session.state()
    assert (told["busy"], told["step"], told["done"], told["total"]) == (True, "link", 3, 9)
    session.started.say({"event": "refused", "lines": ["no"]})
    session.started.end(None)
    assert session.state()["lines"] == ["no"]


def test_a_process_that_died_is_told(session):
    correct(session, swap=[2, 3], from_frame=50)
    session.started.end("Traceback\nMemoryError: no more\n")
    assert session.state()["lines"] == ["MemoryError: no more"]


def test_names_are_new_before_anything_is_measured(session):
    correct(session, join=[13, 113])
    links = session.now()[0].links
    assert set(links.loc[links["track_id"] == 13, "player_id"]) == {13}
    assert session.run.people()[1].query("track_id == 13")["player_id"].nunique() == 2


def test_a_session_opened_later_starts_from_what_was_decided_not_from_what_was_corrected(session, made):
    correct(session, join=[13, 113])
    later = Session(made, Started())
    assert later.preview.ready
    assert later.state()["undo"] == 1
    later.back(later.log.read().revision, redo=False)
    links = later.now()[0].links
    assert set(links.loc[links["track_id"] == 13, "player_id"]) == {13, 113}


def test_what_was_said_but_not_applied_is_applied_at_the_start(session, made):
    assert not applied(made)
    session.begin()
    assert session.started.all == []
    correct(session, join=[13, 113])
    later = Session(made, Started())
    later.begin()
    assert later._start.all == ["pipeline.workbench.editing.apply_run"]


def test_an_impossible_correction_starts_nothing(session, made):
    with pytest.raises(CorrectionsError, match="two places at once"):
        correct(session, join=[2, 4])
    assert session.started.all == []
    assert not (made / "corrections.yaml").exists()


def test_movement_of_those_concerned_is_measured_at_once(session, made):
    before = {p["person"]: p["distance_visible_m"] for p in session.answers()["players"]}
    correct(session, join=[13, 113])
    rows = quick_movement(made)
    assert [r["person"] for r in rows] == [13]
    session.started.say({"event": "quick", "players": rows})
    after = {p["person"]: p["distance_visible_m"] for p in session.answers()["players"]}
    assert after[13] == pytest.approx(rows[0]["distance_visible_m"])
    assert {k for k in before if before[k] != after.get(k)} <= {13}


def test_nobody_is_concerned_where_nothing_changed(session):
    links = session.run.people()[1]
    assert concerned(links, links) == set()
    assert concerned(links, links[links["track_id"] != 7]) == set()  # who is gone has nothing to measure
    assert concerned(links[links["track_id"] != 7], links) == {7}


def test_what_was_decided_is_believed_only_under_its_key(session, tmp_path):
    people, links = session.run.people()
    decided.keep(tmp_path, "one", people, links)
    assert decided.kept(tmp_path, "two") is None
    assert decided.kept(tmp_path, "one")[1].equals(links)
    decided.keep(tmp_path, None, people, links)
    assert decided.kept(tmp_path, "one") is None
    assert decided.decided_key(tmp_path, {}) is None


def test_what_was_decided_is_not_decided_again_and_gives_the_same(made, tmp_path, monkeypatch):
    made = Path(shutil.copytree(made, tmp_path / "run"))
    config = Session(made, Started()).run.stored.config
    step = next(s for s in workflow.steps("both") if s.name == "link")
    context = workflow._context(
        made, made, link.said_in_run(config, made), lambda *_: None, "link", {"link": ""}
    )
    shutil.rmtree(made / "steps" / "link.decided", ignore_errors=True)
    anew = step.do(context)
    first = [storage.read(made / "tables" / f"{n}.parquet", n) for n in ("people", "links")]
    monkeypatch.setattr("pipeline.linking.link_people.decide_group", None)
    assert step.do(context) == anew
    again = [storage.read(made / "tables" / f"{n}.parquet", n) for n in ("people", "links")]
    assert all(a.equals(b) for a, b in zip(first, again, strict=True))


def test_the_process_tells_what_it_does_as_lines(made, capsys):
    (made / "corrections.yaml").write_text("- {join: [2, 4]}\n")
    assert main(made) == 2
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told[0] == {"event": "quick", "players": []}
    assert told[-1]["event"] == "refused"
    tell("draw", "progress", {"done": 1, "total": 2})
    told = json.loads(capsys.readouterr().out)
    assert told == {"event": "progress", "step": "draw", "done": 1, "total": 2}
    (made / "corrections.yaml").unlink()


def test_a_process_is_listened_to_to_its_end(tmp_path):
    heard, ended = [], threading.Event()
    child = Child("pipeline.workbench.editing.apply_run", tmp_path, heard.append, lambda died: ended.set())
    child.wait(60)
    assert ended.is_set()
    assert heard[-1]["event"] == "refused"
    assert "no run here" in heard[-1]["lines"][0]


def test_everybody_who_listens_hears():
    import asyncio

    async def hear():
        hub = Hub()
        first, second = hub.listen({"n": 0}), hub.listen({"n": 0})
        begun = [await anext(first), await anext(second)]
        hub.publish({"n": 1})
        return [*begun, await anext(first), await anext(second)]

    assert asyncio.run(hear()) == ['data: {"n": 0}\n\n'] * 2 + ['data: {"n": 1}\n\n'] * 2


def test_an_entry_of_the_page_is_one_of_the_file():
    assert entry_of(3, {"swap": [1, 2], "from_frame": 5}).more == {"from_frame": 5}
