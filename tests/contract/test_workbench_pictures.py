"""What the workbench draws, compared with stored pictures: footage with masks, the pitch, the timeline.

A picture is compared in blocks of 8 x 8 px, so that letters of another font and the rounding of another
browser do not count. After a change that is meant, look at what ``TEAMSHAPE_PICTURES=write`` stores.
"""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest
import workbench_runs as runs
from browser import browser, served

STORED = Path(__file__).parent / "pictures"
PARTS = {"footage": ".picture", "pitch": "canvas.radar", "timeline": ".drawn"}
ROW, BLOCK_PX = 60, 8
FAR, MOST_FAR = 24.0, 0.01
"""Blocks whose colour is further off than `FAR` of 255 may be this share of a picture."""


@pytest.fixture(scope="module")
def chromium():
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return runs.mistaken_on_demo(tmp_path_factory.mktemp("pictures") / "run")


def opened(chromium, address, scheme):
    page = chromium.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme).new_page()
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    page.evaluate("row => workbench.clock.seek(row)", ROW)
    page.wait_for_selector(f'#overlay[data-frame="{ROW}"]')
    page.evaluate("workbench.select(7)")
    page.wait_for_function("workbench.strip && workbench.places.there.size")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page


def taken(page, part):
    """A part of the page in blocks, ``(rows, columns, 3)``."""
    data = page.locator(PARTS[part]).first.screenshot(animations="disabled")
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    height, width = (side // BLOCK_PX for side in image.shape[:2])
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)


def share_off(picture, stored):
    """The share of blocks that look different; all of them where the sizes differ."""
    if picture.shape != stored.shape:
        return 1.0
    apart = np.abs(picture.astype(float) - stored.astype(float)).max(axis=2)
    return float((apart > FAR).mean())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_drawn_looks_as_it_did(chromium, run, scheme):
    with served([run]) as address:
        page = opened(chromium, address, scheme)
        pictures = {part: taken(page, part) for part in PARTS}
        page.context.close()
    off = {}
    for part, picture in pictures.items():
        path = STORED / f"{part}-{scheme}.png"
        if os.environ.get("TEAMSHAPE_PICTURES") == "write":
            path.parent.mkdir(exist_ok=True)
            cv2.imwrite(str(path), picture)
        off[part] = share_off(picture, cv2.imread(str(path)))
    assert {part: share for part, share in off.items() if share > MOST_FAR} == {}


_NOBODY = "{ ...workbench.who, people: [], roster: [], pieces: { track: [] }, others: {} }"


def test_a_picture_without_masks_or_people_is_another(chromium, run):
    with served([run]) as address:
        page = opened(chromium, address, "light")
        page.keyboard.press("m")
        page.keyboard.press("n")
        page.evaluate(f"workbench.setWho({_NOBODY})")
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        pictures = {part: taken(page, part) for part in PARTS}
        page.context.close()
    for part, picture in pictures.items():
        assert share_off(picture, cv2.imread(str(STORED / f"{part}-light.png"))) > MOST_FAR, part
