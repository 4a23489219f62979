"""The workbench in a real browser: only what is on the screen is used."""

import random
import shutil
from pathlib import Path

import fake_run
import numpy as np
import pytest
import workbench_runs as runs
from axe_playwright_python.sync_playwright import Axe
from browser import browser, served
from playwright.sync_api import expect

from pipeline.core.camera_lens import Lens
from pipeline.core.geometry import orient
from pipeline.core.pitch import Pitch
from pipeline.report.overlay.camera_footprint import footprint_m

WIDE, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
READY = "body[data-ready]"
LOOKED_AT = {"light": ("doubts", "people", "answers", "history"), "dark": ("people",), "phone": ("doubts",)}


@pytest.fixture(scope="module")
def chromium():
    with browser() as started:
        yield started


@pytest.fixture
def page(chromium):
    context = chromium.new_context(viewport=WIDE)
    made = context.new_page()
    faults = []
    made.on("pageerror", lambda error: faults.append(str(error)))
    made.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
    yield made
    context.close()
    assert faults == []


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return runs.mistaken(tmp_path_factory.mktemp("mistaken") / "run")


@pytest.fixture
def run(made, tmp_path):
    return Path(shutil.copytree(made, tmp_path / "run"))


def opened(page, address):
    page.goto(address)
    page.wait_for_selector(READY)
    return page


def go_to(page, seconds):
    """Drag the timeline's scale to a moment, then step to its frame with the keys."""
    page.keyboard.press("0")
    scale = page.locator("canvas.scale")
    box = scale.bounding_box()
    share = seconds / 4.0
    scale.click(position={"x": 118 + share * (box["width"] - 126), "y": 8})
    wanted = round(seconds * 25)
    for _ in range(30):
        now = int(page.locator("#time").inner_text().split("frame ")[1])
        if now == wanted:
            return
        page.keyboard.press("ArrowRight" if now < wanted else "ArrowLeft")
        expect(page.locator("#time")).not_to_contain_text(f"frame {now}")
    raise AssertionError(f"never came to frame {wanted}")


def choose(page, label):
    """Select somebody in the list of people."""
    page.get_by_role("tab", name="People").click()
    page.locator(".names").get_by_role("button", name=label, exact=False).first.click()


_SHOWN = """() => {
  const [width, height, cell, bits, top, size] = SIZES;
  const video = document.querySelector("video"), canvas = document.getElementById("overlay");
  const copy = new OffscreenCanvas(width, height), c = copy.getContext("2d");
  c.drawImage(video, 0, 0, width, height);
  let number = 0;
  for (let bit = 0; bit < bits; bit += 1)
    number += (c.getImageData((bit + 0.5) * cell, cell / 2, 1, 1).data[0] > 127) << bit;
  c.clearRect(0, 0, width, height);
  c.drawImage(canvas, 0, 0, width, height);
  const row = c.getImageData(0, top + size / 2, width, 1).data;
  let left = -1;
  for (let x = 0; x < width && left < 0; x += 1) if (row[4 * x + 3] > 40) left = x;
  return [number, left < 0 ? null : left / 2];
}""".replace("SIZES", str([runs.WIDTH, runs.HEIGHT, runs.CELL, runs.BITS, runs.MASK_TOP, runs.MASK_PX]))


_SOUGHT = f"""async (rows) => {{
  const shown = {_SHOWN}, canvas = document.getElementById("overlay"), out = [];
  for (const row of rows) {{
    workbench.clock.seek(row);
    const until = performance.now() + 5000, there = () => canvas.dataset.frame === String(row);
    while (!there() && performance.now() < until) await new Promise(requestAnimationFrame);
    out.push(shown());
  }}
  return out;
}}"""


@pytest.mark.parametrize("steps_s", [(0.04,), (0.02, 0.06, 0.033, 0.1)], ids=["constant", "variable"])
def test_masks_are_those_of_the_picture_that_is_shown(page, tmp_path, steps_s):
    root = runs.numbered(tmp_path / "run", steps_s)
    chance = random.Random(7)
    with served([root]) as address:
        opened(page, address)
        page.keyboard.press("n")
        rows = [chance.randrange(120) for _ in range(100)]
        found = page.evaluate(_SOUGHT, rows)
        assert [number for number, _ in found] == rows
        assert [mask for _, mask in found] == pytest.approx(rows, abs=0.6)


@pytest.mark.parametrize(
    "lens",
    [
        Lens("radial", (300, 200), 500, -0.2, 0.03),
        Lens("radial", (300, 200), 500, 0.1),
        Lens("cylinder", (300, 200), 400),
    ],
    ids=["barrel", "pincushion", "panorama"],
)
def test_lenses_bend_lines_and_what_is_in_view_as_they_do_in_python(page, run, lens):
    points = np.array([[300.0, 200.0], [310, 190], [20, 30], [620, 350], [450, 100]])
    told = {"kind": lens.kind, "x": lens.centre_px[0], "y": lens.centre_px[1]}
    told |= {"f": lens.focal_px, "k1": lens.k1, "k2": lens.k2}
    code = """async ([name, lens, points]) => {
      const geometry = await import(new URL("assets/js/geometry.js", document.baseURI));
      return points.map(([x, y]) => geometry[name](lens, x, y));
    }"""
    outline = """async ([lens, h]) => {
      const { footprint } = await import(new URL("assets/js/geometry.js", document.baseURI));
      return footprint(h, 600, 400, { length_m: 105, width_m: 68 }, lens);
    }"""
    camera = fake_run._camera(0.0)
    view = orient(np.linalg.inv(camera[:, [0, 1, 3]]), (300, 399))
    with served([run]) as address:
        opened(page, address)
        for name in ("bent", "straight"):
            made = page.evaluate(code, [name, told, points.tolist()])
            assert np.array(made) == pytest.approx(getattr(lens, name)(points), abs=1e-6)
        seen = page.evaluate(outline, [told, view.ravel().tolist()])
        truth = footprint_m(view, 400, 600, Pitch(), 2.0, lens)
        assert len(truth) > 8
        assert np.array(seen) == pytest.approx(truth, abs=1e-6)


_WHILE_PLAYING = f"""async (n) => {{
  const shown = {_SHOWN}, video = document.querySelector("video"), out = [];
  await new Promise((done) => {{
    const take = () => {{
      out.push(shown());
      if (out.length < n) video.requestVideoFrameCallback(take); else done();
    }};
    video.requestVideoFrameCallback(take);
  }});
  return out;
}}"""


def test_while_it_plays_masks_stay_in_step(page, tmp_path):
    root = runs.numbered(tmp_path / "run", (0.02, 0.06, 0.033))
    with served([root]) as address:
        opened(page, address)
        page.keyboard.press("n")
        page.get_by_label("Speed").select_option(label="0.5×")
        page.get_by_role("button", name="Play").click()
        taken = page.evaluate(_WHILE_PLAYING, 10)
        apart = [abs(number - mask) for number, mask in taken if mask is not None]
        assert len(apart) >= 5
        # The browser may put the next picture up while both are read.
        assert max(apart) <= 1.6
        assert sorted(apart)[len(apart) // 2] <= 0.6


def test_it_plays_to_the_end_of_the_match(page, tmp_path):
    root = runs.numbered(tmp_path / "run", (0.02,), n=60)
    with served([root]) as address:
        opened(page, address)
        page.keyboard.press("+")
        page.get_by_role("button", name="Play").click()
        expect(page.locator("#time")).to_contain_text("frame 59", timeout=20_000)


def test_a_click_selects_the_person_everywhere(page, run):
    with served([run]) as address:
        opened(page, address)
        go_to(page, 1.0)
        choose(page, "2")
        expect(page.locator(".person h3")).to_have_text("2")
        canvas = page.locator("#overlay")
        box, size = canvas.bounding_box(), page.evaluate("[workbench.run.width, workbench.run.height]")
        place = page.evaluate(
            "(() => { const { chunk, i } = workbench.parts.stage.overlay.list.find((m) => m.track === 7);"
            " return [chunk.left[i] + chunk.width[i] / 2, chunk.top[i] + chunk.height[i] / 2]; })()"
        )
        at = {"x": place[0] / size[0] * box["width"], "y": place[1] / size[1] * box["height"]}
        canvas.click(position=at)
        expect(page.locator(".person h3")).to_have_text("7")
        expect(page.locator('.names [aria-pressed="true"]')).to_contain_text("7")
        page.keyboard.press("Escape")
        expect(page.locator(".person")).to_contain_text("No person is selected")


def test_a_newcomer_corrects_three_wrong_identities(page, run):
    with served([run]) as address:
        opened(page, address)
        go_to(page, 2.0)
        choose(page, "2")
        page.get_by_label("Other person").select_option(label="3")
        page.get_by_role("button", name="Swap from here on").click()
        expect(page.locator("#notice")).to_contain_text("swap")
        choose(page, "13")
        page.get_by_label("Other person").select_option(label="B1")
        page.get_by_role("button", name="Are one person").click()
        expect(page.locator("#notice")).to_contain_text("join")
        page.get_by_role("tab", name="Doubts").click()
        page.get_by_role("button", name="Nobody in particular").first.click()
        page.locator(".card").get_by_role("button", name="5", exact=True).click()
        expect(page.locator("#notice")).to_contain_text("assign")
    assert runs.who(run) == {track: track for track in range(1, 24)}
    assert len(runs.lines(run)) == 3


def test_split_assign_undo_and_redo(page, run):
    with served([run]) as address:
        opened(page, address)
        go_to(page, 1.2)
        choose(page, "7")
        page.keyboard.press("x")
        expect(page.locator("#notice")).to_contain_text("split")
        expect(page.locator(".person")).to_contain_text("not seen at this frame")
        page.get_by_role("tab", name="History").click()
        expect(page.locator(".entries li")).to_have_text("- {split: 7, at_frame: 30}")
        page.keyboard.press("Control+z")
        expect(page.locator(".entries li")).to_have_count(2)
        expect(page.get_by_role("button", name="Redo").first).to_be_enabled()
        page.keyboard.press("Control+y")
        expect(page.locator(".entries li")).to_have_count(3)
    assert runs.lines(run) == ["- {split: 7, at_frame: 30}", "- {undo: 1}", "- {undo: 2}"]


def test_what_cannot_be_is_refused_with_the_reason(page, run):
    with served([run]) as address:
        opened(page, address)
        choose(page, "7")
        page.get_by_label("Number").fill("8")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#notice")).to_contain_text("set")
        choose(page, "9")
        page.get_by_label("Number").fill("8")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#notice")).to_contain_text("number 8 of team A was given to person 7")
    assert runs.lines(run) == ["- {set: 7, number: 8}"]


def test_of_two_browsers_none_loses_a_correction(chromium, run):
    with served([run]) as address:
        pages = [chromium.new_context(viewport=WIDE).new_page() for _ in range(2)]
        for page in pages:
            opened(page, address)
            choose(page, "7")
        for page, name in zip(pages, ("Ada", "Grace"), strict=True):
            page.evaluate("workbench.api.listen = () => {}")
            page.get_by_label("Name").fill(name)
        pages[0].get_by_role("button", name="Save").click()
        expect(pages[0].locator("#notice")).to_contain_text("Ada")
        # The other one hears of it by itself, and shows what stands.
        expect(pages[1].locator(".person h3")).to_have_text("7 Ada")
        for page in pages:
            page.context.close()
    assert runs.lines(run) == ["- {set: 7, name: Ada}"]


def test_doubts_are_settled_with_one_key(page, run):
    with served([run]) as address:
        opened(page, address)
        expect(page.locator("#tab-doubts .count")).to_have_text("1")
        page.keyboard.press("j")
        expect(page.locator("#time")).to_contain_text("frame 50")
        page.keyboard.press("1")
        expect(page.get_by_text("Nothing is in doubt.")).to_be_visible()
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_contain_text("Repeat what is selected")
    assert len(runs.lines(run)) == 1


def test_read_only_shows_no_verbs(page, run):
    with served([run], read_only=True) as address:
        opened(page, address)
        choose(page, "7")
        expect(page.locator("#state")).to_contain_text("--read-only")
        expect(page.locator("[data-verb]")).to_have_count(0)
        expect(page.locator("#undo")).to_be_disabled()


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_no_serious_violations_of_accessibility(chromium, run, look):
    context = chromium.new_context(
        viewport=PHONE if look == "phone" else WIDE, color_scheme="dark" if look == "dark" else "light"
    )
    page = context.new_page()
    with served([run]) as address:
        opened(page, address)
        for tab in {"light": ("doubts", "people", "answers", "history"), "dark": ("people",)}.get(
            look, ("doubts",)
        ):
            page.locator(f"#tab-{tab}").click()
            if tab == "people":
                choose(page, "7")
            found = Axe().run(page).response["violations"]
            serious = {
                v["id"]: v["nodes"][0]["html"] for v in found if v["impact"] in ("serious", "critical")
            }
            assert serious == {}, tab
        if look == "phone":
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()


def test_a_correction_is_applied_and_what_changed_is_shown(page, run):
    with served([run], apply=True) as address:
        opened(page, address)
        names = page.locator(".names [data-person]")
        page.get_by_role("tab", name="People").click()
        names.first.click()
        page.get_by_label("Role").select_option("referee")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("tab", name="Answers").click()
        expect(page.locator(".changed")).to_contain_text("Distance, m", timeout=60_000)
        expect(page.locator("#state")).to_have_text("All corrections are applied.", timeout=60_000)
    assert "role: referee" in runs.lines(run)[0]
    assert "tracks:" in (run / "corrections.yaml").read_text()
