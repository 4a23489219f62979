"""Corrections that add, end and withdraw: paths by hand, who goes off, undo, and for which tracks."""

import numpy as np
import pandas as pd
import pytest
from test_corrections import FPS, PIECES, said, tables

from pipeline.core.errors import CorrectionsError
from pipeline.linking.by_hand.corrections import corrected
from pipeline.linking.by_hand.entries import as_line, standing_entries
from pipeline.linking.by_hand.placing import ground_of
from pipeline.linking.by_hand.written_for import marks_of, misfit
from pipeline.tables.persons import by_person

N_FRAMES = 150
GAP = [(1, 0, 49, "player", "A", 1), (3, 100, 149, "player", "A", 1), (2, 0, 149, "player", "A", 2)]


def ground(tracks):
    """Everybody stands: track t at (t, 2 t) m; track 3 at (11, 2)."""
    frames = pd.DataFrame({"frame": np.arange(N_FRAMES), "time_s": np.arange(N_FRAMES) / FPS})
    x = tracks["track_id"].replace({3: 11}).to_numpy(float)
    y = (2 * tracks["track_id"]).replace({6: 2}).to_numpy(float)
    positions = tracks.assign(x_m=x, y_m=y, error_m=0.2)
    return ground_of(frames, positions, (52.5, 34.0))


def after(tmp_path, text, pieces=GAP):
    people, links, tracks = tables(pieces)
    return corrected(people, links, tracks, said(tmp_path, text), None, ground(tracks))


def refused(tmp_path, text, pieces=GAP):
    with pytest.raises(CorrectionsError) as told:
        after(tmp_path, text, pieces)
    assert len(told.value.lines) == 1
    return told.value.lines[0]


def test_a_gap_is_bridged_on_the_straight_line_between_his_own_sightings(tmp_path):
    placed = after(tmp_path, "- {extend: 1, from_frame: 50, until_frame: 100}").placed
    assert placed["frame"].tolist() == list(range(50, 100))
    assert set(placed["player_id"]) == {1}
    # From (1, 2) at frame 49 to (11, 2) at frame 100.
    assert placed["x_m"].tolist() == pytest.approx([1 + 10 * (f - 49) / 51 for f in range(50, 100)])
    assert placed["y_m"].tolist() == pytest.approx([2.0] * 50)
    assert placed["error_m"].iloc[25] == pytest.approx(10, abs=0.1)
    assert placed["error_m"].iloc[0] < 3.1


def test_a_track_is_lengthened_to_a_given_place(tmp_path):
    pieces = [GAP[0], GAP[2]]
    placed = after(tmp_path, "- {extend: 1, from: 0:10, until: 0:12, until_m: [5, 2]}", pieces).placed
    assert placed["time_s"].tolist() == pytest.approx([10 + k / 5 for k in range(10)])
    assert placed[["x_m", "y_m"]].to_numpy()[-1].tolist() == pytest.approx([5, 2])


def test_paths_by_hand_join_the_positions_of_the_person_and_are_not_observed(tmp_path):
    *_, tracks = tables(GAP)
    made = after(tmp_path, "- {extend: 1, from_frame: 50, until_frame: 100}")
    positions = tracks.assign(x_m=0.0, y_m=0.0, error_m=0.2, source="observed", instance=1)
    positions = positions.astype({"track_id": "Int32", "instance": "Int32"})
    identities = pd.DataFrame(
        {"track_id": [1, 2, 3], "role": "player", "team": "A", "n_frames": 50, "first_s": 0.0, "last_s": 1.0}
    ).assign(role_score=1.0, team_score=1.0)
    told, _ = by_person(positions, identities, made.links, made.placed)
    own = told[told["track_id"] == 1]
    assert own["frame"].tolist() == list(range(150))
    assert own["source"].value_counts().to_dict() == {"observed": 100, "by_hand": 50}
    without, _ = by_person(positions, identities, made.links, made.placed.iloc[:0])
    assert len(without) == len(positions)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- {extend: 1, from_frame: 40, until_frame: 100}", "he is seen there, in frames 40 to 49"),
        ("- {extend: 2, from_frame: 10, until_frame: 20}", "he is seen there, in frames 10 to 19"),
        ("- {extend: 9, from_frame: 50, until_frame: 100}", "there is no person 9"),
        ("- {extend: 1, from_frame: 50, until_frame: 100, from_m: [200, 0]}", "far off the pitch"),
        ("- {extend: 1, from_frame: 50, until_frame: 54, until_m: [50, 2]}", "would have to run 49.0 m"),
        ("- {extend: 1, from_frame: 60, until_frame: 55}", "until must lie after from"),
        ("- {end: 1, at_frame: 0}", "is not seen before that moment"),
        ("- {end: 1, at: 60:00}", "outside the footage"),
    ],
)
def test_what_cannot_be_is_one_line(tmp_path, text, line):
    assert line in refused(tmp_path, text)


def test_an_end_that_is_neither_given_nor_seen_is_asked_for(tmp_path):
    assert "not seen behind that time; give until_m" in refused(
        tmp_path, "- {extend: 1, from_frame: 50, until_frame: 60}", [GAP[0], GAP[2]]
    )


def test_two_paths_over_one_moment_put_him_in_two_places(tmp_path):
    text = "- {extend: 1, from_frame: 50, until_frame: 100}\n- {extend: 1, from_frame: 90, until_frame: 100}"
    assert "entry 2 (extend): person 1 would be in two places at once in 10 frames" in refused(tmp_path, text)


def test_a_path_follows_a_swap_and_a_join(tmp_path):
    pieces = [(1, 0, 49, "player", "A", 1), (2, 0, 49, "player", "A", 2), (5, 0, 149, "player", "B", 5)]
    path = "- {extend: 1, from_frame: 50, until_frame: 60, until_m: [1, 2]}\n"
    placed = after(tmp_path, path + "- {swap: [1, 2], from_frame: 40}", pieces).placed
    assert set(placed["player_id"]) == {2}
    apart = [(1, 0, 49, "player", "A", 1), (3, 100, 149, "player", "A", 3)]
    path = "- {extend: 3, from_frame: 90, until_frame: 100, from_m: [11, 2]}\n"
    placed = after(tmp_path, path + "- {join: [1, 3]}", apart).placed
    assert set(placed["player_id"]) == {1}


def test_who_goes_off_has_nothing_behind_that_and_the_minute_is_in_people(tmp_path):
    made = after(tmp_path, "- {end: 1, at_frame: 100}")
    links = made.links.set_index("track_id")
    assert pd.isna(links.loc[3, "player_id"])
    assert links.loc[1, "player_id"] == 1
    assert made.people.set_index("player_id").loc[1, ["on_s", "off_s"]].tolist() == [0.0, 20.0]


def test_nobody_takes_part_behind_his_own_end(tmp_path):
    text = "- {end: 1, at_frame: 100}\n- {assign: 3, to: 1}"
    assert "entry 2 (assign): 1 (player of A) went off at 0:20.0" in refused(tmp_path, text)


def test_an_undone_entry_is_as_if_it_were_not_there(tmp_path):
    people, links, tracks = tables(PIECES)
    made = corrected(people, links, tracks, said(tmp_path, "- {swap: [1, 2], from: 10}\n- {undo: 1}"))
    assert made.links["player_id"].equals(links.sort_values(["track_id", "frame_from"])["player_id"])
    again = said(tmp_path, "- {swap: [1, 2], from: 10}\n- {undo: 1}\n- {undo: 2}")
    assert [e.number for e in standing_entries(again)] == [1]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- {undo: 1}", "entry 1 (undo): there is no entry 1 before it"),
        ("- {ignore: 1}\n- {undo: 7}", "there is no entry 7 before it"),
        ("- {ignore: 1}\n- {undo: 1}\n- {undo: 1}", "entry 2 (undo): entry 1 is undone already, by entry 3"),
        ("- {tracks: t1}\n- {undo: 1}", "there is no entry 1 before it that corrects anything"),
    ],
)
def test_undo_of_nothing_is_one_line(tmp_path, text, line):
    assert line in refused(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- {extend: 1, from: 3}", "extend needs until"),
        ("- {extend: 1, from: 3, until: 4, from_m: 5}", "expected [x, y]"),
        ("- {extend: 1, from: 3, until: 4, until_m: [1, .nan]}", "expected [x, y]"),
        ("- {end: 1}", "end needs at"),
        ("- {undo: A7}", "an entry's number"),
        ("- {tracks: 12}", "the mark that"),
    ],
)
def test_what_is_no_correction_is_refused_before_anything(tmp_path, text, line):
    with pytest.raises(CorrectionsError) as told:
        said(tmp_path, text)
    assert line in told.value.lines[0]


def test_an_entry_is_written_as_the_line_that_says_it(tmp_path):
    entries = said(tmp_path, "- {swap: [1, 2], from_frame: 50, note: at the corner}")
    assert said(tmp_path, as_line(entries[0])) == entries


def test_corrections_for_other_tracks_are_refused_and_otherwise_decided_people_looked_at(tmp_path):
    _, links, tracks = tables(PIECES)
    tracks = tracks.assign(instance=0)
    marks = marks_of(tracks, links)
    assert marks_of(tracks.sample(frac=1, random_state=1), links) == marks
    own = said(tmp_path, f"- {{ignore: 6}}\n{marks.line()}")
    assert misfit(own, marks) == (None, None)
    assert misfit(said(tmp_path, "- {ignore: 6}"), marks) == (None, None)
    other = marks_of(tracks.assign(track_id=tracks["track_id"] + 1), links)
    wrong, _ = misfit(own, other)
    assert f"written for tracks {marks.tracks}, and these are {other.tracks}" in wrong
    decided = marks_of(tracks, links.assign(player_id=links["player_id"].replace({1: 2, 2: 1})))
    wrong, look = misfit(own, decided)
    assert wrong is None
    assert "who is who was decided otherwise" in look
    assert misfit([*own, *said(tmp_path, decided.line())], decided) == (None, None)
