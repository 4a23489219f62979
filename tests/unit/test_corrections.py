"""Corrections by hand: each verb, each contradiction, and nothing half applied."""

import numpy as np
import pandas as pd
import pytest

from pipeline.core.errors import CorrectionsError
from pipeline.core.text.said import clock, seconds_of
from pipeline.linking.by_hand.corrections import corrected
from pipeline.linking.by_hand.entries import content, read_corrections
from pipeline.linking.by_hand.moments import seen_of
from pipeline.linking.by_hand.roster import Listed
from pipeline.tables import storage

FPS = 5
# track, first and last frame, role, team, person: two men before a cut at frame 50 and after it
PIECES = [
    (1, 0, 49, "player", "A", 1),
    (2, 0, 49, "player", "A", 2),
    (3, 50, 99, "player", "A", 1),
    (4, 50, 99, "player", "A", 2),
    (5, 0, 99, "player", "B", 5),
    (6, 60, 80, "player", "A", None),
    (7, 0, 99, "referee", None, 7),
]


def tables(pieces=PIECES, **jerseys):
    columns = ["track_id", "frame_from", "frame_to", "role", "team", "player_id"]
    links = pd.DataFrame(pieces, columns=columns).assign(second_id=None, second_score=np.nan)
    known = links["player_id"].notna()
    links = links.assign(why=np.where(known, "motion", None), score=np.where(known, 0.8, 0.0))
    links["seconds"] = (links["frame_to"] - links["frame_from"]) / FPS
    tracks = pd.concat(
        pd.DataFrame({"track_id": t, "frame": np.arange(a, b + 1)}) for t, a, b, *_ in pieces
    ).assign(time_s=lambda t: t["frame"] / FPS)
    people = links[known].drop_duplicates("player_id")[["player_id", "role", "team"]]
    blank = {c: None for c in storage.empty("people").columns if c not in people}
    people = people.assign(**blank).assign(track_id=people["player_id"], score=0.8)
    people["jersey"] = [jerseys.get(f"p{int(i)}") for i in people["player_id"]]
    return storage.conform(people, "people"), storage.conform(links, "links"), tracks


def said(tmp_path, text):
    path = tmp_path / "corrections.yaml"
    path.write_text(text, encoding="utf-8")
    return read_corrections(path)


def after(tmp_path, text, roster=None, **jerseys):
    made = corrected(*tables(**jerseys), said(tmp_path, text), roster)
    who = {
        (int(r["track_id"]), int(r["frame_from"])): None if pd.isna(r["player_id"]) else int(r["player_id"])
        for r in made.links.to_dict("records")
    }
    return made, who, made.people.set_index("player_id")


def refused(tmp_path, text, roster=None, **jerseys):
    with pytest.raises(CorrectionsError) as told:
        corrected(*tables(**jerseys), said(tmp_path, text), roster)
    return told.value.lines


def test_an_empty_file_changes_nothing(tmp_path):
    people, links, tracks = tables()
    made = corrected(people, links, tracks, said(tmp_path, "# nothing yet\n"))
    assert made.people.equals(people)
    assert made.links.equals(links)


def test_swap_exchanges_two_people_from_a_moment_on_and_cuts_the_tracks_there(tmp_path):
    made, who, _ = after(tmp_path, "- {swap: [1, 2], from: 0:12}")
    assert who[1, 0] == 1
    assert who[2, 0] == 2
    assert who[3, 50] == 1
    assert who[3, 60] == 2
    assert who[4, 50] == 2
    assert who[4, 60] == 1
    moved = made.links.set_index(["track_id", "frame_from"]).loc[(3, 60)]
    assert moved["why"] == "by_hand"
    assert moved["score"] == 1
    assert made.links.set_index(["track_id", "frame_from"]).loc[(3, 50)]["frame_to"] == 59


def test_two_swaps_of_the_same_stretch_are_none(tmp_path):
    line = "- {swap: [1, 2], from_frame: 50}\n"
    _, who, people = after(tmp_path, line * 2)
    assert who[3, 50] == 1
    assert who[4, 50] == 2
    assert len(who) == len(PIECES)
    assert people.loc[1, "minutes_in_view"] == pytest.approx((49 + 49) / FPS / 60)


def test_swap_until_a_moment_leaves_what_comes_after(tmp_path):
    _, who, _ = after(tmp_path, "- {swap: [1, 2], from_frame: 50, until_frame: 70}")
    assert who[3, 50] == 2
    assert who[3, 70] == 1


def test_join_makes_two_people_one(tmp_path):
    text = "- {assign: 3, to: new}\n- {join: [1, 3]}\n"
    _, who, people = after(tmp_path, text)
    assert who[1, 0] == 1
    assert who[3, 50] == 1
    assert 3 not in people.index


def test_split_leaves_the_second_part_to_nobody_until_it_is_assigned(tmp_path):
    _, who, people = after(tmp_path, "- {split: 5, at: 10}")
    assert who[5, 0] == 5
    assert who[5, 50] is None
    assert people.loc[5, "minutes_in_view"] == pytest.approx(49 / FPS / 60)
    _, who, _ = after(tmp_path, "- {split: 5, at: 10}\n- {assign: 5, from: 10, to: new}")
    assert who[5, 50] == 8


def test_assign_gives_a_part_of_a_track_with_role_and_team(tmp_path):
    made, who, _ = after(tmp_path, "- {ignore: 5, from: 10}\n- {assign: 6, to: 5}")
    assert who[6, 60] == 5
    assert made.links.set_index("track_id").loc[6, "team"] == "B"


def test_assign_to_a_shirt_of_the_roster_makes_that_man(tmp_path):
    roster = {("A", 9): Listed("A", 9, "Nine", "ST")}
    _, who, people = after(tmp_path, "- {assign: 6, to: A9}", roster)
    assert who[6, 60] == 6
    assert people.loc[6, ["jersey", "name", "position"]].tolist() == [9, "Nine", "ST"]


def test_set_says_role_team_number_and_name(tmp_path):
    made, _, people = after(tmp_path, '- {set: 5, team: A, role: goalkeeper, number: 1, name: "One"}')
    assert people.loc[5, ["team", "role", "jersey", "name"]].tolist() == ["A", "goalkeeper", 1, "One"]
    assert made.links.set_index("track_id").loc[5, "role"] == "goalkeeper"


def test_a_number_given_by_hand_is_taken_from_him_who_seemed_to_wear_it(tmp_path):
    _, _, people = after(tmp_path, "- {set: 1, number: 7}", p2=7)
    assert people.loc[1, "jersey"] == 7
    assert pd.isna(people.loc[2, "jersey"])


def test_people_are_found_by_shirt_and_by_name(tmp_path):
    _, who, people = after(tmp_path, "- {set: A7, name: Ada}\n- {swap: [ada, 2], from: 10}", p1=7)
    assert people.loc[1, "name"] == "Ada"
    assert who[3, 50] == 2


def test_ignore_takes_a_track_out_of_the_match(tmp_path):
    made, who, people = after(tmp_path, "- ignore: 7")
    row = made.links.set_index("track_id").loc[7]
    assert who[7, 0] is None
    assert row["role"] == "other"
    assert pd.isna(row["team"])
    assert 7 not in people.index


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- {join: [1, 99]}", "there is no person 99"),
        ("- {join: [1, 1]}", "both are person 1"),
        ("- {join: [1, 5]}", "differ in team or role"),
        ("- {join: [1, 2]}", "two places at once in 100 frames, first at 0:00.0"),
        ("- {swap: [1, 2], from: 99:00}", "99:00.0 is outside the footage"),
        ("- {swap: [1, 2], from_frame: -5}", "frame -5 is outside the footage"),
        ("- {swap: [1, 2], from: 10, until: 5}", "until must lie after from"),
        ("- {swap: [1, 2], from_frame: 100}", "neither of them is seen"),
        ("- {split: 1, at: 15}", "track 1 is not seen before and after that moment"),
        ("- {split: 88, at: 15}", "there is no track 88"),
        ("- {assign: 6, to: 1}", "two places at once in 21 frames"),
        ("- {assign: 6, to: A9}", "nobody is A9"),
        ("- {assign: 1, to: 2, from: 15}", "track 1 is not seen in that time"),
        ("- {set: 7, role: player}", "needs a team"),
        ("- {set: 1, role: referee, team: A}", "a referee has no team"),
        ("- {set: 1, number: 7}\n- {set: 2, number: 7}", "was given to person 1"),
        ("- {ignore: 5}\n- {set: 5, number: 4}", "no person 5; entry 1 took his last track"),
    ],
)
def test_what_cannot_be_is_one_line_that_names_the_entry(tmp_path, text, line):
    lines = refused(tmp_path, text)
    assert len(lines) == 1
    assert line in lines[0]
    assert f"entry {text.count(chr(10)) + 1} (" in lines[0]


def test_every_wrong_entry_has_its_own_line(tmp_path):
    lines = refused(tmp_path, "- {join: [1, 99]}\n- {set: 1, number: 7}\n- {split: 88, at: 1}")
    assert [text.split("(")[0].strip() for text in lines] == ["corrections, entry 1", "corrections, entry 3"]


def test_a_twelfth_of_a_team_is_refused(tmp_path):
    eleven = [(i, 0, 9, "player", "A", i) for i in range(1, 12)] + [(12, 0, 9, "player", "A", None)]
    with pytest.raises(CorrectionsError, match="team A would have 12 people at once"):
        corrected(*tables(eleven), said(tmp_path, "- {assign: 12, to: new}"))


def test_a_number_that_the_roster_lacks_is_refused(tmp_path):
    roster = {("A", 9): Listed("A", 9)}
    assert "no number 8 in team A" in refused(tmp_path, "- {set: 1, number: 8}", roster)[0]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("join: [1, 2]", "expected a list"),
        ("- merge: [1, 2]", "entry 1: expected one of join"),
        ("- {join: [1, 2], at: 3}", "join takes no at"),
        ("- {join: [1]}", "two people"),
        ("- {swap: [1, 2]}", "swap needs from"),
        ("- {split: 1, at: noon}", "'noon' is no time"),
        ("- {split: 1, at: 3, at_frame: 4}", "say the same"),
        ("- {split: 1, at_frame: 1.5}", "expected the number of a frame"),
        ("- {assign: 1}", "assign needs to"),
        ("- {set: 1}", "set needs team"),
        ("- {set: 1, team: C}", "expected A or B"),
        ("- {set: 1, role: king}", "role is 'king'"),
        ("- {set: 1, number: 0}", "expected 1 to 99"),
        ("- {set: 1, name: 12}", "expected text"),
        ("- {ignore: A7}", "a track's number"),
        ("- {ignore: 1, ignore: 2}", "there twice"),
        ("- [", "not valid YAML"),
    ],
)
def test_what_is_no_correction_is_refused_before_anything(tmp_path, text, line):
    with pytest.raises(CorrectionsError) as told:
        said(tmp_path, text)
    assert len(told.value.lines) == 1
    assert line in told.value.lines[0]


def test_times_are_seconds_or_clocks():
    assert [seconds_of(v) for v in (75, 75.2, "1:15", "0:05.5", "1:02:03")] == [75, 75.2, 75, 5.5, 3723]
    assert clock(65.25) == "1:05.2"


@pytest.mark.parametrize("value", ["1:75", "1:75:00", -1, True, None, float("nan"), float("inf"), "x"])
def test_what_is_no_time_is_refused(value):
    with pytest.raises(ValueError, match="is no time"):
        seconds_of(value)


def test_a_note_does_not_change_what_is_said(tmp_path):
    plain, noted = "- {ignore: 1}", "- {ignore: 1, note: a ball boy}  # seen\n"
    assert content(said(tmp_path, plain)) == content(said(tmp_path, noted))


def test_of_nobody_nothing_is_corrected(tmp_path):
    _, _, tracks = tables()
    seen = seen_of(tracks.iloc[:0])
    with pytest.raises(ValueError, match="nobody is seen"):
        seen.first_from(1)
    people, links = storage.empty("people"), storage.empty("links")
    with pytest.raises(CorrectionsError, match="no person 1"):
        corrected(people, links, tracks.iloc[:0], said(tmp_path, "- {set: 1, number: 7}"))
