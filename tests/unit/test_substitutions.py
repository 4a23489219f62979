"""Who comes on and who goes off: on simulated tracks with numbers read."""

import numpy as np
import pandas as pd
import pytest

from pipeline.linking.link_people import link

KIT = ["torso_l", "torso_a", "torso_b", "legs_l", "legs_a", "legs_b"]
PLACES = [
    (-20, -20),
    (-20, -7),
    (-20, 7),
    (-20, 20),
    (-5, -15),
    (-5, 0),
    (-5, 15),
    (10, -18),
    (12, 0),
    (10, 18),
]
SHOTS = [(0.0, 20.0), (24.0, 40.0), (70.0, 90.0), (94.0, 110.0)]
"""What the camera shows; play stops for half a minute in the middle."""


def _match(numbers, shots=SHOTS):
    """Link a team of ten of whom ``numbers(place, shot)`` are read; None: nobody there; 0: not read."""
    parts, read, track = [], [], 0
    for shot, (start, end) in enumerate(shots):
        for place, (x, y) in enumerate(PLACES):
            number = numbers(place, shot)
            if number is None:
                continue
            track += 1
            time = np.arange(start, end - 1e-9, 0.2)
            table = pd.DataFrame({"time_s": time, "frame": np.round(time / 0.2).astype("int32")})
            parts.append(
                table.assign(track_id=np.int32(track), x_m=float(x), y_m=float(y), place=place, shot=shot)
            )
            read.append({"track_id": track, "number": number or None, "number_score": 0.95, "n_samples": 5})
    rows = pd.concat(parts, ignore_index=True)
    rows["instance"] = rows.groupby("frame").cumcount().astype("int32")
    made = link(
        rows[["frame", "time_s", "instance", "track_id"]],
        rows[["frame", "instance"]].assign(**dict.fromkeys(KIT, np.nan)),
        rows[["frame", "instance", "x_m", "y_m"]].assign(error_m=0.2),
        rows[["track_id"]].drop_duplicates().assign(role="player", team="A"),
        appearance=pd.DataFrame(read).astype({"number": "Int32"}),
    )
    who = rows.drop_duplicates("track_id").set_index(["place", "shot"])["track_id"]
    return made, who.map(made.links.set_index("track_id")["player_id"])


def _usual(place, shot):
    return place + 2


def test_a_substitute_is_a_new_person_from_when_he_comes_on():
    made, who = _match(lambda place, shot: 18 if place == 8 and shot >= 2 else _usual(place, shot))
    assert who[8, 0] == who[8, 1] != who[8, 2] == who[8, 3]
    shirts = made.people.set_index("player_id")["jersey"]
    assert (shirts[who[8, 0]], shirts[who[8, 2]]) == (10, 18)
    assert len(made.people) == 11


def test_with_a_substitute_there_are_never_more_than_ten_outfield_players_at_a_time():
    made, _ = _match(lambda place, shot: 18 if place == 8 and shot >= 2 else _usual(place, shot))
    assert made.facts["too_many_frames"] == made.facts["overlaps"] == 0


def test_he_comes_on_while_he_was_out_of_view_for_longest_not_where_his_number_is_first_read():
    numbers = [10, 10, 0, 18, 18]
    _, who = _match(
        lambda place, shot: numbers[shot] if place == 8 else _usual(place, shot), [*SHOTS, (114.0, 120.0)]
    )
    assert who[8, 1] != who[8, 2] == who[8, 3]


def test_one_misread_number_makes_no_substitute():
    made, who = _match(lambda place, shot: 18 if (place, shot) == (8, 2) else _usual(place, shot))
    assert len(made.people) == 10
    assert len({who[8, shot] for shot in range(4)}) == 1


def test_where_no_number_is_read_nobody_is_taken_for_a_substitute():
    made, _ = _match(lambda *_: 0)
    assert len(made.people) == 10


@pytest.mark.parametrize("sent_off", [0, 5, 9])
def test_after_a_sending_off_the_others_stay_who_they_are_and_nobody_takes_his_place(sent_off):
    made, who = _match(lambda place, shot: None if place == sent_off and shot >= 2 else 0)
    for place in set(range(10)) - {sent_off}:
        assert len({who[place, shot] for shot in range(4)}) == 1
    assert who[sent_off, 0] not in {who[p, 3] for p in range(10) if p != sent_off}
    assert len(made.people) == 10
