"""Linking whole teams: who is who after a cut, and what must never be."""

import numpy as np
import pandas as pd
import pytest

from pipeline.linking.link_people import link
from pipeline.tables import storage
from pipeline.tables.persons import by_person
from pipeline.tables.schemas import SCHEMAS

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


def _track(number, start_s, end_s, place, team="A", role="player", velocity=(0.0, 0.0), shift=0.0):
    time = np.arange(start_s, end_s - 1e-9, 0.2)
    since = time - start_s
    return pd.DataFrame(
        {
            "time_s": time,
            "frame": np.round(time / 0.2).astype("int32"),
            "track_id": np.int32(number),
            "x_m": place[0] + shift + velocity[0] * since,
            "y_m": place[1] + velocity[1] * since,
            "role": role,
            "team": team,
        }
    )


def _tables(*parts):
    rows = pd.concat(parts, ignore_index=True) if parts else _track(1, 0, 0, (0, 0))
    rows["instance"] = rows.groupby("frame").cumcount().astype("int32")
    identities = rows.groupby("track_id").agg(role=("role", "first"), team=("team", "first")).reset_index()
    return (
        rows[["frame", "time_s", "instance", "track_id"]],
        rows[["frame", "instance"]].assign(**dict.fromkeys(KIT, np.nan)),
        rows[["frame", "instance", "x_m", "y_m"]].assign(error_m=0.2),
        identities,
    )


def _linked(*parts, **more):
    made = link(*_tables(*parts), **more)
    return made, dict(zip(made.links["track_id"], made.links["player_id"], strict=True))


def test_after_a_cut_of_5_s_a_whole_team_is_known_although_play_moved_on_by_15_m():
    before = [_track(1 + i, 0, 10, p) for i, p in enumerate(PLACES)]
    after = [_track(101 + i, 15, 25, p, shift=15.0) for i, p in enumerate(PLACES)]
    made, who = _linked(*before, *after)
    assert [who[101 + i] for i in range(10)] == [who[1 + i] for i in range(10)]
    assert made.facts["people_a"] == 10
    assert made.facts["unknown_share"] == 0


def test_who_runs_out_of_view_and_back_is_the_same_person():
    _, who = _linked(
        _track(1, 0, 4, (0, 0), velocity=(5, 0)), _track(2, 5, 9, (25, 0)), _track(3, 0, 9, (0, 25))
    )
    assert who[2] == who[1] != who[3]


def test_nobody_is_in_two_places_at_once():
    made, who = _linked(_track(1, 0, 10, (0, 0)), _track(2, 5, 15, (0.5, 0)))
    assert who[1] != who[2]
    assert made.facts["overlaps"] == 0


def test_of_eleven_outfield_players_at_once_one_stays_unknown():
    made, who = _linked(*(_track(1 + i, 0, 10, (x, x / 2)) for i, x in enumerate(range(-25, 30, 5))))
    assert sum(pd.isna(p) for p in who.values()) == 1
    assert made.facts["people_a"] == 10
    assert made.facts["unknown_share"] == pytest.approx(1 / 11)


def test_nobody_crosses_the_pitch_in_a_second():
    parts = [_track(1 + i, 0, 10, p) for i, p in enumerate(PLACES)]
    made, who = _linked(*parts, _track(50, 11, 14, (48, -30)))
    assert pd.isna(who[50])
    assert made.facts["teleports"] == 0


def test_teams_are_never_mixed():
    _, who = _linked(_track(1, 0, 5, (0, 0)), _track(2, 5.4, 9, (0, 0), team="B"))
    assert who[1] != who[2]


def test_a_goalkeeper_seen_again_after_minutes_is_the_same_man():
    made, who = _linked(
        _track(1, 0, 5, (-48, 0), role="goalkeeper"), _track(2, 200, 205, (-45, 3), role="goalkeeper")
    )
    assert who[1] == who[2]
    assert len(made.people) == 1


def test_bench_and_unclear_ones_are_nobody():
    _, who = _linked(_track(1, 0, 5, (0, 0)), _track(2, 0, 5, (0, 40), team=None, role="other"))
    assert pd.isna(who[2])
    assert not pd.isna(who[1])


def test_a_shirt_number_decides_between_two_who_changed_places_unseen():
    first = [_track(1, 0, 20, (0, -5)), _track(2, 0, 20, (0, 5))]
    second = [_track(3, 60, 80, (0, -5)), _track(4, 60, 80, (0, 5))]
    _, plain = _linked(*first, *second)
    assert (plain[3], plain[4]) == (plain[1], plain[2])
    numbers = pd.DataFrame({"track_id": [1, 2, 3, 4], "number": [7, 9, 9, 7], "number_score": 0.95})
    made, read = _linked(*first, *second, appearance=numbers.assign(n_samples=5).astype({"number": "Int32"}))
    assert (read[3], read[4]) == (read[2], read[1])
    assert sorted(made.people["jersey"].dropna()) == [7, 9]
    assert set(made.links.loc[made.links["track_id"] >= 3, "why"]) == {"number"}


def test_a_track_that_jumps_to_another_player_is_split():
    jump = pd.concat([_track(1, 0, 10, (0, -20)), _track(1, 10, 20, (0, 20))])
    made, _ = _linked(jump, _track(2, 10.2, 20, (0, -20)), _track(3, 0, 9.8, (0, 20)))
    own = made.links.set_index(["track_id", "frame_from"])["player_id"]
    assert own[1, 0] == own[2, 51]
    assert own[1, 50] == own[3, 0]
    assert own[1, 0] != own[1, 50]


def test_a_track_whose_number_changes_is_split_there():
    readings = pd.DataFrame(
        {"track_id": 1, "frame": range(0, 100, 5), "number": [7] * 10 + [9] * 10, "score": 0.9}
    ).astype({"number": "Int32"})
    made, _ = _linked(_track(1, 0, 20, (0, 0)), readings=readings)
    assert made.links["frame_from"].tolist() == [0, 50]


def test_nothing_makes_nobody():
    names = ("tracks", "instances", "positions", "identities")
    made = link(*(storage.empty(n) for n in names))
    assert made.people.empty
    assert made.links.empty
    assert made.facts["people_a"] == 0


def test_without_any_place_everybody_is_unknown():
    tracks, instances, _, identities = _tables(_track(1, 0, 5, (0, 0)))
    made = link(tracks, instances, storage.empty("positions"), identities)
    assert made.links["player_id"].isna().all()
    assert made.people.empty


def test_positions_are_told_by_person_and_unknown_ones_keep_their_own_number():
    tracks, _, positions, identities = _tables(
        _track(1, 0, 10, (0, 0)),
        _track(2, 12, 20, (0, 0)),
        _track(3, 0, 5, (20, 20), team=None, role="other"),
    )
    links = storage.empty("links").reindex(range(3))
    links = links.assign(
        track_id=[1, 2, 3], frame_from=[0, 60, 0], frame_to=[49, 99, 24], player_id=[1, 1, None]
    )
    links = links.assign(role="player", team="A", score=1.0, seconds=1.0).astype({"player_id": "Int32"})
    who = identities.assign(role_score=1.0, team_score=1.0, n_frames=10, first_s=0.0, last_s=20.0)
    seen = tracks.merge(positions, on=["frame", "instance"])
    told, known = by_person(seen, who, links)
    assert set(told["track_id"]) == {1, 3}
    assert set(known["track_id"]) == {1, 3}
    assert known.set_index("track_id")["n_frames"].tolist() == [20, 10]
    assert by_person(seen, who, storage.empty("links"))[0] is seen


def test_tables_fit_their_declarations():
    made, _ = _linked(*(_track(1 + i, 0, 10, p) for i, p in enumerate(PLACES)))
    for name in ("people", "links", "placed_by_hand"):
        storage.conform(getattr(made, name), name)
        assert not getattr(made, name).duplicated(list(SCHEMAS[name].key)).any()
