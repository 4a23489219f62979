"""How quick the workbench is on a whole match, in a real browser: 90 made-up minutes with 5,000 tracks.

``python benchmarks/workbench_speed.py -o /tmp/speed`` makes the run once (minutes), then serves it with
``teamshape view`` and measures, each as the median and the worst of several: first view, seeks, selections,
what a correction needs until names, movement and all tables are new; memory of server and browser.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pandas as pd
import psutil

from pipeline.core import masks
from pipeline.core.config import Config
from pipeline.core.json_files import write_json
from pipeline.runs.run_directory import sha256
from pipeline.tables import storage
from pipeline.video.writer import VideoWriter
from pipeline.workflow import plan as workflow
from pipeline.workflow.step import fingerprints

WIDTH, HEIGHT, PLAYERS, GAP_S = 640, 360, 22, 0.8
ROLES = ["player"] * 10 + ["goalkeeper"]


def main() -> None:
    """Make the run if it is not there, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=90.0)
    parser.add_argument("--tracks", type=int, default=5000)
    parser.add_argument("--hz", type=float, default=25.0)
    parser.add_argument("--times", type=int, default=20, help="how often each thing is measured")
    parser.add_argument("--all-tables", action="store_true", help="wait until everything is made again")
    given = parser.parse_args()
    root = given.out / "run"
    if not (root / "run.json").exists():
        began = time.perf_counter()
        build(root, given.minutes, given.tracks, given.hz)
        print(f"made the run in {time.perf_counter() - began:.0f} s")
    (root / "corrections.yaml").unlink(missing_ok=True)
    print(json.dumps(measured(root, given.times, given.all_tables), indent=1))


def build(root: Path, minutes: float, n_tracks: int, hz: float) -> None:
    """Write the run: everybody wanders around his place, and is lost every now and then for a moment."""
    if root.exists():
        shutil.rmtree(root)
    (root / "tables").mkdir(parents=True)
    n = round(minutes * 60 * hz)
    time_s = np.arange(n) / hz
    film(root.parent / "match.mp4", n, hz)
    xy = wander(time_s)
    track = tracks_of(n, n_tracks, hz)
    frame, who = np.nonzero(track >= 0)
    tables = seen_tables(time_s, frame, who, track[frame, who], xy[frame, who])
    tables |= whole_tables(time_s, track, hz)
    for name, table in tables.items():
        storage.write(table, root / "tables" / f"{name}.parquet", name)
    record(root, root.parent / "match.mp4", minutes * 60, hz)


def film(path: Path, n: int, hz: float) -> None:
    """Write footage: a minute that moves, its packets copied over and over."""
    minute = path.with_name("minute.mp4")
    length = min(n, round(60 * hz))
    noise = np.random.default_rng(0).integers(0, 40, (HEIGHT, WIDTH, 3), np.uint8) + np.uint8(70)
    with VideoWriter(minute, WIDTH, HEIGHT, hz, crf=28, preset="ultrafast") as writer:
        for i in range(length):
            writer.write(np.roll(noise, 2 * i, axis=1), i / hz)
    with (
        av.open(str(minute)) as source,
        av.open(str(path), "w", options={"movflags": "+faststart"}) as target,
    ):
        stream = source.streams.video[0]
        out = target.add_stream_from_template(stream)
        packets = [(bytes(p), p.pts, p.dts, p.is_keyframe) for p in source.demux(stream) if p.size]
        ticks = round(length / hz / stream.time_base)
        for start in range(0, n, length):
            for data, pts, dts, key in packets[: n - start]:
                packet = av.Packet(data)
                shift = (start // length) * ticks
                packet.pts, packet.dts, packet.time_base = (
                    pts + shift,
                    dts + shift,
                    Fraction(stream.time_base),
                )
                packet.is_keyframe, packet.stream = key, out
                target.mux(packet)
    minute.unlink()


def wander(time_s: np.ndarray) -> np.ndarray:
    """Give places, ``(N, PLAYERS, 2)`` m."""
    chance = np.random.default_rng(1)
    home = np.column_stack([chance.uniform(-40, 40, PLAYERS), chance.uniform(-28, 28, PLAYERS)])
    phase, pace = chance.uniform(0, 6.28, (PLAYERS, 2)), chance.uniform(0.05, 0.25, (PLAYERS, 2))
    return (home + 6 * np.sin(time_s[:, None, None] * pace + phase)).astype(np.float32)


def tracks_of(n: int, n_tracks: int, hz: float) -> np.ndarray:
    """Give the track of everybody in every frame, ``(N, PLAYERS)``, -1 where he is lost."""
    out = np.full((n, PLAYERS), -1, np.int32)
    pieces = n_tracks // PLAYERS
    gap = max(1, round(GAP_S * hz))
    chance, number = np.random.default_rng(2), 1
    for who in range(PLAYERS):
        ends = np.sort(chance.choice(np.arange(2 * gap, n - 2 * gap), pieces - 1, replace=False))
        for start, end in zip([0, *ends], [*ends, n], strict=True):
            out[start : max(start + 1, end - gap), who] = number
            number += 1
    return out


def seen_tables(
    time_s: np.ndarray, frame: np.ndarray, who: np.ndarray, track: np.ndarray, xy: np.ndarray
) -> dict[str, pd.DataFrame]:
    """Make the tables with a row for everybody in every frame."""
    base = pd.DataFrame({"frame": frame, "time_s": time_s[frame], "instance": who})
    role, team = np.array(ROLES * 2, object)[who], np.where(who < 11, "A", "B").astype(object)
    left = np.clip((xy[:, 0] + 52.5) / 105 * (WIDTH - 20), 0, WIDTH - 20).astype(int)
    top = np.clip((34 - xy[:, 1]) / 68 * (HEIGHT - 40), 0, HEIGHT - 40).astype(int)
    kinds = np.array([blob(h) for h in range(24, 36)], object)
    height = 24 + (track % 12)
    runs = kinds[track % 12]
    sure = np.where(np.random.default_rng(4).random(len(track)) < 0.002, 0.6, 0.999)
    box = {"x1_px": left, "y1_px": top, "x2_px": left + 12, "y2_px": top + height}
    kit = {f"{part}_{c}": np.float32(40) for part in ("torso", "legs") for c in "lab"}
    instances = base.assign(
        class_name=np.where(role == "goalkeeper", "goalkeeper", "player"), score=0.9, **box
    )
    instances = instances.assign(foot_x_px=left + 6, foot_y_px=top + height, area_px=200, **kit)
    return {
        "instances": instances.assign(torso_spread=4.0, kit_px=60),
        "segments": base.drop(columns="time_s").assign(
            class_id=(role == "goalkeeper").astype(int),
            top=top,
            left=left,
            height=height,
            width=12,
            runs=runs,
        ),
        "tracks": base.assign(track_id=track, link_score=sure),
        "labels": base.drop(columns="time_s").assign(role=role, team=team, team_score=0.95),
        "positions": base.assign(track_id=track, x_m=xy[:, 0], y_m=xy[:, 1], error_m=0.3, source="observed"),
    }


def blob(height: int) -> bytes:
    """Give the run lengths of an ellipse, twelve px wide."""
    y, x = np.mgrid[:height, :12]
    inside = ((y + 0.5) / height * 2 - 1) ** 2 + ((x + 0.5) / 12 * 2 - 1) ** 2 <= 1
    return masks.to_bytes(masks.encode(inside))


def whole_tables(time_s: np.ndarray, track: np.ndarray, hz: float) -> dict[str, pd.DataFrame]:
    """Make the tables of frames, views, shots, tracks, people and links; some links are in doubt."""
    n, chance = len(time_s), np.random.default_rng(3)
    frames = pd.DataFrame({"frame": range(n), "time_s": time_s, "shot": 0, "duplicate": False, "grass": 0.7})
    frames = frames.assign(**{f"m{i // 3 + 1}{i % 3 + 1}": v for i, v in enumerate(np.eye(3).ravel())})
    view = np.array([[105 / WIDTH, 0, -52.5], [0, -68 / HEIGHT, 34], [0, 0, 1.0]]).ravel()
    views = pd.DataFrame(
        {"frame": range(n), "time_s": time_s, "source": "tracked", "error_m": 0.3, "n_points": 0}
    )
    views = views.assign(**{f"h{i // 3 + 1}{i % 3 + 1}": v for i, v in enumerate(view)})
    rows = []
    for who in range(PLAYERS):
        own = track[:, who]
        for number in np.unique(own[own >= 0]):
            at = np.flatnonzero(own == number) if n < 5000 else _span(own, number)
            rows.append((int(number), int(at[0]), int(at[-1]), ROLES[who % 11], "AB"[who // 11], who))
    links = pd.DataFrame(rows, columns=["track_id", "frame_from", "frame_to", "role", "team", "who"])
    odds = chance.random(len(links))
    links["player_id"] = (links.groupby("who")["track_id"].transform("min")).where(odds > 0.06)
    other = links.groupby("team")["player_id"].transform("min")
    links["second_id"] = other.where((odds > 0.06) & (odds < 0.15) & (other != links["player_id"]))
    links["second_score"] = np.where(links["second_id"].notna(), 0.3, np.nan)
    links["score"] = np.where(links["player_id"].isna(), 0.0, np.where(links["second_id"].notna(), 0.6, 0.99))
    links["why"] = np.where(links["player_id"].notna(), "motion", None)
    links["seconds"] = (links["frame_to"] - links["frame_from"]) / hz
    people = links.dropna(subset="player_id").drop_duplicates("player_id")[["player_id", "role", "team"]]
    people = people.assign(track_id=people["player_id"], minutes_in_view=80.0, score=0.95)
    identities = links[["track_id", "role", "team"]].assign(role_score=0.9, team_score=0.95)
    identities["n_frames"] = links["frame_to"] - links["frame_from"] + 1
    identities["first_s"], identities["last_s"] = links["frame_from"] / hz, links["frame_to"] / hz
    blank = {t: storage.empty(t).columns for t in ("people", "links")}
    made = {"people": people.reindex(columns=blank["people"]), "links": links.reindex(columns=blank["links"])}
    return {"frames": frames, "views": views, "identities": identities} | {
        name: storage.conform(table, name) for name, table in made.items()
    }


def _span(own: np.ndarray, number: int) -> tuple[int, int]:
    at = np.flatnonzero(own == number)
    return at[0], at[-1]


def record(root: Path, source: Path, seconds: float, hz: float) -> None:
    """Record all steps before link as finished."""
    video = {
        "width_px": WIDTH,
        "height_px": HEIGHT,
        "fps": hz,
        "duration_s": seconds,
        "fingerprint": "made up",
    }
    config = Config.model_validate({"report": {"overlay": False, "csv": False}})
    plan = workflow.chosen(config)
    prints = fingerprints(plan, config, "made up")
    for step in plan[: [s.name for s in plan].index("link")]:
        outputs = {}
        for name, path in zip(step.writes, step.outputs(root), strict=True):
            if "." in name:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()
            elif not path.exists():
                storage.write(storage.empty(name), path, name)
            outputs[path.relative_to(root).as_posix()] = {"size": path.stat().st_size, "sha256": sha256(path)}
        entry = {"fingerprint": prints[step.name], "seconds": 1.0, "outputs": outputs}
        write_json(root / "steps" / f"{step.name}.json", entry)
    about = {
        "state": "finished",
        "source": str(source.absolute()),
        "video": video,
        "versions": {},
        "seconds": {},
    }
    write_json(root / "run.json", about | {"config": config.model_dump(mode="json")})


def measured(root: Path, times: int, all_tables: bool) -> dict[str, object]:
    """Serve the run, open it in a browser, and measure."""
    from playwright.sync_api import sync_playwright

    command = [sys.executable, "-m", "pipeline", "view", str(root), "--no-browser"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        began = time.perf_counter()
        address = next(m[1] for line in server.stdout if (m := re.search(r"workbench: (\S+)", line)))
        out: dict[str, object] = {"server ready s": round(time.perf_counter() - began, 2)}
        path = next(p for name in ("chromium", "google-chrome") if (p := shutil.which(name)))
        before = {p.pid for p in psutil.process_iter()}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1280, "height": 860})
            out |= used(page, address, times)
            parts = chromium_mb(before)
            out |= {
                "browser MB": round(sum(parts.values())),
                "of it MB": {k: round(v) for k, v in parts.items()},
            }
            out["server MB"] = round(psutil.Process(server.pid).memory_info().rss / 1e6)
            out |= corrected(page, all_tables)
            out["server MB after a correction"] = round(psutil.Process(server.pid).memory_info().rss / 1e6)
            browser.close()
        return out
    finally:
        server.terminate()
        server.wait(20)


_SEEK = """async (row) => {
  const began = performance.now(), canvas = document.getElementById("overlay");
  workbench.clock.seek(row);
  const frame = String(workbench.times.frame[row]);
  while (canvas.dataset.frame !== frame) await new Promise(requestAnimationFrame);
  return performance.now() - began;
}"""
_SELECT = """async (person) => {
  const began = performance.now();
  workbench.select(person);
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - began;
}"""


def used(page: object, address: str, times: int) -> dict[str, object]:
    """Open, seek and select."""
    began = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    page.wait_for_selector('#overlay:not([data-frame=""])')
    first = time.perf_counter() - began
    page.wait_for_timeout(1000)
    chance = random.Random(5)
    n = page.evaluate("workbench.times.n")
    people = page.evaluate("workbench.who.people.map((p) => p.player_id)")
    seeks = sorted(page.evaluate(_SEEK, chance.randrange(n)) for _ in range(times))
    picks = sorted(page.evaluate(_SELECT, chance.choice(people)) for _ in range(times))
    middle = times // 2
    return {
        "first view s": round(first, 2),
        "seek ms, median and worst": [round(seeks[middle]), round(seeks[-1])],
        "selection ms, median and worst": [round(picks[middle]), round(picks[-1])],
    }


def corrected(page: object, all_tables: bool) -> dict[str, object]:
    """Swap two people in the middle of the match, and wait for what follows."""
    one, other = page.evaluate(
        "workbench.who.people.filter((p) => p.role === 'player').slice(0, 2).map((p) => p.player_id)"
    )
    page.evaluate("workbench.clock.seek(Math.round(workbench.times.n / 2))")
    page.evaluate("person => workbench.select(person)", one)
    page.wait_for_timeout(500)
    began = time.perf_counter()
    page.evaluate("other => workbench.edits.swap(other)", other)
    out: dict[str, object] = {"names new s": round(time.perf_counter() - began, 2)}
    page.wait_for_selector("body[data-answers]", timeout=600_000)
    out["movement new s"] = round(time.perf_counter() - began, 2)
    while all_tables and page.evaluate("workbench.state.busy"):
        page.wait_for_timeout(250)
    if all_tables:
        out["all tables and the page new s"] = round(time.perf_counter() - began, 1)
        out["refused"] = page.evaluate("workbench.state.lines")
    return out


def chromium_mb(before: set[int]) -> dict[str, float]:
    """Add up the memory of the browser that was started, by kind of process; shared pages count once."""
    total: dict[str, float] = {}
    for process in psutil.process_iter(["name", "pid"]):
        if process.info["pid"] not in before and "chrom" in (process.info["name"] or ""):
            kind = re.search(r"--type=([\w-]+)", " ".join(process.cmdline()))
            name = kind[1] if kind else "browser"
            total[name] = total.get(name, 0.0) + process.memory_full_info().pss / 1e6
    return total


if __name__ == "__main__":
    main()
