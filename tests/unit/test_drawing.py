"""Figures as SVG: marks apart, pictures of heatmaps, the match's clock, texts."""

import io
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import pipeline.report
from pipeline.core.pitch import Pitch
from pipeline.report.drawing.apart import spread_apart
from pipeline.report.drawing.heat_picture import LEVELS, heat_png
from pipeline.report.drawing.markup import element, path_of, text
from pipeline.report.drawing.page_theme import dark_pair, readable_on
from pipeline.report.drawing.pitch_drawing import around, pitch_svg, whole
from pipeline.report.drawing.plot_frame import nice_top
from pipeline.report.page.match_halves import time_ticks
from pipeline.report.style.colours import choose, distance
from pipeline.report.style.match_clock import match_clock
from pipeline.report.style.texts import texts, words

ROOM = Path(pipeline.report.__file__).parent
HALVES = pd.DataFrame(
    {"period": [1, 2], "start_s": [0.0, 2800.0], "end_s": [2760.0, 5610.0], "source": "given"}
)


def nearest(places):
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    return apart[~np.eye(len(places), dtype=bool)].min()


def test_marks_on_one_spot_part_and_those_far_off_stay():
    places = np.array([[0.0, 0.0], [0.0, 0.0], [0.5, 0.2], [40.0, 0.0]])
    moved = spread_apart(places, 5.0)
    assert nearest(moved) == pytest.approx(5.0, abs=0.05)
    assert moved[3] == pytest.approx(places[3])
    assert spread_apart(places[:0], 5.0).shape == (0, 2)


def test_marks_with_words_need_more_room_side_by_side():
    moved = spread_apart(np.array([[-1.0, 0.0], [1.0, 0.0]]), 4.0, wider=1.5)
    assert moved[1, 0] - moved[0, 0] == pytest.approx(6.0, abs=0.05)


def test_what_users_typed_is_no_markup():
    assert "<b>" not in text("<b>&", 0, 0)
    assert element("g", data_name='"><script>').count("<") == 1
    assert path_of([np.array([[0, 0], [np.nan, 1], [2, 3]])]) == "M0 0M2 3"


def test_a_heatmap_is_a_picture_with_a_pixel_a_cell_and_grey_for_the_unseen():
    values = np.zeros((3, 4))
    values[0, 1], values[2, 3] = 2.0, np.nan
    picture = Image.open(io.BytesIO(heat_png(values, 2.0, (0, 114, 178))))
    assert picture.size == (4, 3)
    levels = np.asarray(picture)
    assert levels[2, 1] == LEVELS - 1
    assert levels[0, 3] == LEVELS
    assert (levels == 0).sum() == 10
    seen = np.asarray(picture.convert("RGBA"))
    assert seen[0, 0, 3] == 0
    assert seen[2, 1, 3] == 255
    assert np.asarray(Image.open(io.BytesIO(heat_png(values * 0, 0.0, (0, 0, 0))))).shape == (3, 4)


def test_a_window_holds_its_places_and_never_leaves_the_pitch():
    pitch = Pitch(105, 68)
    near = around(np.array([[40.0, 20.0], [50.0, 30.0]]), pitch)
    assert near.scale < 0.6
    assert (
        near.x_m - near.width_m / 2 < 40 < 50 < near.x_m + near.width_m / 2 <= whole(pitch).width_m / 2 + 1e-9
    )
    assert around(np.array([[-52.0, -34.0], [52.0, 34.0]]), pitch) == whole(pitch)
    assert 'aria-label="a &amp; b"' in pitch_svg(pitch, "a & b")


@pytest.mark.parametrize(
    ("time_s", "said"), [(0, "0:00"), (2699, "44:59"), (2720, "45+0:20"), (2800, "45:00"), (5530, "90+0:30")]
)
def test_time_is_told_as_a_match_counts_it(time_s, said):
    assert match_clock(time_s, HALVES) == said


def test_footage_without_halves_counts_from_its_first_frame():
    assert match_clock(3700, HALVES.iloc[:0]) == "1:01:40"
    assert [t for _, t in time_ticks(HALVES.iloc[:0], 0, 10, most=5)] == [
        "0:00",
        "0:02",
        "0:04",
        "0:06",
        "0:08",
        "0:10",
    ]


def test_ticks_of_a_match_begin_anew_with_the_second_half():
    ticks = time_ticks(HALVES, 0, 5610)
    assert [said for _, said in ticks] == ["0:00", "15:00", "30:00", "45:00", "60:00", "75:00", "90:00"]
    assert ticks[-1][0] == 5500


@pytest.mark.parametrize(("value", "top"), [(0, 1), (0.7, 0.8), (31, 40), (100, 100), (float("nan"), 1)])
def test_axes_end_on_round_numbers(value, top):
    assert nice_top(value) == pytest.approx(top)


def test_words_on_marks_can_be_read_on_any_colour():
    def luminance(rgb):
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in rgb)]
        return float(np.dot([0.2126, 0.7152, 0.0722], linear))

    for colour in ((213, 94, 0), (139, 139, 139), (0, 114, 178), (255, 255, 255), (0, 0, 0)):
        light, dark = sorted((luminance(colour), luminance(readable_on(colour))), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_teams_can_be_told_apart_on_a_dark_screen():
    for kits in (
        (None, None),
        ((15.0, 0.0, 0.0), (97.0, 0.0, 0.0)),
        ((30.0, 20.0, -50.0), (35.0, 60.0, 40.0)),
    ):
        assert distance(*dark_pair(choose(*kits))) >= 38


def test_every_text_is_used_and_every_text_that_is_used_is_there():
    sources = [p.read_text(encoding="utf-8") for kind in ("*.py", "*.html") for p in ROOM.rglob(kind)]
    named = {k for s in sources for k in re.findall(r"""(?:words|\bt)\(\s*f?["']([a-z_]+\.[^"'{]*)""", s)}
    others = {k for s in sources for k in re.findall(r"""["']([a-z]+\.[a-z_0-9]+)["']""", s)}
    known = set(texts())
    starts = tuple(k for k in named if k not in known)
    assert all(any(k.startswith(start) for k in known) for start in starts)
    assert {k for k in known if k not in named | others and not k.startswith(starts)} == set()
    with pytest.raises(KeyError):
        words("page.nonsense")
