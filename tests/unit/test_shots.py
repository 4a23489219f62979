"""What shots are taken for: rules one by one, then a drawn broadcast through steps shots and project."""

import drawn_shots as drawn
import numpy as np
import pandas as pd
import pytest

from pipeline.calibration.sequence.camera_places import camera_places
from pipeline.calibration.sequence.view_tables import footage, views_table
from pipeline.core.config import Config
from pipeline.egomotion.reduced_picture import reduced
from pipeline.shots import overlay_graphics, replays, shot_facts, thumbnails
from pipeline.shots.classification import Look, guess, shots_table
from pipeline.shots.transitions import Change, alike, changes
from pipeline.shots.usable_frames import feeding
from pipeline.tables import storage
from pipeline.workflow.step import Context
from pipeline.workflow.steps import project, shots

PLAY = {"view_share": 0.0, "grass": 0.7, "tallest": 0.12, "change": 12.0, "length_s": 4.0}


def look(camera=None, **other):
    return Look(camera, **(PLAY | other))


@pytest.mark.parametrize(
    ("seen", "spoken", "kind"),
    [
        (look("main", view_share=1.0), [], "main"),
        (look("main", view_share=1.0), [replays.NO_BUG], "main"),
        (look("main", view_share=1.0), [replays.WIPED], "replay"),
        (look("main", view_share=1.0), [replays.NO_BUG, replays.SLOW], "replay"),
        (look("other", view_share=0.9), [], "other"),
        (look("other", view_share=0.9), [replays.NO_BUG], "replay"),
        (look(view_share=0.9), [], "unclear"),
        (look("other", view_share=0.2), [], "unclear"),
        (look(tallest=0.8), [], "close_up"),
        (look(tallest=0.8, grass=0.0), [], "close_up"),
        (look(tallest=0.8), [replays.SLOW], "replay"),
        (look(grass=0.0, tallest=0.0), [], "no_pitch"),
        (look(grass=0.0, tallest=0.0), [replays.NO_BUG], "no_pitch"),
        (look(grass=0.0, tallest=0.0, change=0.3), [replays.WIPED], "graphic"),
        (look(grass=0.7, change=0.3), [], "unclear"),
        (look(grass=np.nan, tallest=0.0), [], "unclear"),
    ],
)
def test_a_shot_is_what_it_shows_and_a_replay_only_by_a_sign(seen, spoken, kind):
    found = guess(seen, spoken)
    assert found.kind == kind
    assert (found.score is None) == (kind == "unclear")
    assert found.score is None or 0.5 <= found.score <= 1


def numbers(*rows):
    """Facts of shots: camera, seconds, view share, share of repeated frames."""
    out = pd.DataFrame(rows, columns=["camera", "seconds", "view_share", "repeats"], dtype=float)
    ends = out["seconds"].cumsum()
    out["start_s"], out["end_s"] = ends - out.pop("seconds"), ends - 0.04
    out["start_frame"], out["end_frame"] = (out["start_s"] * 25).round(), (out["end_s"] * 25).round()
    place = out["camera"].map({0.0: 20.0, 1.0: 8.0})
    out = out.assign(n_frames=out["end_frame"] - out["start_frame"] + 1, x_m=0.0, y_m=-70.0, z_m=place)
    return out.assign(
        grass=0.7, people=12.0, tallest=0.1, error_m=np.where(out["view_share"] > 0, 0.2, np.nan)
    )


def kinds_of(rows, found=(), no_bug=()):
    change = dict.fromkeys(range(len(rows)), 12.0)
    return storage.conform(shots_table(numbers(*rows), change, list(found), no_bug), "shots")


MAIN, OTHER, BLIND = (0, 8, 1.0, 0.0), (1, 5, 1.0, 0.0), (np.nan, 3, 0.0, 0.0)


def changes_between(*same, n=6):
    """Transitions between shots in a row; those before the shots ``same`` are one and the same wipe."""
    rng = np.random.default_rng(1)
    badge = rng.integers(0, 255, (4, 18, 32, 3)).astype(np.int16)
    where = np.ones((4, 18, 32), bool)
    return [
        Change(
            k - 1,
            k,
            "wipe" if k in same else "cut",
            badge if k in same else badge[:0],
            where[: 4 if k in same else 0],
        )
        for k in range(1, n)
    ]


def test_what_lies_between_two_like_wipes_is_a_replay():
    table = kinds_of([MAIN, OTHER, BLIND, MAIN, OTHER, MAIN], changes_between(1, 3))
    assert table["kind"].tolist() == ["main", "replay", "replay", "main", "other", "main"]
    assert table["start"].tolist() == ["first", "wipe", "cut", "wipe", "cut", "cut"]
    assert table["feeds_positions"].tolist() == [True, False, False, True, True, True]


def test_between_two_replays_play_is_live():
    table = kinds_of([MAIN, OTHER, MAIN, OTHER, MAIN, MAIN], changes_between(1, 2, 3, 4))
    assert table["kind"].tolist() == ["main", "replay", "main", "replay", "main", "main"]


def test_wipes_between_the_replays_of_one_scene_do_not_make_one_of_them_live():
    table = kinds_of([MAIN, OTHER, OTHER, MAIN, MAIN, MAIN], changes_between(1, 2, 3))
    assert table["kind"].tolist() == ["main", "replay", "replay", "main", "main", "main"]


def test_a_wipe_that_was_missed_does_not_turn_live_play_into_replays():
    table = kinds_of([MAIN, OTHER, MAIN, MAIN, OTHER, MAIN], changes_between(1, 4, 5))
    assert table["kind"].tolist()[2:] == ["main", "main", "replay", "main"]


def test_a_replay_by_the_main_camera_is_known_by_its_wipes():
    rows = [(0, 60, 1.0, 0.0), (0, 3, 1.0, 0.0), (0, 60, 1.0, 0.0)]
    assert kinds_of(rows, changes_between(1, 2, n=3))["kind"].tolist() == ["main", "replay", "main"]


def test_repeated_frames_are_slow_motion_where_the_main_camera_has_none():
    slow = (1, 5, 1.0, 0.5)
    assert kinds_of([MAIN, slow, MAIN])["kind"].tolist() == ["main", "replay", "main"]
    converted = (0, 8, 1.0, 0.4)
    assert kinds_of([converted, slow, converted])["kind"].tolist() == ["main", "other", "main"]


def test_a_view_that_is_rough_or_rare_feeds_no_positions():
    rough = numbers(MAIN, OTHER, MAIN).assign(error_m=[0.2, 1.8, 0.2])
    assert shots_table(rough, {}, [], ())["feeds_positions"].tolist() == [True, False, True]
    rare = kinds_of([MAIN, (1, 5, 0.3, 0.0), MAIN])
    assert rare["kind"].tolist()[1] == "unclear"
    assert not rare["feeds_positions"][1]


def test_footage_without_shots_has_an_empty_table():
    frames, instances, views = (storage.empty(n) for n in ("frames", "instances", "views"))
    places = camera_places(views, pd.Series(dtype=int), (9, 9))
    nothing = shot_facts.facts(frames, instances, views, places, 9)
    assert storage.conform(shots_table(nothing, {}, [], ()), "shots").empty


def test_shots_from_one_place_are_one_camera_and_the_high_one_is_the_main_one():
    views = views_table(footage(frames_of([0, 1, 2])), drawn.views_of(["main", "replay", "main"]))
    places = camera_places(views, pd.Series([0, 1, 2]), (drawn.WIDTH, drawn.HEIGHT))
    assert np.allclose(places.loc[[0, 2]], drawn.MAIN[:3], atol=0.01)
    assert np.allclose(places.loc[1], drawn.BEHIND[:3], atol=0.01)
    found = shot_facts.facts(frames_of([0, 1, 2]), storage.empty("instances"), views, places, drawn.HEIGHT)
    assert found["camera"].tolist() == [0, 1, 0]
    low = found.assign(z_m=found["z_m"].where(found["camera"] == 1, 1.8))
    assert (shot_facts.main_camera(found), shot_facts.main_camera(low)) == (0, 1)


def test_a_giant_that_is_hardly_sure_is_not_the_tallest():
    found = pd.DataFrame({"frame": 0, "class_name": "player", "score": [0.9, 0.3], "y1_px": [80.0, 0.0]})
    shot = shot_facts.facts(
        frames_of([0]), found.assign(y2_px=100.0), storage.empty("views"), pd.DataFrame(columns=["x_m"]), 100
    )
    assert shot["tallest"].tolist() == pytest.approx([0.2])


def test_a_camera_that_moves_has_no_place():
    found = drawn.views_of(["main", "replay", "main", "replay"])
    assert camera_places(
        views_table(footage(frames_of([0] * 4)), found), pd.Series([0] * 4), (320, 180)
    ).empty


def frames_of(shot):
    table = pd.DataFrame({"frame": range(len(shot)), "shot": shot, "grass": 0.7, "duplicate": False})
    table["time_s"] = table["frame"] / drawn.FPS
    return table.assign(**{f"m{i}{j}": np.nan for i in (1, 2, 3) for j in (1, 2, 3)})


def small(pictures):
    """Pictures by number, made small as in a run."""
    made = [reduced(picture) for picture in pictures]
    return [(n, thumbnails.thumbnail(m.grey, m.colour_bgr)) for n, m in enumerate(made)]


def seen_as(parts):
    """Transitions between parts of footage: (number of the shot, pictures)."""
    shot = np.concatenate([np.full(len(own), number) for number, own in parts])
    shown = [picture for _, own in parts for picture in own]
    frame, time_s = np.arange(len(shown)), np.arange(len(shown)) / drawn.FPS
    which = thumbnails.wanted(frame, time_s, shot, np.zeros_like(shot))
    return changes(frame, time_s, shot, thumbnails.glimpse(small(shown), which).tiny)


def test_cut_fade_and_wipe_are_told_apart():
    one, two = drawn.pan(1, 40), drawn.pan(2, 40)
    black = [np.zeros_like(one[0])] * 4
    assert [c.how for c in seen_as([(0, one), (1, two)])] == ["cut"]
    assert [c.how for c in seen_as([(0, one), (0, black), (1, two)])] == ["fade"]
    found = seen_as([(0, one), (1, drawn.wipe(one[-1], two[0])), (2, two)])
    assert [(c.how, c.before, c.after) for c in found] == [("wipe", 0, 2)]


def test_only_the_same_wipe_is_alike():
    one, two, three = (drawn.pan(seed, 40) for seed in (1, 2, 3))
    blue, again = drawn.wipe(one[-1], two[0]), drawn.wipe(two[-1], three[0])
    red = drawn.wipe(two[-1], three[0], colour=(30, 30, 190))
    assert alike(seen_as([(0, one), (1, blue), (2, two), (3, again), (4, three)])).tolist() == [
        [0, 1],
        [1, 0],
    ]
    assert not alike(seen_as([(0, one), (1, blue), (2, two), (3, red), (4, three)])).any()


def test_the_first_and_only_picture_has_no_transition():
    assert seen_as([(0, drawn.pan(1, 1))]) == []


def edges_of(*shots):
    parts = list(enumerate(shots))
    shot = np.concatenate([np.full(len(own), number) for number, own in parts])
    frame = np.arange(len(shot))
    which = thumbnails.wanted(frame, frame / drawn.FPS, shot, np.zeros_like(shot))
    return thumbnails.glimpse(small(p for own in shots for p in own), which)


def test_a_score_graphic_is_missed_where_it_is_gone():
    parts = [drawn.pan(1, 30), drawn.pan(2, 30, bug=False), drawn.pan(3, 30)]
    assert overlay_graphics.gone(edges_of(*parts, drawn.pan(4, 30)).edges, [0, 2]) == {1}
    assert overlay_graphics.gone(edges_of(*parts).edges, [0, 2]) == set()  # it may be part of the stadium


def test_without_a_graphic_or_with_a_scene_that_stands_still_none_is_missed():
    bare = edges_of(*(drawn.pan(seed, 30, bug=False) for seed in (1, 2, 3)))
    assert overlay_graphics.gone(bare.edges, [0, 2]) == set()
    scene = [drawn.pan(1, 1)[0]] * 9
    still = edges_of(scene, drawn.pan(2, 30), scene)
    assert overlay_graphics.gone(still.edges, [0, 2]) == set()
    assert overlay_graphics.gone({}, []) == set()


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    root = tmp_path_factory.mktemp("shots") / "run"
    kinds = drawn.write(root)
    context = Context(root, root / "match.mp4", Config(), lambda done, total: None, print)
    told = [shots.step().do(context), project.step("both").do(context)]
    return root, kinds, told


def test_each_frame_of_a_broadcast_is_taken_for_what_it_is(run):
    root, true, _ = run
    table = storage.read(root / "tables" / "shots.parquet", "shots")
    at = table["start_frame"].to_numpy().searchsorted(np.arange(len(true)), side="right") - 1
    taken = table["kind"].to_numpy()[at]
    assert drawn.runs_of(taken) == drawn.runs_of(true)
    whole = [k for k in range(len(true)) if true[k] != "transition"]
    assert np.mean([taken[k] == true[k] for k in whole]) > 0.95
    replay = table[table["kind"] == "replay"].iloc[0]
    assert replay["signs"] == f"{replays.WIPED}; {replays.NO_BUG}"
    assert replay["calibrated"]
    assert not replay["feeds_positions"]


def test_nobody_in_a_replay_gets_a_position(run):
    root, true, (_, told) = run
    positions = storage.read(root / "tables" / "positions.parquet", "positions")
    assert {true[frame] for frame in positions["frame"]} == {"main"}
    assert told["left_out"] == 5 * true.count("replay")


def test_rows_of_shots_that_count_are_kept():
    shown = pd.DataFrame({"frame": [0, 1, 2, 3]})
    order = pd.DataFrame({"start_frame": [2, 0], "feeds_positions": [False, True]})
    assert feeding(shown, order)["frame"].tolist() == [0, 1]
    assert feeding(shown, storage.empty("shots"))["frame"].tolist() == [0, 1, 2, 3]
    assert feeding(shown[:0], order).empty
