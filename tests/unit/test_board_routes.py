"""The board over HTTP: choices, its body for the room, its files to save."""

import csv
import io
import shutil
from pathlib import Path

import pytest
from fake_run import build
from starlette.testclient import TestClient

from pipeline.workbench.app import create_app
from pipeline.workbench.bench import Bench
from pipeline.workbench.guard import Door, loopback_hosts

PORT, TOKEN = 8765, "secret-token"


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    folder = tmp_path_factory.mktemp("boards")
    home = build(folder / "home", seconds=6.0)
    return Bench([home, Path(shutil.copytree(home, folder / "away"))], read_only=True)


@pytest.fixture
def ask(bench):
    app = create_app(bench, Door(TOKEN, loopback_hosts(PORT), read_only=True))
    client = TestClient(app, base_url=f"http://127.0.0.1:{PORT}")
    return lambda path, **query: client.get(f"/{TOKEN}/api/{path}", params=query)


def test_matches_are_compared_even_where_nothing_may_be_written(ask, bench):
    sides = [f"{key}:team=A" for key in bench.sessions]
    answer = ask("board/body", side=sides)
    assert answer.status_code == 200
    html = answer.json()["html"]
    assert "home" in html
    assert "away" in html
    assert ' style="' not in html


def test_the_table_is_a_file_that_starts_no_formula(ask, bench):
    key = next(iter(bench.sessions))
    answer = ask("board/comparison.csv", side=[f"{key}:A", f"{key}:B"])
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {row["side"] for row in rows} == {"Team A", "Team B"}
    page = ask("board/comparison.html", side=[f"{key}:A", f"{key}:B"])
    assert "attachment" in page.headers["content-disposition"]


def test_a_side_that_cannot_be_is_told(ask, bench):
    key = next(iter(bench.sessions))
    assert "needs 2 to 12" in ask("board/body", side=[f"{key}:A"]).json()["lines"][0]
    assert ask("board/body", side=[f"{key}:A", "00000000:A"]).status_code == 404
    assert ask("board/body", side=[f"{key}:A", "/etc/passwd:A"]).status_code == 404


def test_a_run_says_what_of_it_can_be_compared(ask, bench):
    told = ask(f"{next(iter(bench.sessions))}/board/choices").json()
    assert [t["team"] for t in told["teams"]] == ["A", "B"]
    assert {p["team"] for p in told["players"]} == {"A", "B"}
    assert "outfield" in told["roles"]
