"""A plausible finished run without footage or networks: two teams of eleven, a panning camera.

`build` writes every table, checked against its declaration, ``run.json`` and the steps' records, so
that anything reading a run can be tested in a second. Positions, boxes, masks and views agree
with each other; `World` holds the truth that they were made from.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.appearance.team_kits import team_kits
from pipeline.core import masks
from pipeline.core.config import Config
from pipeline.core.geometry import orient
from pipeline.core.json_files import write_json
from pipeline.metrics.formation.templates import TEMPLATES
from pipeline.tables import storage

FPS = 25.0
PLAYERS_ONLY = ("physical", "fast_runs", "efforts", "peak_demands", "passes", "off_ball_runs")
HEIGHT, WIDTH = 360, 640
_442 = [
    *((-13.5, 6), (-13.5, -6), (-7.5, 17), (-7.5, -17), (-1.6, 5.6)),
    *((-1.6, -5.6), (8.2, 16.7), (8.2, -16.7), (14.3, 4.6), (14.3, -4.6)),
]
_433 = [
    *((-13.5, 6), (-13.5, -6), (-7.5, 17), (-7.5, -17), (-4.8, 0)),
    *((4.5, 6.8), (4.5, -6.8), (10, 16.4), (10, -16.4), (17, 0)),
]
KIT_LAB = {"A": (45.0, 60.0, 40.0), "B": (35.0, 15.0, -50.0), None: (85.0, -10.0, 70.0)}


@dataclass(frozen=True)
class World:
    """What happens: ``xy_m`` is ``(frames, people, 2)``; the last but one is a coach, the last the ball."""

    time_s: np.ndarray
    xy_m: np.ndarray
    role: list[str]
    team: list[str | None]
    image_from_pitch: np.ndarray
    source: list[str]


def world(seconds: float = 4.0, views: bool = True) -> World:
    """Make the match: A stands 4-4-2 and attacks to the right, B 4-3-3 to the left."""
    n = round(seconds * FPS)
    time = np.arange(n) / FPS
    place = np.array([*_442, (-38, 0), *(np.array(_433) * (-1, -1)), (40, 0), (3, 9), (2, -36), (1, 1)])
    place[:11] += (-3, 0)
    place[11:22] += (4, 0)
    rng = np.random.default_rng(7)
    speed, phase = rng.uniform(0.5, 3.5, len(place)), rng.uniform(0, 6.28, (len(place), 2))
    speed[[10, 21, 23]] = (0.4, 0.4, 0.1)
    swing = speed[:, None] * np.sin(0.9 * time[:, None, None] + phase)
    drift = np.stack([4 * np.sin(time / 4), np.cos(time / 3)], axis=-1)[:, None] * (speed[:, None] > 0.2)
    role = [*["player"] * 10, "goalkeeper"] * 2 + ["referee", "other", "ball"]
    team = ["A"] * 11 + ["B"] * 11 + [None] * 3
    pan = 22 * np.sin(time / 5)
    cameras = np.array([_camera(x) for x in pan])
    return World(time, place + swing + drift, role, team, cameras, _sources(n, views))


def build(
    root: Path, *, mode: str = "both", views: bool = True, seconds: float = 4.0, video: bool = False
) -> Path:
    """Write a run directory; ``views=False`` is footage without a pitch, ``mode="team"`` has no tracks."""
    made = world(seconds, views)
    (root / "tables").mkdir(parents=True, exist_ok=True)
    seen = _instances(made)
    out = _pixel_tables(made, seen) | _pitch_tables(made, seen, tracked=mode != "team")
    nothing = ("movement_parts", "team_movement_parts", "possession", "people", "links", "placed_by_hand")
    nothing += ("periods", "phases", "behaviour", "behaviour_parts", "line_steps", "turnovers")
    nothing += PLAYERS_ONLY
    out |= {n: storage.empty(n) for n in nothing}
    out["shots"] = _shots(made)
    if mode == "team":
        for name in (
            *PLAYERS_ONLY,
            "tracks",
            "identities",
            "movement",
            "movement_parts",
            "people",
            "links",
            "placed_by_hand",
        ):
            out.pop(name)
    for name, table in out.items():
        storage.write(table, root / "tables" / f"{name}.parquet", name)
    source = root.parent / f"{root.name}_match.mp4"
    if video:
        _film(made, seen, source)
    _records(root, source, mode, seconds)
    return root


def _camera(look_x_m: float) -> np.ndarray:
    """Projection matrix ``(3, 4)``, px from metres: a stand behind the near touchline."""
    eye, target = np.array([0.0, -75.0, 28.0]), np.array([look_x_m, 2.0, 0.0])
    ahead = (target - eye) / np.linalg.norm(target - eye)
    right = np.cross(ahead, (0, 0, 1.0))
    right /= np.linalg.norm(right)
    rotation = np.stack([right, np.cross(ahead, right), ahead])
    focal = 0.95 * WIDTH
    inner = np.array([[focal, 0, WIDTH / 2], [0, focal, HEIGHT / 2], [0, 0, 1]])
    return inner @ np.c_[rotation, -rotation @ eye]


def _sources(n: int, views: bool) -> list[str]:
    if not views:
        return ["none"] * n
    source = np.where(np.arange(n) % 5 == 0, "measured", "tracked").astype(object)
    source[n // 2 : n // 2 + 8] = "interpolated"
    source[-5:] = "none"
    return source.tolist()


def _project(camera: np.ndarray, xy_m: np.ndarray, z_m: float) -> np.ndarray:
    points = np.c_[xy_m, np.full(len(xy_m), z_m), np.ones(len(xy_m))] @ camera.T
    return points[:, :2] / points[:, 2:]


def _instances(made: World) -> pd.DataFrame:
    rows = []
    tall = np.where(np.array(made.role) == "ball", 0.25, 1.85)
    for frame, (xy, camera) in enumerate(zip(made.xy_m, made.image_from_pitch, strict=True)):
        feet, heads = _project(camera, xy, 0.0), _project(camera, xy, 1.0)
        number = 0
        for who, (foot, head) in enumerate(zip(feet, heads, strict=True)):
            high = max(3.0, (foot[1] - head[1]) * tall[who])
            half = high * (0.2 if tall[who] > 1 else 0.5)
            box = (foot[0] - half, foot[1] - high, foot[0] + half, foot[1])
            inside = box[0] >= 0 and box[1] >= 0 and box[2] < WIDTH - 1 and box[3] < HEIGHT - 1
            if inside and (frame + 7 * who) % 40 != 0:
                rows.append((frame, number, who, *box))
                number += 1
    return pd.DataFrame(rows, columns=["frame", "instance", "who", "x1", "y1", "x2", "y2"])


def _pixel_tables(made: World, seen: pd.DataFrame) -> dict[str, pd.DataFrame]:
    n = len(made.time_s)
    frames = pd.DataFrame({"frame": range(n), "time_s": made.time_s, "shot": 0, "grass": 0.7})
    frames["duplicate"] = frames["frame"] % 25 == 13
    for i, value in enumerate(np.eye(3).ravel()):
        frames[f"m{i // 3 + 1}{i % 3 + 1}"] = np.where(frames["frame"] == 0, np.nan, value)
    role = seen["who"].map(dict(enumerate(made.role)))
    team = seen["who"].map(dict(enumerate(made.team))).astype(object)
    kits = np.array([KIT_LAB[t if isinstance(t, str) else None] for t in team])
    boxes = seen[["x1", "y1", "x2", "y2"]].to_numpy()
    crops = [_ellipse(box) for box in boxes]
    classes = role.where(role != "other", "player")
    instances = pd.DataFrame(
        {
            "frame": seen["frame"],
            "time_s": made.time_s[seen["frame"]],
            "instance": seen["instance"],
            "class_name": classes,
            "score": 0.8,
            **{f"{n}_px": boxes[:, i] for i, n in enumerate(("x1", "y1", "x2", "y2"))},
            "foot_x_px": boxes[:, [0, 2]].mean(axis=1),
            "foot_y_px": boxes[:, 3],
            "area_px": [masks.area(c) for c in crops],
            **{f"torso_{c}": kits[:, i] for i, c in enumerate("lab")},
            **{f"legs_{c}": kits[:, i] for i, c in enumerate("lab")},
            "torso_spread": 4.0,
            "kit_px": 60,
        }
    )
    segments = pd.DataFrame([asdict(c) | {"runs": masks.to_bytes(c)} for c in crops])
    segments["frame"], segments["instance"] = seen["frame"], seen["instance"]
    segments["class_id"] = classes.map({"player": 0, "goalkeeper": 1, "referee": 2, "ball": 3})
    labels = pd.DataFrame({"frame": seen["frame"], "instance": seen["instance"], "role": role, "team": team})
    labels["team_score"] = np.where(labels["team"].notna(), 0.95, np.nan)
    kits = team_kits(frames, instances, labels)
    return {"frames": frames, "instances": instances, "segments": segments, "labels": labels, "kits": kits}


def _shots(made: World) -> pd.DataFrame:
    """All is one shot of the main camera, or of one that shows no pitch."""
    n, seen = len(made.time_s), float(np.mean([source != "none" for source in made.source]))
    kind = {"kind": "main", "score": 0.9} if seen else {"kind": "unclear", "score": None}
    row = {"shot": 0, **kind, "signs": None, "start": "first", "calibrated": seen > 0.5}
    row |= {"start_frame": 0, "end_frame": n - 1, "n_frames": n, "start_s": 0.0, "end_s": made.time_s[-1]}
    row |= {"feeds_positions": seen > 0, "view_share": seen, "error_m": 0.4 if seen else None, "camera": None}
    row |= {"x_m": None, "y_m": None, "z_m": None, "grass": 0.7, "people": 20, "tallest": 0.1}
    return pd.DataFrame([row])


def _ellipse(box: np.ndarray) -> masks.CropMask:
    left, top = int(box[0]), int(box[1])
    height, width = max(2, round(box[3] - box[1])), max(2, round(box[2] - box[0]))
    y, x = np.mgrid[:height, :width]
    inside = ((y + 0.5) / height * 2 - 1) ** 2 + ((x + 0.5) / width * 2 - 1) ** 2 <= 1
    return masks.encode(inside, top, left)


def _pitch_tables(made: World, seen: pd.DataFrame, tracked: bool) -> dict[str, pd.DataFrame]:
    time, who, frame = made.time_s, seen["who"].to_numpy(), seen["frame"].to_numpy()
    source = np.array(made.source, dtype=object)
    views = pd.DataFrame({"frame": range(len(time)), "time_s": time, "source": source})
    for frame_number, camera in enumerate(made.image_from_pitch):
        h = orient(np.linalg.inv(camera[:, [0, 1, 3]]), (WIDTH / 2, HEIGHT - 1))
        for i, value in enumerate(h.ravel()):
            views.loc[frame_number, f"h{i // 3 + 1}{i % 3 + 1}"] = (
                np.nan if source[frame_number] == "none" else value
            )
    views["error_m"] = np.select([source == "none", source == "measured"], [np.nan, 0.35], 0.55)
    views["n_points"] = np.where(source == "measured", 11, 0)
    base = pd.DataFrame({"frame": frame, "time_s": time[frame], "instance": seen["instance"]})
    tracks = base.assign(track_id=who + 1, link_score=0.98)
    xy = made.xy_m[frame, who]
    positions = base.assign(
        track_id=(who + 1) if tracked else None, x_m=xy[:, 0], y_m=xy[:, 1], error_m=0.4, source="observed"
    )[source[frame] != "none"]
    columns = ["frame", "time_s", "instance", "x_m", "y_m", "error_m"]
    projections = positions[columns].assign(in_bounds=True, at_rest=False)
    if tracked:
        positions = pd.concat([positions, _gaps(made, seen)])
    identities = _identities(made, tracks)
    out = {"views": views, "projections": projections, "positions": positions}
    out |= {"tracks": tracks, "identities": identities}
    return out | _measures(made, identities, any(s != "none" for s in made.source))


def _gaps(made: World, seen: pd.DataFrame) -> pd.DataFrame:
    """Positions of the frames that a track misses between others."""
    rows = []
    for who, group in seen.groupby("who"):
        have = set(group["frame"])
        for frame in range(min(have), max(have)):
            if frame not in have and made.source[frame] != "none":
                x, y = made.xy_m[frame, who]
                rows.append((frame, made.time_s[frame], None, who + 1, x, y, 0.8, "interpolated"))
    names = ["frame", "time_s", "instance", "track_id", "x_m", "y_m", "error_m", "source"]
    return pd.DataFrame(rows, columns=names)


def _identities(made: World, tracks: pd.DataFrame) -> pd.DataFrame:
    group = tracks.groupby("track_id")
    out = pd.DataFrame(
        {
            "n_frames": group.size(),
            "first_s": group["time_s"].min(),
            "last_s": group["time_s"].max(),
        }
    ).reset_index()
    out["role"] = [made.role[t - 1] for t in out["track_id"]]
    out["team"] = [made.team[t - 1] for t in out["track_id"]]
    out["role_score"] = 0.9
    out["team_score"] = np.where(out["team"].notna(), 0.97, np.nan)
    return out


def _measures(made: World, identities: pd.DataFrame, views: bool) -> dict[str, pd.DataFrame]:
    names = ("movement", "team_movement", "shapes", "formations", "roles")
    if not views:
        return {name: storage.empty(name) for name in names}
    movement = pd.DataFrame(
        [_movement(made, row) for row in identities.itertuples() if row.role in ("player", "goalkeeper")]
    )
    team_movement, shapes, formations = [], [], []
    for team, formation, attack in (("A", "4-4-2", "left_to_right"), ("B", "4-3-3", "right_to_left")):
        xy = made.xy_m[:, [i for i, r in enumerate(made.role) if r == "player" and made.team[i] == team]]
        spread = {
            "length_m": np.ptp(xy[..., 0], axis=1),
            "width_m": np.ptp(xy[..., 1], axis=1),
            "stretch_m": np.linalg.norm(xy - xy.mean(axis=1, keepdims=True), axis=2).mean(axis=1),
        }
        spread["hull_m2"] = 0.7 * spread["length_m"] * spread["width_m"]
        every = pd.DataFrame({"time_s": made.time_s, "team": team, "players_seen": 9.0, **spread})
        every["centroid_x_m"], every["centroid_y_m"] = xy.mean(axis=1).T
        shapes.append(every[:: round(FPS)])
        means = every.drop(columns=["time_s", "team"]).mean().to_dict()
        distance = movement.loc[movement["team"] == team, "distance_visible_m"].sum()
        team_movement.append(
            {"team": team, "n_frames": len(every), "centroid_speed_mps": 0.8, "distance_visible_m": distance}
            | means
        )
        formations.append(
            {"team": team, "phase": "all", "scope": "window", "period": None, "start_s": 0.0}
            | {"end_s": made.time_s[-1], "kind": "shape_at_this_moment", "method": "pairs"}
            | {
                "formation": formation,
                "nearest": formation,
                "second": "4-2-3-1",
                "variant": None,
                "distance_m": 2.1,
                "margin": 0.18,
                "score": 0.7,
            }
            | {"defenders": 4, "defenders_score": 0.9, "attack": attack, "players_seen": 9.0}
            | {"coverage": 1.0, "n_frames": len(every)}
        )
    made_tables = (
        movement,
        pd.DataFrame(team_movement),
        pd.concat(shapes, ignore_index=True),
        pd.DataFrame(formations),
        _roles(pd.DataFrame(formations)),
    )
    return dict(zip(names, made_tables, strict=True))


def _roles(formations: pd.DataFrame) -> pd.DataFrame:
    """Everybody in one role all the time; roles come in the order of the people."""
    rows = []
    names = ["team", "phase", "scope", "period", "start_s", "end_s", "formation"]
    for team in formations[names].to_dict("records"):
        formation = team.pop("formation")
        template = next(t for t in TEMPLATES if t.name == formation)
        first = 1 if team["team"] == "A" else 12
        for i, (name, (x, y)) in enumerate(zip(template.roles, template.places_m, strict=True)):
            seen = {"share": 1.0, "role_share": 0.9, "n_frames": 20, "spread_m": 2.0}
            rows.append(team | {"role": name, "track_id": first + i, "x_m": x, "y_m": y} | seen)
    return pd.DataFrame(rows)


def _movement(made: World, row: object) -> dict[str, object]:
    here = (made.time_s >= row.first_s) & (made.time_s <= row.last_s)
    xy = made.xy_m[here, row.track_id - 1]
    step = np.linalg.norm(np.diff(xy, axis=0), axis=1) if len(xy) > 1 else np.zeros(0)
    speed = step * FPS
    minutes = max(len(xy), 1) / FPS / 60
    edges = np.array([0, 7, 15, 20, 25, 1e9]) / 3.6
    bands = np.histogram(speed, bins=edges, weights=step)[0]
    names = ("band_0_7_m", "band_7_15_m", "band_15_20_m", "band_20_25_m", "band_25_plus_m")
    return {
        "track_id": row.track_id,
        "role": row.role,
        "team": row.team,
        "minutes_span": minutes,
        "minutes_visible": minutes,
        "coverage": min(1.0, len(xy) / len(made.time_s)),
        "observed_share": 0.95,
        "distance_visible_m": step.sum(),
        "m_per_visible_min": step.sum() / minutes,
        **dict(zip(names, bands, strict=True)),
        "mean_speed_mps": speed.mean() if len(speed) else 0.0,
        "psv99_mps": np.percentile(speed, 99) if len(speed) and speed.max() > 4 else np.nan,
        "sprints": 0,
        "accelerations": int((speed > 4).any()) if len(speed) else 0,
        "distance_error_m": 0.03 * step.sum() + 0.2,
        "mean_x_m": xy[:, 0].mean(),
        "mean_y_m": xy[:, 1].mean(),
        "player_id": row.track_id,
    }


def _film(made: World, seen: pd.DataFrame, path: Path) -> None:
    """Draw the frames, plainly: grass, and an ellipse in kit colour for everybody."""
    import cv2

    from pipeline.video.writer import VideoWriter

    paint = {"A": (40, 40, 210), "B": (190, 70, 40), None: (60, 230, 230)}
    with VideoWriter(path, WIDTH, HEIGHT, FPS) as writer:
        for frame, time_s in enumerate(made.time_s):
            image = np.full((HEIGHT, WIDTH, 3), (60, 130, 70), np.uint8)
            for row in seen[seen["frame"] == frame].itertuples():
                mask = _ellipse(np.array([row.x1, row.y1, row.x2, row.y2]))
                window = image[mask.top : mask.top + mask.height, mask.left : mask.left + mask.width]
                window[masks.decode(mask)] = paint[made.team[row.who]]
            writer.write(cv2.GaussianBlur(image, (3, 3), 0), float(time_s))


def _records(root: Path, source: Path, mode: str, seconds: float) -> None:
    n = round(seconds * FPS)
    record = {
        "state": "finished",
        "source": str(source),
        "video": {"width_px": WIDTH, "height_px": HEIGHT, "fps": FPS, "n_frames_claimed": n}
        | {"duration_s": seconds, "fingerprint": "fake"},
        "config": Config(mode=mode).model_dump(),  # type: ignore[arg-type]
        "versions": {"teamshape": "0.1.0", "numpy": np.__version__},
        "inputs": {"football-seg-n": "0" * 64},
        "seconds": {"segment": 12.0, "track": 0.4, "calibrate": 3.0},
    }
    write_json(root / "run.json", record)
    warning = {"warnings": ["ball: seen in 40 of 100 frames"], "facts": {}, "seconds": 12.0}
    write_json(root / "steps" / "segment.json", {"step": "segment", "fingerprint": "f"} | warning)
