"""Line-ups as rosters: CSV and files of providers, with times of the match clock put onto the footage."""

import json

import pytest

from pipeline.core.config import Config
from pipeline.core.errors import CorrectionsError
from pipeline.formats.readers.line_ups import read_line_up
from pipeline.linking.by_hand.roster import Listed, on_footage
from pipeline.workflow.steps import link


def read(tmp_path, name, content, home="A"):
    text = content if isinstance(content, str) else json.dumps(content)
    (tmp_path / name).write_text(text, encoding="utf-8")
    return read_line_up(tmp_path / name, home)


def test_a_csv_is_a_roster_whatever_its_delimiter_and_heads(tmp_path):
    made = read(tmp_path, "r.csv", "team,number,name,position,on,off,age\nA,7,Ada,LW,,63:20,30\nB,1,Bo,,,,\n")
    assert made == {("A", 7): Listed("A", 7, "Ada", "LW", None, 3800.0), ("B", 1): Listed("B", 1, "Bo")}
    made = read(tmp_path, "r.csv", "Side;Shirt;Player\nhome;7;Ada\naway;9;Bo\n", home="B")
    assert [(p.team, p.number, p.name) for p in made.values()] == [("B", 7, "Ada"), ("A", 9, "Bo")]


def skillcorner():
    def player(number, team, start, end, acronym="LW"):
        role = {"acronym": acronym, "name": "Goalkeeper" if acronym == "GK" else "Left Winger"}
        name = {"first_name": "P", "last_name": str(number)}
        times = {"start_time": start, "end_time": end, "id": number, "trackable_object": number}
        return {"team_id": team, "number": number, "player_role": role, **name, **times}

    return {
        "home_team": {"id": 4},
        "away_team": {"id": 5},
        "players": [
            player(1, 4, "00:00:00", None, "GK"),
            player(7, 4, "00:00:00", "01:03:20"),
            player(18, 4, "01:03:20", None),
            player(20, 4, None, None),
            player(9, 5, "00:00:00", None),
        ],
    }


def test_match_data_of_skillcorner_give_names_places_and_minutes_of_who_played(tmp_path):
    made = read(tmp_path, "match.json", skillcorner())
    assert list(made) == [("A", 1), ("A", 7), ("A", 18), ("B", 9)]
    assert made["A", 7] == Listed("A", 7, "P 7", "Left Winger", on_clock_s=0, off_clock_s=3800)
    assert (made["A", 18].on_clock_s, made["A", 18].off_clock_s) == (3800, None)
    assert (made["A", 1].on_clock_s, made["A", 1].off_clock_s) == (None, None)


def test_line_ups_of_statsbomb_leave_out_who_never_came_on(tmp_path):
    def player(number, *stays):
        positions = [{"position": p, "from": a, "to": b} for p, a, b in stays]
        names = {"player_name": f"Long Name {number}", "player_nickname": f"N{number}"}
        return {"jersey_number": number, "positions": positions, **names}

    teams = [
        {"lineup": [player(1, ("Goalkeeper", "00:00", None)), player(12)]},
        {"lineup": [player(10, ("Left Wing", "00:00", "50:00"), ("Striker", "50:00", "63:20"))]},
    ]
    made = read(tmp_path, "lineups.json", teams, home="B")
    assert list(made) == [("B", 1), ("A", 10)]
    assert made["A", 10] == Listed("A", 10, "N10", "Left Wing", on_clock_s=0, off_clock_s=3800)


def test_a_meta_sheet_of_the_common_data_format(tmp_path):
    player = {"id": "p1", "first_name": "Ada", "last_name": "L", "jersey_number": 7, "position": "LW"}
    sheet = {"teams": {"home": {"players": [player]}, "away": {"players": []}}}
    assert read(tmp_path, "meta.json", sheet) == {("A", 7): Listed("A", 7, "Ada L", "LW")}


SPORTEC = """<?xml version="1.0" encoding="UTF-8"?>
<PutDataRequest><MatchInformation>
<General MatchId="m" Result="1:0" HomeTeamId="h" GuestTeamId="g" KickoffTime="2024-01-01T15:30:00+01:00"
 MatchDay="1" DlProviderId="d"/>
<OtherGameInformation TotalTimeFirstHalf="2700000" TotalTimeSecondHalf="2700000"/>
<Environment PitchX="105" PitchY="68"/>
<Teams>
<Team Role="home" TeamId="h" TeamName="Home" LineUp="4-4-2">
<TrainerStaff><Trainer Role="headcoach" Shortname="C" PersonId="c"/></TrainerStaff>
<Players><Player PersonId="p7" ShirtNumber="7" FirstName="Ada" LastName="L" Shortname="A. L"
 PlayingPosition="TW" Starting="true"/></Players></Team>
<Team Role="guest" TeamId="g" TeamName="Guest" LineUp="4-4-2"><TrainerStaff/>
<Players><Player PersonId="p9" ShirtNumber="9" FirstName="Bo" LastName="M" Shortname="B. M"
 PlayingPosition="STZ" Starting="true"/></Players></Team>
</Teams></MatchInformation></PutDataRequest>
"""


def test_match_information_of_sportec_is_read_with_kloppy(tmp_path):
    made = read(tmp_path, "info.xml", SPORTEC)
    assert [(p.team, p.number) for p in made.values()] == [("A", 7), ("B", 9)]
    assert "Ada" in made["A", 7].name
    assert made["A", 7].position == "Goalkeeper"


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("a.csv", "", "no players in it"),
        ("a.csv", "team,number\nA,seven\n", "player 1: number is 'seven'"),
        ("a.csv", "team,number\nC,7\n", "team is 'C'"),
        ("a.csv", "team,number\nA,7\nA,7\n", "number 7 of team A is there twice"),
        ("a.json", "{", "no line-up that is known"),
        ("a.json", "{}", "no line-up that is known"),
        ("a.json", '{"teams": {"home": {"players": []}, "away": {"players": []}}}', "no player with a shirt"),
        ("a.xml", "<a/>", "no line-up that is known"),
        ("a.xml", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "no line-up"),
    ],
)
def test_what_is_no_line_up_is_one_line(tmp_path, name, content, line):
    with pytest.raises(CorrectionsError) as told:
        read(tmp_path, name, content)
    assert len(told.value.lines) == 1
    assert line in told.value.lines[0]


def test_a_missing_file_is_one_line(tmp_path):
    with pytest.raises(CorrectionsError, match="cannot be read"):
        read_line_up(tmp_path / "none.csv", "A")


def test_the_match_clock_is_put_onto_the_footage_where_the_halves_are_known():
    seven = {("A", 7): Listed("A", 7, on_clock_s=0.0, off_clock_s=3800.0)}
    known = on_footage(seven, [(60.0, 2800.0), (3700.0, 6500.0)])["A", 7]
    assert (known.on_s, known.off_s) == (60.0, 3700.0 + 1100.0)
    unknown = on_footage(seven, [])["A", 7]
    assert (unknown.on_s, unknown.off_s) == (None, None)
    first = on_footage(seven, [(60.0, 2800.0)])["A", 7]
    assert (first.on_s, first.off_s) == (60.0, None)


def test_step_link_takes_a_line_up_by_its_ending(tmp_path):
    (tmp_path / "match.json").write_text(json.dumps(skillcorner()))
    config = Config.model_validate({"link": {"roster": str(tmp_path / "match.json"), "home": "B"}})
    assert ("B", 7) in link._roster(config)
