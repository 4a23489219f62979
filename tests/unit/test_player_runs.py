"""Runs on a player's page: his own, by kind, with the clock of the match."""

from types import SimpleNamespace

import pandas as pd
import tracking_run

from pipeline.report.player.player_runs import fast_rows, off_ball_rows
from pipeline.tables import storage


def answer(**tables):
    known = {"periods": tracking_run.periods((0.0, 2700.0), (2720.0, 5420.0))} | tables
    run = SimpleNamespace(table=lambda name, optional=False: known.get(name, storage.empty(name)))
    return SimpleNamespace(run=run, who=SimpleNamespace(tracks=(7,)))


def test_his_runs_are_counted_by_kind_and_nobody_elses():
    rows = [
        (7, "overlap", 20.0, True),
        (7, "overlap", 10.0, None),
        (7, "support", 8.0, False),
        (8, "support", 9.0, True),
    ]
    table = pd.DataFrame(rows, columns=["track_id", "kind", "distance_m", "received"])
    assert off_ball_rows(answer(off_ball_runs=table)) == [
        {"kind": "overlap", "count": "2", "came": "1", "metres": "15"},
        {"kind": "support", "count": "1", "came": "0", "metres": "8"},
    ]


def test_his_longest_fast_runs_come_in_order_of_time():
    run = {"track_id": 7, "kind": "sprint", "peak_mps": 9.0, "direction": "forward", "possession": None}
    rows = [run | {"start_s": 2720.0 - 20 * i, "distance_m": 10.0 + i, "with_ball": False} for i in range(14)]
    found = fast_rows(answer(fast_runs=pd.DataFrame(rows)))
    assert len(found) == 12
    assert [r["metres"] for r in found] == [
        str(m) for m in range(23, 11, -1)
    ]  # the shortest two are left out
    assert found[-1]["when"] == "44:40.0"
    assert found[0] | {"when": "", "metres": ""} == {
        **{"when": "", "kind": "sprint", "metres": "", "peak": "32.4"},
        **{"direction": "forward", "possession": "–", "with_ball": "no"},
    }


def test_without_runs_there_are_no_rows():
    assert off_ball_rows(answer()) == fast_rows(answer()) == []
