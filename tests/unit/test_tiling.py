"""Wide pictures through tiles: nobody twice, nobody in half, nobody lost; ordinary pictures as before."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core import masks
from pipeline.core.types import BALL
from pipeline.networks.backend_interface import NetworkInfo
from pipeline.networks.segmenter import Segmenter, segment_image, yolo
from pipeline.networks.tiling.tile_layout import (
    Band,
    bands_for,
    is_wide,
    laid_out,
    own,
    people_seen,
    plain_tiles,
)
from pipeline.networks.tiling.tiled_network import TiledNetwork
from pipeline.networks.yolo_decoder import Limits

WHITE = 230


class Blobs:
    """A network that finds white rectangles, and half rectangles at the edges of what it is shown."""

    batch = 2
    info = NetworkInfo(("player", "goalkeeper", "referee", "ball"), "fake", "cpu")

    def forward(self, batch):
        import cv2

        out, protos = [], []
        for image in batch:
            white = (image[..., 0] > WHITE - 60).astype(np.uint8)
            _, _, stats, _ = cv2.connectedComponentsWithStats(white)
            rows = np.zeros((4 + 4 + 32, 50), np.float32)
            for k, (x, y, w, h, _) in enumerate(stats[1:51]):
                rows[:4, k] = x + w / 2, y + h / 2, w, h
                rows[4, k], rows[8, k] = 0.9, 1.0
            out.append(rows)
            proto = np.zeros((32, image.shape[0] // 4, image.shape[1] // 4), np.float32)
            proto[0] = cv2.resize(white.astype(np.float32), proto.shape[:0:-1]) * 8 - 4
            protos.append(proto)
        return np.stack(out), np.stack(protos)


def picture(people, size=(3000, 600)):
    image = np.zeros((size[1], size[0], 3), np.uint8)
    for x, y, w, h in people:
        image[y : y + h, x : x + w] = WHITE
    return image


def segmented(image, imgsz=320):
    network = yolo(Blobs(), imgsz, Limits(), sharpen=False)
    prepared, tiles = Segmenter(network).for_footage(image, "auto")
    return segment_image(image, prepared), tiles


PEOPLE = [(100 + 230 * i, 180 + 25 * (i % 7), 12, 40 + 3 * (i % 7)) for i in range(12)]


def test_everybody_in_a_wide_picture_is_found_once_and_whole():
    found, tiles = segmented(picture(PEOPLE))
    assert len(tiles) > 3
    assert len(found.boxes_px) == len(PEOPLE)
    boxes = found.boxes_px[np.argsort(found.boxes_px[:, 0])]
    for box, (x, y, w, h) in zip(boxes, PEOPLE, strict=True):
        assert np.abs(box - [x, y, x + w, y + h]).max() <= 3


def test_masks_lie_where_people_stand_without_seams():
    _, tiles = segmented(picture(PEOPLE))
    border = tiles[0].core[2]
    on_seam = [(int(border) - 6, 250, 12, 44), *PEOPLE[3:]]
    found, _ = segmented(picture(on_seam))
    seam = [i for i, b in enumerate(found.boxes_px) if b[0] < border < b[2]]
    assert len(seam) == 1
    filled = [masks.decode(m).mean() for m in found.masks]
    assert filled[seam[0]] >= min(share for i, share in enumerate(filled) if i != seam[0]) - 0.05


def test_an_ordinary_picture_is_looked_at_whole():
    assert not is_wide((1920, 1080), 1280)
    assert segmented(picture(PEOPLE[:2], (600, 400)))[1] == ()


def test_tiles_can_be_switched_off():
    network = yolo(Blobs(), 320, Limits(), sharpen=False)
    segmenter, tiles = Segmenter(network).for_footage(picture(PEOPLE), "off")
    assert tiles == ()
    assert not isinstance(segmenter._network, TiledNetwork)


def test_without_people_in_the_first_picture_the_tiles_have_its_own_size():
    _, tiles = segmented(picture([]))
    assert tiles == plain_tiles((3000, 600), 320)
    assert {round(t.scale, 1) for t in tiles} == {1.0}


@given(st.integers(800, 9000), st.integers(300, 3000), st.floats(0.05, 0.5), st.floats(0, 1), st.floats(0, 1))
def test_wherever_somebody_stands_one_tile_shows_him_whole(width, height, grow, across, down):
    horizon = 0.1 * height
    feet = np.linspace(0.35 * height, height, 12)
    tall = grow * (feet - horizon)
    people = people_seen(np.c_[feet, feet - tall, feet + 0.4 * tall, feet])
    tiles = laid_out(width, bands_for(people, height, 40.0, (0.1, 2.0)), 1280)
    foot = feet[0] + down * (height - feet[0])
    own_tall = grow * (foot - horizon)
    x = across * (width - 0.4 * own_tall)
    box = np.array([[x, foot - own_tall, x + 0.4 * own_tall, foot]])
    whole = [
        own(box, t)[0]
        and t.left <= box[0, 0] + 1
        and t.top <= box[0, 1] + 1
        and box[0, 2] <= t.left + t.width + 1
        and box[0, 3] <= t.top + t.height + 1
        for t in tiles
    ]
    assert any(whole)
    assert all(max(t.width, t.height) * t.scale <= 1281 for t in tiles)


def test_people_far_away_are_enlarged_more_than_near_ones_and_rows_beyond_the_pitch_left_out():
    feet = np.linspace(400, 900, 15)
    tall = 0.1 * (feet - 200)
    people = people_seen(np.c_[feet, feet - tall, feet + 10, feet])
    assert people.grow == pytest.approx(0.1)
    assert people.horizon == pytest.approx(200)
    assert 200 < people.first_row < 380
    bands = bands_for(people, 1000, 30.0, (0.2, 2.0))
    assert len(bands) == 2
    assert bands[0].scale == pytest.approx(30 / np.percentile(tall, 10))
    assert bands[1].scale < 0.6 * bands[0].scale
    assert bands[1].high == 1000


def test_without_growth_there_is_one_band():
    boxes = np.array([[0, 100, 10, 140], [50, 100, 60, 140], [90, 100, 100, 140.0]])
    (band,) = bands_for(people_seen(boxes), 400, 40.0, (0.2, 2.0))
    assert isinstance(band, Band)
    assert band.scale == 1.0


def test_the_ball_is_joined_too():
    assert BALL == 3
    found, _ = segmented(picture(PEOPLE))
    assert (found.class_id != BALL).all()
