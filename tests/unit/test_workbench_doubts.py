"""Doubts of the workbench: jumps nobody can run, one too many of a team, stretches without a view."""

import pandas as pd
import pytest
from fake_run import build
from test_corrections import tables

from pipeline.tables import storage
from pipeline.workbench.reading.track_ends import End, track_ends
from pipeline.workbench.served_run import ServedRun
from pipeline.workbench.telling.impossible import crowds, jumps
from pipeline.workbench.telling.match_strip import without_view


def ends(**places):
    """Ends of tracks: ``t1=(first_s, x_m, last_s, x_m)``."""
    return {
        int(k[1:]): (End(round(5 * a), a, x, 0.0, 0.1), End(round(5 * b), b, y, 0.0, 0.1))
        for k, (a, x, b, y) in places.items()
    }


def test_somebody_who_would_have_to_fly_is_a_doubt_and_a_runner_is_not():
    _, links, _ = tables()  # person 1: track 1 in frames 0 to 49, track 3 in 50 to 99; five frames a second
    far = ends(t1=(0.0, 0.0, 9.8, 0.0), t3=(10.0, 40.0, 19.8, 40.0))
    found = list(jumps(links, far))
    assert [(j["piece"]["track_id"], j["far_m"], j["passed_s"]) for j in found] == [(3, 40, 0.2)]
    assert list(jumps(links, ends(t1=(0.0, 0.0, 9.8, 0.0), t3=(10.0, 5.0, 19.8, 5.0)))) == []
    assert list(jumps(links, {})) == []
    assert list(jumps(links.iloc[:0], far)) == []


def test_what_a_hand_decided_is_no_doubt():
    _, links, _ = tables()
    links.loc[links["track_id"] == 3, "why"] = "by_hand"
    assert list(jumps(links, ends(t1=(0.0, 0.0, 9.8, 0.0), t3=(10.0, 40.0, 19.8, 40.0)))) == []


def test_one_too_many_of_a_team_is_a_doubt_about_the_least_sure():
    _, links, _ = tables()
    assert list(crowds(links, 2, 0.2)) == []
    links.loc[links["track_id"] == 4, "score"] = 0.5
    found = list(crowds(links, 1, 0.2))
    assert [(c["team"], c["from"], c["to"]) for c in found] == [("A", 0, 99)]
    only = list(crowds(links[links["frame_from"] >= 50], 1, 0.2))
    assert [(c["from"], c["to"], c["piece"]["track_id"]) for c in only] == [(50, 99, 4)]
    assert list(crowds(links.iloc[:0], 11, 0.2)) == []


def test_a_crowd_of_a_moment_is_not_worth_anybodys_time():
    _, links, _ = tables([(1, 0, 49, "player", "A", 1), (2, 49, 99, "player", "A", 2)])
    assert list(crowds(links, 1, 0.2)) == []
    assert len(list(crowds(links, 1, 0.6))) == 1


def test_ends_of_tracks_are_found_over_several_row_groups(tmp_path):
    table = (
        storage.empty("positions")
        .reindex(range(6))
        .assign(
            frame=[0, 1, 2, 3, 4, 5], time_s=[0.0, 0.2, 0.4, 0.6, 0.8, 1.0], track_id=[7, 7, 8, 7, None, 8]
        )
    )
    table = table.assign(x_m=[0.0, 1, 2, 3, 4, 5], y_m=0.0, error_m=0.1, source="observed", instance=0)
    storage.write(table, tmp_path / "p.parquet", "positions")
    found = track_ends(tmp_path / "p.parquet")
    assert {t: (a.frame, b.frame) for t, (a, b) in found.items()} == {7: (0, 3), 8: (2, 5)}
    assert found[7][1] == End(3, 0.6, 3.0, 0.0, pytest.approx(0.1))


def test_a_stretch_without_a_view_in_a_shot_that_counts_is_told(tmp_path):
    run = ServedRun(build(tmp_path / "run", seconds=4.0))
    assert without_view(run) == []  # its last five frames lack one: too short
    views = storage.read(run.stored.path("views"), "views")
    gone = views["frame"].between(20, 59)
    views.loc[gone, "source"] = "none"
    views.loc[gone, [c for c in views if c.startswith(("h", "error"))]] = pd.NA
    storage.write(views, run.stored.path("views"), "views")
    run.reload()
    assert [(s, e) for s, e, *_ in without_view(run)] == [(pytest.approx(0.8), pytest.approx(2.4))]
