"""Where everyone wants to be: blocks that move with the ball, pressing, runs, goalkeepers, officials."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

CRUISE_MPS = 5.4


@dataclass(slots=True)
class Run:
    """A sprint in behind: who, where to, until when; ``marker`` goes with him."""

    runner: int
    marker: int
    target_m: Array
    until_s: float


def block_targets(places: Array, ball_m: Array, has_ball: bool, attack: float) -> Array:
    """Where ten outfield players of a team stand for this ball, ``(10, 2)`` m.

    ``places`` is the formation ``(10, 2)``, x forward; ``attack`` is +1 or -1 along x.
    """
    forward, across = ball_m[0] * attack, ball_m[1] * attack
    stretch = np.array([0.92, 0.88]) if has_ball else np.array([0.78, 0.68])
    centre_x = np.clip(0.66 * forward + (-3.0 if has_ball else -8.0), -31.0, 22.0)
    centre_y = (0.28 if has_ball else 0.48) * across
    own = places * stretch + np.array([centre_x, centre_y])
    own = np.clip(own, [-47.0, -32.0], [46.0, 32.0])
    return np.asarray(own * attack)


def keeper_target(ball_m: Array, attack: float) -> Array:
    """Where a goalkeeper stands: between ball and goal, off his line when the ball is far."""
    goal = np.array([-52.5 * attack, 0.0])
    way = ball_m[:2] - goal
    distance = float(np.hypot(*way))
    out = np.clip(0.16 * distance, 1.2, 12.0)
    spot = goal + way / max(distance, 1e-6) * out
    return np.array([spot[0], np.clip(spot[1], -6.0, 6.0)])


def mark(targets: Array, foes_m: Array, own_goal_m: Array, ball_m: Array) -> Array:
    """Pull each defender to the goal side of a near opponent of his own, ``(10, 2)``; others stay."""
    out, free = targets.copy(), np.ones(len(foes_m), bool)
    gaps = np.hypot(*np.moveaxis(targets[:, None] - foes_m[None], 2, 0))
    near = np.hypot(*(foes_m - own_goal_m).T) < 60.0
    for i in np.argsort(gaps.min(axis=1)):
        j = int(np.argmin(np.where(free & near, gaps[i], np.inf)))
        if free[j] and near[j] and gaps[i, j] < 9.0:
            free[j] = False
            way = own_goal_m - foes_m[j]
            spot = foes_m[j] + way / np.hypot(*way) * 1.9 + (ball_m[:2] - foes_m[j]) * 0.05
            out[i] = 0.55 * targets[i] + 0.45 * spot
    return out


def press(targets: Array, caps: Array, players_m: Array, ball_m: Array) -> None:
    """Send the nearest defender to the ball and a second one to cover, in place."""
    order = np.argsort(np.hypot(*(players_m - ball_m[:2]).T))
    first, second = int(order[0]), int(order[1])
    away = players_m[first] - ball_m[:2]
    targets[first] = ball_m[:2] + away / max(0.3, float(np.hypot(*away))) * 1.3
    caps[first] = 7.2
    targets[second] = 0.55 * targets[second] + 0.45 * ball_m[:2]
    caps[second] = CRUISE_MPS


def stay_onside(targets: Array, foes_m: Array, attack: float) -> Array:
    """Hold attackers back to the second last opponent, ``(10, 2)``."""
    line = np.sort(foes_m[:, 0] * attack)[-2]
    out = targets.copy()
    out[:, 0] = np.minimum(out[:, 0] * attack, max(line + 0.3, 0.0)) * attack
    return out


def start_run(
    carrier: int,
    players_m: Array,
    team_of: NDArray[np.int64],
    attack: Array,
    now_s: float,
    rng: np.random.Generator,
) -> Run | None:
    """Pick one of the furthest forward team-mates to sprint ahead, and the opponent who goes with him."""
    team = int(team_of[carrier])
    mates = np.array([i for i in np.flatnonzero(team_of == team) if i != carrier and i % 11 != 0])
    ahead = players_m[mates, 0] * attack[team]
    runner = int(mates[rng.choice(np.argsort(-ahead)[:6])])
    far = players_m[runner] + np.array([attack[team] * rng.uniform(16.0, 28.0), rng.uniform(-8.0, 8.0)])
    target = np.clip(far, [-47.0, -30.0], [47.0, 30.0])
    if np.hypot(*(target - players_m[runner])) < 10.0:
        return None
    foes = np.array([i for i in np.flatnonzero(team_of != team) if i % 11 != 0])
    marker = int(foes[np.argmin(np.hypot(*(players_m[foes] - players_m[runner]).T))])
    return Run(runner, marker, target, now_s + rng.uniform(2.2, 3.6))


def officials(ball_m: Array, players_m: Array, team_of: NDArray[np.int64], attack: Array) -> Array:
    """Where the referee and the assistants (near touchline right half, far one left half) go, ``(3, 2)``."""
    side = 1.0 if ball_m[1] < 0 else -1.0
    referee = ball_m[:2] + np.array([-6.0 * np.sign(ball_m[0] + 1e-9), 9.5 * side])
    lines = []
    for end in (1.0, -1.0):
        defenders = players_m[team_of == int(np.flatnonzero(attack == -end)[0]), 0] * end
        lines.append(end * float(np.clip(max(np.sort(defenders)[-2], ball_m[0] * end), 0.0, 52.0)))
    return np.array([np.clip(referee, [-40, -26], [40, 26]), [lines[0], -34.75], [lines[1], 34.75]])
