"""Runs for the workbench: one whose footage and masks show the frame's number, one with known mistakes."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

import fake_run
import numpy as np
import pandas as pd

from pipeline.core import masks
from pipeline.core.config import Config
from pipeline.core.json_files import write_json
from pipeline.runs.run_directory import read_json, sha256
from pipeline.tables import storage
from pipeline.video.writer import VideoWriter
from pipeline.workflow import plan as workflow
from pipeline.workflow.step import fingerprints

WIDTH, HEIGHT, CELL, BITS = 320, 96, 24, 8
MASK_TOP, MASK_PX = 60, 24


def numbered(root: Path, steps_s: tuple[float, ...], n: int = 120) -> Path:
    """Write a run of ``n`` frames, shown for ``steps_s`` in turn.

    The footage has the number of each frame as `BITS` black or white cells in its upper left corner, the
    lowest first; the mask of the same frame is a square whose left edge lies at twice the number.
    """
    (root / "tables").mkdir(parents=True)
    time_s = np.concatenate([[0.0], np.cumsum([steps_s[i % len(steps_s)] for i in range(n - 1)])])
    source = root.parent / f"{root.name}.mp4"
    with VideoWriter(source, WIDTH, HEIGHT, 25.0, crf=10) as writer:
        for frame, shown_s in enumerate(time_s):
            writer.write(_picture(frame), float(shown_s))
    blank = np.eye(3).ravel()
    frames = pd.DataFrame({"frame": range(n), "time_s": time_s, "shot": 0, "grass": 0.5, "duplicate": False})
    frames = frames.assign(**{f"m{i // 3 + 1}{i % 3 + 1}": v for i, v in enumerate(blank)})
    runs = masks.to_bytes(masks.encode(np.ones((MASK_PX, MASK_PX), bool)))
    box = {"top": MASK_TOP, "height": MASK_PX, "width": MASK_PX, "class_id": 0, "instance": 0, "runs": runs}
    segments = pd.DataFrame({"frame": range(n), "left": np.arange(n) * 2}).assign(**box)
    labels = pd.DataFrame(
        {"frame": range(n), "instance": 0, "role": "player", "team": "A", "team_score": 1.0}
    )
    tracks = frames[["frame", "time_s"]].assign(instance=0, track_id=1, link_score=1.0)
    tables = {"frames": frames, "segments": segments, "labels": labels, "tracks": tracks}
    for name, table in tables.items():
        storage.write(table, root / "tables" / f"{name}.parquet", name)
    record = {"state": "finished", "source": str(source), "config": Config().model_dump(mode="json")}
    write_json(root / "run.json", record | {"video": {"width_px": WIDTH, "height_px": HEIGHT, "fps": 25.0}})
    return root


def _picture(frame: int) -> np.ndarray:
    image = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    for bit in range(BITS):
        image[:CELL, bit * CELL : (bit + 1) * CELL] = 255 if frame >> bit & 1 else 0
    return image


def finished_before_link(root: Path) -> Path:
    """Record all steps before link of a run as finished, so that corrections can be applied to it."""
    record = read_json(root / "run.json")
    config = Config.model_validate({"report": {"overlay": False, "csv": False}})
    plan = workflow.chosen(config)
    prints = fingerprints(plan, config, record["video"]["fingerprint"])
    for step in plan[: [s.name for s in plan].index("link")]:
        for name, path in zip(step.writes, step.outputs(root), strict=True):
            if "." in name:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()
            elif not path.exists():
                storage.write(storage.empty(name), path, name)
        entry = {"fingerprint": prints[step.name], "seconds": 1.0, "outputs": {}}
        for path in step.outputs(root):
            about = {"size": path.stat().st_size, "sha256": sha256(path)}
            entry["outputs"][path.relative_to(root).as_posix()] = about
        write_json(root / "steps" / f"{step.name}.json", entry)
    write_json(root / "run.json", record | {"config": config.model_dump(mode="json")})
    return root


CUT = 50
"""The frame at which the mistakes of `mistaken` begin."""


def mistaken(root: Path) -> Path:
    """Write a run of four seconds of which people's tracks are known, with three mistakes in who is who.

    Track k shows person k: 1 to 10 play for A, 11 is its goalkeeper, 12 to 22 are B. From frame `CUT` on,
    2 and 3 are taken for each other; what is left of 13 is somebody of his own, 113; 5 is of nobody.
    """
    fake_run.build(root, seconds=4.0, video=True)
    identities = storage.read(root / "tables" / "identities.parquet", "identities")
    playing = identities[identities["role"].isin(["player", "goalkeeper", "referee"])]
    last = int(storage.read(root / "tables" / "frames.parquet", "frames")["frame"].max())
    wrong = {2: (2, 3), 3: (3, 2), 13: (13, 113), 5: (5, None)}
    rows = []
    for track, role, team in zip(playing["track_id"], playing["role"], playing["team"], strict=True):
        spans = [(0, last, track)]
        if track in wrong:
            spans = [(0, CUT - 1, wrong[track][0]), (CUT, last, wrong[track][1])]
        for first, end, person in spans:
            rows.append((track, first, end, role, team, person, (end - first) / fake_run.FPS))
    columns = ["track_id", "frame_from", "frame_to", "role", "team", "player_id", "seconds"]
    links = pd.DataFrame(rows, columns=columns)
    known = links["player_id"].notna()
    links = links.assign(why=np.where(known, "motion", None), score=np.where(known, 0.97, 0.0))
    links = links.reindex(columns=storage.empty("links").columns)
    people = links[known].drop_duplicates("player_id")[["player_id", "role", "team"]]
    people = people.assign(track_id=people["player_id"], minutes_in_view=0.05, score=0.97)
    people = people.reindex(columns=storage.empty("people").columns)
    people["jersey"] = people["player_id"].where(people["player_id"] < 23)
    for name, table in {"people": people, "links": links}.items():
        storage.write(storage.conform(table, name), root / "tables" / f"{name}.parquet", name)
    return finished_before_link(root)


def mistaken_on_demo(root: Path) -> Path:
    """Write the same, with the bundled clip beside it as its footage."""
    source = root.parent / "demo.mp4"
    mistaken(root)
    shutil.copy(str(resources.files("pipeline") / "demo" / "demo.mp4"), source)
    record = read_json(root / "run.json")
    video = record["video"] | {"width_px": 1280, "height_px": 720}
    write_json(root / "run.json", record | {"source": str(source), "video": video})
    return root


def who(root: Path) -> dict[int, int | None]:
    """Tell whom each track shows at the last frame, by what corrections.yaml of `mistaken` makes of it."""
    from pipeline.workbench.session import Session

    links = Session(root).now()[0].links.sort_values("frame_from")
    last = links.drop_duplicates("track_id", keep="last")
    people = last["player_id"].astype(object).where(last["player_id"].notna(), None)
    return {int(t): None if p is None else int(p) for t, p in zip(last["track_id"], people, strict=True)}


def lines(root: Path) -> list[str]:
    """Read what corrections.yaml says, without marks."""
    path = root / "corrections.yaml"
    return [line for line in path.read_text().splitlines() if "tracks:" not in line] if path.exists() else []
