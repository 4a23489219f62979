"""Doubts of the workbench: jumps nobody can run, one too many of a team, stretches without a view."""

import numpy as np
import pandas as pd
import pytest
import workbench_runs as runs
from fake_run import build
from test_corrections import tables

from pipeline.linking.by_hand.doubt_list import Pieces
from pipeline.linking.by_hand.entries import entry_of
from pipeline.tables import storage
from pipeline.workbench.reading.track_ends import End, track_ends
from pipeline.workbench.reading.weak_links import NO_WEAK
from pipeline.workbench.served_run import ServedRun
from pipeline.workbench.session import Session
from pipeline.workbench.telling.crossings import crossings, swapped_behind
from pipeline.workbench.telling.doubt_queue import doubt_queue
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


def weak(*rows):
    track, frame, score = zip(*rows, strict=True)
    return np.array(track), np.array(frame), np.array(score, float)


def test_two_of_a_team_who_were_lost_at_once_are_a_doubt():
    _, links, _ = tables([(1, 0, 99, "player", "A", 1), (2, 0, 49, "player", "A", 2)])
    pieces = Pieces(links)
    # Three frames of one meeting, the middle one least sure; later one of them alone.
    rows = [(1, 20, 0.8), (2, 20, 0.7), (1, 21, 0.5), (2, 21, 0.6), (1, 22, 0.9), (2, 22, 0.7), (1, 40, 0.5)]
    (met,) = crossings(weak(*rows), pieces, 0.2)
    assert (met["frame"], met["score"]) == (21, 0.6)
    assert met["seconds"] == pytest.approx((49 - 21) * 0.2)
    twice = crossings(weak(*rows[:2], (1, 40, 0.5), (2, 40, 0.5)), pieces, 0.2)
    assert sorted(m["frame"] for m in twice) == [20, 40]
    assert list(crossings(NO_WEAK, pieces, 0.2)) == []


@pytest.mark.parametrize("column", ["team", "why", "player_id"])
def test_opponents_strangers_and_what_a_hand_decided_do_not_cross(column):
    _, links, _ = tables([(1, 0, 99, "player", "A", 1), (2, 0, 99, "player", "A", 2)])
    links.loc[1, column] = {"team": "B", "why": "by_hand", "player_id": None}[column]
    assert list(crossings(weak((1, 20, 0.5), (2, 20, 0.5)), Pieces(links), 0.2)) == []


def test_a_swap_behind_a_crossing_cuts_no_piece_but_at_its_begin():
    spans = [(1, 0, 49, "player", "A", 1), (2, 0, 69, "player", "A", 2), (3, 60, 99, "player", "A", 1)]
    pieces = Pieces(tables(spans)[1])
    assert swapped_behind(1, 2, 20, pieces) == {"swap": [1, 2], "from_frame": 20, "until_frame": 100}
    assert swapped_behind(1, 2, 20, Pieces(tables(spans[:2])[1]))["until_frame"] == 70


def test_a_crossing_in_the_queue_is_settled_either_way(tmp_path):
    root = runs.mistaken(tmp_path / "run")
    tracks = storage.read(root / "tables" / "tracks.parquet", "tracks")
    unsure = tracks["track_id"].isin([7, 8]) & (tracks["frame"] == 30)
    storage.write(
        tracks.assign(link_score=np.where(unsure, 0.5, 1.0)),
        root / "tables" / "tracks.parquet",
        "tracks",
    )
    session = Session(root)
    made, _ = session.now()
    queue = doubt_queue(session.run, made.people, made.links)["doubts"]
    (doubt,) = (d for d in queue if d["kind"] == "crossing")
    assert (doubt["person"], doubt["second"], doubt["start_s"]) == (7, 8, pytest.approx(1.2))
    assert doubt["at_stake_s"] == pytest.approx(0.5 * (99 - 30) / 25, abs=0.05)
    for choice, last in zip(doubt["choices"], ({7: 7, 8: 8}, {7: 8, 8: 7}), strict=True):
        after = session.preview.of([entry_of(1, dict(choice["entry"]))])
        end = after.links[after.links["frame_to"] >= 99].set_index("track_id")["player_id"]
        assert {t: int(end[t]) for t in (7, 8)} == last
        left = doubt_queue(session.run, after.people, after.links)["doubts"]
        assert [d for d in left if d["kind"] == "crossing"] == []


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
