"""Pitch control, pressure and pressing intensity against what other packages compute of the same frames.

Frames: kloppy's Hawk-Eye sample (two minutes, whole teams), one a second, with velocities from positions half
a second apart. The packages are not needed to run, nor are they dependencies; to compare, in an environment
of their own:

    pip install kloppy pandas scipy pydantic pyarrow pyyaml databallpy silly-kicks
    pip install --no-deps unravelsports
    PYTHONPATH=. python benchmarks/play_packages.py

Exits with 1 if a difference is greater than docs/play.md says.
"""

from __future__ import annotations

import importlib.util
import sys
from importlib.metadata import distribution
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from metrics_sources import hawk_eye

from pipeline.metrics.behaviour.pressing_intensity import pressing_intensity, time_to_intercept_s
from pipeline.metrics.behaviour.pressure import pressures
from pipeline.metrics.control import fernandez_bornn, spearman

LENGTH, WIDTH = 105.0, 68.0
BINS = (53, 34)
MISSED: list[str] = []


def main() -> None:
    """Compare frame by frame and print the differences."""
    frames = [f for part in ("1_1", "2_46") for f in frames_of(hawk_eye(part))]
    print(
        f"{len(frames)} frames of 22 players\n\n| ours | theirs | difference: mean, greatest |\n|---|---|---|"
    )
    for name, theirs, gaps, most in (
        ("control fb", "databallpy get_pitch_control_single_frame", map(databallpy_control, frames), 0.15),
        ("control fb, axes as theirs", "the same", (databallpy_control(f, half=False) for f in frames), 0.01),
        ("control fb", "silly-kicks compute_fernandez_bornn", map(silly_fernandez, frames), 0.15),
        ("control spearman", "silly-kicks compute_spearman", map(silly_spearman, frames), 0.25),
        ("pressing intensity", "unravelsports", map(unravel_pressing, frames), 1e-6),
        ("pressure", "databallpy calculate_z, calculate_l", map(databallpy_pressure, frames), 1e-6),
        ("pressure", "silly-kicks _pressure_andrienko", map(silly_pressure, frames), 1e-6),
    ):
        say(name, theirs, np.abs(np.concatenate([np.ravel(g) for g in gaps])), most)
    print("\nmissed: " + "; ".join(MISSED) if MISSED else "\nas docs/play.md says")
    sys.exit(1 if MISSED else 0)


def say(name: str, theirs: str, gaps: np.ndarray, most: float) -> None:
    """Print one row, and remember a mean difference beyond ``most``."""
    print(f"| {name} | {theirs} | {np.nanmean(gaps):.2g}, {np.nanmax(gaps):.2g} |")
    if not np.nanmean(gaps) <= most:
        MISSED.append(f"{name}, {theirs}: {np.nanmean(gaps):.3g} above {most}")


def frames_of(people: pd.DataFrame) -> list[dict[str, Any]]:
    """Places and velocities ``(2, 11, 2)`` of both teams once a second; the ball is with a player of A."""
    out = []
    rate = 1 / float(np.median(np.diff(np.unique(people["time_s"]))))
    back = round(rate / 4)
    wide = people.pivot_table(index="frame", columns=["team", "track_id"], values=["x_m", "y_m"])
    places = np.stack(
        [np.stack([wide["x_m"][t].to_numpy(), wide["y_m"][t].to_numpy()], axis=-1) for t in "AB"]
    )
    for i in range(back, places.shape[1] - back, round(rate)):
        velocity = (places[:, i + back] - places[:, i - back]) * rate / (2 * back)
        carrier = places[0, i, i // round(rate) % places.shape[2]]
        out.append({"places": places[:, i], "velocity": velocity, "ball": carrier + 0.3})
    return [f for f in out if np.isfinite(f["velocity"]).all()]


def cells() -> np.ndarray:
    """Points of databallpy's grid, ``(C, 2)``: rows of y."""
    x, y = (np.linspace(-s / 2, s / 2, n) for s, n in zip((LENGTH, WIDTH), BINS, strict=True))
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def ours(frame: dict[str, Any], model: ModuleType, points: np.ndarray) -> np.ndarray:
    """Team A's control of ``points`` by one of our models."""
    made = model.control_a(
        points[None], frame["places"][:, None], frame["velocity"][:, None], frame["ball"][None]
    )
    return np.asarray(made[0])


def databallpy_control(frame: dict[str, Any], half: bool = True) -> np.ndarray:
    """Differences on its grid; its values are the away team's. ``half`` False: our axes twice as long."""
    from databallpy.features.pitch_control import get_pitch_control_single_frame

    row = {"ball_x": frame["ball"][0], "ball_y": frame["ball"][1]}
    for team, name in enumerate(("home", "away")):
        for n, (place, speed) in enumerate(zip(frame["places"][team], frame["velocity"][team], strict=True)):
            row |= {f"{name}_{n}_x": place[0], f"{name}_{n}_y": place[1]}
            row |= {f"{name}_{n}_vx": speed[0], f"{name}_{n}_vy": speed[1]}
    theirs = get_pitch_control_single_frame(pd.Series(row), [LENGTH, WIDTH], *BINS)
    made = ours(frame, fernandez_bornn, cells()) if half else without_half(frame)
    return np.asarray(made - (1 - np.ravel(theirs)))


def without_half(frame: dict[str, Any]) -> np.ndarray:
    """Our model without the half of equation 19, as databallpy and silly-kicks have it."""
    near, far, grows = fernandez_bornn.NEAR_M, fernandez_bornn.FAR_M, fernandez_bornn.GROWS_M
    try:
        fernandez_bornn.NEAR_M, fernandez_bornn.FAR_M, fernandez_bornn.GROWS_M = 2 * near, 2 * far, grows / 2
        return ours(frame, fernandez_bornn, cells())
    finally:
        fernandez_bornn.NEAR_M, fernandez_bornn.FAR_M, fernandez_bornn.GROWS_M = near, far, grows


def silly_frame(frame: dict[str, Any]) -> pd.DataFrame:
    """Rows as silly-kicks wants them: its origin is the left corner."""
    rows = [
        {
            **{"is_ball": False, "team_id": team, "player_id": 100 * team + n, "is_goalkeeper": n == 0},
            **{"x": p[0] + LENGTH / 2, "y": p[1] + WIDTH / 2, "vx": v[0], "vy": v[1]},
        }
        for team in (0, 1)
        for n, (p, v) in enumerate(zip(frame["places"][team], frame["velocity"][team], strict=True))
    ]
    x, y = frame["ball"] + [LENGTH / 2, WIDTH / 2]
    ball = {"is_ball": True, "team_id": -1, "player_id": -1, "is_goalkeeper": False, "x": x, "y": y}
    return pd.DataFrame([*rows, ball | {"vx": 0.0, "vy": 0.0}])


def silly_fernandez(frame: dict[str, Any]) -> np.ndarray:
    """Differences on its grid."""
    from silly_kicks.tracking.pitch_control._fernandez_bornn import compute_fernandez_bornn
    from silly_kicks.tracking.pitch_control._params import FernandezBornnParams

    return silly_gap(
        frame, compute_fernandez_bornn(silly_frame(frame), 0, FernandezBornnParams()), fernandez_bornn
    )


def silly_spearman(frame: dict[str, Any]) -> np.ndarray:
    """Differences on its grid."""
    from silly_kicks.tracking.pitch_control._params import SpearmanParams
    from silly_kicks.tracking.pitch_control._spearman import compute_spearman

    return silly_gap(frame, compute_spearman(silly_frame(frame), 0, SpearmanParams()), spearman)


def silly_gap(frame: dict[str, Any], theirs: Any, model: ModuleType) -> np.ndarray:
    """Our control of the points of their surface less theirs."""
    x, y = np.asarray(theirs.grid_x), np.asarray(theirs.grid_y)
    x, y = np.meshgrid(x, y) if x.ndim == 1 else (x, y)
    points = np.stack([x.ravel() - LENGTH / 2, y.ravel() - WIDTH / 2], axis=-1)
    return np.asarray(ours(frame, model, points) - np.ravel(theirs.surface))


def unravel_pressing(frame: dict[str, Any]) -> np.ndarray:
    """Times to intercept and the probability of any, of team B upon each of team A."""
    theirs = _module("unravelsports", "unravel/soccer/models/utils.py")
    (a, b), (va, vb) = frame["places"], frame["velocity"]
    needed = theirs.time_to_intercept(b, a, vb, va, 0.7, 12.0)
    arrives = theirs.probability_to_intercept(needed, 0.45, 1.5)
    times = np.stack(
        [time_to_intercept_s(b[None], vb[None], a[i : i + 1], va[i : i + 1])[0] for i in range(len(a))]
    )
    whole = [pressing_intensity(b[None], vb[None], a[i : i + 1], va[i : i + 1])[0] for i in range(len(a))]
    return np.r_[np.ravel(times - needed), np.array(whole) - (1 - (1 - arrives).prod(axis=1))]


def databallpy_pressure(frame: dict[str, Any]) -> np.ndarray:
    """Each opponent's pressure on the player nearest to the ball, with a fixed reach of 9 m in front."""
    from databallpy.features.pressure import calculate_l, calculate_z

    who = carrier(frame)
    row = {"home_1_x": who[0], "home_1_y": who[1]}
    made = our_pressures(frame)
    out = []
    for n, (x, y) in enumerate(frame["places"][1]):
        series = pd.Series(row | {"away_1_x": x, "away_1_y": y})
        reach = calculate_l(3.0, 9.0, calculate_z(series, "home_1", "away_1", LENGTH))
        out.append(made[n] - max(0.0, 1 - np.hypot(x - who[0], y - who[1]) / reach) ** 1.75)
    return np.array(out)


def silly_pressure(frame: dict[str, Any]) -> np.ndarray:
    """The sum of all opponents' pressure on the player nearest to the ball; theirs is in per cent."""
    from silly_kicks.tracking import _kernels
    from silly_kicks.tracking.pressure import AndrienkoParams

    who = np.add(carrier(frame), [LENGTH / 2, WIDTH / 2])
    rows = pd.DataFrame(frame["places"][1] + [LENGTH / 2, WIDTH / 2], columns=["x", "y"]).assign(action_id=1)
    actions, pointers = pd.DataFrame({"action_id": [1]}), pd.DataFrame({"action_id": [1], "frame_id": [1]})
    context = SimpleNamespace(actions=actions, pointers=pointers, opposite_rows_per_action=rows)
    x, y = (pd.Series([v]) for v in who)
    theirs = _kernels._pressure_andrienko(x, y, context, params=AndrienkoParams())
    return np.array([our_pressures(frame).sum() - float(theirs.iloc[0]) / 100])


def carrier(frame: dict[str, Any]) -> np.ndarray:
    """The player of team A nearest to the ball."""
    own = frame["places"][0]
    return np.asarray(own[np.hypot(*(own - frame["ball"]).T).argmin()])


def our_pressures(frame: dict[str, Any]) -> np.ndarray:
    """What each of team B puts on him; A attacks to the right."""
    goal = np.array([[LENGTH / 2, 0.0]])
    return np.asarray(pressures(carrier(frame)[None], frame["places"][1][None], goal)[0])


def _module(package: str, path: str) -> Any:
    """Load one file of an installed package, without what the rest of it needs."""
    file = Path(str(distribution(package).locate_file(path)))
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
