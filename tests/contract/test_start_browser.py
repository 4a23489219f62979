"""The start page in a real browser: footage is chosen, run, and its result opened."""

import shutil
from importlib import resources

import pytest
import tracking_files
from axe_playwright_python.sync_playwright import Axe
from browser import browser, served
from playwright.sync_api import expect

from pipeline.workbench.starting.desk import Desk

WIDE, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def chromium():
    with browser() as started:
        yield started


@pytest.fixture
def folder(tmp_path):
    shutil.copy(str(resources.files("pipeline") / "demo" / "demo.mp4"), tmp_path / "derby.mp4")
    return tmp_path


def serious(page):
    found = Axe().run(page).response["violations"]
    return {v["id"]: v["nodes"][0]["html"] for v in found if v["impact"] in ("serious", "critical")}


def test_footage_is_chosen_run_and_its_result_opened(chromium, folder):
    page = chromium.new_context(viewport=WIDE).new_page()
    with served([], desk=Desk([folder])) as address:
        page.goto(f"{address}start")
        page.get_by_role("button", name="derby.mp4").click()
        expect(page.get_by_text("1280 × 720 px")).to_be_visible()
        expect(page.locator(".found img")).to_have_js_property("naturalWidth", 960)
        page.get_by_label("End", exact=True).fill("never")
        page.get_by_role("button", name="Start the run").click()
        expect(page.get_by_text("End: 'never' is no time; expected seconds or mm:ss")).to_be_visible()
        page.get_by_label("Configuration").select_option("fast")
        page.get_by_label("Level").select_option("team")
        page.get_by_label("End", exact=True).fill("0.25")
        page.get_by_label("Name of the run").fill("first look")
        page.get_by_role("button", name="Start the run").click()
        expect(page.locator(".job")).to_contain_text("first look (derby.mp4)")
        page.get_by_role("link", name="Open").first.click(timeout=120_000)
        page.wait_for_selector("body[data-ready]")
        expect(page.locator("h1")).to_have_text("first look")
        page.get_by_role("link", name="Start page").click()
        expect(page.locator(".runs")).to_contain_text("first look")
    page.context.close()
    assert (folder / "runs" / "first look" / "report" / "index.html").is_file()


def test_tracking_data_are_chosen_analysed_and_opened(chromium, tmp_path):
    tracking_files.long_table().to_csv(tmp_path / "away.csv", index=False)
    page = chromium.new_context(viewport=PHONE).new_page()
    with served([], desk=Desk([tmp_path])) as address:
        page.goto(f"{address}start")
        page.get_by_role("button", name="Tracking data").click()
        page.get_by_role("button", name="away.csv").click()
        expect(page.get_by_label("Whose data")).to_have_value("table")
        assert serious(page) == {}
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        page.get_by_role("button", name="Start the analysis").click()
        page.get_by_role("link", name="Open").first.click(timeout=120_000)
        page.wait_for_selector("body[data-ready]")
        expect(page.locator("h1")).to_have_text("away")
        expect(page.get_by_text("made from tracking data")).to_be_visible()
        assert page.locator("[data-layer]").all_inner_texts() == ["Names", "Path"]
    page.context.close()


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_no_serious_violations_of_accessibility(chromium, folder, look):
    viewport, scheme = (PHONE if look == "phone" else WIDE), ("dark" if look == "dark" else "light")
    page = chromium.new_context(viewport=viewport, color_scheme=scheme).new_page()
    with served([], desk=Desk([folder])) as address:
        page.goto(f"{address}start")
        page.get_by_role("button", name="derby.mp4").click()
        expect(page.get_by_role("button", name="Start the run")).to_be_visible()
        page.get_by_text("Halves, roster, fixed camera").click()
        assert serious(page) == {}
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    page.context.close()
