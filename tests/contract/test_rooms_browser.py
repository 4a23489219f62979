"""The rooms of the workbench beside watching, in a real browser: compare, roster, camera."""

import csv
import io
from importlib import resources

import numpy as np
import pandas as pd
import pytest
import workbench_runs as runs
from axe_playwright_python.sync_playwright import Axe
from browser import browser, served
from playwright.sync_api import expect

from pipeline.core.geometry import to_image
from pipeline.core.pitch import Pitch
from pipeline.linking.by_hand.roster import read_roster
from pipeline.runs.match_file import read_match

WIDE, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
DEMO = resources.files("pipeline") / "demo"
FRAME = 60


@pytest.fixture(scope="module")
def chromium():
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run with mistakes whose footage is the bundled clip."""
    return runs.mistaken_on_demo(tmp_path_factory.mktemp("rooms") / "derby")


@pytest.fixture
def page(chromium):
    context = chromium.new_context(viewport=WIDE)
    made, faults = context.new_page(), []
    made.on("pageerror", lambda error: faults.append(str(error)))
    made.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
    yield made
    context.close()
    assert faults == []


def room(page, address, name):
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_selector("body[data-ready]")
    return page


def test_sides_are_compared_and_saved(page, run):
    with served([run]) as address:
        room(page, address, "Compare")
        expect(page.locator(".board figure").first).to_be_visible(timeout=30_000)
        page.get_by_role("button", name="Add a side").click()
        page.get_by_label("Who").last.select_option(label="outfield (Team B)")
        page.get_by_role("button", name="Compare", exact=True).last.click()
        expect(page.locator(".board .sides li")).to_have_count(3, timeout=30_000)
        with page.expect_download() as saved:
            page.get_by_role("link", name="Save as CSV").click()
        table = csv.DictReader(io.StringIO(saved.value.path().read_text(encoding="utf-8")))
        assert len({row["side"] for row in table}) == 3
        with page.expect_download() as saved:
            page.locator("figure[data-name^=heatmap]").first.get_by_role("button", name="PNG").click()
        assert saved.value.path().read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
        with page.expect_download() as saved:
            page.get_by_role("link", name="Save as a page").click()
        text = saved.value.path().read_text(encoding="utf-8")
        assert "<svg" in text
        assert "<script" not in text


def test_a_line_up_is_read_looked_over_and_kept(page, run):
    with served([run]) as address:
        room(page, address, "Roster & match")
        line_up = {
            "name": "squad.csv",
            "mimeType": "text/csv",
            "buffer": b"team,number,name\nhome,7,Ada\naway,9,Eve\n",
        }
        page.locator("input[type=file]").set_input_files(line_up)
        expect(page.locator("#notice")).to_contain_text("2 players read")
        page.get_by_role("button", name="Add a player").first.click()
        page.keyboard.type("7")
        page.get_by_role("button", name="Save", exact=True).first.click()
        expect(page.get_by_text("number 7 of team A is there twice")).to_be_visible()
        page.get_by_label("No.").nth(1).fill("8")
        page.get_by_label("Name").nth(1).fill("Grace")
        page.get_by_role("button", name="Save", exact=True).first.click()
        expect(page.locator("#notice")).to_contain_text("Saved")
    kept = read_roster(run / "roster.yaml")
    assert {(team, number): one.name for (team, number), one in kept.items()} == {
        ("A", 7): "Ada", ("A", 8): "Grace", ("B", 9): "Eve",
    }  # fmt: skip


def test_what_match_it_was_is_typed_and_kept(page, run):
    with served([run]) as address:
        room(page, address, "Roster & match")
        page.get_by_label("Date").fill("2026-04-12")
        page.get_by_label("Goals of Team A").fill("2")
        page.get_by_label("Goals of Team B").fill("1")
        page.get_by_label("Team A is called").fill("North")
        page.get_by_label("Half-time").fill("soon")
        page.get_by_role("button", name="Save the match").click()
        expect(page.get_by_text("'soon' is no time")).to_be_visible()
        page.get_by_label("Half-time").fill("0:02")
        page.get_by_label("First half: Team A attacks").select_option("right_to_left")
        page.get_by_role("button", name="Save the match").click()
        expect(page.locator("#notice")).to_contain_text("Saved")
        expect(page.get_by_label("First half: North attacks")).to_have_value("right_to_left")
    said = read_match(run / "match.yaml")
    (run / "match.yaml").unlink()
    assert (said.sheet, said.teams) == ({"date": "2026-04-12", "score": [2, 1]}, {"A": "North"})
    assert said.periods() == {"half_time_s": 2.0, "attack_a": "right_to_left"}


def test_landmarks_are_clicked_and_the_view_is_there_at_once(page, run):
    views = pd.read_parquet(str(DEMO / "truth_views.parquet"))
    row = views[views["frame"] == FRAME].iloc[0]
    truth = row[[f"h{i}{j}" for i in (1, 2, 3) for j in (1, 2, 3)]].to_numpy(float).reshape(3, 3)
    shown = to_image(Pitch().keypoints_m(), truth)
    inside = np.flatnonzero(((shown > 5) & (shown < [1275, 715])).all(axis=1))
    with served([run]) as address:
        room(page, address, "Camera")
        page.get_by_label("Frame", exact=True).fill(str(FRAME))
        canvas = page.locator(".picture-scroll canvas")
        expect(canvas).to_have_attribute("data-frame", str(FRAME))
        box = canvas.bounding_box()
        for number in inside:
            page.locator(".pickers select").select_option(str(number))
            x, y = shown[number]
            canvas.click(position={"x": x * box["width"] / 1280, "y": y * box["height"] / 720})
        expect(page.get_by_text(f"View of frame {FRAME}: typically 0.")).to_be_visible(timeout=20_000)
        assert page.locator(".clicks small").all_inner_texts()[0].endswith(" m")
        page.get_by_role("button", name="Save points.yaml").click()
        expect(page.locator("#notice")).to_contain_text("--points")
    assert (run / "points.yaml").read_text().count("keypoint") == len(inside)


@pytest.mark.parametrize(
    ("name", "look"), [("Compare", "phone"), ("Roster & match", "dark"), ("Camera", "phone")]
)
def test_no_serious_violations_of_accessibility(chromium, run, name, look):
    viewport = PHONE if look == "phone" else WIDE
    page = chromium.new_context(
        viewport=viewport, color_scheme="dark" if look == "dark" else "light"
    ).new_page()
    with served([run], read_only=look == "phone") as address:
        room(page, address, name)
        if name == "Compare":
            expect(page.locator(".board figure").first).to_be_visible(timeout=30_000)
        found = Axe().run(page).response["violations"]
        serious = {v["id"]: v["nodes"][0]["html"] for v in found if v["impact"] in ("serious", "critical")}
        assert serious == {}
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    page.context.close()
