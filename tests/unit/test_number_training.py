"""Painted and rendered crops, and a training of seconds that learns something."""

import json

import cv2
import numpy as np
import pytest
import torch

from pipeline.core.errors import DataSetError, UserError
from pipeline.training.shirt_numbers.confidence import calibrate, raw_outputs
from pipeline.training.shirt_numbers.digit_shapes import GLYPH_PX, make_prints, set_number
from pipeline.training.shirt_numbers.labelled_torsos import cut_labelled, read_labels
from pipeline.training.shirt_numbers.number_loop import (
    Answered,
    NumberTrainSettings,
    Source,
    draw,
    fit,
    join,
)
from pipeline.training.shirt_numbers.number_network import NumberNetwork, cell_loss, losses
from pipeline.training.shirt_numbers.painted_cloth import CANVAS_PX, Torso, contrast_of, striped, wiped
from pipeline.training.shirt_numbers.painted_numbers import (
    NO_DIGIT,
    UNKNOWN,
    degraded,
    draw_sample,
    legibility,
)
from pipeline.training.shirt_numbers.torsos import match_of, read_torsos
from pipeline.training.shirt_numbers.varied_crops import draw_moves, moved_cells, varied


def torso(colour=(30, 30, 180), side_px=60.0):
    """A shirt of one colour on grass."""
    inside = np.zeros((CANVAS_PX, CANVAS_PX), np.float32)
    inside[8:66, 18:54] = 1
    picture = np.full((CANVAS_PX, CANVAS_PX, 3), (60, 140, 60), np.uint8)
    picture[inside > 0] = colour
    return Torso(picture, inside, side_px)


@pytest.fixture(scope="module")
def prints():
    return make_prints((), np.random.default_rng(0), 20)


def test_digits_of_all_styles_have_one_height_and_ink(prints):
    assert len(prints.digits) == 20
    for style in prints.digits:
        assert len(style) == 10
        assert {g.shape[0] for g in style} == {GLYPH_PX}
        assert all(g.max() == 255 for g in style)


def test_a_number_of_two_digits_is_wider_than_its_digits(prints):
    style = prints.digits[0]
    one, two = set_number(7, style, 0.1, 1.0), set_number(27, style, 0.1, 1.0)
    assert two.shape[1] > one.shape[1] + style[2].shape[1]


def test_a_file_that_is_no_font_is_told(tmp_path):
    (tmp_path / "x.ttf").write_bytes(b"no font")
    with pytest.raises(UserError, match=r"x\.ttf"):
        make_prints((tmp_path / "x.ttf",), np.random.default_rng(0), 10)


def test_samples_are_repeatable_and_of_every_kind(prints):
    def some():
        rng = np.random.default_rng(5)
        return [draw_sample(torso(), prints, rng) for _ in range(60)]

    first, second = some(), some()
    for a, b in zip(first, second, strict=True):
        assert (a.picture == b.picture).all()
        assert (a.legible, a.number) == (b.legible, b.number)
    assert {s.legible for s in first} == {0, 1, UNKNOWN}
    assert all(s.number == UNKNOWN or 1 <= s.number <= 99 for s in first)
    assert all(s.picture.shape == (48, 48, 3) for s in first)


def test_what_is_legible_has_a_number(prints):
    rng = np.random.default_rng(1)
    some = [draw_sample(torso(), prints, rng) for _ in range(40)]
    assert all(s.number > 0 for s in some if s.legible == 1)


def test_the_painter_knows_which_digit_is_where(prints):
    rng = np.random.default_rng(2)
    some = [s for s in (draw_sample(torso(), prints, rng) for _ in range(150)) if s.legible == 1]
    assert any(s.number > 9 for s in some)
    for s in some:
        rows, columns = np.nonzero((s.cells >= 0) & (s.cells != NO_DIGIT))
        digits = s.cells[rows, columns]
        assert set(digits.tolist()) <= {int(c) for c in str(s.number)}
        tens, units = divmod(s.number, 10)
        if tens and tens != units and {tens, units} <= set(digits.tolist()):
            assert columns[digits == tens].mean() < columns[digits == units].mean()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, 1),
        ({"height_px": 4.0}, 0),
        ({"edge_rad": 1.8}, 0),
        ({"contrast": 5.0}, 0),
        ({"blur_px": 4.0}, 0),
        ({"seen": 0.4}, 0),
        ({"height_px": 6.0}, UNKNOWN),
        ({"edge_rad": 1.4}, UNKNOWN),
    ],
)
def test_legibility_follows_size_view_contrast_blur_and_cover(given, expected):
    ideal = {"height_px": 15.0, "edge_rad": 0.4, "contrast": 60.0, "blur_px": 0.0, "seen": 1.0}
    assert legibility(**(ideal | given)) == expected


def test_wiping_takes_an_old_number_away_and_leaves_the_grass():
    old = torso()
    cv2.putText(old.picture, "8", (24, 50), 0, 1.4, (255, 255, 255), 4)
    clean = wiped(old, np.random.default_rng(0))
    middle = clean[25:50, 28:44].astype(float)
    assert middle.std(axis=(0, 1)).max() < 0.4 * old.picture[25:50, 28:44].std(axis=(0, 1)).max()
    assert (clean[2:6] == old.picture[2:6]).all()


def test_cloth_without_a_print_keeps_some_of_its_own_detail():
    plain = torso()
    plain.picture[20:60:4, 22:50] = (40, 40, 195)
    left = [wiped(plain, np.random.default_rng(seed))[25:50, 28:44].std() for seed in range(6)]
    assert max(left) > 0.5 * plain.picture[25:50, 28:44].std()


def test_stripes_leave_a_plain_panel_for_the_number_and_the_grass_alone():
    plain = torso()
    dyed = striped(plain.picture, plain, np.random.default_rng(3))
    outside = plain.inside == 0
    assert (dyed[outside] == plain.picture[outside]).all()
    assert dyed[26:44, 30:42].astype(float).std(axis=(0, 1)).max() < 3
    assert (dyed != plain.picture).any()


def test_colours_of_one_lightness_contrast_less_than_black_and_white():
    black, white, red, green = (np.array(c, float) for c in ((0,) * 3, (255,) * 3, (0, 0, 200), (0, 110, 0)))
    assert contrast_of(black, white) == pytest.approx(100, abs=1)
    assert contrast_of(red, green) < 60
    assert contrast_of(red, red) == 0


def test_crops_that_are_not_moved_keep_their_cells_and_shapes():
    still = torch.tensor([[[1.0, 0, 0], [0, 1, 0]]]).expand(20, -1, -1)
    crops, rng = answered(20), np.random.default_rng(0)
    x = varied(crops.pictures, still, rng)
    assert x.shape == (20, 3, 48, 48)
    assert 0 <= float(x.min()) < float(x.max()) <= 1
    bar, beside = x[:, :, 16:32, 21:27].mean((1, 2, 3)), x[:, :, 16:32, 34:44].mean((1, 2, 3))
    assert ((bar - beside).abs().numpy() > 0.4).tolist() == (crops.legible == 1).tolist()
    cells = rng.integers(-1, 11, (20, 12, 12)).astype(np.int8)
    assert (moved_cells(cells, still).numpy() == cells).all()
    assert draw_moves(20, rng).shape == (20, 2, 3)


def test_filming_from_afar_loses_detail():
    canvas = np.zeros((CANVAS_PX, CANVAS_PX, 3), np.uint8)
    canvas[::8] = 255
    rng = np.random.default_rng(0)
    near, far = (np.mean([degraded(canvas, s, rng)[0].std() for _ in range(8)]) for s in (72, 10))
    assert far < 0.5 * near


def answered(n, seed=0):
    """Crops with a bright bar are legible and show a 7, the others nothing."""
    rng = np.random.default_rng(seed)
    barred = rng.random(n) < 0.5
    pictures = rng.integers(0, 40, (n, 48, 48, 3), dtype=np.uint8)
    pictures[barred, 12:36, 20:28] = 255
    return Answered(pictures, barred.astype(np.int8), np.where(barred, 7, UNKNOWN).astype(np.int8))


def test_a_short_training_learns_what_is_easy_and_ends_after_its_steps():
    torch.manual_seed(0)
    network, told = NumberNetwork(), []
    settings = NumberTrainSettings(steps=60, minutes=60, batch=16, lr=3e-3, threads=1)
    sources = [Source(answered(64), np.ones(64)), Source(answered(16, 1), np.ones(16), 0.2, 0.5)]
    fit(network, sources, settings, lambda *x: told.append(x))
    raw = raw_outputs(network, answered(40, 2))
    truth = answered(40, 2).legible == 1
    assert ((raw[:, 0] > 0).numpy() == truth).mean() > 0.9
    assert [t[0] for t in told] == [0]


def test_crops_are_drawn_by_weight_and_only_from_sources_that_have_begun():
    never = np.array([1.0] * 9 + [0.0])
    first, late = Source(answered(10), never), Source(answered(5, 1), np.ones(5), 3.0, 0.5)
    rng = np.random.default_rng(0)
    before, after = (draw([first, late], 400, share, rng) for share in (0.4, 0.6))
    assert len(before) == len(after) == 400
    forbidden = first.crops.pictures[9]
    assert not (before.pictures == forbidden).all(axis=(1, 2, 3)).any()
    from_late = [(late.crops.pictures == p).all(axis=(1, 2, 3)).any() for p in after.pictures]
    assert np.mean(from_late) == pytest.approx(0.75, abs=0.08)


def test_a_training_with_nothing_to_begin_with_is_refused():
    with pytest.raises(ValueError, match="begins at 0"):
        fit(NumberNetwork(), [Source(answered(4), np.ones(4), 1.0, 0.5)], NumberTrainSettings(steps=1))


def test_a_training_that_was_cut_off_is_taken_up_where_it_was(tmp_path):
    kept = tmp_path / "kept"
    some = [Source(answered(32), np.ones(32))]
    half, whole = (NumberTrainSettings(n, minutes=60, batch=4, threads=1, kept_steps=5) for n in (5, 10))
    first, again = NumberNetwork(), NumberNetwork()
    fit(first, some, half, kept=kept)
    assert torch.load(kept, weights_only=True)["step"] == 5
    fit(again, some, half, kept=kept)  # nothing is left to do
    for name, value in again.state_dict().items():
        assert torch.equal(value, first.state_dict()[name])
    told = []
    fit(again, some, whole, lambda *x: told.append(x), kept)
    assert told == []  # the first step was long ago
    assert torch.load(kept, weights_only=True)["step"] == 10


def test_a_source_that_ends_is_not_drawn_from_behind_that():
    early, always = Source(answered(4), np.ones(4), 9.0, 0.0, 0.5), Source(answered(6, 1), np.ones(6))
    after = draw([early, always], 60, 0.5, np.random.default_rng(0))
    assert all((always.crops.pictures == p).all(axis=(1, 2, 3)).any() for p in after.pictures)


def test_cells_that_nobody_asks_for_teach_nothing_and_a_wrong_digit_much():
    there = torch.zeros(1, 11, 12, 12)
    nobody = torch.full((1, 12, 12), -1)
    assert cell_loss(there, nobody) == 0
    one = nobody.clone()
    one[0, 3, 4] = 7
    there[0, 7, 3, 4] = 9.0
    assert cell_loss(there, one) < 0.01
    one[0, 3, 4] = 1
    assert cell_loss(there, one) > 8


def test_unasked_and_illegible_crops_teach_what_they_should():
    logits = torch.zeros(3, 21)
    legible, number = torch.tensor([-1, -1, -1]), torch.tensor([5, -1, -1])
    judged, digits = losses(logits, legible, number)
    assert judged == 0
    assert digits == pytest.approx(2 * np.log(10), abs=1e-4)
    _, nothing = losses(logits, torch.tensor([0, 0, 0]), torch.tensor([-1, -1, -1]))
    assert nothing == 0


def test_calibration_makes_an_overconfident_network_modest():
    network = NumberNetwork().eval()
    with torch.no_grad():
        network.legible.weight.zero_()
        network.legible.bias[0] = 6.0
    data = answered(200)
    calibrate(network, data)
    with torch.no_grad():
        said = float(torch.sigmoid(network(torch.zeros(1, 3, 48, 48))[0, 0]))
    assert said == pytest.approx((data.legible == 1).mean(), abs=0.05)


def test_a_small_set_counts_as_much_in_calibration_as_a_large_one():
    network = NumberNetwork().eval()
    with torch.no_grad():
        network.legible.weight.zero_()
        network.legible.bias[0] = 1.0
    many, few = answered(300), answered(30, 1)
    many.legible[:], few.legible[:] = 0, 1
    many.number[:], few.number[:] = 7, 7
    many.legible[0], few.legible[0] = 1, 0
    calibrate(network, many, few)
    with torch.no_grad():
        said = float(torch.sigmoid(network(torch.zeros(1, 3, 48, 48))[0, 0]))
    assert said == pytest.approx(0.5, abs=0.05)


def test_sets_are_joined_in_order():
    assert len(join([answered(3), answered(4)])) == 7


@pytest.fixture
def pictures(tmp_path):
    image = np.full((200, 300, 3), (60, 140, 60), np.uint8)
    image[20:140, 100:140] = (30, 30, 180)
    for name in ("aaa_1.png", "bbb_1.png"):
        cv2.imwrite(str(tmp_path / name), image)
    ring = [100, 20, 140, 20, 140, 140, 100, 140]
    person = {"category_id": 1, "bbox": [100, 20, 40, 120], "segmentation": [ring]}
    coco = {
        "categories": [{"id": 1, "name": "player"}, {"id": 4, "name": "ball"}],
        "images": [{"id": i, "file_name": n} for i, n in enumerate(("aaa_1.png", "bbb_1.png"))],
        "annotations": [
            *({**person, "image_id": i} for i in (0, 1)),
            {"category_id": 4, "image_id": 0, "bbox": [0, 0, 9, 9], "segmentation": [ring]},
            {**person, "image_id": 0, "segmentation": None},
        ],
    }
    (tmp_path / "coco.json").write_text(json.dumps(coco))
    return tmp_path


def test_torsos_come_from_the_matches_that_are_asked_for(pictures):
    found = read_torsos(pictures / "coco.json", pictures, lambda match: match == "aaa")
    assert len(found) == 1
    assert found[0].side_px == pytest.approx(0.44 * 120)
    assert found[0].picture[36, 36] == pytest.approx((30, 30, 180), abs=2)
    assert found[0].inside[36, 36] == 1
    assert found[0].inside[36, 2] == 0
    assert match_of("folder/aaa_1.png") == "aaa"


HEAD = "file,x1_px,y1_px,x2_px,y2_px,answer,part\n"


def labels(pictures, *rows):
    (pictures / "labels.csv").write_text(HEAD + "\n".join(rows) + "\n")
    return pictures / "labels.csv"


def test_labelled_crops_are_read_by_part(pictures):
    table = labels(
        pictures,
        "aaa_1.png,100,20,140,140,17,train",
        "aaa_1.png,100,20,140,140,8?,train",
        "aaa_1.png,100,20,140,140,illegible,train",
        "aaa_1.png,100,20,140,140,unsure,train",
        "bbb_1.png,100,20,140,140,4,held",
    )
    found = cut_labelled(read_labels(table, "train"), pictures, (3, 2, 1), np.random.default_rng(0))
    assert found.number.tolist() == [17] * 3 + [8] * 2 + [UNKNOWN]
    assert found.legible.tolist() == [1] * 3 + [UNKNOWN] * 2 + [0]
    assert found.pictures[0, 24, 24] == pytest.approx((30, 30, 180), abs=3)
    with pytest.raises(DataSetError, match="part test"):
        read_labels(table, "test")


def test_close_views_are_filmed_from_afar_and_not_all_stay_legible(pictures):
    image = np.full((1000, 600, 3), (60, 140, 60), np.uint8)
    cv2.imwrite(str(pictures / "ccc_1.png"), image)
    table = labels(pictures, "ccc_1.png,200,50,400,950,9,close")
    found = cut_labelled(read_labels(table, "close"), pictures, (60, 0, 0), np.random.default_rng(0))
    assert set(found.legible.tolist()) == {0, 1, UNKNOWN}
    assert set(found.number.tolist()) == {9}


@pytest.mark.parametrize(
    "row", ["aaa_1.png,1,2,3,4,0,train", "aaa_1.png,1,2,3,x,7,train", "aaa_1.png,1,2,3,4,,train"]
)
def test_labels_that_make_no_sense_are_told(pictures, row):
    with pytest.raises(DataSetError, match=r"labels\.csv"):
        read_labels(labels(pictures, row), "train")


def test_a_missing_table_of_labels_is_told(tmp_path):
    with pytest.raises(DataSetError, match=r"none\.csv"):
        read_labels(tmp_path / "none.csv", "train")


@pytest.mark.parametrize("text", ["{", "[]", '{"images": []}'])
def test_annotations_that_cannot_be_read_are_told(tmp_path, text):
    (tmp_path / "coco.json").write_text(text)
    with pytest.raises(DataSetError, match=r"coco\.json"):
        read_torsos(tmp_path / "coco.json", tmp_path, lambda match: True)
