"""A run as kloppy sees it: the same people in the same places at the same times."""

import exported_run
import fake_run
import numpy as np
import pytest
from kloppy.domain import Orientation

from pipeline.core.errors import RunError
from pipeline.runs.run import Run


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return Run.open(exported_run.build(tmp_path_factory.mktemp("runs") / "derby"))


@pytest.fixture(scope="module")
def dataset(run):
    return run.to_kloppy()


def test_every_frame_is_there_with_its_time_in_the_period(dataset, run):
    assert [f.frame_id for f in dataset.records] == run.table("frames")["frame"].tolist()
    starts = [f.timestamp.total_seconds() for f in dataset.records if f.period.id == 2][:2]
    np.testing.assert_allclose(starts, [0.0, 0.1], atol=1e-9)
    assert dataset.metadata.frame_rate == pytest.approx(10)


def test_players_stand_where_the_run_has_them(dataset, run):
    frame = dataset.records[9]
    rows = run.table("positions").query(f"frame == {frame.frame_id}").dropna(subset=["track_id"])
    expected = {t: (x, y) for t, x, y in rows[["track_id", "x_m", "y_m"]].itertuples(index=False)}
    found = {
        p.attributes["track_id"]: (d.coordinates.x, d.coordinates.y) for p, d in frame.players_data.items()
    }
    assert len(found) == 22
    assert {t: expected[t] for t in found} == found
    assert (frame.ball_coordinates.x, frame.ball_coordinates.y) in set(expected.values())


def test_gaps_are_gaps_and_filled_places_are_marked(dataset):
    filled = [d for f in dataset.records for d in f.players_data.values() if not d.other_data["observed"]]
    assert len(filled) == 4
    assert min(len(f.players_data) for f in dataset.records) == 21


def test_teams_names_shirts_and_directions_come_along(dataset):
    home, away = dataset.metadata.teams
    assert (home.name, away.name) == ("Reds", "Blues")
    assert sorted(p.jersey_no for p in home.players) == list(range(1, 12))
    assert home.players[3].full_name == "Player Number3"
    assert dataset.metadata.orientation == Orientation.HOME_AWAY


def test_possession_comes_along(dataset):
    owners = {f.frame_id: f.ball_owning_team for f in dataset.records}
    assert owners[15].name == "Blues"
    assert owners[5] is None


def test_the_dataset_can_be_transformed_and_tabled(dataset):
    turned = dataset.transform(to_orientation="STATIC_HOME_AWAY")
    assert len(turned.to_df(engine="pandas")) == len(dataset.records)


def test_a_run_without_tracks_says_what_to_do(tmp_path):
    team = Run.open(fake_run.build(tmp_path / "team", seconds=1.0, mode="team"))
    with pytest.raises(RunError, match=r"has no tracks \(mode team\), and kloppy .* --mode player$"):
        team.to_kloppy()
