"""The ball: who has it, where it is passed, how it rolls and flies."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

RADIUS_M = 0.11
_ROLL_MPS2 = 3.2
_AIR_MPS2 = 1.2
_GRAVITY_MPS2 = 9.81
_CONTROL_M = 0.95
_REACH_HEIGHT_M = 1.6
_LOFT_FROM_M = 27.0
_PASS_INSIDE_M = np.array([4.5, 3.0])
"""Passes are aimed this far inside the goal line and the touchline."""


@dataclass(slots=True)
class BallState:
    """What the ball does now. ``carrier`` and ``receiver`` index players, -1 for nobody;
    ``half_m`` ``(2,)`` is half of the pitch's length and width.
    """

    position_m: Array
    velocity_mps: Array
    carrier: int
    half_m: Array
    receiver: int = -1
    hold_left_s: float = 1.0
    free_for_s: float = 0.0
    passer: int = -1
    kicks: list[tuple[int, int]] = field(default_factory=list)


def carry(ball: BallState, players_m: Array, velocity_mps: Array, heading_rad: Array, dt_s: float) -> None:
    """Keep the ball near its carrier's feet, in front of him, with short touches ahead."""
    i = ball.carrier
    speed = float(np.hypot(*velocity_mps[i]))
    ahead = 0.45 + 0.09 * speed * (1.0 + 0.6 * np.sin(ball.hold_left_s * 9.0))
    way = np.array([np.cos(heading_rad[i]), np.sin(heading_rad[i])])
    wanted = np.array([*(players_m[i] + way * ahead), RADIUS_M])
    step = np.clip((wanted - ball.position_m) * min(1.0, dt_s * 12.0), -0.5, 0.5)
    ball.velocity_mps = step / dt_s
    ball.position_m = ball.position_m + step
    ball.hold_left_s -= dt_s


def kick(ball: BallState, players_m: Array, velocity_mps: Array, target: int, frame: int) -> None:
    """Pass to ``target``: to where he will be, rolling, or through the air when far."""
    start = ball.position_m[:2]
    lead = players_m[target]
    for _ in range(2):
        distance = float(np.hypot(*(lead - start)))
        lead = players_m[target] + velocity_mps[target] * min(1.4, distance / 14.0) * 0.8
    reach = ball.half_m - _PASS_INSIDE_M
    lead = np.clip(lead, -reach, reach)
    way, distance = lead - start, max(1.0, float(np.hypot(*(lead - start))))
    if distance > _LOFT_FROM_M:
        rise = 0.28 * distance
        time_s = 2 * rise / _GRAVITY_MPS2
        flat, up = distance / time_s + 0.5 * _AIR_MPS2 * time_s, rise
    else:
        flat, up = float(np.sqrt(5.5**2 + 2 * _ROLL_MPS2 * distance)), 0.3
    ball.velocity_mps = np.array([*(way / distance * flat), up])
    ball.kicks.append((frame, ball.carrier))
    ball.passer, ball.receiver, ball.carrier, ball.free_for_s = ball.carrier, target, -1, 0.0


def roll(ball: BallState, dt_s: float) -> None:
    """Let a free ball fly, bounce and roll out; it stops at the pitch's edge."""
    in_air = ball.position_m[2] > RADIUS_M + 0.02 or ball.velocity_mps[2] > 0.6
    flat = ball.velocity_mps[:2]
    speed = float(np.hypot(*flat))
    slow = max(0.0, speed - (_AIR_MPS2 if in_air else _ROLL_MPS2) * dt_s)
    ball.velocity_mps[:2] = flat * (slow / speed if speed > 1e-9 else 0.0)
    if in_air:
        ball.velocity_mps[2] -= _GRAVITY_MPS2 * dt_s
    ball.position_m = ball.position_m + ball.velocity_mps * dt_s
    if ball.position_m[2] < RADIUS_M:
        ball.position_m[2] = RADIUS_M
        ball.velocity_mps[2] *= -0.5
        if abs(ball.velocity_mps[2]) < 0.8:
            ball.velocity_mps[2] = 0.0
    edge = ball.half_m - 1.0
    outside = np.abs(ball.position_m[:2]) > edge
    ball.position_m[:2] = np.clip(ball.position_m[:2], -edge, edge)
    ball.velocity_mps[:2][outside] = 0.0
    ball.free_for_s += dt_s


def try_control(ball: BallState, players_m: Array, rng: np.random.Generator) -> None:
    """Give a free ball to whoever reaches it; opponents need to come closer than the receiver."""
    if ball.position_m[2] > _REACH_HEIGHT_M:
        return
    reach = np.full(len(players_m), 0.7)
    if ball.receiver >= 0:
        reach[ball.receiver] = _CONTROL_M
    if ball.passer >= 0 and ball.free_for_s < 0.6:
        reach[ball.passer] = 0.0
    gap = np.hypot(*(players_m - ball.position_m[:2]).T) - reach
    nearest = int(np.argmin(gap))
    if gap[nearest] < 0:
        ball.carrier, ball.receiver = nearest, -1
        ball.hold_left_s = float(rng.uniform(0.5, 2.3))


def choose_pass(
    ball: BallState, players_m: Array, team_of: NDArray[np.int64], attack: Array, rng: np.random.Generator
) -> int:
    """Pick the team-mate to pass to: near enough, open, a little forward; never straight to an opponent."""
    me = ball.carrier
    mates = np.flatnonzero((team_of == team_of[me]) & (np.arange(len(team_of)) != me))
    foes = players_m[team_of != team_of[me]]
    way = players_m[mates] - players_m[me]
    distance = np.hypot(*way.T)
    openness = np.array([_lane_gap(players_m[me], players_m[m], foes) for m in mates])
    forward = way[:, 0] * attack[team_of[me]]
    value = -np.abs(distance - 15.0) / 12.0 + np.minimum(openness, 4.0) * 0.8 + 0.045 * forward
    value -= np.where(distance < 6.0, 1.5, 0.0)
    return int(mates[np.argmax(value + rng.gumbel(0, 0.45, len(mates)))])


def _lane_gap(start: Array, end: Array, foes: Array) -> float:
    way = end - start
    t = np.clip(((foes - start) @ way) / max(1e-9, float(way @ way)), 0.1, 1.0)
    return float(np.hypot(*(foes - (start + t[:, None] * way)).T).min())
