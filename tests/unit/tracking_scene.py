"""Scenes for tests of tracking and identity: people who walk straight, as tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.tables import storage

RED = (45.0, 55.0, 35.0)
WHITE = (90.0, 0.0, 2.0)
NAVY = (20.0, 8.0, -25.0)
YELLOW = (88.0, -10.0, 75.0)
UNKNOWN = (np.nan, np.nan, np.nan)
_MOTION = [f"m{i}{j}" for i in (1, 2, 3) for j in (1, 2, 3)]
_VIEW = [f"h{i}{j}" for i in (1, 2, 3) for j in (1, 2, 3)]


def frames_table(n: int, dt_s: float = 0.04, cuts: tuple[int, ...] = ()) -> pd.DataFrame:
    """``n`` frames of a camera that stands still; ``cuts`` are frames that begin a new shot."""
    number = np.arange(n)
    table = pd.DataFrame(
        {
            "frame": number,
            "time_s": number * dt_s,
            "shot": np.searchsorted(np.array(cuts), number, side="right"),
            "duplicate": False,
            "grass": 0.8,
        }
    )
    for name, value in zip(
        ["m11", "m12", "m13", "m21", "m22", "m23", "m31", "m32", "m33"], np.eye(3).ravel(), strict=True
    ):
        table[name] = value
        table.loc[table["frame"].isin([0, *cuts]), name] = np.nan
    return storage.conform(table, "frames")


def person(
    x_px: float,
    y_px: float,
    seen: range | list[int],
    *,
    speed_px: tuple[float, float] = (0.0, 0.0),
    kit: tuple[float, float, float] = RED,
    name: str = "player",
    score: float = 0.8,
    size_px: tuple[float, float] = (20.0, 50.0),
    who: int = 0,
) -> pd.DataFrame:
    """One person's instances; ``speed_px`` is px a frame; ``who`` is the truth, to be dropped by `scene`."""
    frame = np.array(seen, dtype=int)
    x, y = x_px + speed_px[0] * frame, y_px + speed_px[1] * frame
    width, height = size_px
    table = pd.DataFrame(
        {
            "frame": frame,
            "class_name": name,
            "score": score,
            "x1_px": x - width / 2,
            "y1_px": y - height / 2,
            "x2_px": x + width / 2,
            "y2_px": y + height / 2,
            "foot_x_px": x,
            "foot_y_px": y + height / 2,
            "area_px": int(width * height / 2),
            "torso_spread": 8.0,
            "kit_px": 300,
            "who": who,
        }
    )
    for part in ("torso", "legs"):
        for channel, value in zip("lab", kit, strict=True):
            table[f"{part}_{channel}"] = value
    return table


def scene(*people: pd.DataFrame, dt_s: float = 0.04) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put people together: table ``instances``, and the truth (frame, instance, who)."""
    table = pd.concat(people).sort_values("frame", kind="stable", ignore_index=True)
    table["time_s"] = table["frame"] * dt_s
    table["instance"] = table.groupby("frame").cumcount()
    return storage.conform(table.drop(columns="who"), "instances"), table[["frame", "instance", "who"]]


def no_views() -> pd.DataFrame:
    """A clip without a pitch in view."""
    return storage.empty("views")


def top_down_views(n: int, px_per_m: float = 10.0) -> pd.DataFrame:
    """A camera straight above the pitch: ``px_per_m``, the centre spot at (600, 400) px."""
    step = 1 / px_per_m
    matrix = np.array([[step, 0, -600 * step], [0, -step, 400 * step], [0, 0, 1.0]])
    table = pd.DataFrame(
        {"frame": np.arange(n), "time_s": np.arange(n) * 0.04, "source": "measured", "error_m": 0.2}
    )
    for name, value in zip(
        ["h11", "h12", "h13", "h21", "h22", "h23", "h31", "h32", "h33"], matrix.ravel(), strict=True
    ):
        table[name] = value
    table["n_points"] = 10
    return storage.conform(table, "views")
