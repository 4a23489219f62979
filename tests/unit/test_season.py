"""Matches taken into a season, and questions to all of them."""

import shutil
import unicodedata
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
import season_runs

from pipeline.core.errors import SeasonError
from pipeline.core.json_files import write_json
from pipeline.season import matches, query
from pipeline.tables import storage
from pipeline.tables.schemas import SCHEMAS


@pytest.fixture(scope="module")
def two_matches(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "season"
    teams = {"first": "Atlas", "second": "Boca"}
    matches.add(folder, [season_runs.build(folder / n, team_name=t) for n, t in teams.items()])
    return folder


@pytest.fixture
def db(two_matches, tmp_path):
    """A season of two matches in its own folder, to be changed at will."""
    return Path(shutil.copytree(two_matches, tmp_path / "season"))


def contents(folder):
    return {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def edit(root, table, change):
    """Store a table of a run as another version of the program might have."""
    path = root / "tables" / f"{table}.parquet"
    change(pd.read_parquet(path)).to_parquet(path)


def test_each_row_carries_its_match(db):
    answer = query.ask(db, "select match, count(*) as n, avg(x_m) as x from positions group by 1 order by 1")
    assert answer["match"].tolist() == ["first", "second"]
    assert answer["n"].tolist() == [3, 3]
    assert answer["x"].tolist() == pytest.approx([50 / 3] * 2)


def test_tables_join_within_a_match(db):
    sql = (
        "select team_name, max(x_m) from positions join people using (match, track_id) group by 1 order by 1"
    )
    assert query.ask(db, sql).to_numpy().tolist() == [["Atlas", 40.0], ["Boca", 40.0]]


@pytest.mark.parametrize(
    "sql", ["select ';ü' as a;", "select ';ü' as a; -- ; x", "select ';ü' as a -- ;", "select ';ü' as a;;"]
)
def test_semicolons_and_comments_may_end_a_question(db, sql):
    assert query.ask(db, sql)["a"].tolist() == [";ü"]


def test_matches_tells_what_a_run_was_made_from(db):
    row = query.ask(db, "from matches order by match").iloc[0]
    assert (row["match"], row["kind"], row["pitch_length_m"]) == ("first", "tracking", 105.0)
    assert row["run"] == str(db / "first")


def test_every_declared_column_can_be_asked_even_if_no_run_has_the_table(db):
    for name, schema in SCHEMAS.items():
        answer = query.ask(db, f"select * from {name}")
        assert list(answer) == ["match", *(c.name for c in schema.columns)]
    assert query.ask(db, "from possession").empty


def test_a_column_that_an_older_run_lacks_is_null_there(db):
    edit(db / "first", "movement", lambda t: t.drop(columns="sprints"))
    answer = query.ask(db, "select match, sprints from movement order by match")
    assert answer["sprints"].isna().tolist() == [True, False]
    edit(db / "second", "movement", lambda t: t.drop(columns="sprints"))
    assert query.ask(db, "select sprints from movement")["sprints"].isna().all()


def test_a_column_without_values_and_one_of_another_width_keep_their_declared_type(db):
    edit(db / "first", "movement", lambda t: t.assign(team=None, coverage=t["coverage"].astype("float32")))
    edit(db / "second", "movement", lambda t: t.assign(later_column=1))
    kinds = query.ask(db, "describe movement").set_index("column_name")["column_type"]
    assert (kinds["team"], kinds["coverage"]) == ("VARCHAR", "DOUBLE")
    assert query.ask(db, "select team from movement order by match")["team"].tolist()[1] == "A"


def test_the_same_run_twice_replaces_it_also_under_a_new_name(db):
    season_runs.build(db / "first", km=12)
    matches.add(db, [db / "first", db / "second" / ".." / "first"])
    assert query.ask(db, "select sum(distance_visible_m) as m from movement")["m"].tolist() == [22_000]
    assert matches.add(db, [db / "first"], "Cup final") == ["Cup final"]
    assert sorted(matches.paths(db)) == ["Cup final", "second"]


def test_two_runs_of_one_name_need_another_name(db):
    other = season_runs.build(db / "elsewhere" / "first")
    before = contents(db)
    with pytest.raises(
        SeasonError, match=r"match first is .*first already; add it under another name with --name"
    ):
        matches.add(db, [season_runs.build(db / "third"), other])
    assert (db / matches.FILE).read_bytes() == before[db / matches.FILE]
    matches.add(db, [other], "first again")
    assert len(matches.paths(db)) == 3


def test_one_name_does_not_fit_two_runs(db):
    with pytest.raises(SeasonError, match="--name x: names one match, but 2 runs"):
        matches.add(db, [db / "first", db / "second"], "x")


@pytest.mark.parametrize("name", ["O'Higgins – Núñez", "浦和 対 鹿島", 'a "quoted" one, [1]', "⚽ %s {0}"])
def test_any_name_comes_back_as_it_is(tmp_path, name):
    run = season_runs.build(tmp_path / "räume's" / name)
    assert matches.add(tmp_path, [run]) == [name]
    assert query.ask(tmp_path, "select match from people where name = 'Núñez'")["match"].tolist() == [name]
    matches.remove(tmp_path, name)
    with pytest.raises(SeasonError, match="without matches"):
        matches.paths(tmp_path)


def test_a_name_is_the_same_composed_or_decomposed(tmp_path):
    decomposed = unicodedata.normalize("NFD", "Müller")
    matches.add(tmp_path, [season_runs.build(tmp_path / "one")], decomposed)
    assert matches.remove(tmp_path, decomposed) == "Müller"


def test_a_match_is_removed_by_name_or_by_run_and_the_run_stays(db):
    matches.remove(db, "first")
    assert list(matches.paths(db)) == ["second"]
    matches.remove(db, str(db / "second"))
    assert storage.read(db / "second" / "tables" / "people.parquet", "people")["team"].tolist() == ["A"]


def test_removing_what_is_not_there_names_what_is(db):
    with pytest.raises(SeasonError, match=r"third: no such match in .*season.json; it has first, second"):
        matches.remove(db, "third")


def test_the_folder_moves_with_its_runs(db, tmp_path_factory):
    moved = db.rename(tmp_path_factory.mktemp("other") / "moved")
    assert query.ask(moved, "select count(*) as n from positions")["n"].tolist() == [6]


def test_an_empty_season_says_how_to_fill_it(tmp_path):
    with pytest.raises(SeasonError, match="a season without matches; add matches with"):
        query.ask(tmp_path, "select 1")
    (tmp_path / matches.FILE).write_text("[1]")
    with pytest.raises(SeasonError, match="not a season; delete it"):
        query.ask(tmp_path, "select 1")


@pytest.mark.parametrize("state", ["running", None])
def test_an_unfinished_or_absent_run_is_not_added(tmp_path, state):
    if state:
        season_runs.build(tmp_path / "run", state=state)
    with pytest.raises(SeasonError, match="not finished" if state else "no run here"):
        matches.add(tmp_path, [tmp_path / "run"])
    assert not (tmp_path / matches.FILE).exists()


def test_a_run_that_is_gone_or_running_again_stops_the_question(db):
    (db / "first").rename(db / "moved")
    with pytest.raises(SeasonError, match=r"match first: .*no run here.*'teamshape season remove first'"):
        query.ask(db, "select 1")
    write_json(db / "first" / "run.json", {"state": "running"})
    with pytest.raises(SeasonError, match=r"match first: .*not finished"):
        query.ask(db, "select 1")


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("selct 1", 'Parser Error: syntax error at or near "selct"$'),
        ("select nope from people", 'Binder Error: Referenced column "nope" not found'),
        ("select * from player", "no table player; there are matches, frames, .*possession$"),
        ("select 1 as a; select 2", "expected one SELECT, got SELECT, SELECT"),
        ("  ", "expected one SELECT, got nothing"),
        ("select cast('x' as int)", "Conversion Error: Could not convert"),
        ("select 1) union (select 2", "Parser Error"),
    ],
)
def test_a_bad_question_is_one_line(db, sql, message):
    with pytest.raises(SeasonError, match=message) as caught:
        query.ask(db, sql)
    assert "\n" not in str(caught.value)


OVERWRITE = "(copy (select 1 as a) to '{table}' (format parquet, use_tmp_file false))"


@pytest.mark.parametrize(
    "sql",
    [
        "copy people to '{out}'",
        "copy (select 1 as a) to '{table}' (format parquet, use_tmp_file false)",
        f"with x as {OVERWRITE} select 1",
        f"with x as {OVERWRITE} select * from x -- )",
        f"select * from (with x as {OVERWRITE} select * from x)",
        "explain analyze copy (select 1 as a) to '{table}' (format parquet, use_tmp_file false)",
        "drop view people",
        "delete from people",
        "with x as (delete from matches returning *) select * from x",
        "create table people as select 1",
        "attach '{out}'",
        "set threads = 1",
        "install httpfs",
        "select * from '{secret}'",
        "select * from read_text('{secret}')",
        "select * from read_csv('{secret}')",
        "select * from read_parquet('{other}')",
        "select * from glob('{secret}')",
        "select * from query('select * from read_text(''{secret}'')')",
        "select * from (from read_blob('/etc/hostname'))",
        "select * from read_text('https://example.org/x.txt')",
    ],
)
def test_a_question_neither_writes_nor_reads_anything_but_the_season(db, sql):
    (db / "secret.csv").write_text("a\n1\n")
    other = season_runs.build(db / "not_added") / "tables" / "people.parquet"
    places = {"out": db / "out.csv", "secret": db / "secret.csv", "other": other}
    before = contents(db)
    with pytest.raises(SeasonError):
        query.ask(db, sql.format(table=db / "first" / "tables" / "people.parquet", **places))
    assert contents(db) == before


def test_variables_of_this_program_are_no_tables(db):
    frame = pd.DataFrame({"a": [1]})
    assert len(frame) == 1
    with pytest.raises(SeasonError, match="no table frame"):
        query.ask(db, "select * from frame")


def test_csv_and_parquet_hold_the_whole_answer_in_its_order(db):
    sql = 'select match, name as "größe, m", jersey from people order by match desc;'
    for ending, read in (("csv", pd.read_csv), ("parquet", pd.read_parquet)):
        out = db / f"answer.{ending}"
        assert query.write(db, sql, out) == 2
        answer = read(out)
        assert answer["match"].tolist() == ["second", "first"]
        assert answer["größe, m"].tolist() == ["Núñez"] * 2
        assert answer["jersey"].isna().all()


def test_an_answer_without_rows_still_has_its_columns(db):
    assert query.write(db, "select match, x_m from positions where x_m > 99", db / "a.parquet") == 0
    assert pq.read_schema(db / "a.parquet").names == ["match", "x_m"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a.txt", "expected a name that ends in .csv or .parquet"),
        ("first/tables/people.parquet", "lies in the run of match first"),
        ("lists.csv", "try another kind of file"),
    ],
)
def test_a_file_that_cannot_hold_the_answer_is_refused_and_left_alone(db, name, message):
    before = contents(db)
    with pytest.raises(SeasonError, match=message):
        query.write(db, "select [1, 2] as l from people", db / name)
    assert contents(db) == before
