"""The page as a file, and the step that writes it."""

import html.parser
import re

import fake_run
import pandas as pd
import pytest

from pipeline.core.config import Config
from pipeline.core.json_files import write_json
from pipeline.report.page.content.video_player import Player
from pipeline.report.page.page import page
from pipeline.report.run_data import load
from pipeline.runs.run_directory import read_json
from pipeline.tables import storage
from pipeline.workflow.step import Context
from pipeline.workflow.steps import report


def make(root, config=None):
    context = Context(root, root / "absent.mp4", config or Config(), lambda done, total: None, print)
    return report.step(context.config.mode).do(context)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    root = fake_run.build(tmp_path_factory.mktemp("runs") / "run", seconds=1.0)
    make(root)
    return root


@pytest.fixture(scope="module")
def text(run):
    return (run / "report" / "index.html").read_text(encoding="utf-8")


def own(text):
    """The page without its scripts."""
    return re.sub(r"<script[^>]*>.*?</script>", "", text, flags=re.S)


class Balance(html.parser.HTMLParser):
    VOID = frozenset(("meta", "br", "link", "input", "img"))

    def handle_startendtag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]

    def __init__(self):
        super().__init__()
        self.open, self.ids = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append(tag)
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_well_formed_and_ids_are_unique(text):
    parser = Balance()
    parser.feed(own(text))
    assert parser.open == []
    assert len(parser.ids) == len(set(parser.ids))


def test_the_page_needs_no_network(text):
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", own(text))
    assert "url(" not in own(text)
    assert "@import" not in own(text)
    assert "plotly.js v" not in text


def test_the_page_is_small_enough_to_send(text):
    assert len(text.encode()) < 600_000


def test_every_figure_is_there_without_a_script(text):
    # shapes of two teams and both, average positions, heatmaps, a card a player, the camera's coverage
    drawn = own(text)
    assert len(re.findall(r'<svg[^>]*class="pitch"', drawn)) == 3 + 2 + 4 + 22 + 1
    assert len(re.findall(r'<svg[^>]*class="plot', drawn)) == 5
    assert drawn.count("data:image/png;base64,") == 4 + 22 + 1
    assert "NaN" not in drawn


def test_what_scrolls_can_be_reached_by_keyboard_and_has_a_name_of_its_own(text):
    regions = re.findall(r'<div class="scroll"([^>]*)>', text)
    assert regions
    assert all('tabindex="0" role="region"' in r for r in regions)
    names = re.findall(r'<div class="scroll"[^>]*aria-label="([^"]*)"', text)
    assert len(names) == len(set(names)) == len(regions)
    assert not re.findall(r"<th[^>]*></th>", text)


def test_footage_names_cannot_break_the_page(run):
    record = read_json(run / "run.json")
    write_json(run / "run.json", record | {"source": '/x/<script>alert("x")</script>&.mp4'})
    try:
        text = page(load(run, Config()), None)
    finally:
        write_json(run / "run.json", record)
    assert "<script>alert" not in text
    assert "&lt;/script&gt;" in text or "script&gt;&amp;.mp4" in text


def test_the_overlay_is_shown_when_there_is_one(run):
    loaded = load(run, Config())
    assert "<video" not in page(loaded, None)
    text = page(loaded, Player("../overlay.mp4", "data:image/jpeg;base64,AAAA"))
    assert '<video class="overlay" controls' in text
    assert 'src="../overlay.mp4"' in text
    assert 'poster="data:image/jpeg;base64,AAAA"' in text


def test_csv_files_lie_beside_the_tables(run):
    read = {p.stem for p in (run / "tables").glob("*.csv")}
    assert read == set(report.step("both").reads)
    movement = pd.read_csv(run / "tables" / "movement.csv")
    assert len(movement) == len(storage.read(run / "tables" / "movement.parquet", "movement"))


def test_csv_can_be_left_out(tmp_path):
    root = fake_run.build(tmp_path / "run", seconds=0.2)
    facts = make(root, Config.model_validate({"report": {"csv": False}}))
    assert facts["csv_files"] == 0
    assert not list((root / "tables").glob("*.csv"))


def test_pages_without_metres_say_why(tmp_path):
    root = fake_run.build(tmp_path / "run", seconds=0.2, views=False)
    make(root)
    text = own((root / "report" / "index.html").read_text(encoding="utf-8"))
    assert "No camera view was found in this footage" in text
    assert "nan" not in re.sub(r"<script.*?</script>", "", text, flags=re.S).lower().split()


def test_team_mode_reads_no_tracks_and_says_so(tmp_path):
    assert not set(report.step("team").reads) & {"tracks", "identities", "movement"}
    root = fake_run.build(tmp_path / "run", seconds=0.4, mode="team")
    make(root, Config(mode="team"))
    assert "mode team" in own((root / "report" / "index.html").read_text(encoding="utf-8"))


def test_a_run_in_which_nothing_was_found_still_has_a_page(tmp_path):
    root = fake_run.build(tmp_path / "run", seconds=0.2, views=False)
    for name in ("instances", "segments", "labels", "kits", "tracks", "identities", "team_movement"):
        storage.write(storage.empty(name), root / "tables" / f"{name}.parquet", name)
    make(root)
    text = own((root / "report" / "index.html").read_text(encoding="utf-8"))
    assert "The network found nobody" in text
    assert "kit not observed" in text


def test_a_single_frame_has_a_page(tmp_path):
    root = fake_run.build(tmp_path / "run", seconds=0.04)
    make(root)
    text = (root / "report" / "index.html").read_text(encoding="utf-8")
    assert 'class="plot' in text
    assert text.rstrip().endswith("</html>")
