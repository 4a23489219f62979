"""Matches for `metrics_play`, how a broadcast camera sees them, and all tables of a match so seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from metrics_sources import noisy, tracab
from play_script import HZ, Script, ball_of, owners, people_of

from pipeline.core.config import Config
from pipeline.core.pitch import Pitch
from pipeline.metrics.behaviour.ball_carrier import carriers
from pipeline.metrics.behaviour.behaviour_over_time import behaviour
from pipeline.metrics.behaviour.line_steps import line_step_table
from pipeline.metrics.behaviour.passes import passes
from pipeline.metrics.behaviour.team_lines_in_play import line_sizes
from pipeline.metrics.behaviour.turnovers import turnovers
from pipeline.metrics.control.control_shares import control_shares
from pipeline.metrics.direction.left_to_right import Sides
from pipeline.metrics.moments.play_moments import moments
from pipeline.metrics.movement.time_seen import seconds_seen
from pipeline.metrics.movement.track_motion import MotionSettings, motion
from pipeline.metrics.off_ball.off_ball_runs import OffBallContext, off_ball_runs
from pipeline.metrics.phases.phases_of_play import phases
from pipeline.metrics.phases.restarts import restarts
from pipeline.metrics.physical.efforts import efforts
from pipeline.metrics.physical.fast_runs import fast_runs
from pipeline.metrics.physical.peak_demands import peak_demands
from pipeline.metrics.physical.physical_summary import Load, physical_summary
from pipeline.metrics.physical.runner_context import RunnerContext
from pipeline.metrics.possession import estimated_spells, given_spells
from pipeline.metrics.shape.team_shape import frame_shapes, shapes
from pipeline.synthetic.match.simulate import MatchPlan, simulate
from pipeline.tables import storage

PITCH = Pitch()
HALF_VIEW_M, WHITE_M, SLOW_M, BALL_LOST = 24.0, 0.3, 0.5, 0.2
AWAY_S, BETWEEN_S = (4.0, 9.0), (25.0, 60.0)
"""Replays and close-ups last so long, and come so long after each other."""


@dataclass(frozen=True)
class Scene:
    """A match: ``people`` and ``ball`` (`who_is_where.people`), ``spells``, A's direction of attack."""

    people: pd.DataFrame
    ball: pd.DataFrame
    spells: pd.DataFrame
    sign_a: float
    play_s: np.ndarray


def scripted_scene(script: Script) -> Scene:
    """The script as it was played, with possession as a provider would give it."""
    times = script.times
    spells = given_spells(times, owners(script), np.zeros(len(times), np.int64))
    return Scene(people_of(script), ball_of(script), spells, 1.0, np.array([[0.0, times[-1]]]))


def simulated(seconds: float, seed: int = 5) -> Scene:
    """Play minutes of `pipeline.synthetic`; team A attacks to the right."""
    match = simulate(MatchPlan(duration_s=seconds, fps=HZ, seed=seed))
    n = len(match.time_s)
    script = Script(match.time_s, match.position_m[:, :22], match.ball_m[:, :2], [], np.full(n, -1))
    owner = np.array(["A", "B"], object)[match.possession]
    spells = given_spells(match.time_s, owner, np.zeros(n, np.int64))
    return Scene(people_of(script), ball_of(script), spells, 1.0, np.array([[0.0, match.time_s[-1]]]))


def tracab_scene(path: Path) -> Scene:
    """Read TRACAB at 12.5 Hz, with the ball and the possession that it gives."""
    data, people = pd.read_parquet(path), tracab(path, every=2)
    times = np.arange(len(data)) / 25
    ball = pd.DataFrame({"x_m": data["ball_x"], "y_m": data["ball_y"], "frame": np.arange(len(data))})
    ball = ball.assign(time_s=times, track_id=99, error_m=0.05, observed=True).dropna(subset=["x_m"])
    team = data["team_possession"].map({"home": "A", "away": "B"}).to_numpy(object)
    owner = np.where(data["ball_status"] == "alive", team, None).astype(object)
    keeper = people[(people["role"] == "goalkeeper") & (people["team"] == "A")]["x_m"].mean()
    spells = given_spells(times, owner, np.zeros(len(times), np.int64))
    ball = ball[ball["frame"] % 2 == 0]
    return Scene(people, ball, spells, float(-np.sign(keeper)), np.array([[0.0, times[-1]]]))


def all_seeing(scene: Scene, seed: int = 0) -> Scene:
    """See everybody, with 0.2 m of noise: data of a tactical camera."""
    return replace(scene, people=noisy(scene.people, 0.2, seed), ball=noisy(scene.ball, 0.2, seed + 1))


def broadcast_view(scene: Scene, seed: int = 0, *, estimated: bool = False) -> Scene:
    """See it as a camera that follows the ball: who is within `HALF_VIEW_M` along the pitch, with noise; one
    sight of the ball in five lost; nothing during replays. ``estimated``: no provider says who has the ball.
    """
    rng = np.random.default_rng(seed)
    middle = scene.ball.set_index("frame")["x_m"]
    middle = middle.rolling(int(2 * HZ), center=True, min_periods=1).mean()
    at = middle.reindex(scene.people["frame"], method="nearest").to_numpy()
    away = _replays(float(scene.play_s[0, 1]), rng)
    seen = scene.people[(scene.people["x_m"] - at).abs() < HALF_VIEW_M]
    seen = seen[~_inside(seen["time_s"].to_numpy(), away)].sort_values(
        ["track_id", "time_s"], ignore_index=True
    )
    ball = scene.ball[
        (rng.random(len(scene.ball)) > BALL_LOST) & ~_inside(scene.ball["time_s"].to_numpy(), away)
    ]
    out = replace(scene, people=noisy(seen, WHITE_M, seed, SLOW_M), ball=noisy(ball, WHITE_M, seed + 1))
    if not estimated:
        return out
    frames = scene.people.drop_duplicates("frame")[["frame", "time_s"]].assign(shot=0)
    return replace(out, spells=estimated_spells(frames, out.people, out.ball, PITCH))


def _replays(until_s: float, rng: np.random.Generator) -> np.ndarray:
    out, now = [], float(rng.uniform(*BETWEEN_S))
    while now < until_s:
        long = float(rng.uniform(*AWAY_S))
        out.append((now, now + long))
        now += long + float(rng.uniform(*BETWEEN_S))
    return np.array(out).reshape(-1, 2)


def _inside(times: np.ndarray, spans: np.ndarray) -> np.ndarray:
    return ((times[:, None] >= spans[:, 0]) & (times[:, None] < spans[:, 1])).any(axis=1)


def measured(scene: Scene, config: Config) -> dict[str, pd.DataFrame]:
    """Make all tables of the steps physical and play."""
    start, end = scene.play_s[0]
    way = Sides(np.array([start]), np.array([end]), np.array([scene.sign_a]))
    moving = motion(scene.people, MotionSettings(config.measure.cutoff_hz))
    settings = config.play
    laid = moments(scene.people, scene.ball, scene.spells, way, scene.play_s, settings.every_s, moving)
    having, none = carriers(laid, settings.reach_m), storage.empty("formations")
    sizes = (line_sizes(none, laid.times_s, 0), line_sizes(none, laid.times_s, 1))
    told = phases(laid, scene.spells, settings, PITCH)
    runs = fast_runs(moving, RunnerContext(way, scene.spells, scene.ball), config.measure, config.physical)
    made = efforts(moving, config.measure, config.physical)
    stays = {int(t): (float(start), float(end)) for t in moving["track_id"].unique()}
    load = Load(
        config.measure,
        config.physical,
        scene.play_s,
        config.measure.cutoff_hz,
        stays,
        seconds_seen(scene.people),
    )
    seen = frame_shapes(scene.people, 8)
    control = control_shares(laid, settings, PITCH)
    restarted = set(restarts(laid, scene.spells, settings, PITCH))
    return {
        "phases": told,
        "behaviour": behaviour(laid, having, sizes, settings, PITCH, control, shapes(seen, 8)),
        "line_steps": line_step_table(laid, sizes, settings, PITCH),
        "passes": passes(laid, having, sizes, settings, PITCH),
        "turnovers": turnovers(laid, scene.spells, restarted, having, settings),
        "off_ball_runs": off_ball_runs(moving, OffBallContext(laid, having, told, settings, PITCH)),
        "fast_runs": runs,
        "efforts": made,
        "physical": physical_summary(moving, runs, made, load),
        "peak_demands": peak_demands(moving, scene.play_s, config.measure, config.physical),
    }
