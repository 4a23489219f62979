"""A plausible match in metres: bodies of limited speed and acceleration chase the targets of `tactics`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.synthetic.match import ball as ball_play
from pipeline.synthetic.match import tactics
from pipeline.synthetic.match.ball import BallState
from pipeline.synthetic.match.squad import Person, cast, slots

Array = NDArray[np.float64]

MIN_GAP_M = 0.62
"""Closer than this no two people's centres ever come."""
_BRAKE_MPS2 = 5.5
_PUSH_MPS2 = 5.2
_TURN_RADPS = 6.5


@dataclass(frozen=True, slots=True)
class MatchPlan:
    """What is played: formations, length, picture rate, where the ball starts (m), and the seed."""

    formation_a: str = "4-3-3"
    formation_b: str = "4-4-2"
    duration_s: float = 10.0
    fps: float = 25.0
    start_ball_m: tuple[float, float] = (-6.0, 4.0)
    coaches: int = 2
    warmup_s: float = 4.0
    seed: int = 1


@dataclass(frozen=True, slots=True)
class SimulatedMatch:
    """What was played: the truth in metres.

    ``time_s`` ``(T,)``; ``position_m`` and ``velocity_mps`` ``(T, N, 2)`` for the N ``people``;
    ``heading_rad`` ``(T, N)`` is where a body faces; ``ball_m`` ``(T, 3)`` with its centre's height;
    ``possession`` ``(T,)`` is 0 or 1 for the team that had it last; ``kicks`` are ``(frame, person index)``,
    and so are ``runs``, when a sprint in behind begins.
    """

    people: tuple[Person, ...]
    time_s: Array
    position_m: Array
    velocity_mps: Array
    heading_rad: Array
    ball_m: Array
    possession: NDArray[np.int64]
    kicks: tuple[tuple[int, int], ...]
    plan: MatchPlan
    runs: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class _State:
    """Everything that changes from moment to moment."""

    position_m: Array
    velocity_mps: Array
    heading_rad: Array
    ball: BallState
    owner: int
    drift_m: Array
    run: tactics.Run | None
    next_run_s: float


def simulate(plan: MatchPlan, pitch: Pitch | None = None) -> SimulatedMatch:
    """Play; the same plan always gives the same match. Both teams are as many as their formations say.

    Raises
    ------
    ValueError
        If that is not the same number.
    """
    rng = np.random.default_rng(plan.seed)
    places = (slots(plan.formation_a), slots(plan.formation_b))
    if len(places[0]) != len(places[1]):
        raise ValueError(f"{plan.formation_a} against {plan.formation_b}: not the same number of players")
    field = tactics.field_of(pitch or Pitch(), len(places[0]))
    people = cast(rng, plan.coaches, len(places[0]))
    dt = 1.0 / plan.fps
    warm, n = round(plan.warmup_s * plan.fps), max(1, round(plan.duration_s * plan.fps))
    state = _kick_off(people, places, plan, field, rng)
    rows, runs = [], []
    for i in range(warm + n):
        before = state.run
        _advance(state, people, places, field, i, dt, rng)
        if state.run is not None and state.run is not before and i >= warm:
            runs.append((i - warm, state.run.runner))
        if i >= warm:
            rows.append(
                (state.position_m.copy(), state.heading_rad.copy(), state.ball.position_m.copy(), state.owner)
            )
    position = np.stack([r[0] for r in rows])
    kicks = tuple((f - warm, p) for f, p in state.ball.kicks if f >= warm)
    return SimulatedMatch(
        people,
        np.asarray(np.arange(n) * dt, dtype=np.float64),
        position,
        np.gradient(position, dt, axis=0) if n > 1 else np.zeros_like(position),
        np.unwrap(np.stack([r[1] for r in rows]), axis=0),
        np.stack([r[2] for r in rows]),
        np.array([r[3] for r in rows]),
        kicks,
        plan,
        tuple(runs),
    )


_ATTACK = np.array([1.0, -1.0])


def _kick_off(
    people: tuple[Person, ...],
    places: tuple[Array, Array],
    plan: MatchPlan,
    field: tactics.Field,
    rng: np.random.Generator,
) -> _State:
    ball = BallState(np.array([*plan.start_ball_m, ball_play.RADIUS_M]), np.zeros(3), -1, field.half_m)
    n, side, both = len(people), field.side, 2 * field.side
    team_of = np.repeat([0, 1], side)
    position = np.zeros((n, 2))
    for team in (0, 1):
        own = slice(team * side + 1, team * side + side)
        position[team * side] = tactics.keeper_target(ball.position_m, _ATTACK[team], field)
        position[own] = tactics.block_targets(places[team], ball.position_m, team == 0, _ATTACK[team], field)
    position[:both] += rng.normal(0, 1.0, (both, 2))
    position[both : both + 3] = tactics.officials(ball.position_m, position[:both], team_of, _ATTACK, field)
    position[both + 3 :] = _coach_spots(n - both - 3, field)
    _keep_apart(position)
    ball.carrier = int(np.argmin(np.hypot(*(position[:side] - ball.position_m[:2]).T)))
    ball.position_m[:2] = position[ball.carrier] + 0.5
    facing = np.arctan2(*(ball.position_m[:2] - position).T[::-1])
    return _State(position, np.zeros((n, 2)), facing, ball, 0, rng.normal(0, 1.0, (n, 2)), None, 0.5)


def _coach_spots(n: int, field: tactics.Field) -> Array:
    y = -field.half_m[1] - 2.2
    spots = [[(-1) ** i * (9.0 + 3.0 * (i // 2)) * field.scale[0], y - 0.7 * (i // 2)] for i in range(n)]
    return np.array(spots).reshape(-1, 2)


def _advance(
    state: _State,
    people: tuple[Person, ...],
    places: tuple[Array, Array],
    field: tactics.Field,
    frame: int,
    dt: float,
    rng: np.random.Generator,
) -> None:
    _play_ball(state, field, frame, dt, rng)
    targets, caps = _wishes(state, places, field, frame * dt, dt, rng)
    _move(state, np.array([p.top_mps for p in people]), targets, caps, field.side, dt)
    _face(state, field.side, dt)


def _play_ball(state: _State, field: tactics.Field, frame: int, dt: float, rng: np.random.Generator) -> None:
    both = 2 * field.side
    ball, players, team_of = state.ball, state.position_m[:both], np.repeat([0, 1], field.side)
    if ball.carrier < 0:
        ball_play.roll(ball, dt)
        ball_play.try_control(ball, players, rng)
        if ball.carrier >= 0:
            state.owner = int(team_of[ball.carrier])
        return
    ball_play.carry(ball, players, state.velocity_mps[:both], state.heading_rad[:both], dt)
    if ball.hold_left_s <= 0:
        target = ball_play.choose_pass(ball, players, team_of, _ATTACK, rng)
        ball_play.kick(ball, players, state.velocity_mps[:both], target, frame)


def _wishes(
    state: _State,
    places: tuple[Array, Array],
    field: tactics.Field,
    now_s: float,
    dt: float,
    rng: np.random.Generator,
) -> tuple[Array, Array]:
    """Target ``(N, 2)`` and highest speed ``(N,)`` of everyone."""
    n, ball, side, both = len(state.position_m), state.ball, field.side, 2 * field.side
    team_of = np.repeat([0, 1], side)
    pull = dt / 3.0
    state.drift_m += -state.drift_m * pull + rng.normal(0, 1.0, (n, 2)) * np.sqrt(2 * pull) * 1.4
    targets, caps = state.position_m.copy(), np.full(n, CRUISE)
    players = state.position_m[:both]
    for team in (0, 1):
        own, foes = slice(team * side + 1, team * side + side), players[team != team_of]
        block = tactics.block_targets(
            places[team], ball.position_m, state.owner == team, _ATTACK[team], field
        )
        if state.owner == team:
            block = tactics.stay_onside(block, foes, _ATTACK[team])
        else:
            goal = np.array([-field.half_m[0] * _ATTACK[team], 0.0])
            block = tactics.mark(block, foes, goal, ball.position_m)
            tactics.press(block, caps[own], players[own], ball.position_m)
        targets[own] = block
        targets[team * side] = tactics.keeper_target(ball.position_m, _ATTACK[team], field)
    targets[both : both + 3] = tactics.officials(ball.position_m, players, team_of, _ATTACK, field)
    targets[both + 3 :] = _coach_spots(n - both - 3, field)
    scale = np.r_[np.ones(both), 1.0, 0.15, 0.15, np.full(n - both - 3, 0.6)]
    scale[[0, side]] = 0.3
    targets += state.drift_m * scale[:, None] * min(1.0, float(field.scale[0]))
    lines = targets[both + 1 : both + 3]
    lines[:, 1] = np.sign(lines[:, 1]) * (field.half_m[1] + tactics.ASSISTANT_M)
    _ball_wishes(state, targets, caps, field, now_s, rng)
    return targets, caps


CRUISE = tactics.CRUISE_MPS


def _ball_wishes(
    state: _State, targets: Array, caps: Array, field: tactics.Field, now_s: float, rng: np.random.Generator
) -> None:
    """What the carrier, the receiver and the runners want, in place."""
    ball, players = state.ball, state.position_m[: 2 * field.side]
    team_of, (sx, sy) = np.repeat([0, 1], field.side), field.scale
    if ball.carrier >= 0:
        i, attack = ball.carrier, _ATTACK[team_of[ball.carrier]]
        goal = np.array([44.0 * sx * attack, np.clip(players[i, 1] * 0.6, -14.0 * sy, 14.0 * sy)])
        foes = players[team_of[i] != team_of]
        gap = foes - players[i]
        near = gap[np.argmin(np.hypot(*gap.T))]
        way = (goal - players[i]) / max(1.0, float(np.hypot(*(goal - players[i]))))
        away = -near / max(0.5, float(np.hypot(*near))) ** 2 * 2.0
        targets[i], caps[i] = players[i] + (way + away) * 6.0, 4.6
    else:
        flat, chase = ball.position_m[:2], ball.receiver if ball.receiver >= 0 else -1
        ahead = flat + ball.velocity_mps[:2] * 0.45
        nearest = [int(np.argmin(np.where(t == team_of, np.hypot(*(players - flat).T), 1e9))) for t in (0, 1)]
        for i in {chase, *nearest} - {-1}:
            targets[i], caps[i] = ahead, 7.6
    if state.run is not None and (now_s > state.run.until_s or state.owner != team_of[state.run.runner]):
        state.run = None
    if state.run is None and ball.carrier >= 0 and now_s > state.next_run_s:
        state.run = tactics.start_run(ball.carrier, players, team_of, _ATTACK, now_s, rng, field)
        state.next_run_s = now_s + rng.uniform(2.0, 4.5)
    if state.run is not None:
        run = state.run
        targets[run.runner], caps[run.runner] = run.target_m, 9.5
        side = np.array([-1.6 * _ATTACK[team_of[run.runner]], 0.9])
        targets[run.marker], caps[run.marker] = run.target_m - side, 9.5


def _move(state: _State, top_mps: Array, targets: Array, caps: Array, side: int, dt: float) -> None:
    """Accelerate towards the targets within what legs can do."""
    gap = targets - state.position_m
    distance = np.hypot(*gap.T)
    speed_now = np.hypot(*state.velocity_mps.T)
    idle = (distance < 1.4) & (speed_now < 0.8)
    pace = np.clip(0.75 * distance, 0.0, np.minimum(caps, top_mps))
    wanted = np.where(idle, 0.0, pace)[:, None] * gap / np.maximum(distance, 1e-6)[:, None]
    wanted[[0, side]] = _limit(wanted[[0, side]], 4.5)
    change = wanted - state.velocity_mps
    size = np.hypot(*change.T)
    faster = np.einsum("ij,ij->i", change, state.velocity_mps) > 0
    room = np.clip(1.0 - speed_now / (top_mps * 1.05), 0.1, 1.0)
    limit = np.where(faster, 1.0 + _PUSH_MPS2 * room, _BRAKE_MPS2)
    eager = np.minimum(limit, size / 0.35)
    state.velocity_mps = state.velocity_mps + change * (eager * dt / np.maximum(size, 1e-9))[:, None]
    state.velocity_mps = state.velocity_mps + _shoulder_off(state.position_m) * dt
    before = state.position_m
    state.position_m = before + state.velocity_mps * dt
    _keep_apart(state.position_m)
    state.velocity_mps = 0.8 * state.velocity_mps + 0.2 * (state.position_m - before) / dt


def _shoulder_off(position_m: Array) -> Array:
    """Acceleration ``(N, 2)`` by which people make room for each other within 1.4 m, m/s^2."""
    gap = position_m[:, None] - position_m[None]
    distance = np.hypot(gap[..., 0], gap[..., 1])
    force = 9.0 * np.clip(1.4 - distance, 0.0, None) / np.maximum(distance, 0.2)
    np.fill_diagonal(force, 0.0)
    return np.asarray((gap * force[..., None]).sum(axis=1))


def _limit(vectors: Array, top: float) -> Array:
    size = np.hypot(*vectors.T)
    return np.asarray(vectors * np.minimum(1.0, top / np.maximum(size, 1e-9))[:, None])


def _keep_apart(position_m: Array) -> None:
    """Push pairs that stand closer than `MIN_GAP_M` apart, in place."""
    rows, cols = np.triu_indices(len(position_m), 1)
    for _ in range(20):
        gap = position_m[rows] - position_m[cols]
        distance = np.hypot(*gap.T)
        close = np.flatnonzero(distance < MIN_GAP_M)
        if not len(close):
            return
        for k in close:
            way = gap[k] / distance[k] if distance[k] > 1e-6 else np.array([1.0, 0.0])
            push = way * (MIN_GAP_M - distance[k] + 1e-3) / 2
            position_m[rows[k]] += push
            position_m[cols[k]] -= push


def _face(state: _State, side: int, dt: float) -> None:
    """Turn bodies: to where they run, and to the ball when slow; assistants watch the pitch."""
    speed = np.hypot(*state.velocity_mps.T)
    to_ball = state.ball.position_m[:2] - state.position_m
    to_ball /= np.maximum(np.hypot(*to_ball.T), 1e-6)[:, None]
    run = np.clip((speed - 1.2) / 2.3, 0.0, 1.0)[:, None]
    way = state.velocity_mps / np.maximum(speed, 1e-6)[:, None]
    look = run * way * 1.2 + (1.0 - run) * to_ball + 1e-6
    look[[0, side]] = to_ball[[0, side]]
    if state.ball.carrier >= 0:
        i = state.ball.carrier
        look[i] = way[i] if speed[i] > 0.5 else [_ATTACK[int(i >= side)], 0.2]
    turn = np.angle(np.exp(1j * (np.arctan2(look[:, 1], look[:, 0]) - state.heading_rad)))
    state.heading_rad = state.heading_rad + np.clip(
        turn * min(1.0, 6.0 * dt), -_TURN_RADPS * dt, _TURN_RADPS * dt
    )
