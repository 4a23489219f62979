"""Who is in a picture without a camera view, told by how people stand in it."""

import numpy as np
import pandas as pd
import pytest

from pipeline.linking.close_ups.layout import STATURE_M, Pictured, readings
from pipeline.linking.close_ups.link_close_ups import Pictures
from pipeline.linking.close_ups.whereabouts import Expected, Whereabouts
from pipeline.linking.link_people import link
from pipeline.tables import storage

WIDTH, HEIGHT = 1280, 720
CAMERA, FOCAL = (0.0, -42.0), 2.0
KIT = ["torso_l", "torso_a", "torso_b", "legs_l", "legs_a", "legs_b"]
HOME = {
    **dict(enumerate([(-22, -18), (-24, -6), (-23, 7), (-21, 19), (-8, -12), (-10, 1), (-7, 13)], start=1)),
    **dict(enumerate([(9, -14), (12, 0), (8, 15)], start=8)),
}
AWAY = {
    **dict(enumerate([(24, -17), (26, -5), (25, 8), (22, 18), (6, -10), (3, 2), (7, 11)], start=21)),
    **dict(enumerate([(-5, -16), (-13, -3), (-6, 16)], start=28)),
}
PLACES = HOME | AWAY


def _filmed(places, towards, camera=CAMERA, focal=FOCAL):
    """People as a camera sees them: ``person: (x, height)`` in widths of the picture, of those in it."""
    way = np.subtract(towards, camera)
    ahead = way / np.hypot(*way)
    right = np.array([ahead[1], -ahead[0]])
    out = {}
    for person, place in places.items():
        away, beside = np.subtract(place, camera) @ ahead, np.subtract(place, camera) @ right
        if away > 5 and abs(focal * beside / away) < 0.45:
            out[person] = (focal * beside / away, focal * STATURE_M / away)
    return out


def _expected(places, sd_m=1.0):
    return Expected(
        np.array(list(places)), np.array(list(places.values()), float), np.full((len(places), 2), sd_m**2)
    )


def _pictured(seen, places):
    team = np.array([p < 20 for p in places])
    prior = np.where(np.array([p < 20 for p in seen])[:, None] == team, 0.0, -np.inf)
    x, height = np.array(list(seen.values())).T
    return Pictured(x, height, prior)


def test_seven_people_in_a_picture_tell_who_they_are_and_where_the_camera_stands():
    seen = _filmed(PLACES, (5.0, 0.0))
    assert len(seen) >= 6
    best = readings(_pictured(seen, PLACES), _expected(PLACES))[0]
    assert [list(PLACES)[k] for k in best.who] == list(seen)
    assert np.hypot(*(best.camera_m - CAMERA)) < 3


def test_with_the_place_of_the_camera_known_three_are_enough():
    seen = _filmed(PLACES, (8.0, 5.0), focal=5.0)
    assert list(seen) == [10, 25, 27]
    best = readings(_pictured(seen, PLACES), _expected(PLACES), np.array(CAMERA))[0]
    assert [list(PLACES)[k] for k in best.who] == list(seen)


def test_one_person_alone_says_nothing_of_the_camera():
    seen = dict(list(_filmed(PLACES, (5.0, 0.0)).items())[:1])
    assert readings(_pictured(seen, PLACES), _expected(PLACES)) == []


def test_between_two_sightings_everybody_is_expected_on_his_way():
    time = np.concatenate([np.arange(0, 60, 0.2), np.arange(64, 124, 0.2)])
    paths = [
        pd.DataFrame({"time_s": time, "x_m": x + 0.2 * time, "y_m": y, "piece": p, "player_id": p})
        for p, (x, y) in HOME.items()
    ]
    seen = pd.concat(paths, ignore_index=True).assign(role="player", team="A", error_m=0.2)
    at = Whereabouts(seen).at(62.0)
    assert at.person.tolist() == list(HOME)
    there = np.array([(x + 12.4, y) for x, y in HOME.values()])
    assert at.place_m == pytest.approx(there, abs=1.0)
    later = Whereabouts(seen).at(180.0)
    assert (later.variance_m2 > 2 * at.variance_m2).all()


def _rows(number, start_s, end_s, place, person, box=None):
    time = np.arange(start_s, end_s - 1e-9, 0.2)
    table = pd.DataFrame({"time_s": time, "frame": np.round(time / 0.2).astype("int32")})
    x, y = (np.nan, np.nan) if place is None else place
    table = table.assign(track_id=np.int32(number), x_m=x, y_m=y, team="A" if person < 20 else "B")
    table[["x1_px", "y1_px", "x2_px", "y2_px"]] = (0.0, 0.0, 20.0, 60.0) if box is None else box
    return table


def _box(x, height):
    middle, tall = (x + 0.5) * WIDTH, height * WIDTH
    return middle - 0.15 * tall, 400 - tall / 2, middle + 0.15 * tall, 400 + tall / 2


def _match(seen, kind="close_up"):
    """A wide shot of 60 s, a close-up of 3 s in which ``seen`` are seen, a wide shot; linked."""
    parts = [_rows(p, 0, 60, xy, p) for p, xy in PLACES.items()]
    parts += [_rows(100 + p, 60, 63, None, p, _box(*look)) for p, look in seen.items()]
    parts += [_rows(200 + p, 63, 120, xy, p) for p, xy in PLACES.items()]
    rows = pd.concat(parts, ignore_index=True).assign(role="player")
    rows["instance"] = rows.groupby("frame").cumcount().astype("int32")
    shots = pd.DataFrame({"kind": ["main", kind, "main"]})
    shots = shots.assign(start_frame=[0, 300, 315], end_frame=[299, 314, 599])
    return link(
        rows[["frame", "time_s", "instance", "track_id"]],
        rows[["frame", "instance", "x1_px", "y1_px", "x2_px", "y2_px"]].assign(**dict.fromkeys(KIT, np.nan)),
        rows[["frame", "instance", "x_m", "y_m"]].assign(error_m=0.2),
        rows.groupby("track_id")[["role", "team"]].first().reset_index(),
        pictures=Pictures(shots, WIDTH, HEIGHT),
    )


def _who(made):
    return made.links.set_index("track_id")["player_id"]


def test_who_is_in_a_close_up_between_two_wide_shots_is_known():
    seen = _filmed(PLACES, (5.0, 0.0))
    made = _match(seen)
    who = _who(made)
    assert [who[100 + p] for p in seen] == [who[p] for p in seen]
    told = made.links[made.links["track_id"].between(100, 199)]
    assert set(told["why"]) == {"layout"}
    assert told["score"].between(0.7, 1.0).all()
    storage.conform(made.links, "links")


def test_a_replay_is_not_taken_for_what_happens_now():
    seen = _filmed(PLACES, (5.0, 0.0))
    assert _who(_match(seen, kind="replay"))[[100 + p for p in seen]].isna().all()


def test_people_who_stand_as_nobody_could_stay_unknown():
    chance = np.random.default_rng(3)
    elsewhere = {p: tuple(chance.uniform((-40, -30), (40, 30))) for p in PLACES}
    seen = _filmed(elsewhere, (0.0, 0.0), focal=1.5)
    who = _who(_match(seen))
    assert len(seen) >= 6
    assert who[[100 + p for p in seen]].notna().mean() <= 0.2


def test_who_is_cut_off_by_the_edge_of_the_picture_is_not_measured():
    seen = _filmed(PLACES, (5.0, 0.0))
    cut = {p: (x, 0.9) for p, (x, _) in seen.items()}
    assert _who(_match(cut))[[100 + p for p in seen]].isna().all()
