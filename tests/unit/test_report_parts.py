"""Texts, tables and figures of the page, before they are put together."""

from dataclasses import replace

import fake_run
import numpy as np
import pandas as pd
import pytest

from pipeline.core.config import Config
from pipeline.core.pitch import Pitch
from pipeline.metrics.direction.left_to_right import attack_to_the_right, sides
from pipeline.metrics.movement.time_seen import seconds_behind
from pipeline.report.heatmap import heatmap_ground
from pipeline.report.page import charts, formation_texts, movement_table, page_texts, time_figures
from pipeline.report.page.notes import notes
from pipeline.report.page.window_shape import laid_over
from pipeline.report.run_data import load
from pipeline.report.style.pitch_plot import aspect, pitch_figure
from pipeline.report.style.texts import words
from pipeline.tables import storage


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return load(fake_run.build(tmp_path_factory.mktemp("runs") / "run", seconds=2.0), Config())


@pytest.fixture(scope="module")
def made(run):
    return charts.charts(run)


def edited(tmp_path, name, change, mode="both", **how):
    """A fake run with one table changed."""
    root = fake_run.build(tmp_path / "run", seconds=0.4, mode=mode, **how)
    path = root / "tables" / f"{name}.parquet"
    storage.write(change(storage.read(path, name)), path, name)
    return load(root, Config(mode=mode))


def test_the_pitch_is_drawn_to_scale():
    figure = pitch_figure(Pitch(100, 60))
    x, y = (np.asarray(figure.data[0][axis], float) for axis in "xy")
    assert (np.nanmin(x), np.nanmax(x), np.nanmin(y), np.nanmax(y)) == (-50, 50, -30, 30)
    assert figure.layout.yaxis.scaleanchor == "x"
    assert aspect(Pitch(100, 60)) == "106 / 66"


def test_facts_say_what_was_seen(run):
    said = {what: value for what, value, _ in page_texts.facts(run)}
    assert said["Footage"] == "2.0 s"
    assert said["Frames"] == "50"
    assert said["People a frame"] == "21"
    assert said["Position error"] == "0.4\u00a0m"
    assert said["Player tracks"] == "22"


def test_teams_are_named_by_their_kits(run):
    first, second = page_texts.teams(run)
    assert (first["kit_name"], second["kit_name"]) == ("red", "blue")
    assert first["shape"] == "4-4-2 at this moment"
    assert first["kit"].startswith("#c")


def test_movement_lists_each_track_with_texts_and_sort_keys(run):
    rows = movement_table.movement_rows(run)
    assert len(rows) == 22
    assert [r["team"].text for r in rows] == ["A"] * 11 + ["B"] * 11
    assert {r["role"].text for r in rows} == {"player", "goalkeeper"}
    for row in rows:
        assert sum(b.percent for b in row["bands"]) == pytest.approx(100, abs=0.1)
        assert row["distance"].sort >= 0


def test_comparison_subtracts_b_from_a(run):
    rows = {about: (a, b, gap) for about, a, b, gap, _ in page_texts.comparison_rows(run)}
    length = run.shapes[run.shapes["players_seen"] >= 5].groupby("team")["length_m"].mean()
    expected = length["A"] - length["B"]
    assert float(rows["Length"][2].replace("−", "-")) == pytest.approx(expected, abs=0.05)


def test_shapes_are_compared_with_distances(run, made):
    rows = page_texts.likeness_rows(made.comparison)
    assert len(rows) == 4
    assert rows[0][1].endswith("m")
    assert page_texts.likeness_rows(None) == []


def test_every_setting_is_listed():
    names = [name for name, _ in page_texts.setting_rows(Config())]
    assert "report.heatmap_sigma_m" in names
    assert "mode" in names


def test_notes_are_plain_sentences_from_the_run(run):
    said = notes(run)
    assert "Ball: seen in 40 of 100 frames (segment)." in said
    assert any("shape at this moment" in n for n in said)
    assert any("repeat the one before" in n for n in said)
    assert all(n[0].isupper() or n[0].isdigit() for n in said)
    assert all(n.endswith(".") for n in said)


@pytest.mark.parametrize("folder", ["/home/ada/our games/", "C:\\Users\\ada\\"])
def test_notes_name_files_without_the_folders_of_this_computer(run, folder):
    text = f"{folder}match.csv: times count milliseconds; read so"
    said = notes(
        replace(run, steps={"import": {"warnings": [text, f"no overlay.mp4: {folder}a.mp4: cannot"]}})
    )
    assert "In match.csv: times count milliseconds; read so (import)." in said
    assert "No overlay.mp4: a.mp4: cannot (import)." in said


def test_notes_name_what_was_not_observed(tmp_path):
    blind = load(fake_run.build(tmp_path / "blind", seconds=0.4, views=False), Config())
    assert notes(blind)[0].startswith("Not observed: the pitch markings.")
    team = load(fake_run.build(tmp_path / "team", seconds=0.4, mode="team"), Config(mode="team"))
    assert any("mode team" in n for n in notes(team))


def test_notes_miss_the_ball_and_a_goalkeeper(tmp_path):
    def without(labels):
        keeper = (labels["role"] == "goalkeeper") & (labels["team"] == "B")
        return labels[~keeper & (labels["role"] != "ball")]

    said = notes(edited(tmp_path, "labels", without))
    assert "Not observed: the ball." in said
    assert "Not observed: the goalkeeper of team B." in said


def test_notes_say_when_nobody_was_found(tmp_path):
    said = notes(edited(tmp_path, "labels", lambda t: t.iloc[:0]))
    assert "Not observed: people. The network found nobody in this footage." in said


def test_every_figure_is_made_and_absent_ones_have_a_reason(made):
    assert made.reasons == {}
    assert set(made.figures) == {"both", "shape_time", "people", "views", "errors", "tracks", "coverage"}
    assert [side.figure is not None for side in made.halves[0].phases["all"]] == [True, True]
    assert [tab["name"] for tab in made.heat] == ["Time spent", "Share of the time in view"]
    assert len(made.cards) == 22


def test_without_views_only_pixel_figures_remain(tmp_path):
    blind = charts.charts(load(fake_run.build(tmp_path / "blind", seconds=0.4, views=False), Config()))
    assert set(blind.figures) == {"people", "views", "tracks"}
    assert set(blind.reasons.values()) <= {words("reasons.no_view"), words("reasons.both")}


def test_team_mode_has_team_figures_and_no_players(tmp_path):
    team = load(fake_run.build(tmp_path / "team", seconds=1.0, mode="team"), Config(mode="team"))
    found = charts.charts(team)
    assert {"both", "shape_time"} <= set(found.figures)
    assert found.heat
    assert found.reasons["cards"] == found.reasons["positions"] == words("reasons.no_tracks")
    assert found.cards == []


def test_heatmaps_add_up_to_the_visible_seconds(run, made):
    ground = heatmap_ground.ground(run, sides(run.playing, run.formations))
    playing = run.playing.assign(seconds=seconds_behind(run.playing))
    assert ground.seconds(playing[playing["team"] == "A"]).sum() == pytest.approx(11 * 1.8, rel=0.1)
    card = made.cards[0]
    assert card["visible_s"] == pytest.approx(1.8, abs=0.15)
    assert ground.seconds(playing.iloc[:0]).sum() == 0


def test_share_of_the_time_in_view_is_a_share(run):
    ground = heatmap_ground.ground(run, sides(run.playing, run.formations))
    one = run.playing[run.playing["track_id"] == 3]
    one = one.assign(seconds=seconds_behind(one))
    share = ground.occupancy(ground.seconds(one), ground.in_view_s("A"))
    assert 0 < np.nanmax(share) <= 1
    assert np.isnan(share).any()


def test_what_was_in_view_is_turned_with_the_team(run):
    ground = heatmap_ground.ground(run, sides(run.playing, run.formations))
    pitch, a, b = (ground.in_view_s(team) for team in (None, "A", "B"))
    assert np.array_equal(a, pitch)
    assert np.array_equal(b, pitch[::-1, ::-1])
    assert not np.array_equal(a, b)
    none = np.zeros(len(ground.views), dtype=bool)
    assert not ground.in_view_s("A", none).any()


def test_teams_that_attack_to_the_left_are_turned(run):
    turned = attack_to_the_right(run.playing, sides(run.playing, run.formations))
    b = (run.playing["team"] == "B").to_numpy()
    assert np.allclose(turned.loc[b, "x_m"], -run.playing.loc[b, "x_m"])
    assert np.allclose(turned.loc[~b, "y_m"], run.playing.loc[~b, "y_m"])
    unknown = run.formations.assign(attack=None)
    assert attack_to_the_right(run.playing, sides(run.playing, unknown))["x_m"].equals(run.playing["x_m"])


def test_a_template_laid_over_its_own_places_stays():
    rng = np.random.default_rng(3)
    template = rng.normal(0, 12, (10, 2))
    assert np.allclose(laid_over(template, np.arange(10), template), template)
    assert np.allclose(laid_over(template, np.arange(10), template * 1.2 + 5), template * 1.2 + 5)


def test_long_footage_is_thinned_to_what_can_be_seen(run):
    time_s = np.arange(135_000) / 25
    source = np.where(np.arange(135_000) % 5 == 0, "measured", "tracked").astype(object)
    figure = time_figures.view_figure(time_s, source, 5400.0, np.array([100.0]), [(0.0, "0:00")], "views")
    assert figure.count("M") <= 2 * 160 + 20
    counts = {"A": np.full(135_000, 9.0), "B": np.full(135_000, 8.0)}
    people = time_figures.people_figure(time_s, counts, [(0.0, "0:00")], "people")
    assert 200 < people.count("L") <= 2 * 120


def test_histograms_and_timelines_take_nothing(run):
    assert "<rect" not in time_figures.histogram_figure(np.zeros(0), "m", "errors")
    time_figures.view_figure(np.zeros(0), np.zeros(0, object), 0.0, np.zeros(0), [], "views")
    series = time_figures.team_series(storage.empty("shapes"), {"A": "A"}, {"length_m": "Length"})
    assert 'class="line"' in time_figures.shape_figure(series, [], (0.0, 1.0), "shape")


def test_unclear_formations_are_called_so(tmp_path):
    def unclear(table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(formation="unclear", second=None, margin=np.nan, defenders=None, attack=None)

    run = edited(tmp_path, "formations", unclear)
    assert page_texts.teams(run)[0]["shape"] == "shape unclear (4-4-2)"
    row = formation_texts.formation_rows(run)[0]
    assert row["formation"] == row["defenders"] == row["attack"] == "unclear"
    assert row["second"] == "–"
    assert set(charts.charts(run).stands) == {"A", "B"}


def test_shapes_of_few_players_are_not_compared(tmp_path):
    def few(labels: pd.DataFrame) -> pd.DataFrame:
        return labels.assign(role=labels["role"].where(labels["instance"] % 4 == 0, "other"))

    def of_players(identities: pd.DataFrame) -> pd.DataFrame:
        return identities.assign(role=identities["role"].where(identities["track_id"] % 2 == 0, "other"))

    root = fake_run.build(tmp_path / "run", seconds=1.0)
    for name, change in (("labels", few), ("identities", of_players)):
        path = root / "tables" / f"{name}.parquet"
        storage.write(change(storage.read(path, name)), path, name)
    found = charts.charts(load(root, Config()))
    assert set(found.stands) == {"A", "B"}
    assert found.comparison is None


def test_stand_in_colours_are_named(tmp_path):
    def alike(kits: pd.DataFrame) -> pd.DataFrame:
        return kits.assign(torso_l=45.0, torso_a=60.0, torso_b=40.0)

    said = notes(edited(tmp_path, "kits", alike))
    assert sum("stand-in colour" in n for n in said) == 1


def test_heat_scales_are_equally_dark_for_any_kit():
    from pipeline.report.drawing.heat_picture import heat_colours
    from pipeline.report.style.colours import to_lab

    for colour in ((20, 20, 20), (139, 139, 139), (0, 81, 180), (181, 53, 43)):
        red, green, blue, alpha = (int(v) for v in heat_colours(colour)[-1])
        assert to_lab((red, green, blue))[0] == pytest.approx(24, abs=8)
        assert alpha == 255


def test_lines_break_where_nothing_was_seen():
    rows = pd.DataFrame({"time_s": [0.5, 1.5, 6.5], "length_m": [30.0, 31.0, 32.0]})
    broken = time_figures.with_breaks(rows)
    assert broken["length_m"].isna().tolist() == [False, False, True, False]
    assert len(time_figures.with_breaks(rows.iloc[:0])) == 0
