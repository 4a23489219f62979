"""How far physical load, phases, behaviour and runs move when a camera sees only part of what happened.

Truth is a match of which every position is known: minutes of the simulated one, and of TRACAB where they
are there. The same match is then seen as broadcast shows it: people within 24 m of the play, positions
off by 0.3 m from frame to frame and by 0.5 m over seconds, one sight of the ball in five lost.
`metrics_truth.py` prints it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from metrics_sources import noisy

from pipeline.core.config import Config, load
from pipeline.core.pitch import Pitch
from pipeline.metrics.behaviour.ball_carrier import carriers
from pipeline.metrics.behaviour.behaviour_over_time import behaviour
from pipeline.metrics.behaviour.passes import passes
from pipeline.metrics.behaviour.team_lines_in_play import line_sizes
from pipeline.metrics.behaviour.turnovers import turnovers
from pipeline.metrics.control.control_shares import control_shares
from pipeline.metrics.direction.left_to_right import Sides
from pipeline.metrics.moments.play_moments import moments
from pipeline.metrics.movement.track_motion import MotionSettings, motion
from pipeline.metrics.off_ball.off_ball_runs import OffBallContext, off_ball_runs
from pipeline.metrics.phases.phases_of_play import phases
from pipeline.metrics.phases.restarts import restarts
from pipeline.metrics.physical.efforts import efforts
from pipeline.metrics.physical.fast_runs import fast_runs
from pipeline.metrics.physical.physical_summary import Load, physical_summary
from pipeline.metrics.physical.runner_context import RunnerContext
from pipeline.synthetic.match.simulate import MatchPlan, SimulatedMatch, simulate
from pipeline.tables import storage
from pipeline.tables.play.behaviour_schemas import MEASURES

Bar = Callable[[str, float, float, float], str]
PITCH = Pitch()
HALF_VIEW_M, WHITE_M, SLOW_M, BALL_LOST = 24.0, 0.3, 0.5, 0.2
_NEAR_S = 1.0


@dataclass(frozen=True)
class Scene:
    """A match: ``people`` and ``ball`` (`who_is_where.people`), ``spells``, A's direction, planned runs."""

    people: pd.DataFrame
    ball: pd.DataFrame
    spells: pd.DataFrame
    sign_a: float
    runs: tuple[tuple[float, int], ...] = ()

    @property
    def play_s(self) -> np.ndarray:
        """The one period."""
        return np.array([[float(self.people["time_s"].min()), float(self.people["time_s"].max())]])


def play(shared: Path, bar: Bar) -> None:
    """Print the tables, of the simulated match and of TRACAB."""
    scenes = {"simulated, 8 min": simulated(480.0)}
    path = shared / "tracking" / "eredivisie_tracab_6min.parquet"
    if path.exists():
        scenes["TRACAB, 6 min"] = tracab_scene(path)
    for name, scene in scenes.items():
        config = load(None, {"measure.cutoff_hz": 1.0})
        truth, seen = measured(scene, config), measured(broadcast_view(scene), Config())
        print(f"\n## {name}: whole against broadcast")
        _behaviour(truth, seen)
        _phases(truth, seen, name, bar)
        _runs(truth, seen, scene)
        _physical(truth, seen)


def simulated(seconds: float, seed: int = 5) -> Scene:
    """Play a match; team A attacks to the right."""
    match: SimulatedMatch = simulate(MatchPlan(duration_s=seconds, fps=25.0, seed=seed))
    n = len(match.time_s)
    parts = []
    for i in range(22):
        table = pd.DataFrame(match.position_m[:, i], columns=["x_m", "y_m"])
        role = "goalkeeper" if i % 11 == 0 else "player"
        parts.append(table.assign(frame=np.arange(n), time_s=match.time_s, track_id=i + 1, role=role,
                                  team="AB"[i // 11]))  # fmt: skip
    people = pd.concat(parts, ignore_index=True).assign(error_m=0.05, observed=True)
    ball = pd.DataFrame(match.ball_m[:, :2], columns=["x_m", "y_m"])
    ball = ball.assign(frame=np.arange(n), time_s=match.time_s, track_id=99, error_m=0.05, observed=True)
    runs = tuple((f / 25.0, i + 1) for f, i in match.runs)
    return Scene(people, ball, _spells(match.time_s, np.array(["A", "B"])[match.possession]), 1.0, runs)


def tracab_scene(path: Path) -> Scene:
    """Read TRACAB at 25 Hz, with the ball and the possession that it gives."""
    from metrics_sources import tracab

    data, people = pd.read_parquet(path), tracab(path, every=1)
    times = np.arange(len(data)) / 25
    ball = pd.DataFrame({"x_m": data["ball_x"], "y_m": data["ball_y"], "frame": np.arange(len(data))})
    ball = ball.assign(time_s=times, track_id=99, error_m=0.05, observed=True).dropna(subset=["x_m"])
    team = data["team_possession"].map({"home": "A", "away": "B"}).to_numpy(object)
    owner = np.where(data["ball_status"] == "alive", team, None)
    keeper = people[(people["role"] == "goalkeeper") & (people["team"] == "A")]["x_m"].mean()
    return Scene(people, ball, _spells(times, owner), float(-np.sign(keeper)))


def _spells(times: np.ndarray, owner: np.ndarray) -> pd.DataFrame:
    from pipeline.metrics.possession import given_spells

    return given_spells(times, owner.astype(object), np.zeros(len(times), np.int64))


def broadcast_view(scene: Scene, seed: int = 0) -> Scene:
    """See it as a camera that follows the ball, every fourth frame kept whole, with noise."""
    rng = np.random.default_rng(seed)
    middle = scene.ball.set_index("frame")["x_m"].rolling(50, center=True, min_periods=1).mean()
    at = middle.reindex(scene.people["frame"]).to_numpy()
    seen = scene.people[(scene.people["x_m"] - at).abs() < HALF_VIEW_M]
    seen = seen.sort_values(["track_id", "time_s"], ignore_index=True)
    ball = scene.ball[rng.random(len(scene.ball)) > BALL_LOST]
    return Scene(
        noisy(seen, WHITE_M, seed, SLOW_M), noisy(ball, WHITE_M, seed + 1), scene.spells, scene.sign_a
    )


def measured(scene: Scene, config: Config) -> dict[str, pd.DataFrame]:
    """Make all tables of a scene."""
    start, end = scene.play_s[0]
    way = Sides(np.array([start]), np.array([end]), np.array([scene.sign_a]))
    moving = motion(scene.people, MotionSettings(config.measure.cutoff_hz))
    laid = moments(scene.people, scene.ball, scene.spells, way, scene.play_s, config.play.every_s, moving)
    having, none = carriers(laid, config.play.reach_m), storage.empty("formations")
    sizes = (line_sizes(none, laid.times_s, 0), line_sizes(none, laid.times_s, 1))
    told = phases(laid, scene.spells, config.play, PITCH)
    around = OffBallContext(laid, having, told, config.play, PITCH)
    runs = fast_runs(moving, RunnerContext(way, scene.spells, scene.ball), config.measure, config.physical)
    made = efforts(moving, config.measure, config.physical)
    stays = {int(t): (float(start), float(end)) for t in moving["track_id"].unique()}
    weight = Load(config.measure, config.physical, scene.play_s, config.measure.cutoff_hz, stays)
    shares = control_shares(laid, config.play, PITCH)
    restarted = set(restarts(laid, scene.spells, config.play, PITCH))
    return {
        "behaviour": behaviour(laid, having, sizes, config.play, PITCH, shares),
        "phases": told,
        "passes": passes(laid, having, sizes, config.play, PITCH),
        "turnovers": turnovers(laid, scene.spells, restarted, having, config.play),
        "off_ball_runs": off_ball_runs(moving, around),
        "fast_runs": runs,
        "physical": physical_summary(moving, runs, made, weight),
    }


def _behaviour(truth: dict[str, pd.DataFrame], seen: dict[str, pd.DataFrame]) -> None:
    print("\n| measure | truth, mean | seen, mean | of the seconds | off by, second by second: mean, RMS |")
    print("|---|---|---|---|---|")
    keys = ["time_s", "team"]
    both = truth["behaviour"].merge(seen["behaviour"], "left", keys, suffixes=("", "_seen"))
    for name in MEASURES:
        one, two = both[name], both[f"{name}_seen"]
        known, shared = one.notna(), one.notna() & two.notna()
        if not shared.any():
            print(f"| {name} | {one.mean():.2f} | – | 0% | |")
            continue
        off = (two - one)[shared]
        print(f"| {name} | {one.mean():.2f} | {two[shared].mean():.2f} | {shared.sum() / known.sum():.0%} "
              f"| {off.mean():+.2f}, {np.sqrt((off**2).mean()):.2f} |")  # fmt: skip


def _at(table: pd.DataFrame, team: str, times: np.ndarray) -> np.ndarray:
    out = np.full(len(times), None, object)
    for row in table[table["team"] == team].itertuples():
        out[(times >= row.start_s) & (times < row.end_s)] = row.phase
    return out


def _phases(truth: dict[str, pd.DataFrame], seen: dict[str, pd.DataFrame], name: str, bar: Bar) -> None:
    times = np.arange(0, truth["phases"]["end_s"].max(), 0.2)
    print("\n| phase | truth, s | of it seen in a phase | then the same |")
    print("|---|---|---|---|")
    one, two = (np.concatenate([_at(t["phases"], team, times) for team in "AB"]) for t in (truth, seen))
    for phase in dict.fromkeys(p for p in one if p is not None):
        own = one == phase
        told = own & (two != None)  # noqa: E711
        same = (two[told] == phase).mean() if told.any() else np.nan
        print(f"| {phase} | {own.sum() * 0.2:.0f} | {told.sum() / own.sum():.0%} | {same:.0%} |")
    both = np.array([a is not None and b is not None for a, b in zip(one, two, strict=True)])
    same = float((one[both] == two[both]).mean())
    print(f"\nphases of {name}: the same in {same:.1%} of the time known to both, {bar(name, same, 0.85, 1)}")


def _matched(one: pd.DataFrame, two: pd.DataFrame) -> np.ndarray:
    """For each row of ``one`` the row of ``two`` by the same track that overlaps most, -1 for none."""
    out = np.full(len(one), -1)
    for i, run in enumerate(one.itertuples()):
        own = two[
            (two["track_id"] == run.track_id) & (two["start_s"] < run.end_s) & (two["end_s"] > run.start_s)
        ]
        if len(own):
            shared = np.minimum(own["end_s"], run.end_s) - np.maximum(own["start_s"], run.start_s)
            out[i] = two.index.get_loc(shared.idxmax())
    return out


def _runs(truth: dict[str, pd.DataFrame], seen: dict[str, pd.DataFrame], scene: Scene) -> None:
    print("\n| rows | truth | seen | of the truth found | of the seen true | same kind, off by |")
    print("|---|---|---|---|---|---|")
    for name in ("fast_runs", "off_ball_runs"):
        one, two = truth[name].reset_index(drop=True), seen[name].reset_index(drop=True)
        found, back = _matched(one, two), _matched(two, one)
        hit = found >= 0
        kind = (one["kind"].to_numpy()[hit] == two["kind"].to_numpy()[found[hit]]).mean()
        off = two["distance_m"].to_numpy()[found[hit]] - one["distance_m"].to_numpy()[hit]
        print(f"| {name} | {len(one)} | {len(two)} | {hit.mean():.0%} | {(back >= 0).mean():.0%} "
              f"| {kind:.0%}; metres {np.median(off):+.1f} |")  # fmt: skip
    for name, column in (
        ("passes", "opponents_outplayed"),
        ("passes", "lines_broken"),
        ("turnovers", "press_s"),
    ):
        one, two = truth[name][column].dropna(), seen[name][column].dropna()
        print(f"| {name}.{column} | {len(one)}: {one.mean():.2f} | {len(two)}: {two.mean():.2f} | | | |")
    if scene.runs:
        runs = truth["off_ball_runs"]
        kinds = [_kind_of(runs, at, who) for at, who in scene.runs]
        counts = pd.Series(kinds).value_counts(dropna=False)
        print(f"\nsprints in behind that were planned: {len(kinds)}; told as "
              + ", ".join(f"{k} {n}" for k, n in counts.items()))  # fmt: skip


def _kind_of(runs: pd.DataFrame, at_s: float, who: int) -> str:
    own = runs[(runs["track_id"] == who) & runs["start_s"].between(at_s - _NEAR_S, at_s + 2 * _NEAR_S)]
    return str(own["kind"].iloc[0]) if len(own) else "none"


def _physical(truth: dict[str, pd.DataFrame], seen: dict[str, pd.DataFrame]) -> None:
    both = truth["physical"].merge(seen["physical"], on="track_id", suffixes=("", "_seen"))
    both = both[(both["role"] == "player") & both["psv99_mps_seen"].notna() & both["psv99_mps"].notna()]
    off = both["psv99_mps_seen"] - both["psv99_mps"]
    stated = np.sqrt((both["psv99_error_mps_seen"] ** 2).mean())
    within = (off.abs() <= 2 * both["psv99_error_mps_seen"]).mean()
    rms, share = np.sqrt((off**2).mean()), both["coverage_seen"].mean()
    print(f"\nPSV-99 of {len(both)} players, seen {share:.0%} of the time: off by {off.mean():+.2f} m/s on "
          f"average, RMS {rms:.2f}, stated {stated:.2f}; within twice that {within:.0%}")  # fmt: skip
    for name in ("high_speed_m", "sprint_m", "accelerations", "decelerations"):
        one, two = both[name] / both["minutes_visible"], both[f"{name}_seen"] / both["minutes_visible_seen"]
        print(f"{name} a visible minute: truth {one.mean():.2f}, seen {two.mean():.2f}")
