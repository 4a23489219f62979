"""Rendered pictures: the camera is a pinhole, the truth fits the picture, and everything repeats."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.core.errors import RunError, TableError
from pipeline.core.geometry import to_image, to_pitch
from pipeline.core.masks import area, decode
from pipeline.core.pitch import Pitch
from pipeline.core.types import SURFACE_NAMES
from pipeline.synthetic import truth as truth_tables
from pipeline.synthetic.lens import Lens, expose, motion_blur
from pipeline.synthetic.looks import KITS, LIGHTS
from pipeline.synthetic.match.simulate import MatchPlan
from pipeline.synthetic.match.squad import cast
from pipeline.synthetic.people.body_colours import paint
from pipeline.synthetic.people_stills import random_scene, stills
from pipeline.synthetic.render import OWN_SHARE, RenderedFrame, render, render_frame
from pipeline.synthetic.scene import Scene, Stage, build
from pipeline.synthetic.surfaces import GRAPHICS, surfaces
from pipeline.synthetic.venue.field import LINE_WIDTH_M, line_coverage, turf
from pipeline.synthetic.venue.props import props
from pipeline.synthetic.venue.true_camera import PLANS, looking_at

SMALL = Scene(
    plan=MatchPlan(duration_s=0.2, warmup_s=1.0),
    lens=Lens(moments=1, supersample=2),
    width_px=640,
    height_px=360,
)


@pytest.fixture(scope="module")
def stage() -> Stage:
    return build(SMALL)


@pytest.fixture(scope="module")
def frame(stage: Stage) -> RenderedFrame:
    return render_frame(stage, 2)


def test_camera_and_its_homography_agree_on_the_grass() -> None:
    camera = looking_at(np.array([3.0, -70.0, 20.0]), np.array([10.0, 2.0, 0.0]), 1500.0, (1280, 720), 0.05)
    ground = np.array([[0.0, 0.0], [20.0, 10.0], [-5.0, -20.0]])
    by_projection = camera.project(np.c_[ground, np.zeros(3)])[0]
    assert np.allclose(to_image(ground, camera.pitch_from_image()), by_projection)
    assert np.allclose(to_pitch(by_projection, camera.pitch_from_image()), ground)


def test_the_target_is_in_the_middle_of_the_picture() -> None:
    camera = looking_at(np.array([0.0, -70.0, 20.0]), np.array([10.0, 2.0, 1.0]), 1500.0, (1280, 720))
    px, depth = camera.project(np.array([10.0, 2.0, 1.0]))
    assert np.allclose(px, [639.5, 359.5])
    assert depth == pytest.approx(np.sqrt(10**2 + 72**2 + 19**2))


def test_what_is_behind_the_camera_has_no_positive_depth() -> None:
    camera = looking_at(np.array([0.0, -70.0, 20.0]), np.zeros(3), 1500.0, (1280, 720))
    assert camera.project(np.array([0.0, -140.0, 0.0]))[1] < 0
    assert np.isnan(to_pitch(np.array([[640.0, -5000.0]]), camera.pitch_from_image())).all()


def test_painted_lines_lie_where_the_laws_put_them() -> None:
    camera = looking_at(np.array([0.0, -40.0, 60.0]), np.array([0.0, 0.0, 0.0]), 900.0, (640, 360))
    painted = line_coverage(Pitch(), camera, 4)
    on_line = to_image(np.array([[0.0, 5.0], [9.15, 0.0], [0.0, -9.15]]), camera.pitch_from_image())
    beside = to_image(np.array([[1.0, 5.0], [8.0, 0.0]]), camera.pitch_from_image())
    for x, y in on_line.round().astype(int):
        assert painted[y, x] > 0.6
    for x, y in beside.round().astype(int):
        assert painted[y, x] == 0
    row = painted[round(float(on_line[0, 1]))]
    width_px = row[int(on_line[0, 0]) - 6 : int(on_line[0, 0]) + 7].sum()
    assert width_px == pytest.approx(LINE_WIDTH_M * 900 / 68, abs=0.7)


def test_surfaces_lie_where_the_laws_and_the_stands_put_them(stage: Stage, frame: RenderedFrame) -> None:
    camera = looking_at(np.array([0.0, -70.0, 35.0]), np.array([30.0, 20.0, 0.0]), 420.0, (640, 360))
    nothing = np.zeros((360, 640), np.float32)
    layers = props(Pitch(), camera)
    seen = surfaces(Pitch(), stage.panels, layers, nothing, camera)
    half_x, half_y = 52.5, 34.0
    spots = {
        (10.0, 5.0, 0.0): "pitch",
        (10.0, half_y + 4.2, 0.5): "board",
        (10.0, half_y + 20.0, 8.0): "outside",
    }
    for spot, name in spots.items():
        x, y = camera.project(np.array(spot))[0].round().astype(int)
        assert SURFACE_NAMES[seen[y, x]] == name, spot
    near = looking_at(np.array([20.0, -40.0, 15.0]), np.array([half_x, 3.66, 1.2]), 1200.0, (640, 360))
    goal = surfaces(Pitch(), stage.panels, props(Pitch(), near), nothing, near)
    x, y = near.project(np.array([half_x, 3.66, 1.2]))[0].round().astype(int)
    assert SURFACE_NAMES[goal[y, x]] == "goal"
    assert SURFACE_NAMES[goal[y, x + 12]] != "goal", "the net is none"
    painted = surfaces(Pitch(), stage.panels, layers, line_coverage(Pitch(), camera), camera)
    assert {SURFACE_NAMES[v] for v in np.unique(painted[painted != seen])} == {"line"}
    assert (frame.surfaces == GRAPHICS).any(), "the score bug hides what is there"


def test_pictures_repeat_exactly(stage: Stage, frame: RenderedFrame) -> None:
    assert np.array_equal(render_frame(stage, 2).image, frame.image)
    assert np.array_equal(render_frame(build(SMALL), 2).image, frame.image)


def test_a_clip_has_a_picture_for_each_moment() -> None:
    frames = list(render(replace(SMALL, plan=replace(SMALL.plan, duration_s=0.12))))
    assert [f.index for f in frames] == [0, 1, 2]
    assert np.allclose([f.time_s for f in frames], [0.0, 0.04, 0.08])
    assert frames[0].image.shape == (360, 640, 3)


def test_masks_do_not_overlap_and_lie_inside_the_picture(frame: RenderedFrame) -> None:
    taken = np.zeros((360, 640), int)
    for found in frame.instances:
        mask = found.mask
        taken[mask.top : mask.top + mask.height, mask.left : mask.left + mask.width] += decode(mask)
    assert len(frame.instances) > 12
    assert taken.max() <= int(1 / OWN_SHARE)
    assert (taken > 1).sum() < 0.05 * (taken > 0).sum()


def test_feet_stand_where_the_truth_says(frame: RenderedFrame) -> None:
    for found in frame.instances:
        expected = to_image(np.array([found.position_m]), frame.camera.pitch_from_image())[0]
        assert np.allclose(expected, found.foot_px, atol=1e-6)
        if found.role != "ball" and found.visible_share > 0.95:
            bottom = found.mask.top + found.mask.height
            assert abs(bottom - found.foot_px[1]) < 0.25 * found.mask.height


def test_masks_cover_pixels_that_differ_from_the_grass(stage: Stage) -> None:
    rng = np.random.default_rng(0)
    red = np.stack([paint(p, KITS["red"], rng) for p in stage.motion.match.people])
    shown = render_frame(replace(stage, paints=red), 2)
    inside, whole = [], shown.image[..., 2].astype(float) - shown.image[..., 1]
    for found in shown.instances:
        if found.role == "player" and found.visible_share > 0.9:
            m = found.mask
            inside.append(whole[m.top : m.top + m.height, m.left : m.left + m.width][decode(m)].mean())
    assert np.mean(inside) > np.median(whole) + 30


def test_someone_behind_another_is_seen_less(stage: Stage) -> None:
    match = stage.motion.match
    position = match.position_m.copy()
    position[:, 5] = position[:, 4] + [0.05, 1.2]
    crowded = replace(stage, motion=replace(stage.motion, match=replace(match, position_m=position)))
    shown = {f.person_id: f for f in render_frame(crowded, 2).instances}
    front, back = shown[5], shown.get(6)
    assert front.visible_share > 0.95
    assert back is None or back.visible_share < 0.8


def test_a_cut_changes_the_camera_at_its_time() -> None:
    stage = build(replace(SMALL, cuts=((0.1, PLANS["behind_goal"]),)))
    before, after = stage.path_at(0.08), stage.path_at(0.12)
    assert before.position_m[1] == -76.0
    assert after.position_m[0] == -88.0
    assert len(render_frame(stage, 3).instances) > 5


@pytest.mark.parametrize("light", sorted(LIGHTS))
def test_every_light_gives_a_picture_that_is_neither_black_nor_white(stage: Stage, light: str) -> None:
    ground = turf(SMALL.pitch, SMALL.grass, LIGHTS[light], np.random.default_rng(0))
    lit = replace(stage, scene=replace(SMALL, light=LIGHTS[light]), turf=ground)
    picture = render_frame(lit, 0).image
    assert 30 < picture.mean() < 200
    assert picture.std() > 10


@pytest.mark.parametrize("name", sorted(KITS))
def test_kits_paint_the_shirt_in_their_colours(name: str) -> None:
    rng = np.random.default_rng(1)
    colours = paint(cast(rng)[1], KITS[name], rng)
    assert ((colours[:, :3] > 0) & (colours[:, :3] <= 255)).all()
    near = np.abs(colours[:, :3] - KITS[name].shirt).max(axis=1) < 40
    assert near.mean() > 0.08


def test_motion_blur_keeps_light_and_leaves_still_pictures_alone() -> None:
    image = np.zeros((40, 40, 3), np.float32)
    image[20, 20] = 100.0
    assert motion_blur(image, (0.1, 0.2)) is image
    blurred = motion_blur(image, (8.0, 0.0))
    assert blurred.sum() == pytest.approx(image.sum(), rel=1e-4)
    assert (blurred[20, :, 0] > 0).sum() >= 8
    assert (blurred[:, 20, 0] > 0).sum() <= 3


def test_noise_is_as_strong_as_asked() -> None:
    grey = np.full((200, 200, 3), 120.0, np.float32)
    quiet = expose(grey, Lens(noise=0, vignette=0), np.random.default_rng(0))
    loud = expose(grey, Lens(noise=6, vignette=0), np.random.default_rng(0))
    assert quiet.std() == 0
    assert 3 < loud.std() < 9


def test_stills_are_seeded_and_as_many_as_asked() -> None:
    first = list(stills(2, seed=5, size_px=(320, 180), per_scene=2))
    assert len(first) == 2
    assert not np.array_equal(first[0].image, first[1].image)
    (again,) = stills(2, seed=5, size_px=(320, 180), per_scene=2, first=1)
    assert np.array_equal(again.image, first[1].image)
    assert random_scene(np.random.default_rng(5)) == random_scene(np.random.default_rng(5))
    assert list(stills(0, seed=5)) == []


def test_random_scenes_dress_teams_apart() -> None:
    for seed in range(40):
        worn = random_scene(np.random.default_rng(seed)).wardrobe
        assert np.linalg.norm(np.subtract(worn.team_a.shirt, worn.team_b.shirt)) > 100


def test_truth_survives_writing_and_reading(stage: Stage, tmp_path: Path) -> None:
    made = truth_tables.gather(stage.motion.match, (render_frame(stage, i) for i in range(2)))
    truth_tables.write(made, tmp_path)
    back = truth_tables.read(tmp_path)
    assert back.instances.equals(made.instances)
    assert back.people.equals(made.people)
    assert made.people.person_id.is_unique
    row = next(back.instances.itertuples())
    assert area(truth_tables.mask_of(row)) == row.area_px
    assert set(back.formations.formation) == {"4-3-3", "4-4-2"}


def test_truth_of_no_frames_is_empty_but_whole(stage: Stage) -> None:
    made = truth_tables.gather(stage.motion.match, [])
    assert len(made.instances) == len(made.views) == 0
    assert len(made.people) == 27


def test_a_missing_truth_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="truth_instances"):
        truth_tables.read(tmp_path)


def test_a_folder_that_cannot_be_written_is_named(stage: Stage, tmp_path: Path) -> None:
    made = truth_tables.gather(stage.motion.match, [])
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(RunError, match="taken"):
        truth_tables.write(made, tmp_path / "taken")
