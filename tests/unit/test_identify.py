from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tracking_scene import (
    NAVY,
    RED,
    UNKNOWN,
    WHITE,
    YELLOW,
    frames_table,
    no_views,
    person,
    scene,
    top_down_views,
)

from pipeline.core.config import IdentifySettings, TrackSettings
from pipeline.core.pitch import Pitch
from pipeline.identity.teams_and_roles import identify
from pipeline.positions.projection import projections
from pipeline.tables import storage
from pipeline.tracking.tracker import track

N = 30
Lab = tuple[float, float, float]


def noisy(table: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The same person with kit colours that flicker as real ones do, and a shirt a little their own."""
    chance = np.random.default_rng(seed)
    for part in ("torso", "legs"):
        for channel, own in zip("lab", chance.normal(0, 2, 3), strict=True):
            table[f"{part}_{channel}"] += own + chance.normal(0, 3, len(table))
    return table


def crowd(*kits: tuple[Lab, int], n: int = N, left: float = 200.0) -> list[pd.DataFrame]:
    """People standing in rows, ``who`` counting on; each kit as often as asked for."""
    out: list[pd.DataFrame] = []
    for kit, count in kits:
        for _ in range(count):
            k = len(out)
            out.append(noisy(person(left + 70 * (k % 11), 200 + 90 * (k // 11), range(n), kit=kit, who=k), k))
    return out


def on_the_ground(instances: pd.DataFrame, views: pd.DataFrame) -> pd.DataFrame:
    """Where certain views put everybody."""
    return projections(instances, views, np.zeros((len(views), 8, 8)), Pitch(), 6.0)


def named(
    people: list[pd.DataFrame], *, tracked: bool = True, views: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Labels of ``people`` with the truth: columns who, role, team, team_score."""
    instances, truth = scene(*people)
    frames = frames_table(N)
    tracks = track(frames, instances, TrackSettings()) if tracked else None
    given = no_views() if views is None else views
    ground = on_the_ground(instances, given)
    labels, identities = identify(frames, instances, tracks, given, ground, IdentifySettings(), Pitch())
    assert (identities is None) == (not tracked)
    assert len(labels) == len(instances)
    return labels.merge(truth, on=["frame", "instance"])


both_modes = pytest.mark.parametrize("tracked", [True, False], ids=["tracks", "team level"])


@both_modes
def test_nobody_gets_empty_tables(tracked: bool):
    tracks = storage.empty("tracks") if tracked else None
    empty = storage.empty("instances")
    labels, identities = identify(
        frames_table(3), empty, tracks, no_views(), storage.empty("projections"), IdentifySettings(), Pitch()
    )
    assert labels.empty
    assert identities is None or identities.empty


@both_modes
@pytest.mark.parametrize(("lighter", "darker"), [(WHITE, RED), (RED, NAVY), (YELLOW, WHITE)])
def test_two_kits_become_two_teams_and_the_lighter_is_a(tracked: bool, lighter: Lab, darker: Lab):
    if lighter == YELLOW:  # equally light: the yellower counts as lighter
        lighter = (88.0, 5.0, 75.0)
    found = named(crowd((darker, 8), (lighter, 8)), tracked=tracked)
    assert (found.loc[found["who"] < 8, "team"] == "B").mean() > 0.98
    assert (found.loc[found["who"] >= 8, "team"] == "A").mean() > 0.98
    assert (found["role"] == "player").mean() > 0.98


@both_modes
def test_a_referee_in_a_third_colour_joins_no_team(tracked: bool):
    found = named([*crowd((WHITE, 9), (NAVY, 9), (YELLOW, 1))], tracked=tracked)
    referee = found[found["who"] == 18]
    assert referee["team"].isna().all()
    assert (referee["role"] != "player").all()


@both_modes
@pytest.mark.parametrize(
    "people",
    [[(RED, 9)], [(RED, 1)], [(UNKNOWN, 6)], [(RED, 12), (YELLOW, 1)]],
    ids=["one team", "one player", "no colours", "one team and a referee"],
)
def test_teams_are_never_forced(tracked: bool, people: list[tuple[Lab, int]]):
    assert named(crowd(*people), tracked=tracked)["team"].isna().all()


def test_only_referees_are_no_teams():
    people = [p.assign(class_name="referee") for p in crowd((YELLOW, 3))]
    found = named(people)
    assert found["team"].isna().all()
    assert (found["role"] == "referee").all()


def test_kits_near_each_other_are_still_told_apart_by_tracks():
    blue, dark = (45.0, 5.0, -30.0), (30.0, 5.0, -12.0)
    found = named(crowd((blue, 8), (dark, 8)))
    assert found.loc[found["who"] < 8, "team"].eq("A").mean() > 0.95
    assert found.loc[found["who"] >= 8, "team"].eq("B").mean() > 0.95


def test_a_big_team_and_a_small_one_are_both_found():
    found = named(crowd((WHITE, 10), (RED, 3)))
    assert (found.loc[found["who"] >= 10, "team"] == "B").all()


def on_pitch(x_m: float, y_m: float, kit: Lab, who: int, name: str = "player") -> pd.DataFrame:
    """Someone whose feet are at (x_m, y_m) under `top_down_views`."""
    return noisy(person(600 + 10 * x_m, 400 - 10 * y_m - 25, range(N), kit=kit, name=name, who=who), who)


def match_from_above() -> list[pd.DataFrame]:
    """White defends the left goal, navy the right one."""
    white = [on_pitch(-25 + 4 * (k % 5), -20 + 9 * k, WHITE, k) for k in range(6)]
    navy = [on_pitch(5 - 4 * (k % 5), -18 + 8 * k, NAVY, 10 + k) for k in range(6)]
    return [*white, *navy]


@both_modes
def test_goalkeepers_belong_to_the_side_that_they_defend(tracked: bool):
    left = on_pitch(-49, 1, YELLOW, 20, name="goalkeeper")
    right = on_pitch(50, -1, (60.0, -50.0, 40.0), 21, name="goalkeeper")
    found = named([*match_from_above(), left, right], tracked=tracked, views=top_down_views(N))
    assert set(found.loc[found["who"] == 20, "role"]) == {"goalkeeper"}
    assert set(found.loc[found["who"] == 20, "team"]) == {"A"}
    assert set(found.loc[found["who"] == 21, "team"]) == {"B"}


def test_goalkeepers_without_a_view_have_no_team():
    keeper = on_pitch(-49, 1, YELLOW, 20, name="goalkeeper")
    found = named([*match_from_above(), keeper])
    assert found.loc[found["who"] == 20, "team"].isna().all()


def test_people_beside_the_pitch_are_others_even_in_team_colours():
    bench = [on_pitch(-10 + 3 * k, 38.5, NAVY, 30 + k) for k in range(4)]
    found = named([*match_from_above(), *bench], views=top_down_views(N))
    assert set(found.loc[found["who"] >= 30, "role"]) == {"other"}
    assert set(found.loc[found["who"].between(10, 15), "team"]) == {"B"}


def test_an_assistant_on_the_line_in_the_referees_kit_is_a_referee():
    middle = on_pitch(0, 3, YELLOW, 20, name="referee")
    line = on_pitch(-15, 34.5, YELLOW, 21, name="referee")
    found = named([*match_from_above(), middle, line], views=top_down_views(N))
    assert set(found.loc[found["who"] >= 20, "role"]) == {"referee"}


@both_modes
def test_balls_are_balls(tracked: bool):
    ball = person(300, 500, range(N), name="ball", kit=UNKNOWN, size_px=(8, 8), who=50)
    found = named([*crowd((WHITE, 5), (NAVY, 5)), ball], tracked=tracked)
    assert set(found.loc[found["who"] == 50, "role"]) == {"ball"}
    assert found.loc[found["who"] == 50, "team"].isna().all()


def test_unlinked_people_are_named_by_their_own_colour():
    loose = person(600, 600, [5], kit=NAVY, score=0.3, who=40)
    found = named([*crowd((WHITE, 6), (NAVY, 6)), loose])
    assert set(found.loc[found["who"] == 40, "team"]) == {"B"}


def test_team_level_outvotes_a_frame_of_wrong_colour():
    people = crowd((WHITE, 6), (NAVY, 6))
    odd = people[0]["frame"] == 10
    for part in ("torso", "legs"):
        for channel, value in zip("lab", NAVY, strict=True):
            people[0].loc[odd, f"{part}_{channel}"] = value
    found = named(people, tracked=False)
    assert set(found.loc[found["who"] == 0, "team"]) == {"A"}


def test_identities_cover_every_track_and_their_times():
    instances, _ = scene(*crowd((WHITE, 5), (NAVY, 5)))
    frames = frames_table(N)
    tracks = track(frames, instances, TrackSettings())
    _, identities = identify(
        frames, instances, tracks, no_views(), storage.empty("projections"), IdentifySettings(), Pitch()
    )
    assert identities is not None
    assert identities["track_id"].tolist() == sorted(tracks["track_id"].unique())
    assert (identities["n_frames"] == N).all()
    assert identities["last_s"].to_numpy() == pytest.approx((N - 1) * 0.04)
    assert identities["team_score"].between(0.6, 1).all()
