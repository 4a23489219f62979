"""What the pitch network is asked: peaks at labels, ridges on the paint, nothing where nobody knows."""

from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from pitch_pictures import CLOSE, PITCH, SIZE, drawn, pose_data

from pipeline.core.errors import DataSetError
from pipeline.core.geometry import transform
from pipeline.core.pitch import MIRRORED_KEYPOINT, Pitch, SeenPitch
from pipeline.datasets.pitch_labels import LabelledPicture, read_labelled
from pipeline.datasets.rendered_pitch import save_rendered_pitch
from pipeline.networks.pitch_network import fit_input, peaks
from pipeline.synthetic.pitch_stills import pitch_stills
from pipeline.training.pitch.augmentation import ZOOM, degraded, random_window, shown, whole_pixels
from pipeline.training.pitch.targets import WHOLE, Window, landmark_cells, target
from pipeline.training.pitch.visible_pitch import seen_pitch

CENTRE_LINE, CIRCLE_LEFT, CIRCLE_RIGHT = 14, 30, 31
NOBODY = np.zeros((0, 2))


def labelled(tmp_path, keep=None, noise=0.0):
    (picture,) = read_labelled(pose_data(tmp_path, ["m1_1"]), "train")
    points = picture.keypoints + np.random.default_rng(0).normal(0, noise, (32, 2))
    if keep is not None:
        points[[k for k in range(32) if k not in keep]] = np.nan
    return LabelledPicture(picture.path, points, NOBODY)


def test_a_landmark_s_peak_is_where_its_label_is(tmp_path):
    picture = labelled(tmp_path)
    answer = target(seen_pitch(picture, PITCH), WHOLE, SIZE)
    cells, height = peaks(answer.heatmaps[:32])
    marked = np.isfinite(picture.keypoints[:, 0])
    _, input_from_image = fit_input(np.zeros((SIZE[1], SIZE[0], 3), np.uint8))
    expected = (transform(np.nan_to_num(picture.keypoints) * SIZE, input_from_image) - 1.5) / 4
    whole = marked & ((expected > 4) & (expected < [123, 67])).all(axis=1)
    assert whole.sum() >= 4
    assert cells[whole] == pytest.approx(expected[whole], abs=0.06)
    assert (height[marked] > 0.8).all()
    assert (height[~marked] == 0).all()
    assert answer.asked[:32].all()
    assert answer.asked[32].mean() > 0.9


def test_the_ridge_lies_on_the_paint_of_the_shown_part(tmp_path):
    window = whole_pixels(Window(0.25, 0.2, 0.5, 0.5), SIZE)
    answer = target(seen_pitch(labelled(tmp_path), PITCH), window, SIZE)
    paint = shown(drawn(), window)[..., 2].reshape(72, 4, 128, 4).max(axis=(1, 3)) > 150
    # the centre spot and penalty spots are no lines; paint is 2 px wide in a picture of 640
    assert answer.heatmaps[-1][paint].mean() > 0.5
    assert answer.heatmaps[-1][cv2.dilate(paint.astype(np.uint8), np.ones((5, 5))) == 0].max() < 0.1


def test_a_mirrored_window_shows_the_mirrored_pitch(tmp_path):
    seen = seen_pitch(labelled(tmp_path), PITCH)
    plain, mirrored = target(seen, WHOLE, SIZE), target(seen, Window(0, 0, 1, 1, mirrored=True), SIZE)
    swapped = [*MIRRORED_KEYPOINT, 32]
    off = np.abs(mirrored.heatmaps - plain.heatmaps[swapped, :, ::-1])
    assert off[:32].max() < 0.01
    # ridges are drawn to a quarter of a cell
    assert off[32].max() < 0.4
    assert off[32].mean() < 0.02
    assert (mirrored.asked == plain.asked[swapped][:, :, ::-1]).mean() > 0.999
    cells = landmark_cells(seen, Window(0, 0, 1, 1, mirrored=True), SIZE)
    assert cells[CIRCLE_RIGHT, 0] == pytest.approx(127 - landmark_cells(seen, WHOLE, SIZE)[CIRCLE_LEFT, 0])
    assert (shown(drawn(), Window(0, 0, 1, 1, mirrored=True)) == shown(drawn(), WHOLE)[:, ::-1]).all()


def test_landmarks_that_nobody_marked_follow_from_the_others_where_these_pin_them_down(tmp_path):
    marked = np.flatnonzero(np.isfinite(labelled(tmp_path).keypoints[:, 0]))
    seen = seen_pitch(labelled(tmp_path, [k for k in marked if k != CIRCLE_LEFT]), PITCH)
    assert seen.known[CIRCLE_LEFT]
    expected = transform(PITCH.keypoints_m(), CLOSE)[CIRCLE_LEFT] / SIZE
    assert seen.landmarks[CIRCLE_LEFT] == pytest.approx(expected, abs=1e-3)


def test_marks_close_together_say_nothing_of_lines_far_away():
    shares = np.full((32, 2), np.nan)
    near = transform(PITCH.keypoints_m(), CLOSE) / SIZE
    shares[[CENTRE_LINE, 15, CIRCLE_LEFT, CIRCLE_RIGHT]] = 0.4 + 0.02 * near[[14, 15, 30, 31]]
    seen = seen_pitch(LabelledPicture(None, shares, NOBODY), PITCH)
    answer = target(seen, WHOLE, SIZE)
    assert seen.has_view
    assert not seen.known.all()
    assert not answer.asked[-1].all()
    assert answer.asked[-1].any()


@pytest.mark.parametrize("keep", [[CENTRE_LINE, 15], [13, 14, 15, 16], []], ids=["two", "on a line", "none"])
def test_too_few_marks_ask_for_themselves_alone(tmp_path, keep):
    picture = labelled(tmp_path, keep)
    seen = seen_pitch(picture, PITCH)
    answer = target(seen, WHOLE, SIZE)
    marked = np.isfinite(picture.keypoints[:, 0])
    assert not seen.has_view
    assert answer.asked[:32].any(axis=(1, 2)).tolist() == marked.tolist()
    assert not answer.asked[-1].any()
    assert answer.heatmaps[-1].max() == 0


def test_marks_at_odds_with_each_other_carry_no_view(tmp_path):
    assert not seen_pitch(labelled(tmp_path, noise=0.05), PITCH).has_view


def test_beyond_the_picture_there_is_nothing_to_find():
    edge = SeenPitch(
        np.tile([1.1, 0.5], (32, 1)),
        np.ones(32, bool),
        (np.array([[-3.0, 0.5], [3.0, 0.5]]),),
        (np.ones(2, bool),),
        True,
    )
    answer = target(edge, Window(-0.5, -0.5, 2.0, 2.0), SIZE)
    assert answer.heatmaps[:32].max() == 0
    assert answer.heatmaps[-1, 36, 32:96].min() > 0.5
    assert answer.heatmaps[-1, :, :32].max() == answer.heatmaps[-1, :, 96:].max() == 0


def test_windows_are_whole_enlarged_or_reach_beyond_and_show_a_picture_of_the_right_size():
    rng = np.random.default_rng(1)
    windows = [random_window(rng) for _ in range(200)]
    sides = [w.width for w in windows]
    assert min(sides) < 0.5
    assert 1 / ZOOM[0] > max(sides) > 1.3
    assert 0 < sum(w.mirrored for w in windows) < 200
    for window in windows[:20]:
        view = shown(drawn(), whole_pixels(window, SIZE))
        assert view.shape == (288, 512, 3)
        assert degraded(view, rng).shape == (288, 512, 3)


def only(image, pitch):
    return lambda first: [(image, pitch)][first:]


def test_rendering_that_was_stopped_goes_on_to_the_same_pictures(tmp_path):
    views = [np.diag([1.0, 1.0, n]) for n in (1.0, 2.0, 3.0)]
    cameras = [SimpleNamespace(pitch_from_image=lambda view=view: view) for view in views]
    drawn_ones = [(SimpleNamespace(image=drawn(), camera=c), Pitch()) for c in cameras]
    pictures = lambda first: drawn_ones[first:]  # noqa: E731
    save_rendered_pitch(pictures, tmp_path / "whole", {})

    def stop(done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save_rendered_pitch(pictures, tmp_path / "ds", {}, stop)
    rendered = []
    assert save_rendered_pitch(pictures, tmp_path / "ds", {}, rendered.append) == 3
    assert rendered == [2, 3]
    for path in (tmp_path / "whole").rglob("*.*"):
        if path.is_file():
            assert (tmp_path / "ds" / path.relative_to(tmp_path / "whole")).read_bytes() == path.read_bytes()


def test_a_rendered_picture_tells_its_exact_view(tmp_path):
    for image, pitch in pitch_stills(1, 5, (320, 180), per_scene=1):
        view = image.camera
        assert save_rendered_pitch(only(image, pitch), tmp_path / "ds", {}) == 1
    (read,) = read_labelled(tmp_path / "ds", "train")
    seen = seen_pitch(read, Pitch())
    expected = transform(pitch.keypoints_m(), np.linalg.inv(view.pitch_from_image())) / [320, 180]
    assert seen.has_view
    assert seen.known.all()
    assert np.allclose(seen.landmarks, expected, atol=1e-4, equal_nan=True)
    inside = ((expected >= 0) & (expected < 1)).all(axis=1)
    assert np.isfinite(read.keypoints[:, 0]).tolist() == inside.tolist()
    with pytest.raises(DataSetError, match="not empty"):
        save_rendered_pitch(only(image, pitch), tmp_path / "ds", {})
    (tmp_path / "ds" / "views.json").write_text('{"rendered_00000": {"width_px": 3}}')
    with pytest.raises(DataSetError, match=r"views\.json"):
        read_labelled(tmp_path / "ds", "train")


def test_nothing_rendered_is_told(tmp_path):
    with pytest.raises(DataSetError, match="no pictures"):
        save_rendered_pitch(lambda first: [], tmp_path / "ds", {})


def test_pictures_repeat_with_their_seed_and_pitches_vary():
    from pipeline.synthetic.pitch_stills import pitch_camera

    plans = [pitch_camera(np.random.default_rng(s), Pitch()) for s in range(200)]
    assert plans[3] == pitch_camera(np.random.default_rng(3), Pitch())
    widths = [p.field_m for p in plans]
    assert min(widths) < 22
    assert max(widths) > 70
    assert {np.sign(p.position_m[0]) for p in plans if abs(p.position_m[0]) > 60} == {-1, 1}
