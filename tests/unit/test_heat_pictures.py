"""Panels, pictures, pages and tables of heatmaps."""

import json
import re
from dataclasses import replace

import cv2
import fake_run
import made_up_run
import numpy as np
import pandas as pd
import pytest

from pipeline.core.errors import RunError
from pipeline.metrics.direction.match_stretch import Stretch
from pipeline.metrics.heatmap.pitch_grid import zones
from pipeline.report.heatmap import captions, heatmap_page, heatmap_png, heatmap_run
from pipeline.report.heatmap.heatmap_data import heat_map
from pipeline.report.heatmap.heatmap_ground import outline
from pipeline.report.heatmap.heatmap_query import Choice
from pipeline.report.heatmap.heatmap_table import heat_table, write_table
from pipeline.report.heatmap.panel import DIVERGING, RULER_M, SEQUENTIAL, drawn, scale_texts
from pipeline.report.heatmap.panel_figures import panel_figure
from pipeline.report.heatmap.panels import panels
from pipeline.report.style.colours import deuteranope, to_lab
from pipeline.runs.stored_run import StoredRun


def load(root):
    return heatmap_run.load(StoredRun.open(root))


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return load(made_up_run.build(tmp_path_factory.mktemp("made") / "derby"))


@pytest.fixture(scope="module")
def halves(run):
    return [heat_map(run, Choice(team="A", part=Stretch(half=h, phase="in"))) for h in (1, 2)]


@pytest.fixture(scope="module")
def footage(tmp_path_factory):
    return load(fake_run.build(tmp_path_factory.mktemp("fake") / "clip", seconds=3.0))


def rgb(colour):
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def lightness(colours):
    return np.array([to_lab(rgb(c))[0] for c in colours])


def test_colours_get_darker_all_the_way_for_anybody():
    assert (np.diff(lightness(SEQUENTIAL)) < -3).all()
    seen = [to_lab(deuteranope(rgb(c)))[0] for c in SEQUENTIAL]
    assert (np.diff(seen) < -3).all()


def test_the_two_sides_of_a_difference_are_told_apart_by_anybody():
    for less, more in zip(DIVERGING[:3], DIVERGING[:3:-1], strict=True):
        one, two = (to_lab(deuteranope(rgb(c))) for c in (less, more))
        assert np.linalg.norm(one - two) > 30
    assert lightness(DIVERGING)[3] == max(lightness(DIVERGING))


def test_one_map_of_all_that_was_seen_shows_seconds(run):
    (panel,) = panels(heat_map(run, Choice(player="A7")))
    assert panel.unit == "seconds per m²"
    assert panel.title == "7 A. Player 7, forward, Atlas"
    assert panel.facts == ("Seen 40.0 s of 40.0 s: coverage 100%", "The whole pitch was seen all the time")
    assert panel.direction == ""
    assert panel.high == pytest.approx(np.percentile(panel.values[panel.values > 0], 99))


def test_two_maps_share_a_scale_and_differ_by_their_difference(halves):
    one, two, gap = panels(*halves)
    assert one.high == two.high
    assert np.allclose(gap.values, two.values - one.values)
    assert (gap.low, gap.title) == (-gap.high, "Difference")
    assert gap.facts == ("Orange: more of Atlas: second half, in possession", f"Blue: more of {one.title}")


def test_estimated_possession_is_said(halves):
    assert "estimated" not in captions.facts(halves[0])[0]
    guessed = replace(halves[0], possession_estimated=True)
    assert captions.facts(guessed)[0].endswith("players at a time; possession estimated")


def test_small_shares_are_given_for_an_area_that_people_can_read(halves):
    one, *_ = panels(*halves)
    assert one.unit == "% of the time in view, per m²"
    assert one.high >= 0.1
    long = replace(halves[0], in_view_s=40 * halves[0].in_view_s)
    (thin,) = panels(replace(long, everything_seen=False))
    assert thin.unit == "% of the time in view, per 100 m²"
    assert thin.high == pytest.approx(100 / 40 * one.high, rel=0.2)


def test_footage_is_shown_as_share_of_the_time_in_view(footage):
    (panel,) = panels(heat_map(footage, Choice(team="A")))
    assert panel.unit.startswith("% of the time in view, per")
    assert "grey: hardly ever in view" in panel.facts[1]
    assert np.isfinite(drawn(panel)).all()
    x, y, unseen = outline(panel.grid, np.isnan(panel.values))
    assert unseen.shape == (len(y), len(x)) == panel.values.shape
    assert unseen.max() > 0.9


def test_zones_have_a_number_each_and_say_what_was_not_in_view(run, footage):
    (panel,) = panels(heat_map(run, Choice(team="A")), zones=True)
    assert len(panel.texts) == 20
    assert sum(float(big.rstrip("%")) for big, _ in panel.texts) == pytest.approx(100, abs=1)
    (partly,) = panels(heat_map(footage, Choice(team="A")), zones=True)
    assert ("", "not in view") in partly.texts


def test_differences_of_zones_are_percentage_points(halves):
    *_, gap = panels(*halves, zones=True)
    assert gap.unit == "percentage points"
    assert np.nansum(gap.values) == pytest.approx(0, abs=1e-6)


def test_the_same_twice_has_no_difference(halves):
    *_, gap = panels(halves[0], halves[0])
    assert not gap.values.any()
    assert gap.high == 1.0


def test_scales_are_written_with_their_ends(halves):
    one, _, gap = panels(*halves)
    assert scale_texts(one)[0] == "0"
    assert scale_texts(one)[2].startswith("≥ ")
    assert scale_texts(gap)[0].startswith("≤ −")
    (zone,) = panels(halves[0], zones=True)
    assert not scale_texts(zone)[2].startswith("≥")


def test_parts_are_named():
    assert captions.part(Stretch()) == ""
    assert captions.part(Stretch(half=2, phase="out")) == "second half, out of possession"
    assert captions.part(Stretch(from_s=90.0)) == "1:30 to the end"
    assert captions.part(Stretch(to_s=3600.0, half=5)) == "period 5, 0:00 to 1:00:00"


def test_an_unclear_direction_replaces_the_arrow(footage):
    (panel,) = panels(heat_map(footage, Choice(role="referee")))
    assert panel.direction == "direction of attack unclear: sides as on the pitch"


@pytest.mark.parametrize("zones_", [False, True])
def test_a_picture_of_one_and_of_two(halves, tmp_path, zones_):
    for maps, shape in ((halves[:1], (1282, 1530)), (halves, (898, 2856))):
        path = tmp_path / "a.png"
        heatmap_png.write_png(panels(*maps, zones=zones_), path, "derby")
        image = cv2.imread(str(path))
        assert image.shape[:2] == shape
        assert (image[-1] == 255).all()


def test_the_picture_is_drawn_to_scale_and_dark_where_someone_stood(run):
    (panel,) = panels(heat_map(run, Choice(player="A1")))
    figure = heatmap_png.picture([panel], "derby")
    axes = figure.axes[0]
    to_px = axes.transData.transform([(0, 0), (10, 0), (0, 10), panel_peak(panel)])
    assert to_px[1, 0] - to_px[0, 0] == pytest.approx(to_px[2, 1] - to_px[0, 1], rel=0.005)
    figure.canvas.draw()
    image = np.asarray(figure.canvas.buffer_rgba())[..., :3]
    x, y = to_px[3].astype(int)
    assert to_lab(tuple(int(v) for v in image[len(image) - y, x]))[0] < 30


def panel_peak(panel):
    row, column = np.unravel_index(panel.values.argmax(), panel.values.shape)
    x, y = panel.grid.middles_m()
    return x[column], y[row]


def test_lines_of_the_picture_are_those_of_the_laws(run):
    (panel,) = panels(heat_map(run, Choice(team="A")))
    axes = heatmap_png.picture([panel], "derby").axes[0]
    drawn_lines = [line.get_xydata() for line in axes.lines]
    everything = np.concatenate(drawn_lines)
    arc = everything[np.isclose(np.hypot(everything[:, 0] + 41.5, everything[:, 1]), 9.15, atol=0.01)]
    assert arc[:, 0].max() == pytest.approx(-41.5 + 9.15, abs=0.01)
    assert np.abs(everything[:, 0]).max() == 54.5
    assert RULER_M == 10


def test_a_long_title_fits(run, halves):
    (panel,) = panels(halves[0])
    figure = heatmap_png.picture([replace(panel, title="A very long name of a club " * 4)], "derby")
    figure.canvas.draw()
    box = figure.texts[0].get_window_extent()
    assert box.x1 < figure.bbox.x1


def test_a_page_holds_every_panel_and_needs_nothing_else(halves, tmp_path):
    heatmap_page.write_html(panels(*halves), tmp_path / "a.html", "derby <1>")
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "derby &lt;1&gt;" in text
    assert not re.search(r"<(script|link|img)[^>]*(src|href)=", text)
    data = re.search(r'id="data">(.*?)</script>', text, re.S)[1]
    assert [f["data"][0]["type"] for f in json.loads(data)["figures"].values()] == ["heatmap"] * 3


def test_zones_of_a_page_are_twenty_areas(halves):
    (panel,) = panels(halves[0], zones=True)
    figure = panel_figure(panel)
    filled = [t for t in figure.data if t.fill == "toself"]
    assert len(filled) == len(figure.layout.annotations) == 20
    assert filled[0].text.startswith(zones(panel.pitch)[0].name)


def test_the_table_has_a_row_for_each_cell_and_adds_up(halves, tmp_path):
    table = heat_table(*halves)
    assert len(table) == 105 * 68
    assert table["seconds"].sum() == pytest.approx(halves[0].total_s)
    assert table["seconds_per_m2_2"].sum() == pytest.approx(halves[1].total_s)
    write_table(table, tmp_path / "a.csv")
    back = pd.read_csv(tmp_path / "a.csv")
    assert list(back) == list(table)
    assert back["share_of_view"].sum() == pytest.approx(table["share_of_view"].sum(), rel=1e-4)


def test_the_table_of_zones_and_of_what_is_unknown(run, footage):
    table = heat_table(heat_map(run, Choice(team="A")), by_zone=True)
    assert len(table) == 20
    assert table["percent"].sum() == pytest.approx(100)
    seen = heat_table(heat_map(footage, Choice(team="A")))
    assert seen["share_of_view"].isna().any()
    assert seen["seconds"].notna().all()


def test_a_folder_that_cannot_be_written_is_one_line(halves, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="cannot write"):
        heatmap_png.write_png(panels(halves[0]), tmp_path / "file" / "a.png", "derby")
