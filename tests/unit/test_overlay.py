"""The overlay video, from lettering to the whole step."""

from dataclasses import replace

import cv2
import fake_run
import linked_people
import numpy as np
import pytest

from pipeline import video
from pipeline.core.config import Config
from pipeline.core.masks import decode, encode
from pipeline.core.pitch import Pitch
from pipeline.report.overlay import lettering, overlay, player_marks, radar
from pipeline.report.overlay.frame_scene import scenes
from pipeline.report.overlay.plate_names import PersonNames, plate_text
from pipeline.report.style.colours import choose
from pipeline.runs.frame_masks import UNTRACKED, FrameMasks
from pipeline.tables import storage
from pipeline.workflow.step import Context
from pipeline.workflow.steps import draw

COLOURS = choose(fake_run.KIT_LAB["A"], fake_run.KIT_LAB["B"])
GRASS = (60, 130, 70)


def grass(height, width):
    return np.full((height, width, 3), GRASS, np.uint8)


def one_person(top, left):
    """A player of 20 x 50 px, nobody else."""
    one = np.zeros(1, np.int64)
    box = np.array([[left, top, left + 20, top + 50]], float)
    feet = np.array([[left + 10, top + 50]], float)
    mask = encode(np.ones((50, 20), bool), top, left)
    value = np.ones(1, np.uint8)
    return FrameMasks(0, 0.0, (mask,), one, one, one, value, np.ones(1), feet, box, ("player",), ("A",))


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return fake_run.build(tmp_path_factory.mktemp("runs") / "run", seconds=1.0, video=True)


def test_text_is_as_tall_as_asked_and_kept():
    first = lettering.glyphs("H", 12)
    assert abs(first.shape[0] - 12) <= 1
    assert first.max() > 0.9
    assert lettering.glyphs("H", 12) is first
    assert lettering.glyphs("", 12).max() == 0


@pytest.mark.parametrize(("left", "top"), [(-500, 0), (0, -500), (95, 95), (-4, -4), (100, 100)])
def test_sprites_beyond_the_edge_are_cut(left, top):
    image = grass(100, 100)
    lettering.plate("12", 10, (200, 30, 30)).lay(image, left, top)
    assert image.shape == (100, 100, 3)
    assert (image != GRASS).any() == (-10 < left < 100 and -10 < top < 100)


def test_a_mask_is_tinted_with_an_outline_and_nothing_else_changes():
    mask = encode(np.ones((20, 10), bool), 5, 8)
    image = grass(40, 40)
    player_marks.tint(image, mask, (1.0, 1.0), (255, 0, 0))
    changed = (image != GRASS).any(axis=2)
    assert changed.sum() == 200
    assert image[5, 8, 2] > image[15, 13, 2] > GRASS[2]  # the outline is redder than the inside


@pytest.mark.parametrize("scale", [0.5, 0.37])
def test_masks_shrink_with_the_picture(scale):
    inside = np.zeros((40, 20), bool)
    inside[4:36, 3:17] = True
    image = grass(50, 50)
    player_marks.tint(image, encode(inside, 20, 30), (scale, scale), (255, 0, 0))
    rows, columns = np.nonzero((image != GRASS).any(axis=2))
    assert abs(rows.mean() - (20 + 19.5) * scale) < 1
    assert abs(columns.mean() - (30 + 9.5) * scale) < 1


def test_a_mask_too_small_to_be_seen_is_left_out():
    image = grass(10, 10)
    player_marks.tint(image, encode(np.ones((2, 2), bool), 0, 0), (0.1, 0.1), (255, 0, 0))
    assert (image == GRASS).all()


@pytest.mark.parametrize(
    ("role", "called", "text"),
    [
        ("player", "7", "7"),
        ("player", "A3", "A3"),
        ("player", "?", "?"),
        ("goalkeeper", "A11", "GK A11"),
        ("goalkeeper", "", "GK"),
        ("referee", "REF 2", "REF 2"),
        ("referee", "?", "REF ?"),
        ("referee", "", "REF"),
        ("player", "", ""),
    ],
)
def test_plates_say_who_it_is_and_special_roles(role, called, text):
    assert plate_text(role, called) == text


def test_the_overlay_calls_people_by_shirt_or_label_and_pieces_of_nobody_by_a_question_mark():
    people = linked_people.people((5, "A", "player", 9, None), (8, "A", "player", None, None))
    links = linked_people.links((5, 0, 49, 5), (8, 0, 9, 8), (8, 10, 49, 5), (9, 0, 49, None))
    called = PersonNames(people, links)
    assert called(5, 3) == "9"
    assert (called(8, 9), called(8, 10)) == ("A1", "9")  # from frame 10 on the track shows another man
    assert called(9, 3) == called(77, 3) == "?"
    assert called(UNTRACKED, 3) == ""


def test_where_nobody_was_linked_the_overlay_says_that_it_shows_tracks():
    called = PersonNames(storage.empty("people"), storage.empty("links"))
    assert called(12, 0) == "t12"
    assert called(UNTRACKED, 0) == ""


def test_masks_and_dots_on_the_radar_carry_the_same_names(tmp_path):
    root = fake_run.build(tmp_path / "run", seconds=0.4)
    linked_people.write(root)
    masks, dots = {}, set()
    for scene in scenes(root / "tables", tracked=True):
        masks |= dict(zip(scene.people.track_id.tolist(), scene.called, strict=True))
        dots |= {spot.called for spot in scene.spots}
    assert (masks[12], masks[23], masks[2]) == ("B1", "REF 1", "?")
    assert dots == set(masks.values())
    assert all(not c for c in next(scenes(root / "tables", tracked=False)).called)


def test_the_radar_writes_names_beside_dots_inside_the_picture():
    painter = radar.Radar(Pitch(), 720, 1280, 10)
    view = radar.RadarView("measured", 0.3, np.zeros((0, 2)))
    bare, named = grass(720, 1280), grass(720, 1280)
    for x_m in (0.0, 52.0):  # in the middle, and at the edge where the name goes to the left
        dot = radar.Dot(x_m, 0.0, (200, 30, 30), True)
        painter.draw(bare, [dot], view, "0:01")
        painter.draw(named, [replace(dot, called="A7")], view, "0:01")
        assert (bare != named).any()


@pytest.mark.parametrize(
    ("time_s", "text"), [(0, "0:00.0"), (65.24, "1:05.2"), (3725.99, "1:02:05.9"), (0.3, "0:00.3")]
)
def test_the_clock_counts_minutes_and_hours(time_s, text):
    assert overlay.clock(time_s) == text


def test_frame_rate_is_the_usual_one():
    assert overlay.frame_rate(np.array([0, 0.04, 0.08, 0.12, 1.0])) == pytest.approx(25)
    assert overlay.frame_rate(np.array([3.0])) == overlay.frame_rate(np.zeros(0)) == 25


@pytest.mark.parametrize(
    ("size", "limit", "expected"),
    [
        ((1080, 1920), 720, (720, 1280)),
        ((854, 480), 720, (854, 480)),
        ((478, 848), 720, (478, 848)),
        ((1000, 6500), 720, (630, 4096)),
        ((2160, 3840), 1080, (1080, 1920)),
    ],
)
def test_pictures_are_made_smaller_never_larger(size, limit, expected):
    artist = overlay.Artist(*size, limit, COLOURS, Pitch())
    assert (artist.height, artist.width) == expected


@pytest.mark.parametrize(
    ("size", "aspect", "expected"),
    [((720, 960), 4 / 3, (720, 1280)), ((576, 720), 16 / 15, (576, 768)), ((640, 720), 0.5, (1280, 720))],
)
def test_pixels_that_are_not_square_are_stretched_with_all_that_is_drawn(size, aspect, expected):
    artist = overlay.Artist(*size, 720, COLOURS, Pitch(), aspect)
    assert (artist.height, artist.width) == expected
    people = one_person(top=100, left=300)
    out = artist.draw_people(grass(*size), people)
    rows, columns = np.nonzero((out != GRASS).any(axis=2))
    assert rows.min() == pytest.approx(100 * expected[0] / size[0], abs=3)
    assert columns.mean() == pytest.approx(310 * expected[1] / size[1], abs=4)


@pytest.mark.parametrize("size", [(360, 640), (854, 480), (630, 4096), (240, 320)])
def test_the_radar_fits_into_the_corner_and_shows_dots_where_people_are(size):
    image = grass(*size)
    drawn = radar.Radar(Pitch(), *size, unit=10)
    view = radar.RadarView("measured", 0.3, np.array([(-52.5, -34), (0, -34), (0, 34), (-52.5, 34)]))
    empty = image.copy()
    drawn.draw(empty, [], view, "0:00.0")
    drawn.draw(image, [radar.Dot(-40, 20, (255, 0, 0), True)], view, "0:00.0")
    columns = np.nonzero((image != empty).any(axis=2))[1]
    rows_all, columns_all = np.nonzero((empty != GRASS).any(axis=2))
    height, width = np.ptp(rows_all) + 1, np.ptp(columns_all) + 1
    assert height < 0.6 * size[0]
    assert width < 0.6 * size[1]
    assert (columns.mean() - columns_all.min()) / width == pytest.approx((55.5 - 40) / 111, abs=0.02)


def test_without_a_view_the_radar_says_so_and_shows_nobody():
    first, second = grass(360, 640), grass(360, 640)
    drawn = radar.Radar(Pitch(), 360, 640, unit=10)
    none = radar.RadarView("none", None, np.zeros((0, 2)))
    drawn.draw(first, [radar.Dot(0, 0, (255, 0, 0), True)], none, "0:00.0")
    drawn.draw(second, [], none, "0:00.0")
    assert (first == second).all()


def test_scenes_know_who_stands_where_even_when_interpolated(run):
    found = list(scenes(run / "tables", tracked=True))
    assert len(found) == 25
    gap = next(s for scene in found for s in scene.spots if not s.observed)
    assert gap.value in range(1, 7)
    assert {s.source for s in found} >= {"measured", "tracked", "none"}
    assert all(s.pitch_from_image is None and not s.spots for s in found if s.source == "none")


def test_a_drawn_frame_shows_every_mask_in_its_colour(run):
    scene = list(scenes(run / "tables", tracked=True))[3]
    artist = overlay.Artist(fake_run.HEIGHT, fake_run.WIDTH, 720, COLOURS, Pitch())
    image = grass(fake_run.HEIGHT, fake_run.WIDTH)
    out = artist.draw(image, scene)
    assert (image == GRASS).all()
    for mask, role in zip(scene.people.masks, scene.people.role, strict=True):
        window = out[mask.top : mask.top + mask.height, mask.left : mask.left + mask.width]
        changed = (window != GRASS).any(axis=2)[decode(mask)].mean()
        assert (changed == 0) if role == "other" and mask.top < 200 else changed > 0.5 or role == "other"


def test_the_step_writes_a_video_with_the_times_of_the_footage(run):
    seen = []
    source = run.parent / "run_match.mp4"
    context = Context(run, source, Config(), lambda done, total: seen.append((done, total)), print)
    facts = draw.step("both").do(context)
    assert video.pixel_aspect(source) == 1.0
    assert facts == {"frames": 25, "colours_from_kits": True}
    assert seen[-1] == (25, 25)
    drawn, plain = (list(video.frames(p)) for p in (run / "overlay.mp4", source))
    assert [f.time_s for f in drawn] == pytest.approx([f.time_s for f in plain], abs=1e-3)
    assert drawn[0].image.shape == plain[0].image.shape
    assert np.abs(drawn[3].image.astype(int) - plain[3].image).max() > 60


def test_frames_that_the_tables_do_not_know_are_left_out(run, tmp_path):
    frames = [replace(f, index=f.index + 10) for f in video.frames(run.parent / "run_match.mp4")]
    n = overlay.write_overlay(
        tmp_path / "o.mp4",
        iter(frames),
        run / "tables",
        tracked=True,
        colours=COLOURS,
        pitch=Pitch(),
        limit_px=240,
    )
    assert n == 15
    assert cv2.VideoCapture(str(tmp_path / "o.mp4")).read()[1].shape == (240, 426, 3)


def test_footage_without_people_or_views_is_drawn_too(tmp_path):
    empty = fake_run.build(tmp_path / "run", seconds=0.2, video=True, views=False)
    for name in ("instances", "segments", "labels", "tracks", "positions"):
        storage.write(storage.empty(name), empty / "tables" / f"{name}.parquet", name)
    context = Context(empty, tmp_path / "run_match.mp4", Config(), lambda done, total: None, print)
    assert draw.step("both").do(context)["frames"] == 5


def test_team_mode_needs_no_tracks(tmp_path):
    assert "tracks" not in draw.step("team").reads
    run = fake_run.build(tmp_path / "run", seconds=0.2, video=True, mode="team")
    context = Context(run, tmp_path / "run_match.mp4", Config(mode="team"), lambda done, total: None, print)
    assert draw.step("team").do(context)["frames"] == 5
