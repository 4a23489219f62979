"""Who is who on the page."""

import html
import re

import exported_run
import fake_run
import linked_people
import pandas as pd
import pytest

from pipeline.core.config import Config
from pipeline.report.page import people_texts
from pipeline.report.page.page import page
from pipeline.report.run_data import load
from pipeline.tables import storage


def section(root, name="who", config=None):
    """The words of a section of the page, blanks between."""
    text = page(load(root, config or Config()), None)
    body = re.search(rf'<section id="{name}".*?</section>', text, flags=re.S)[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = fake_run.build(tmp_path_factory.mktemp("runs") / "run", seconds=0.4)
    linked_people.write(root)
    return root


@pytest.fixture(scope="module")
def words(root):
    return section(root)


def test_teams_say_how_many_people_and_how_much_time_is_nobodys(words):
    assert "Team A 1 1 1 of 2 2.0 s 50%" in words
    assert "Team B 1 0 1 of 1 0.0 s 0%" in words


def test_the_audit_is_the_record_of_the_step(words):
    assert "belongs to nobody 25%" in words
    assert "could not have run 3" in words
    assert "summed over people 41" in words
    assert "summed over teams 17" in words
    assert "Change of ends none found" in words


def test_a_doubt_says_when_who_why_how_sure_and_who_else(words):
    assert "0:00 B1 B motion 70% 10 20% 4.0 s 12" in words


def test_the_rest_of_the_page_speaks_of_people(root):
    assert "One row a person" in section(root, "movement")
    assert re.search(r"Players told apart 2 from 2\d tracks", section(root, "summary"))


def test_only_the_worst_ten_doubts_are_listed_and_certain_links_never(root):
    rows = [(track, 0, 9, track) for track in range(1, 15)]
    rivals = linked_people.links(*rows).assign(second_id=99, second_score=0.1)
    rivals["score"] = [1 - 0.01 * track for track in range(1, 15)]
    table = pd.concat([rivals, linked_people.links((50, 0, 9, 50), (51, 0, 9, None), score=0.1)])
    tracks = [row["track"] for row in people_texts.doubt_rows(load(root, Config()), table)]
    assert tracks == [str(track) for track in range(14, 4, -1)]


def test_a_change_of_ends_is_a_time():
    assert ("Change of ends", "47:30") in people_texts.audit_rows(
        linked_people.FACTS | {"change_of_ends_s": 2850.0}
    )
    assert people_texts.audit_rows({}) == []


def test_where_nobody_was_linked_the_page_says_so(tmp_path):
    root = fake_run.build(tmp_path / "run", seconds=0.4)
    assert "Nobody was linked" in section(root)
    assert "One row a track" in section(root, "movement")


def test_certain_links_leave_no_doubt(tmp_path):
    root = fake_run.build(tmp_path / "run", seconds=0.2)
    linked_people.write(root)
    path = root / "tables" / "links.parquet"
    links = storage.read(path, "links").assign(second_id=pd.array([pd.NA] * 4, "Int32"))
    storage.write(links, path, "links")
    assert "No link has a rival" in section(root)


def test_tracking_data_say_who_there_is_and_nothing_was_linked(tmp_path):
    root = exported_run.build(tmp_path / "run")
    for name in ("movement", "team_movement", "shapes", "formations", "roles"):
        storage.write(storage.empty(name), root / "tables" / f"{name}.parquet", name)
    words = section(root)
    assert "nothing was linked" in words
    assert "Team A: Reds 11 11 Team B: Blues 11 11" in words
    assert "Audit" not in words


def test_in_team_mode_nobody_is_told_apart_even_if_tables_of_another_mode_are_left(tmp_path):
    root = fake_run.build(tmp_path / "run", seconds=0.2, mode="team")
    linked_people.write(root)
    words = section(root, config=Config(mode="team"))
    assert "nobody is told apart" in words
    assert "B1" not in words
