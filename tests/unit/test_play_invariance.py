"""Every table of play and physical load is the same seen mirrored, at another frame rate or clock, or with
the teams' letters changed; and none of it counts across what was not seen.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from played_scene import HIDDEN, HIDDEN_S, RUN_S, RUNNER, SECONDS, TOP_MPS, WON_S, View, scene

from pipeline.core.config import load
from pipeline.metrics.physical.physical_tables import physical_tables
from pipeline.metrics.play_tables import play_tables
from pipeline.metrics.shape.team_shape import frame_shapes, shapes
from pipeline.metrics.summary import MatchTables
from pipeline.tables import storage
from pipeline.tables.who_is_where import people

CONFIG = load(None, {"measure.cutoff_hz": 1.5})
KEYS = ("start_s", "time_s", "team", "track_id", "part", "measure", "window_min", "kind")
_KNOWN: dict[View, dict[str, pd.DataFrame]] = {}


def measured(match: MatchTables) -> dict[str, pd.DataFrame]:
    none = storage.empty("formations")
    seen = frame_shapes(people(match.positions, match.labels, match.identities), 8)
    loads = physical_tables(match, none, match.possession, CONFIG)
    return loads | play_tables(match, none, shapes(seen, 8), CONFIG)


def tables(view: View = View()) -> dict[str, pd.DataFrame]:  # noqa: B008
    if view not in _KNOWN:
        _KNOWN[view] = measured(scene(view))
    return _KNOWN[view]


def turned_back(table: pd.DataFrame, view: View) -> pd.DataFrame:
    """Give what a view says in the words of the plain one, in an order that any view has."""
    out = table.copy()
    for name in out:
        if name in ("start_s", "end_s", "time_s"):
            out[name] -= view.later
        for axis, sign in (("x", view.x), ("y", view.y)):
            if name == f"{axis}_m" or name.endswith(f"_{axis}_m"):
                out[name] *= sign
    if view.swapped:
        out["team"] = out["team"].map({"A": "B", "B": "A"})
    if view.x * view.y < 0:  # left and right change sides
        other = {"left": "right", "right": "left"}
        sides = {n: f"{other[n.split('_')[0]]}_{n.split('_', 1)[1]}" for n in lane_names()}
        out = out.rename(columns=sides).reindex(columns=out.columns)
        if "measure" in out:
            out["measure"] = out["measure"].replace(sides)
    order = [k for k in KEYS if k in out]
    return out.sort_values(order, kind="stable").reset_index(drop=True)


def lane_names() -> list[str]:
    return [f"{side}_{lane}_players" for side in ("left", "right") for lane in ("wing", "half_space")]


def test_the_scene_has_something_of_everything():
    made = tables()
    assert {n for n, t in made.items() if t.empty} == set()
    assert made["fast_runs"]["track_id"].tolist() == [RUNNER]
    assert made["off_ball_runs"]["kind"].tolist() == ["in_behind"]
    assert made["passes"][["track_id", "to_track_id"]].to_numpy().tolist() == [[3, 7], [7, 9], [22, 27]]
    assert made["turnovers"]["team"].tolist() == ["A"]
    assert made["turnovers"]["press_s"].notna().all()
    assert made["line_steps"].query("team == 'B' and start_s > 38")["way"].tolist()[0] == "up"
    assert {"acceleration", "deceleration"} == set(made["efforts"]["kind"])
    known = made["behaviour"].drop(columns=["time_s", "team"]).notna().any()
    assert known.all(), known[~known].index.tolist()


@pytest.mark.parametrize(
    "view",
    [View(x=-1), View(y=-1), View(x=-1, y=-1), View(later=600.0), View(swapped=True)],
    ids=["mirrored along", "mirrored across", "turned", "later", "letters"],
)
def test_what_is_said_does_not_hang_on_mirrors_clock_or_letters(view):
    plain, other = tables(), tables(view)
    for name, table in plain.items():
        expected, found = turned_back(table, View()), turned_back(other[name], view)
        pd.testing.assert_frame_equal(found, expected, rtol=1e-6, atol=1e-6, check_dtype=False, obj=name)


@pytest.mark.parametrize("hz", [12.5, 25.0])
def test_what_is_said_does_not_hang_on_the_frame_rate(hz):
    plain, other = tables(), tables(View(hz=hz))
    for name, table in plain.items():
        expected, found = turned_back(table, View()), turned_back(other[name], View())
        assert len(found) == len(expected), name
        words = expected.select_dtypes(exclude="number").columns
        pd.testing.assert_frame_equal(found[words], expected[words], obj=name)
        for column in expected.select_dtypes("number"):
            one, two = (t[column].to_numpy(float, na_value=np.nan) for t in (expected, found))
            off = 1.0 if column == "seconds" else 0.3  # a second may lie on either side of an edge
            np.testing.assert_allclose(two, one, rtol=0.06, atol=off, err_msg=f"{name}.{column}")


def test_nothing_is_counted_across_what_was_not_seen():
    made = tables()
    loads = made["physical"].set_index("track_id")
    unseen = HIDDEN_S[1] - HIDDEN_S[0]
    assert loads.loc[HIDDEN, "minutes_visible"] * 60 == pytest.approx(SECONDS - unseen, abs=0.3)
    assert loads.loc[HIDDEN, "coverage"] == pytest.approx(1 - unseen / SECONDS, abs=0.01)
    seen = made["behaviour"].query("team == 'A'").set_index("time_s")["players_seen"]
    assert seen.loc[HIDDEN_S[0] + 1.5] == 9
    match = scene(View())
    run = (match.positions["track_id"] == RUNNER) & match.positions["time_s"].between(13.5, 15.5)
    holed = measured(replace(match, positions=match.positions[~run]))
    assert not ((holed["fast_runs"]["start_s"] < 13.5) & (holed["fast_runs"]["end_s"] > 15.5)).any()
    assert not ((holed["efforts"]["start_s"] < 13.5) & (holed["efforts"]["end_s"] > 15.5)).any()
    assert holed["fast_runs"]["distance_m"].sum() < made["fast_runs"]["distance_m"].sum()


def test_numbers_of_the_scene_are_those_by_hand():
    made = tables()
    run = made["fast_runs"].iloc[0]
    # From rest to 9 m/s at 4.5 m/s^2, while his team sways back at 1.1 m/s: 5.56 m/s after 1.47 s.
    assert run["start_s"] == pytest.approx(RUN_S + 1.47, abs=0.15)
    assert run["peak_mps"] == pytest.approx(TOP_MPS - 1.1, abs=0.3)
    lost = made["turnovers"].iloc[0]
    assert lost["start_s"] == pytest.approx(WON_S, abs=0.21)
    step = made["line_steps"].query("team == 'B' and start_s > 38").iloc[0]
    assert step["start_s"] < 41 < 44 < step["end_s"]
    swayed = 6 * (np.sin(step["start_s"] / 5) - np.sin(step["end_s"] / 5))
    assert step["to_m"] - step["from_m"] == pytest.approx(8 + swayed, abs=0.3)


def test_nobody_makes_empty_tables():
    names = ("frames", "positions", "labels", "identities", "periods", "possession", "people")
    made = measured(MatchTables(**{n: storage.empty(n) for n in names}))
    assert {n: len(t) for n, t in made.items()} == dict.fromkeys(made, 0)
