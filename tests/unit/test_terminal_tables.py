"""Tables that fit the terminal."""

import pytest

from pipeline.cli.console import consoles
from pipeline.cli.console.fitted_table import Column, Line, fit, left_out, show

COLUMNS = (
    Column("player"),
    Column("distance covered, m", True),
    Column("± m", True, leaves=2),
    Column("sprints", True, leaves=1),
)
LINES = [Line(["No. 7", "10 000", "12", "3"]), Line(["[bold]team A[/bold]", "99 999", "9", "40"], "bold")]


def test_all_columns_stay_where_there_is_room():
    assert fit(COLUMNS, LINES, 80) == ([0, 1, 2, 3], [6, 19, 3, 7])


def test_heads_break_at_spaces_before_anything_leaves():
    assert fit(COLUMNS, LINES, 30) == ([0, 1, 2, 3], [6, 8, 2, 7])


def test_the_column_that_matters_least_leaves_first():
    assert fit(COLUMNS, LINES, 28)[0] == [0, 1, 3]
    assert fit(COLUMNS, LINES, 20)[0] == [0, 1]
    assert fit(COLUMNS, LINES, 1)[0] == [0, 1]


def test_the_widest_text_folds_when_nothing_can_leave():
    columns = (Column("name"), Column("m", True))
    lines = [Line(["x" * 50, "123456"])]
    assert fit(columns, lines, 40) == ([0, 1], [32, 6])
    assert fit(columns, lines, 5) == ([0, 1], [12, 6])


def test_a_table_without_rows_or_columns_has_its_heads_only(capsys):
    assert fit(COLUMNS, [], 80) == ([0, 1, 2, 3], [6, 19, 3, 7])
    assert show((), [], wide=True) == ()
    show(COLUMNS, [])
    assert "distance covered, m" in capsys.readouterr().out


@pytest.mark.parametrize("room", [20, 28, 40, 80, 200])
def test_no_line_is_wider_than_the_terminal_and_no_number_is_cut(monkeypatch, capsys, room):
    monkeypatch.setenv("COLUMNS", str(room))
    heads = show(COLUMNS, LINES, title="Who ran")
    text = capsys.readouterr().out
    assert max(len(line) for line in text.splitlines()) <= room
    assert "10 000" in text
    assert "…" not in text
    left_out(heads, "-o FILE.csv")
    assert ("± m" in capsys.readouterr().out) == (room < 30)


def test_a_pipe_and_wide_show_everything(monkeypatch, capsys):
    monkeypatch.delenv("COLUMNS", raising=False)
    assert show(COLUMNS, LINES) == ()
    monkeypatch.setenv("COLUMNS", "20")
    assert show(COLUMNS, LINES, wide=True) == ()
    assert "sprints" in capsys.readouterr().out
    assert consoles.width() == 20
