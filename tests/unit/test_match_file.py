"""match.yaml: read, refused line by line, written as it is read, and what of a run follows from it."""

import pytest
from fake_run import build

from pipeline.core.config import Config
from pipeline.core.errors import ConfigError, CorrectionsError
from pipeline.core.json_files import write_json
from pipeline.report.page.content.match_facts import match_facts
from pipeline.report.run_data import load
from pipeline.report.style.team_colours import match_colours
from pipeline.runs.match_file import (
    MatchSaid,
    as_text,
    entries,
    match_inputs,
    match_of_run,
    read_match,
    sheet_of_run,
)
from pipeline.runs.run_directory import read_json
from pipeline.runs.stored_run import StoredRun
from pipeline.workflow.said_in_run import refuse_two_answers, said_in_run
from pipeline.workflow.steps import periods

WHOLE = """date: 2026-04-12
score: [2, 1]
competition: Cup
round: 3
venue: West End
teams: {A: North, B: South}
kits: {A: '#ff0000', B: '#0000ff'}
kick_off: 0:05
half_time: 46:10
second_half: 3600
attack_a: right_to_left
"""


def said(tmp_path, text):
    path = tmp_path / "match.yaml"
    path.write_text(text, encoding="utf-8")
    return read_match(path)


def test_everything_that_can_be_said_is_read(tmp_path):
    one = said(tmp_path, WHOLE)
    assert one.sheet == {
        "date": "2026-04-12",
        "score": [2, 1],
        "competition": "Cup",
        "round": "3",
        "venue": "West End",
        "kits": {"A": "#ff0000", "B": "#0000ff"},
    }
    assert one.teams == {"A": "North", "B": "South"}
    assert one.periods() == {
        "kick_off_s": 5.0,
        "half_time_s": 2770.0,
        "second_half_s": 3600.0,
        "attack_a": "right_to_left",
    }


@pytest.mark.parametrize("text", ["", "{}", "date:\nscore: null\n"])
def test_nothing_said_is_nothing(tmp_path, text):
    assert said(tmp_path, text) == MatchSaid()


def test_what_is_written_is_read_back(tmp_path):
    one = said(tmp_path, WHOLE)
    assert said(tmp_path, as_text(one)) == one
    assert list(entries(one))[:3] == ["date", "score", "competition"]
    assert as_text(MatchSaid()) == ""


@pytest.mark.parametrize("score", ["'2-1'", "'2:1'", "2 – 1", "[2, 1]", "'2 : 1'"])
def test_a_score_may_be_written_as_people_do(tmp_path, score):
    assert said(tmp_path, f"score: {score}").sheet["score"] == [2, 1]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- a list", "expected keys"),
        ("when: 2026-01-01", "unknown key when"),
        ("date: tomorrow", "date is 'tomorrow'"),
        ("score: 2:1", "score is 121"),
        ("score: [2]", "score is"),
        ("score: [2, -1]", "score is"),
        ("score: [two, one]", "score is"),
        ("half_time: soon", "'soon' is no time"),
        ("second_half: 100", "must follow each other"),
        ("{kick_off: 100, half_time: 50}", "must follow each other"),
        ("attack_a: up", "attack_a is 'up'"),
        ("teams: {C: East}", "teams is"),
        ("teams: {A: 3}", "teams is 3"),
        ("kits: {A: red}", "'red' is no colour"),
        ("venue: [x]", "venue is"),
        ("a: b: c", "not valid YAML"),
    ],
)
def test_each_mistake_is_a_line(tmp_path, text, says):
    with pytest.raises(CorrectionsError, match=r"match\.yaml") as refused:
        said(tmp_path, text)
    assert says in str(refused.value)
    assert len(refused.value.lines) == 1


def test_it_comes_before_settings_and_a_command_that_contradicts_it_is_refused(tmp_path):
    config = Config.model_validate({"periods": {"half_time_s": 100.0}})
    assert said_in_run(config, tmp_path) is config
    said(tmp_path, "half_time: 2:00\n")
    assert said_in_run(config, tmp_path).periods.half_time_s == 120.0
    refuse_two_answers(config, tmp_path, {"periods.half_time_s": 120.0})
    with pytest.raises(ConfigError, match=r"says half_time_s 120\.0, and the command 100"):
        refuse_two_answers(config, tmp_path, {"periods.half_time_s": 100.0})
    early = Config.model_validate({"periods": {"kick_off_s": 300.0, "half_time_s": 400.0}})
    with pytest.raises(CorrectionsError, match="must follow each other"):
        said_in_run(early, tmp_path)


def test_steps_depend_on_what_they_use_of_it_only(tmp_path):
    said(tmp_path, "score: [1, 0]\n")
    before = said_in_run(Config(), tmp_path)
    said(tmp_path, "score: [1, 1]\n")
    after = said_in_run(Config(), tmp_path)
    assert match_inputs(Config(), "report", ("score",)) == {}
    assert match_inputs(after, "draw", ("kits",)) == {}
    assert set(match_inputs(after, "report", ("score",))) == {"report.match"}
    step = periods.step("both")
    assert step.settings(before) == step.settings(Config())
    said(tmp_path, "attack_a: left_to_right\n")
    assert step.settings(said_in_run(Config(), tmp_path)) != step.settings(Config())


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return build(tmp_path_factory.mktemp("match") / "run", seconds=2.0, video=True)


def test_page_and_readers_call_teams_and_match_as_the_user_does(run):
    said(run, "{score: [3, 0], date: 2026-05-01, teams: {A: North}, kits: {A: '#d01010', B: '#1030d0'}}")
    stored = StoredRun.open(run)
    assert (stored.team_name("A"), stored.team_name("B")) == ("North", "Team B")
    page = load(run, stored.config)
    assert match_facts(page) == "North 3–0 Team B, 2026-05-01"
    red, blue = (match_colours(run).team(t).kit for t in "AB")
    assert red[0] > 150 > red[2]
    assert blue[2] > 150 > blue[0]


def test_a_file_that_is_none_says_nothing_to_readers(run):
    said_nothing = match_of_run(run / "nowhere", {})
    (run / "match.yaml").write_text("score: [")
    assert match_of_run(run, {}) == said_nothing == MatchSaid()
    assert StoredRun.open(run).team_name("A") == "Team A"


def test_the_input_speaks_where_the_user_does_not(tmp_path):
    record = {"tracking": {"match": {"date": "2026-01-01", "score": [0, 0]}}}
    (tmp_path / "match.yaml").write_text("score: [0, 2]")
    assert sheet_of_run(tmp_path, record) == {"date": "2026-01-01", "score": [0, 2]}
    write_json(tmp_path / "run.json", record)
    assert read_json(tmp_path / "run.json") == record
