"""Roster and match over HTTP: read, written, imported, refused."""

import linked_people
import pytest
from fake_run import build
from starlette.testclient import TestClient

from pipeline.core.config import Config
from pipeline.linking.by_hand.roster import read_roster
from pipeline.workbench.app import create_app
from pipeline.workbench.bench import Bench
from pipeline.workbench.guard import Door, loopback_hosts
from pipeline.workflow.said_in_run import said_in_run

PORT, TOKEN = 8765, "secret-token"
OWN = {"origin": f"http://127.0.0.1:{PORT}", "sec-fetch-site": "same-origin"}
ADA = {"team": "A", "number": 7, "name": "Ada", "position": "LW", "on": "0:01", "off": ""}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = build(tmp_path_factory.mktemp("squad") / "run", seconds=4.0, video=True)
    linked_people.write(root)
    return root


@pytest.fixture
def room(made):
    for name in ("roster.yaml", "roster.before.yaml", "match.yaml"):
        (made / name).unlink(missing_ok=True)
    return Room(made)


class Room:
    def __init__(self, root, read_only=False):
        self.root = root
        bench = Bench([root], read_only=read_only)
        (self.key,) = bench.sessions
        self.applied = []
        bench.sessions[self.key].apply = lambda: self.applied.append(True)
        app = create_app(bench, Door(TOKEN, loopback_hosts(PORT), read_only))
        self.client = TestClient(app, base_url=f"http://127.0.0.1:{PORT}")

    def told(self):
        return self.client.get(f"/{TOKEN}/api/{self.key}/roster").json()

    def post(self, name, body):
        return self.client.post(f"/{TOKEN}/api/{self.key}/{name}", json=body, headers=OWN)

    def match(self, said, revision=None):
        seen = self.told()["match"]["revision"] if revision is None else revision
        return self.post("match", {"match": said, "revision": seen})

    def save(self, *players, revision=None):
        seen = self.told()["revision"] if revision is None else revision
        return self.post("roster", {"players": players, "revision": seen})


def test_players_are_written_as_the_command_line_reads_them(room):
    assert room.told()["players"] == []
    assert room.save(ADA).status_code == 200
    (one,) = read_roster(room.root / "roster.yaml").values()
    assert (one.team, one.number, one.name, one.position, one.on_s) == ("A", 7, "Ada", "LW", 1.0)
    assert room.told()["players"] == [
        {"team": "A", "number": 7, "name": "Ada", "position": "LW", "on": "0:01.0"}
    ]
    assert room.applied == [True]


def test_who_is_who_has_the_name_at_once(room):
    person = room.client.get(f"/{TOKEN}/api/{room.key}/people").json()["people"]
    worn = next(p for p in person if p["jersey"] is not None and p["team"])
    room.save({"team": worn["team"], "number": worn["jersey"], "name": "Grace"})
    people = room.client.get(f"/{TOKEN}/api/{room.key}/people").json()["people"]
    assert next(p for p in people if p["player_id"] == worn["player_id"])["name"] == "Grace"


def test_what_was_there_before_is_kept_and_nobody_is_overwritten(room):
    (room.root / "roster.yaml").write_text("# by hand\n- {team: B, number: 9}\n")
    seen = room.told()["revision"]
    assert room.save(ADA, revision=seen).status_code == 200
    assert "# by hand" in (room.root / "roster.before.yaml").read_text()
    late = room.save({"team": "B", "number": 1}, revision=seen)
    assert late.status_code == 409
    assert late.json()["players"][0]["name"] == "Ada"
    assert room.save().status_code == 200
    assert not (room.root / "roster.yaml").exists()


@pytest.mark.parametrize(
    ("player", "says"),
    [
        ({"number": 100}, "number is 100"),
        ({"number": "seven"}, "number is 'seven'"),
        ({"team": "C"}, "team is 'C'"),
        ({"on": "late"}, "'late' is no time"),
        ({"shoe": 42}, "unknown key shoe"),
    ],
)
def test_a_player_that_is_no_good_is_told_and_nothing_is_written(room, player, says):
    answer = room.save(ADA | player)
    assert answer.status_code == 422
    assert says in answer.json()["lines"][0]
    assert not (room.root / "roster.yaml").exists()
    assert room.applied == []


def test_a_line_up_is_read_but_not_yet_kept(room):
    text = "team;number;name\nhome;1;Ada\naway;9;Grace\n"
    told = room.post("roster/import", {"name": "squad.csv", "text": text, "home": "B"}).json()
    assert [(p["team"], p["number"], p["name"]) for p in told["players"]] == [
        ("A", 9, "Grace"),
        ("B", 1, "Ada"),
    ]
    assert not (room.root / "roster.yaml").exists()


def test_what_is_no_line_up_is_told_by_the_name_that_was_chosen(room):
    answer = room.post("roster/import", {"name": "tune.json", "text": "{}", "home": "A"})
    assert answer.status_code == 422
    assert answer.json()["lines"][0].startswith("tune.json: no line-up that is known")
    assert room.post("roster/import", {"name": "a.mp3", "text": "", "home": "A"}).status_code == 422


def test_the_match_is_written_as_the_command_line_reads_it(room):
    typed = {"date": "2026-04-12", "score": [2, 1], "venue": " ", "teams": {"A": "North", "B": ""}}
    told = room.match(typed | {"kick_off": "0:01", "half_time": "2", "attack_a": ""})
    assert told.status_code == 200
    assert (room.root / "match.yaml").read_text() == (
        "date: '2026-04-12'\nscore: [2, 1]\nteams: {A: North}\nkick_off: '0:01.0'\nhalf_time: '0:02.0'\n"
    )
    assert room.applied == [True]
    assert told.json()["match"]["said"]["score"] == [2, 1]
    assert room.client.get(f"/{TOKEN}/api/{room.key}/summary").json()["teams"]["A"]["name"] == "North"
    said = said_in_run(Config(), room.root).periods
    assert (said.kick_off_s, said.half_time_s) == (1.0, 2.0)
    # The same again changes nothing; nothing said takes the file away.
    assert room.match(told.json()["match"]["said"]).status_code == 200
    assert room.applied == [True]
    assert room.match({}).status_code == 200
    assert not (room.root / "match.yaml").exists()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"kick_off": "3", "half_time": "1"}, "must follow each other"),
        ({"half_time": "soon"}, "'soon' is no time"),
        ({"second_half": "3"}, "must follow each other"),
        ({"score": [1, "x"]}, "score is"),
        ({"weather": "rain"}, "unknown key weather"),
    ],
)
def test_a_match_that_cannot_be_is_told_and_nothing_is_written(room, typed, says):
    answer = room.match(typed)
    assert answer.status_code == 422
    assert says in answer.json()["lines"][0]
    assert not (room.root / "match.yaml").exists()
    assert room.applied == []


def test_of_two_who_say_what_match_it_was_nobody_is_overwritten(room):
    seen = room.told()["match"]["revision"]
    assert room.match({"score": [1, 0]}, revision=seen).status_code == 200
    late = room.match({"score": [0, 1]}, revision=seen)
    assert late.status_code == 409
    assert late.json()["match"]["said"]["score"] == [1, 0]


def test_read_only_keeps_everything_as_it_is(made):
    room = Room(made, read_only=True)
    assert room.save(ADA, revision="x").status_code == 403
    assert room.match({"kick_off": "1"}, revision="x").status_code == 403
