"""Parts of the workbench, each by itself: packing, windows of frames, undo, corrections, changes."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fake_run import build
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.errors import CorrectionsError, RunError, TableError
from pipeline.linking.by_hand.entries import Entry, standing_entries
from pipeline.linking.by_hand.moments import seen_of
from pipeline.runs.mask_run import open_masks
from pipeline.workbench.editing.correction_log import CorrectionLog, StaleError
from pipeline.workbench.editing.undo_stack import undo_state
from pipeline.workbench.editing.what_changed import what_changed
from pipeline.workbench.reading.frame_window import WindowReader, numbers
from pipeline.workbench.reading.mask_chunks import UNTRACKED, mask_chunk
from pipeline.workbench.reading.packed import pack, unpack
from pipeline.workbench.reading.place_chunks import position_chunk, view_chunk
from pipeline.workbench.reading.track_frames import track_frames
from pipeline.workbench.served_run import ServedRun
from pipeline.workflow.corrections_file import writing


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return ServedRun(build(tmp_path_factory.mktemp("parts") / "run", seconds=2.0))


def test_packed_columns_come_back_as_they_were():
    columns = {"a": np.arange(5, dtype=np.uint8), "b": np.array([0.5, np.nan]), "c": np.zeros(0, np.int32)}
    facts, back = unpack(pack(columns, first=3))
    assert facts == {"first": 3}
    assert {n: v.tolist() for n, v in back.items() if n != "b"} == {"a": [0, 1, 2, 3, 4], "c": []}
    assert back["b"][0] == 0.5
    assert np.isnan(back["b"][1])


def test_packed_arrays_begin_at_multiples_of_eight_so_that_a_browser_can_read_them_in_place():
    data = pack({"a": np.arange(3, dtype=np.uint8), "b": np.array([1.5])}, name="ä")
    head = int.from_bytes(data[:4], "little")
    assert (4 + head) % 8 == 0
    assert data[4 + head + 8 :] == np.array([1.5]).tobytes()


@pytest.mark.parametrize("sizes", [1, 7, 1000])
def test_a_window_has_the_rows_of_its_frames_and_no_others(tmp_path, sizes):
    table = pa.table(
        {"frame": pa.array(np.repeat(np.arange(0, 60, 2), 3), "int32"), "x": pa.array(range(90))}
    )
    pq.write_table(table, tmp_path / "t.parquet", row_group_size=sizes)
    reader = WindowReader(tmp_path / "t.parquet", ("x", "absent"))
    assert reader.read(10, 13).column("x").to_pylist() == [*range(15, 21)]
    assert len(reader.read(0, 1000)) == 90
    assert len(reader.read(11, 11)) == 0
    assert numbers(reader.read(10, 10), "absent", -1, "int32").tolist() == [-1, -1, -1]


def test_a_missing_or_broken_table_is_one_line(tmp_path):
    (tmp_path / "t.parquet").write_bytes(b"nonsense")
    for name in ("t", "none"):
        with pytest.raises(TableError, match="cannot read the table"):
            WindowReader(tmp_path / f"{name}.parquet", ("x",))


def test_masks_of_a_window_are_those_of_the_run(run):
    made = mask_chunk(run.reader("segments"), run.reader("labels"), run.reader("tracks"), 10, 12)
    _, chunk = unpack(made)
    assert set(chunk["frame"].tolist()) == {10, 11, 12}
    known = open_masks(run.root).frame(11)
    own = np.flatnonzero(chunk["frame"] == 11)
    assert chunk["track"][own].tolist() == known.track_id.tolist()
    assert chunk["label"][own].tolist() == known.value.tolist()
    for i, mask in zip(own, known.masks, strict=True):
        assert (chunk["top"][i], chunk["left"][i]) == (mask.top, mask.left)
        runs = chunk["runs"][chunk["start"][i] : chunk["start"][i + 1]]
        assert runs.tolist() == mask.runs.tolist()
        assert runs.sum() == int(chunk["height"][i]) * int(chunk["width"][i])


def test_without_tracks_every_mask_is_of_no_track(run):
    _, chunk = unpack(mask_chunk(run.reader("segments"), run.reader("labels"), None, 3, 3))
    assert set(chunk["track"].tolist()) == {UNTRACKED}
    _, nothing = unpack(mask_chunk(run.reader("segments"), run.reader("labels"), None, 9000, 9001))
    assert len(nothing["frame"]) == 0
    assert nothing["start"].tolist() == [0]


def test_positions_and_views_of_a_window_are_those_of_the_tables(run):
    _, chunk = unpack(position_chunk(run.reader("positions"), run.reader("placed_by_hand"), 4, 6))
    known = run.stored.table("positions")
    known = known[known["frame"].between(4, 6)]
    assert chunk["x"] == pytest.approx(known["x_m"].to_numpy(), abs=1e-4)
    assert (chunk["source"] == 0).tolist() == (known["source"] == "observed").tolist()
    facts, views = unpack(view_chunk(run.reader("views"), 0, 49))
    table = run.stored.table("views")
    assert [facts["sources"][s] for s in views["source"]] == table["source"].tolist()[:50]
    assert views["h"].reshape(-1, 9)[3] == pytest.approx(table.filter(regex="^h").iloc[3].to_numpy(float))


def test_frames_of_tracks_are_summed_up_as_for_corrections_by_hand(run):
    made, known = track_frames(run.stored.path("tracks"), *run.frames()), seen_of(run.stored.table("tracks"))
    assert made.frame.tolist() == known.frame.tolist()
    assert made.time_s.tolist() == known.time_s.tolist()
    assert {t: f.tolist() for t, f in made.by_track.items()} == {
        t: f.tolist() for t, f in known.by_track.items()
    }


def entries(*verbs):
    """Make entries: a letter corrects something, a number undoes that entry."""
    return [
        Entry(i, "undo", v, {}) if isinstance(v, int) else Entry(i, "ignore", 1, {})
        for i, v in enumerate(verbs, 1)
    ]


@pytest.mark.parametrize(
    ("said", "undo", "redo"),
    [
        ((), None, None),
        (("a",), 1, None),
        (("a", "b"), 2, None),
        (("a", "b", 2), 1, 3),
        (("a", "b", 2, 1), None, 4),
        (("a", "b", 2, 1, 4), 1, 3),
        (("a", "b", 2, 1, 4, 3), 2, None),
        (("a", "b", 2, "c"), 4, None),
    ],
)
def test_undo_takes_back_the_last_that_holds_and_redo_the_last_undo(said, undo, redo):
    state = undo_state(entries(*said))
    assert (state.undo, state.redo) == (undo, redo)


@given(st.lists(st.sampled_from(["say", "undo", "redo"]), max_size=30))
def test_whatever_is_clicked_the_file_says_what_an_editor_would_show(clicks):
    said, shown, undone, names = [], [], [], 0
    for click in clicks:
        state = undo_state(said)
        if click == "say":
            names += 1
            said.append(Entry(len(said) + 1, "ignore", names, {}))
            shown.append(names)
            undone = []
        elif click == "undo" and shown:
            said.append(Entry(len(said) + 1, "undo", state.undo, {}))
            undone.append(shown.pop())
        elif click == "redo" and undone:
            said.append(Entry(len(said) + 1, "undo", state.redo, {}))
            shown.append(undone.pop())
        state = undo_state(said)
        assert ((state.undo is None), (state.redo is None)) == (not shown, not undone)
    assert [e.whom for e in standing_entries(said)] == shown


def log_of(tmp_path, text=None):
    (tmp_path / "steps").mkdir(exist_ok=True)
    if text is not None:
        (tmp_path / "corrections.yaml").write_text(text, encoding="utf-8")
    return CorrectionLog(tmp_path)


def test_a_correction_is_a_line_at_the_end_of_the_file(tmp_path):
    log = log_of(tmp_path, "# mine\n- {ignore: 3}  # a ball boy")
    made = log.append({"set": 4, "name": "Ada: the 1st"}, log.read().revision)
    text = (tmp_path / "corrections.yaml").read_text(encoding="utf-8")
    assert text == "# mine\n- {ignore: 3}  # a ball boy\n- {set: 4, name: 'Ada: the 1st'}\n"
    assert [e.verb for e in made.entries] == ["ignore", "set"]


def test_who_did_not_see_the_last_correction_is_told_and_nothing_is_lost(tmp_path):
    log = log_of(tmp_path)
    seen = log.read().revision
    now = log.append({"ignore": 1}, seen).revision
    with pytest.raises(StaleError) as told:
        log.append({"ignore": 2}, seen)
    assert told.value.revision == now
    assert [e.whom for e in log.read().entries] == [1]
    assert [e.whom for e in log.append({"ignore": 2}, now).entries] == [1, 2]


def test_marks_and_comments_are_no_news(tmp_path):
    log = log_of(tmp_path, "- {ignore: 1}\n")
    seen = log.read().revision
    log_of(tmp_path, "- {ignore: 1, note: seen}  # twice\n- {tracks: t12345678}\n")
    assert log.read().revision == seen


@pytest.mark.parametrize("said", [{"ignore": "x"}, {"fly": 1}, {}, {"swap": [1, 2]}, {"ignore": 1, "at": 3}])
def test_what_is_no_correction_is_refused_and_not_written(tmp_path, said):
    log = log_of(tmp_path)
    with pytest.raises(CorrectionsError):
        log.append(said, log.read().revision)
    assert not (tmp_path / "corrections.yaml").exists()


def test_what_cannot_be_applied_is_refused_and_not_written(tmp_path):
    def check(entries):
        raise CorrectionsError([f"entry {len(entries)}: no"])

    log = log_of(tmp_path)
    with pytest.raises(CorrectionsError, match="entry 1: no"):
        log.append({"ignore": 1}, log.read().revision, check)
    assert not (tmp_path / "corrections.yaml").exists()


def test_a_file_elsewhere_is_never_written_to(tmp_path):
    other = tmp_path / "mine.yaml"
    other.write_text("- {ignore: 9}\n")
    (tmp_path / "steps").mkdir()
    log = CorrectionLog(tmp_path, str(other))
    assert not log.writable
    assert [e.whom for e in log.read().entries] == [9]
    with pytest.raises(CorrectionsError, match=r"takes its corrections from .*mine\.yaml"):
        log.append({"ignore": 1}, log.read().revision)
    assert other.read_text() == "- {ignore: 9}\n"


def test_two_programs_do_not_write_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.workflow.corrections_file._WAIT_S", 0.0)
    log = log_of(tmp_path)
    with writing(tmp_path), pytest.raises(RunError, match="another teamshape works in it"):
        log.append({"ignore": 1}, log.read().revision)
    assert [e.whom for e in log.append({"ignore": 1}, log.read().revision).entries] == [1]


def answers(distance_m, formation="4-4-2", teleports=0):
    player = {"person": 7, "distance_visible_m": distance_m, "minutes_visible": 3.0, "sprints": 1}
    team = {"team": "A", "formation": formation, "length_m": 30.0}
    return {"players": [player], "teams": [team], "audit": {"teleports": teleports}}


def test_what_changed_is_told_and_rounding_is_not():
    assert what_changed(answers(900.0), answers(900.4)) == []
    assert what_changed(answers(900.0), answers(1200.0, "4-3-3", 2)) == [
        {"of": 7, "team": None, "what": "distance_visible_m", "before": 900.0, "after": 1200.0},
        {"of": None, "team": "A", "what": "formation", "before": "4-4-2", "after": "4-3-3"},
        {"of": None, "team": None, "what": "teleports", "before": 0, "after": 2},
    ]


def test_who_is_new_or_gone_is_a_change():
    gone = what_changed(answers(900.0), answers(900.0) | {"players": []})
    assert [(c["what"], c["after"]) for c in gone] == [
        ("distance_visible_m", None),
        ("minutes_visible", None),
        ("sprints", None),
    ]


def test_a_run_that_is_none_is_one_line(tmp_path):
    with pytest.raises(RunError, match="no run here"):
        ServedRun(tmp_path)
