"""Parts of footage: which moment belongs to which, who does which."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.config import VideoSettings
from pipeline.core.types import VideoInfo
from pipeline.workflow.parts.part_grid import PartGrid, Stretch, common, grid_of, mark_done, missing, share


def info(fps=25.0, duration_s=5400.0):
    return VideoInfo(Path("match.mp4"), 1280, 720, fps, None, duration_s, "f")


def test_a_part_is_a_thousand_pictures_by_the_header():
    assert grid_of(info(), VideoSettings()) == PartGrid(0, 40, 135)
    assert grid_of(info(fps=50), VideoSettings()).length_s == 20


def test_parts_begin_where_chosen_pictures_do():
    grid = grid_of(info(), VideoSettings(start_s=7, end_s=607, every_s=0.7))
    assert grid.length_s == pytest.approx(140)
    assert (grid.start_s, grid.n_expected) == (7, 5)
    assert grid_of(info(), VideoSettings(every_s=0.2)).length_s == 60


def test_a_header_without_length_or_rate_still_gives_parts():
    assert grid_of(info(fps=0, duration_s=None), VideoSettings()) == PartGrid(0, 40, 1)
    assert grid_of(info(duration_s=0.02), VideoSettings()).n_expected == 1


def test_the_first_moment_of_a_part_is_its_own():
    grid = PartGrid(0.1, 0.3, 9)
    assert [grid.number(grid.begins_s(n)) for n in range(9)] == list(range(9))


def test_what_is_done_is_missing_no_more(tmp_path):
    assert missing(tmp_path, 4) == [Stretch(0, 4), Stretch(4, None)]
    mark_done(tmp_path, 1, 2)
    (tmp_path / "notes.done").touch()
    assert missing(tmp_path, 4) == [Stretch(0, 1), Stretch(3, 4), Stretch(4, None)]
    mark_done(tmp_path, 0, 0)
    mark_done(tmp_path, 3, 6)
    assert missing(tmp_path, 4) == [Stretch(7, None)]


@given(st.lists(st.booleans(), max_size=30), st.integers(1, 9))
def test_shares_are_everything_once_in_equal_numbers(wanted, n_tasks):
    todo = [Stretch(i, i + 1) for i, w in enumerate(wanted) if w] + [Stretch(len(wanted), None)]
    shares = [share(todo, task, n_tasks) for task in range(n_tasks)]
    numbers = [n for mine in shares for s in mine for n in range(s.first, s.end or len(wanted))]
    assert numbers == [i for i, w in enumerate(wanted) if w]
    assert [s for mine in shares for s in mine if s.end is None] == [shares[-1][-1]]
    sizes = [sum((s.end or len(wanted)) - s.first for s in mine) for mine in shares]
    assert max(sizes) - min(sizes) <= 1


def test_what_two_lists_of_stretches_have_in_common():
    some, others = [Stretch(0, 4), Stretch(6, None)], [Stretch(2, 8), Stretch(9, None)]
    assert common(some, others) == [Stretch(2, 4), Stretch(6, 8), Stretch(9, None)]
    assert common(some, []) == []
