"""The roster, what is in doubt, and corrections applied to a run without anything before step link."""

import json
import sys
from dataclasses import replace

import pandas as pd
import pytest
from fake_run import build
from test_corrections import FPS, tables
from workbench_runs import finished_before_link

from pipeline.cli import main
from pipeline.core.config import Config
from pipeline.core.errors import CorrectionsError, RunError
from pipeline.linking.by_hand.corrections import corrected
from pipeline.linking.by_hand.doubt_list import doubt_list
from pipeline.linking.by_hand.entries import read_corrections
from pipeline.linking.by_hand.moments import seen_of
from pipeline.linking.by_hand.roster import Listed, believable, read_roster
from pipeline.tables import storage
from pipeline.workflow import plan as workflow
from pipeline.workflow.step import fingerprints
from pipeline.workflow.steps import link as link_step

ADA = "- {team: A, number: 7, name: Ada, position: LW, off: 63:20}\n"


def listed(tmp_path, text):
    (tmp_path / "roster.yaml").write_text(text, encoding="utf-8")
    return read_roster(tmp_path / "roster.yaml")


def test_a_roster_is_read_with_minutes(tmp_path):
    assert listed(tmp_path, ADA) == {("A", 7): Listed("A", 7, "Ada", "LW", None, 3800.0)}
    assert listed(tmp_path, "") == {}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (ADA * 2, "player 2: number 7 of team A is there twice"),
        ("- {team: A, number: 7, age: 30}", "player 1: unknown key age"),
        ("- {team: C, number: 7}", "team is 'C'"),
        ("- {team: A, number: seven}", "number is 'seven'"),
        ("- {team: A, number: 7, name: 3}", "name is 3; expected text"),
        ("- {team: A, number: 7, on: late}", "'late' is no time"),
        ("- {team: A, number: 7, on: 5, off: 4}", r"off \(4\) must lie after on"),
        ("- 7", "expected team, number"),
        ("A: 7", "expected a list of players"),
        ("- {team: A, team: B}", "not valid YAML .team is there twice"),
        ("- [", "not valid YAML"),
    ],
)
def test_a_bad_roster_is_one_line(tmp_path, text, line):
    with pytest.raises(CorrectionsError, match=line) as told:
        listed(tmp_path, text)
    assert len(told.value.lines) == 1


def test_names_appear_where_a_number_is_known_and_only_once_worn(tmp_path):
    roster = listed(tmp_path, ADA)
    people, links, tracks = tables(p1=7)
    row = corrected(people, links, tracks, (), roster).people.set_index("player_id").loc[1]
    assert row[["name", "position", "on_s", "off_s"]].tolist() == ["Ada", "LW", 0.0, 3800.0]
    people, links, tracks = tables(p1=7, p2=7)
    assert corrected(people, links, tracks, (), roster).people["name"].isna().all()


def test_numbers_that_the_roster_lacks_are_not_believed(tmp_path):
    identities = pd.DataFrame({"track_id": [1, 2, 5], "team": ["A", "A", "B"]})
    read = pd.DataFrame({"track_id": [1, 2, 5, 1], "number": pd.array([7, 8, 8, None], "Int32")})
    made = believable(read, identities, listed(tmp_path, ADA))
    assert made["number"].isna().tolist() == [False, True, False, True]
    assert believable(None, identities, {}) is None


def doubtful(**of_track_3):
    people, links, tracks = tables()
    at = links.index[links["track_id"] == 3][0]
    for name, value in {"score": 0.7, "second_id": 2, "second_score": 0.25, **of_track_3}.items():
        links.loc[at, name] = value
    return people, links, tracks


def test_doubts_come_worst_first_and_their_lines_can_be_pasted(tmp_path):
    people, links, tracks = doubtful()
    found = doubt_list(people, links, seen_of(tracks))
    assert [d.line for d in found] == [
        "- {assign: 6, to: WHO}  # new",
        "- {swap: [1, 2], from_frame: 50, until_frame: 100}",
    ]
    assert found[0].at_stake_s == pytest.approx(20 / FPS)
    assert found[1].at_stake_s == pytest.approx(49 / FPS * 0.3)
    (tmp_path / "c.yaml").write_text(found[1].line)
    made = corrected(people, links, tracks, read_corrections(tmp_path / "c.yaml"))
    assert made.links.set_index("track_id").loc[[3, 4], "player_id"].tolist() == [2, 1]
    left = [d.line for d in doubt_list(made.people, made.links, seen_of(tracks))]
    assert left == ["- {assign: 6, to: WHO}  # new"]


def test_of_nobody_there_is_no_doubt():
    _, _, tracks = tables()
    assert doubt_list(storage.empty("people"), storage.empty("links"), seen_of(tracks.iloc[:0])) == []


def test_two_people_with_one_number_are_a_doubt():
    people, links, tracks = tables(p1=7, p2=7)
    assert "- {join: [1, 2]}" in [d.line for d in doubt_list(people, links, seen_of(tracks))]


def with_corrections(path, text):
    path.write_text(text, encoding="utf-8")
    return Config.model_validate({"link": {"corrections": str(path)}})


def test_corrections_rerun_step_link_and_what_follows_only(tmp_path):
    plan = workflow.steps("both")
    path = tmp_path / "c.yaml"
    before = fingerprints(plan, Config(), "v")
    after = fingerprints(plan, with_corrections(path, "- {ignore: 1}"), "v")
    changed = {name for name in before if before[name] != after[name]}
    assert changed | {"draw"} == {"link", "measure", "physical", "play", "draw", "report"}
    assert fingerprints(plan, with_corrections(path, "- {ignore: 1}  # again\n"), "v") == after
    assert fingerprints(plan, with_corrections(path, "- {ignore: 2}"), "v")["link"] != after["link"]
    assert fingerprints(plan, with_corrections(path, ""), "v")["measure"] == before["measure"]


def test_files_in_the_run_are_used_unless_others_are_given(tmp_path):
    assert link_step.said_in_run(Config(), tmp_path) == Config()
    (tmp_path / "corrections.yaml").write_text("")
    (tmp_path / "roster.yaml").write_text("")
    given = Config.model_validate({"link": {"roster": "mine.yaml"}})
    found = link_step.said_in_run(given, tmp_path).link
    assert (found.corrections, found.roster) == (str(tmp_path / "corrections.yaml"), "mine.yaml")


@pytest.fixture(scope="module")
def linked_run(tmp_path_factory):
    """A finished run of which all steps before link are recorded."""
    return finished_before_link(build(tmp_path_factory.mktemp("linked") / "run", seconds=4.0))


def called(monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["teamshape", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main.main()
    return ended.value.code, *capsys.readouterr()


@pytest.fixture
def quick_page(monkeypatch):
    """The page has its own tests; here it is a file."""
    made = workflow.report.step

    def touch(context):
        for name in ("report/index.html", "tables/README.md"):
            (context.root / name).parent.mkdir(exist_ok=True)
            (context.root / name).touch()

    monkeypatch.setattr(workflow.report, "step", lambda *a, **k: replace(made(*a, **k), do=touch))


@pytest.mark.usefixtures("quick_page")
def test_identities_applies_corrections_or_says_one_line_and_changes_nothing(linked_run, monkeypatch, capsys):
    code, out, err = called(monkeypatch, capsys, "identities", linked_run, "--apply")
    assert code == 0, err
    assert "team A: " in out
    people = storage.read(linked_run / "tables" / "people.parquet", "people")
    one = int(people.loc[people["team"] == "A", "player_id"].iloc[0])
    corrections = linked_run / "corrections.yaml"
    corrections.write_text(
        f"- {{set: {one}, number: 7, name: Ada}}\n- {{join: [{one}, 9999]}}\n- {{split: {one}, at: 99:00}}\n"
    )
    state = {p: p.read_bytes() for p in (linked_run / "tables").glob("*.parquet")}
    code, _, err = called(monkeypatch, capsys, "identities", linked_run, "--apply")
    told = [line for line in err.splitlines() if line.startswith("teamshape: ")]
    assert code == 2
    assert [line.split(" (")[0] for line in told] == [f"teamshape: corrections, entry {n}" for n in (2, 3)]
    assert state == {p: p.read_bytes() for p in (linked_run / "tables").glob("*.parquet")}
    corrections.write_text(f"- {{set: {one}, number: 7, name: Ada}}\n")
    ran = []
    workflow.relink(linked_run, lambda step, event, facts: ran.append((step, event)))
    assert [step for step, event in ran if event == "start"] == [
        "link",
        "measure",
        "physical",
        "play",
        "report",
    ]
    code, out, _ = called(monkeypatch, capsys, "identities", linked_run)
    assert "7 Ada" in out
    assert json.loads((linked_run / "run.json").read_text())["config"]["link"]["corrections"] is None
    movement = storage.read(linked_run / "tables" / "movement.parquet", "movement")
    assert one in movement["track_id"].tolist()
    ran.clear()
    workflow.relink(linked_run, lambda step, event, facts: ran.append((step, event)))
    assert {event for _, event in ran} == {"skip"}


@pytest.mark.usefixtures("quick_page")
def test_applied_corrections_are_marked_and_refused_where_tracks_are_others(linked_run, capsys, monkeypatch):
    corrections = linked_run / "corrections.yaml"
    corrections.write_text("- {ignore: 1}  # nobody\n")
    workflow.relink(linked_run, lambda *_: None)
    text = corrections.read_text()
    assert text.startswith("- {ignore: 1}  # nobody\n- {tracks: t")
    said = read_corrections(corrections)
    assert [e.verb for e in said] == ["ignore", "tracks"]
    started = []
    workflow.relink(linked_run, lambda step, event, _: started.append((step, event)))
    assert {event for _, event in started} == {"skip"}
    corrections.write_text(text.replace(said[1].whom, "tffffffff").replace("ignore: 1}", "ignore: 2}"))
    state = {p: p.read_bytes() for p in (linked_run / "tables").glob("*.parquet")}
    code, _, err = called(monkeypatch, capsys, "identities", linked_run, "--apply")
    assert code == 2
    told = [line for line in err.splitlines() if line.startswith("teamshape: ")]
    assert len(told) == 1
    assert f"written for tracks tffffffff, and these are {said[1].whom}" in told[0]
    assert state == {p: p.read_bytes() for p in (linked_run / "tables").glob("*.parquet")}
    corrections.unlink()


def test_a_run_without_links_cannot_be_corrected(tmp_path):
    root = build(tmp_path / "run", mode="team", seconds=1.0)
    with pytest.raises(RunError, match="has no links to correct"):
        workflow.relink(root, lambda *_: None)
