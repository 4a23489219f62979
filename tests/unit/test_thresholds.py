"""What counts as a sprint, a band of speed, an acceleration: settings, quoted wherever they are used."""

import re
import shutil

import made_up_people
import numpy as np
import pandas as pd
import pytest
from made_up_people import track

from pipeline.core.config import Config, MeasureSettings, load
from pipeline.core.errors import ConfigError, TableError
from pipeline.metrics.movement.match_parts import everything
from pipeline.metrics.movement.player_movement import moved
from pipeline.metrics.movement.team_movement import team_movement_parts
from pipeline.metrics.movement.track_motion import MotionSettings, motion
from pipeline.metrics.shape.team_shape import frame_shapes
from pipeline.season import matches, query
from pipeline.tables import storage
from pipeline.tables.speed_bands import bands_among, speed_bands
from pipeline.workflow import plan
from pipeline.workflow.step import fingerprints

STEADY = MotionSettings(1.0)


@pytest.fixture(scope="module")
def footage(tmp_path_factory):
    """Two teams for six seconds, in which number 3 runs at 24.5 km/h."""
    people = made_up_people.match(seconds=6.0)
    runs = people["track_id"] == 3
    people.loc[runs, "x_m"] = -20 + people.loc[runs, "time_s"] * 24.5 / 3.6
    people.loc[runs, "y_m"] = 0.0
    path = tmp_path_factory.mktemp("data") / "match.csv"
    people[["track_id", "time_s", "x_m", "y_m", "team", "role"]].to_csv(path, index=False)
    return path


def analyze(source, root, *pairs):
    events = []
    settings = load(None, {"report.csv": True} | dict(pairs))
    plan.analyze([source], root, settings, lambda step, event, _: events.append((step, event)), {})
    return [step for step, event in events if event == "done"]


def texts(root):
    html = (root / "report" / "index.html").read_text(encoding="utf-8")
    page = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    return page, (root / "tables" / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def run(footage, tmp_path_factory):
    """A finished run with the default settings."""
    root = tmp_path_factory.mktemp("season") / "a"
    assert analyze(footage, root) == ["import", "measure", "physical", "play", "report"]
    return root


def test_a_changed_sprint_threshold_reruns_measure_and_the_page_alone_and_changes_both(
    footage, run, tmp_path
):
    root = shutil.copytree(run, tmp_path / "run")
    before = storage.read(root / "tables" / "movement.parquet", "movement").set_index("track_id")
    assert before["sprints"].sum() == 0
    assert all("25 km/h or more for at least 0.7 s" in text for text in texts(root))
    assert analyze(footage, root, ("measure.sprint_kmh", 24)) == ["measure", "physical", "play", "report"]
    after = storage.read(root / "tables" / "movement.parquet", "movement").set_index("track_id")
    assert after["sprints"].sum() == 1
    pd.testing.assert_frame_equal(before.drop(columns="sprints"), after.drop(columns="sprints"))
    assert all("24 km/h or more for at least 0.7 s" in text for text in texts(root))
    assert not any("25 km/h or more" in text for text in texts(root))
    assert analyze(footage, root, ("measure.sprint_kmh", 24)) == []


@pytest.mark.parametrize(
    "name", ["sprint_kmh", "sprint_hold_s", "acceleration_mps2", "psv_from_mps", "fast_mps"]
)
def test_a_changed_threshold_reruns_measure_and_the_page_of_footage_alone(name):
    steps = plan.steps("both")
    changed = load(
        None,
        {f"measure.{name}": (getattr(MeasureSettings(), name) or MeasureSettings().sprint_from_kmh) + 0.5},
    )
    before, after = (fingerprints(steps, config, "v") for config in (Config(), changed))
    assert {n for n in before if before[n] != after[n]} == {"measure", "physical", "play", "report"}


def test_bands_of_speed_name_their_columns(tmp_path):
    settings = MeasureSettings(speed_bands_kmh=(14.4, 19.8))
    times = np.arange(0, 10, 0.1)
    people = pd.concat([track(1, times, 5.0 * times), track(2, times, 2.0 * times, 5.0)])
    found = moved(motion(people, STEADY), people, [everything(10.0)], STEADY, thresholds=settings)
    row = found.table.set_index("track_id").loc[1]
    bands = [n for n in found.table if n.startswith("band_")]
    assert bands == ["band_0_14p4_m", "band_14p4_19p8_m", "band_19p8_plus_m"]
    assert row["band_14p4_19p8_m"] == pytest.approx(row["distance_visible_m"])  # 18 km/h
    teams = team_movement_parts(
        people, frame_shapes(people), STEADY, [everything(10.0)], moved=found, thresholds=settings
    )
    team = teams.set_index("team").loc["A"]
    assert team["band_0_14p4_m"] == pytest.approx(found.table.set_index("track_id").loc[2, "band_0_14p4_m"])
    storage.write(found.table, tmp_path / "m.parquet", "movement_parts")
    again = storage.read(tmp_path / "m.parquet", "movement_parts")
    pd.testing.assert_frame_equal(again, found.table)


def test_the_page_and_a_season_show_the_bands_of_each_run(footage, run, tmp_path):
    for name in ("a", "b"):
        shutil.copytree(run, tmp_path / name)
    analyze(
        footage, tmp_path / "b", ("measure.speed_bands_kmh", [10, 24]), ("measure.acceleration_mps2", 2.5)
    )
    page, readme = texts(tmp_path / "b")
    assert "sorts by metres above 10 km/h" in page
    assert "2.5 m/s² or more for 0.5 s" in page
    assert "metres at 10-24 km/h" in readme
    assert "band_0_7" not in readme
    matches.add(tmp_path, [tmp_path / "a", tmp_path / "b"])
    sql = "select match, sum(band_7_15_m) as a, sum(band_24_plus_m) as b from movement group by match"
    answer = query.ask(tmp_path, sql).set_index("match")
    assert answer["a"].notna().to_dict() == {"a": True, "b": False}
    assert answer["b"].notna().to_dict() == {"a": False, "b": True}
    assert answer.loc["b", "b"] > 20


@pytest.mark.parametrize("edges", [[], [15, 7], [7, 7], [0, 7], [-1]], ids=str)
def test_bands_that_do_not_increase_are_refused(edges):
    with pytest.raises(ConfigError, match=r"measure\.speed_bands_kmh"):
        load(None, {"measure.speed_bands_kmh": edges})


def test_bands_are_read_back_from_their_columns():
    bands = speed_bands((7.2, 14.4, 25.0))
    assert bands_among(["track_id", *(b.column for b in bands)]) == bands
    assert [b.label for b in bands] == ["0–7.2", "7.2–14.4", "14.4–25", "25+"]
    assert bands_among(["minutes_visible"]) == ()


def test_a_table_without_any_band_does_not_fit_its_declaration():
    table = storage.empty("movement")
    with pytest.raises(TableError, match="band_0_7_m"):
        storage.conform(table.drop(columns=[c for c in table if c.startswith("band_")]), "movement")
