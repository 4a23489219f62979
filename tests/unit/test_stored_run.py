"""`Run` opens a run once, for everybody: record, settings, tables, names, people, masks, frames."""

import json
import subprocess
import sys

import fake_run
import made_up_run
import numpy as np
import pandas as pd
import pytest

from pipeline.core.errors import RunError, TableError
from pipeline.core.json_files import write_json
from pipeline.core.label_maps import label_value
from pipeline.core.pitch import Pitch
from pipeline.runs.frame_masks import read_frames
from pipeline.runs.run import Run
from pipeline.tables import storage, who_is_where


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """A second of footage."""
    return Run.open(fake_run.build(tmp_path_factory.mktemp("runs") / "clip", seconds=1.0, video=True))


@pytest.fixture(scope="module")
def derby(tmp_path_factory):
    """Tracking data of two halves, with line-ups."""
    return Run.open(made_up_run.build(tmp_path_factory.mktemp("runs") / "derby"))


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    """Footage in mode team."""
    return Run.open(fake_run.build(tmp_path_factory.mktemp("runs") / "team", seconds=1.0, mode="team"))


def changed(root, **record):
    write_json(root / "run.json", json.loads((root / "run.json").read_text()) | record)
    return root


def test_importing_the_package_loads_nothing_and_takes_no_time():
    code = (
        "import sys, time; began = time.process_time()\n"
        "import pipeline; spent = time.process_time() - began\n"
        "heavy = {'torch', 'pandas', 'cv2', 'numpy', 'kloppy', 'pydantic'} & sys.modules.keys()\n"
        "assert not heavy, heavy\n"
        "assert spent < 0.1, spent\n"
        "assert pipeline.__version__[0].isdigit()\n"
        "assert {'Run', 'process', 'analyze', 'segment_image'} <= set(dir(pipeline))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_public_name_is_there_and_others_are_not():
    import pipeline

    assert all(getattr(pipeline, name) is not None for name in pipeline.__all__)
    assert pipeline.Run is Run
    with pytest.raises(AttributeError, match="no attribute 'Runs'"):
        pipeline.Runs  # noqa: B018


def test_types_are_announced():
    from importlib import resources

    assert (resources.files("pipeline") / "py.typed").is_file()


@pytest.mark.parametrize(
    "text", [None, "", "{", "[1]", "{}", '{"state": "finished", "config": 3, "video": {}, "source": "x"}']
)
def test_a_folder_without_a_whole_record_is_no_run(tmp_path, text):
    if text is not None:
        (tmp_path / "run.json").write_text(text)
    with pytest.raises(RunError, match=rf"^{tmp_path}: no run here \(run.json is missing or broken\); make"):
        Run.open(tmp_path)


def test_half_a_run_is_refused_unless_asked_for(tmp_path):
    root = changed(fake_run.build(tmp_path / "half", seconds=0.2), state="running")
    with pytest.raises(RunError, match=r"not finished; continue with 'teamshape run"):
        Run.open(root)
    assert len(Run.open(root, stage="begun").table("frames")) == 5


def test_settings_of_another_version_are_one_line(tmp_path):
    root = changed(fake_run.build(tmp_path / "old", seconds=0.2), config={"segment": {"colour": 3}})
    with pytest.raises(RunError, match=r"run.json: segment.colour: .*this version cannot read") as caught:
        _ = Run.open(root).config
    assert "\n" not in str(caught.value)


def test_a_run_says_what_it_is(clip, derby, team):
    assert [(r.kind, r.tracked) for r in (clip, derby, team)] == [
        ("video", True),
        ("tracking", True),
        ("video", False),
    ]
    assert clip.record["state"] == "finished"
    assert clip.config.mode == "both"
    assert clip.pitch == Pitch(105.0, 68.0)
    assert clip.name == "clip"
    assert repr(clip) == f"Run('{clip.root}')"


def test_a_table_is_read_once_and_yours_to_change(clip, monkeypatch):
    first = clip.table("positions")
    monkeypatch.setattr(storage, "read", None)
    first["x_m"] = 0.0
    assert clip.table("positions")["x_m"].abs().max() > 1


def test_columns_are_read_alone(clip):
    assert list(clip.table("positions", ["x_m", "frame"]).columns) == ["x_m", "frame"]


def test_what_a_run_need_not_have_is_empty(derby, team, clip):
    assert team.table("movement").empty
    assert list(derby.table("views", ["frame", "source"]).columns) == ["frame", "source"]
    assert clip.table("people").empty
    assert derby.table("formations", optional=True).empty


@pytest.mark.parametrize(
    ("name", "columns", "message"),
    [
        ("formations", None, "has no table formations; run the command that made it again"),
        ("tackles", None, "table tackles: no such table; there are frames, "),
        ("positions", ["x", "frame"], "table positions: no column x; it has frame, time_s"),
    ],
)
def test_what_is_missing_is_one_clear_line(derby, name, columns, message):
    with pytest.raises(TableError, match=message):
        derby.table(name, columns)


def test_a_table_that_one_may_do_without_another_still_needs(derby):
    assert derby.table("shapes", optional=True).empty
    with pytest.raises(TableError, match="has no table shapes"):
        derby.table("shapes")


def test_tables_left_over_from_another_mode_do_not_count(tmp_path):
    root = fake_run.build(tmp_path / "both", seconds=0.2)
    assert "tracks" in Run.open(root).tables()
    run = Run.open(changed(root, config={"mode": "team"}))
    assert "tracks" not in run.tables()
    assert run.table("tracks").empty


def test_players_and_teams_have_one_name(derby, clip):
    keeper = derby.table("people").dropna(subset=["name"]).set_index("name").loc["Núñez", "track_id"]
    assert derby.name_of(keeper) == "1 Núñez"
    assert derby.name_of(999) == "? (track 999)"
    assert (derby.team_name("A"), derby.team_name("B")) == ("Atlas", "Boca")
    assert clip.name_of(3) == "track 3"
    assert clip.team_name("B") == "Team B"


def test_a_shirt_without_a_name_and_a_name_without_a_shirt():
    from pipeline.tables.names import player_label

    assert player_label(7, "Sancho") == "7 Sancho"
    assert player_label(7, None) == "7"
    assert player_label(pd.NA, "Sancho") == "Sancho"
    assert player_label(float("nan"), pd.NA) == ""


def test_people_are_who_is_where(clip):
    people = clip.people()
    assert set(people["role"]) == {"player", "goalkeeper"}
    assert set(people["team"]) == {"A", "B"}
    assert tuple(people.columns) == who_is_where.COLUMNS
    duplicates = clip.table("frames").query("duplicate")["frame"]
    assert len(duplicates)
    assert not people["frame"].isin(duplicates).any()
    balls = clip.people(roles=["ball"], with_team=False)
    assert set(balls["role"]) == {"ball"}


def test_in_mode_team_people_have_no_tracks(team):
    assert len(team.people())
    assert team.people()["track_id"].isna().all()
    assert all((moment.track_id == -1).all() for moment in team.frames())


def test_frames_come_in_order_with_their_positions(clip):
    moments = list(clip.frames())
    frames = clip.table("frames").query("not duplicate")
    assert [m.frame for m in moments] == sorted(frames["frame"])
    assert sum(len(m.xy_m) for m in moments) == len(clip.people())
    one = moments[5]
    rows = clip.people().query(f"frame == {one.frame}").set_index("track_id").loc[one.track_id]
    np.testing.assert_allclose(one.xy_m, rows[["x_m", "y_m"]])
    assert one.team == tuple(rows["team"])


def test_a_frame_without_anybody_comes_too(tmp_path):
    blind = Run.open(fake_run.build(tmp_path / "blind", seconds=0.2, views=False))
    moments = list(blind.frames())
    assert len(moments) == 5
    assert {m.xy_m.shape for m in moments} == {(0, 2)}


def test_one_frame_has_the_masks_that_all_frames_have(clip):
    together = {f.frame: f for f in read_frames(clip.root / "tables", tracked=True)}
    for frame in (0, 24):
        alone = clip.masks(frame).people
        assert alone.masks[3].runs.tolist() == together[frame].masks[3].runs.tolist()
        assert alone.track_id.tolist() == together[frame].track_id.tolist()
        assert (alone.role, alone.team) == (together[frame].role, together[frame].team)


def test_masks_are_arrays_with_who_is_who(clip):
    found = clip.masks(12)
    dense = found.arrays()
    assert dense.shape == (len(found), 360, 640)
    for mask, (x1, y1, x2, y2) in zip(dense, found.boxes_px, strict=True):
        rows, columns = np.nonzero(mask)
        assert y1 - 1 <= rows.min() <= rows.max() <= y2 + 1
        assert x1 - 1 <= columns.min() <= columns.max() <= x2 + 1
    assert found.names[found.role.index("player")].startswith("track ")
    assert (found.frame, found.time_s) == (12, 12 / 25)


def test_the_label_map_shows_teams(clip):
    found = clip.masks(12)
    values = set(np.unique(found.label_map()))
    assert {0, label_value("player", "A"), label_value("player", "B")} <= values
    assert values <= {0, *(label_value(r, t) for r, t in zip(found.role, found.team, strict=True))}


def test_masks_need_pictures_and_the_frame(clip, derby):
    with pytest.raises(RunError, match=r"frame 99 was not processed; there are 0 to 24"):
        clip.masks(99)
    with pytest.raises(RunError, match="made from tracking data"):
        derby.masks(0)
    with pytest.raises(RunError, match="made from tracking data"):
        derby.pictures()


def test_pictures_are_those_that_were_processed(clip):
    first = next(clip.pictures())
    assert first.index == 0
    assert first.image.shape == (360, 640, 3)


def test_detections_carry_tracks_names_and_teams(clip, team):
    made, found = clip.detections(12), clip.masks(12)
    assert made.tracker_id.tolist() == found.track_id.tolist()
    assert made.data["name"].tolist() == list(found.names)
    assert set(made.data["team"]) == {"A", "B", ""}
    assert (made.mask == found.arrays()).all()
    assert team.detections(0).tracker_id is None
