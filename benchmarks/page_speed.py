"""How light and quick a report page is, in a real browser, on a desk and on a slowed phone.

``python benchmarks/page_speed.py RUN [RUN ...]`` opens ``RUN/report/index.html`` as a mailed file is opened
and prints, as JSON: its size without video; when it can be used at 1280 px and at 390 px with a CPU slowed
four times (median and worst of several, each in a new browser context); how soon it answers a click; figures
with and without JavaScript; what axe and the browser's own tools find. Exit status 1 where a bar is missed.

"Interactive" is when the document is ready and the last task of more than 50 ms has ended, told once the main
thread has been quiet for a second.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import sys
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

MOST_MB, MOST_S, MOST_SLOWED_S, LEAST_SCORE = 2.5, 1.5, 4.0, 95.0
LOOKS = {
    "1280 px": ({"width": 1280, "height": 860}, 1),
    "390 px, CPU slowed 4 times": ({"width": 390, "height": 844}, 4),
}
_VIDEO = re.compile(rb'"data:video/[^"]*"')
_WATCH = """
window.seen = { tasks: [], shift: 0 };
const watch = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take))
  .observe({ type, buffered: true });
watch("longtask", (e) => seen.tasks.push(e.startTime + e.duration));
watch("layout-shift", (e) => { if (!e.hadRecentInput) seen.shift += e.value; });
"""
_INTERACTIVE = """async () => {
  const ready = () => performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd;
  const ended = () => Math.max(ready(), ...seen.tasks);
  while (document.readyState !== "complete" || performance.now() < ended() + 1000)
    await new Promise((done) => setTimeout(done, 50));
  const paint = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN;
  return { interactive: ended(), paint, shift: seen.shift };
}"""
_ANSWER = """async () => {
  const button = document.querySelector("th button") ?? document.querySelector("nav a");
  button.scrollIntoView({ behavior: "instant" });
  await new Promise(requestAnimationFrame);
  const began = performance.now();
  button.click();
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - began;
}"""
_FIGURES = """[...document.querySelectorAll("svg, img")].filter((one) => {
  if (one.closest("details:not([open])")) return true;
  const box = one.getBoundingClientRect();
  return box.width > 4 && box.height > 4 && (one.localName !== "svg" || one.childElementCount > 0);
}).length"""
_PRACTICE = """() => {
  const all = (what) => [...document.querySelectorAll(what)], ids = all("[id]").map((e) => e.id);
  const viewport = document.querySelector("meta[name=viewport]")?.content ?? "";
  const squeezed = [...document.images].filter((i) => i.naturalWidth &&
    getComputedStyle(i).objectFit === "fill" &&
    Math.abs(i.width / i.height / (i.naturalWidth / i.naturalHeight) - 1) > 0.05);
  const place = (a) => document.getElementById(decodeURIComponent(a.hash.slice(1)));
  const tiny = all("p, td, th, li, a, button, small, figcaption").filter((e) =>
    e.textContent.trim() && e.getClientRects().length && parseFloat(getComputedStyle(e).fontSize) < 11);
  return {
    "doctype": document.compatMode === "CSS1Compat",
    "charset": document.characterSet === "UTF-8",
    "language": Boolean(document.documentElement.lang),
    "title": Boolean(document.title.trim()),
    "viewport of the device": /width=device-width/.test(viewport),
    "can be zoomed": !/user-scalable=no|maximum-scale=1/.test(viewport),
    "no squeezed picture": squeezed.length === 0,
    "ids once": new Set(ids).size === ids.length,
    "links lead somewhere": all('a[href^="#"]').every(place),
    "colour scheme is told": Boolean(document.querySelector("meta[name=color-scheme]")),
    "nothing shifts while it loads": seen.shift < 0.1,
    "letters of 11 px and more": tiny.length === 0,
  };
}"""


def main() -> int:
    """Measure the pages of all runs; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("--times", type=int, default=5, help="how often each page is opened")
    given = parser.parse_args()
    told = {}
    path = next(p for name in ("chromium", "google-chrome") if (p := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for run in given.runs:
            told[run.name] = measured(browser, run / "report" / "index.html", given.times)
        browser.close()
    print(json.dumps(told, indent=1))
    return int(any(one["missed"] for one in told.values()))


def measured(browser: Browser, page: Path, times: int) -> dict[str, Any]:
    """Measure one page."""
    text = page.read_bytes()
    without = len(_VIDEO.sub(b'""', text)) / 1e6
    out: dict[str, Any] = {
        "MB without video": round(without, 2),
        "MB of video in it": round(len(text) / 1e6 - without, 2),
    }
    for look, (size, slow) in LOOKS.items():
        out[look] = opened(browser, page, size, slow, times)
    out["figures"] = shown(browser, page, scripts=True)
    out["figures without JavaScript"] = shown(browser, page, scripts=False)
    out |= {scheme: audited(browser, page, scheme) for scheme in ("light", "dark")}
    out["missed"] = missed(out)
    return out


def missed(out: dict[str, Any]) -> list[str]:
    """Name the bars that are missed."""
    desk, phone = (out[look] for look in LOOKS)
    held = {
        f"MB < {MOST_MB}": out["MB without video"] < MOST_MB,
        f"interactive at 1280 px < {MOST_S} s": desk["interactive s, median and worst"][1] < MOST_S,
        f"interactive at 390 px, slowed < {MOST_SLOWED_S} s": phone["interactive s, median and worst"][1]
        < MOST_SLOWED_S,
        "no wider than the screen": not (
            desk["px wider than the screen"] or phone["px wider than the screen"]
        ),
        "all figures without JavaScript": out["figures"] == out["figures without JavaScript"] > 0,
    }
    for scheme in ("light", "dark"):
        for what in ("accessibility", "best practices"):
            held[f"{what}, {scheme} >= {LEAST_SCORE:g}"] = out[scheme][what] >= LEAST_SCORE
        held[f"nothing serious, {scheme}"] = not out[scheme]["serious"]
    return [bar for bar, kept in held.items() if not kept]


def opened(browser: Browser, path: Path, size: dict[str, int], slow: int, times: int) -> dict[str, Any]:
    """Open a page several times at one size, its CPU slowed ``slow`` times."""
    told, answers, wider = [], [], 0
    for _ in range(times):
        page = fresh(browser, size)
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slow})
        page.goto(path.absolute().as_uri())
        told.append(page.evaluate(_INTERACTIVE))
        answers.append(page.evaluate(_ANSWER))
        wider = max(wider, page.evaluate("document.documentElement.scrollWidth") - size["width"])
        page.context.close()
    seconds = {k: [one[k] / 1000 for one in told] for k in ("paint", "interactive")}
    return {
        "first paint s, median and worst": both(seconds["paint"]),
        "interactive s, median and worst": both(seconds["interactive"]),
        "answers a click s, median and worst": both([a / 1000 for a in answers]),
        "px wider than the screen": wider,
    }


def both(values: list[float]) -> list[float]:
    """Give the median and the worst."""
    return [round(statistics.median(values), 2), round(max(values), 2)]


def fresh(browser: Browser, size: dict[str, int], **about: Any) -> Page:
    """Open an empty page whose long tasks and shifts are counted."""
    context = browser.new_context(viewport=size, **about)
    context.add_init_script(_WATCH)
    return context.new_page()


def shown(browser: Browser, path: Path, *, scripts: bool) -> int:
    """Count figures that have a size and something in them."""
    page = browser.new_context(java_script_enabled=scripts).new_page()
    page.goto(path.absolute().as_uri())
    count = int(page.evaluate(_FIGURES))
    page.context.close()
    return count


def audited(browser: Browser, path: Path, scheme: str) -> dict[str, Any]:
    """Ask axe (all its rules, those of best practice too) and the browser's own tools; scores of 100.

    A score is the share of what applies to the page and holds, as in Lighthouse.
    """
    page = fresh(browser, LOOKS["1280 px"][0], color_scheme=scheme)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    tools, issues = page.context.new_cdp_session(page), []
    tools.on("Audits.issueAdded", lambda event: issues.append(event["issue"]["code"]))
    tools.send("Audits.enable")
    page.goto(path.absolute().as_uri())
    page.evaluate(_INTERACTIVE)
    practice: dict[str, bool] = page.evaluate(_PRACTICE)
    practice |= {
        "no error in the console": not faults,
        "the browser reports no issue": not issues,
        "nothing is fetched from the network": not [
            u for u in asked if u.startswith(("http:", "https:", "ws"))
        ],
    }
    found = Axe().run(page).response
    page.context.close()
    broken, passed = found["violations"], found["passes"]
    return {
        "accessibility": round(100 * len(passed) / (len(passed) + len(broken)), 1),
        "violations": {v["id"]: v["impact"] for v in broken},
        "serious": [v["id"] for v in broken if v["impact"] in ("serious", "critical")],
        "best practices": round(100 * sum(practice.values()) / len(practice), 1),
        "against practice": [name for name, held in practice.items() if not held] + faults + issues,
    }


if __name__ == "__main__":
    sys.exit(main())
