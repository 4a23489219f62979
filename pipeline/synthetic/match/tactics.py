"""Where everyone wants to be: blocks that move with the ball, pressing, runs, goalkeepers, officials."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

CRUISE_MPS = 5.4
ASSISTANT_M = 0.75
"""How far outside the touchline assistants walk."""


@dataclass(slots=True)
class Run:
    """A sprint in behind: who, where to, until when; ``marker`` goes with him."""

    runner: int
    marker: int
    target_m: Array
    until_s: float


@dataclass(frozen=True, slots=True)
class Field:
    """What is played on: ``half_m`` of length and width, their ``scale`` beside 105 x 68 m, ``(2,)`` each;
    ``side``: players of a team, goalkeeper included.
    """

    half_m: Array
    scale: Array
    side: int


def field_of(pitch: Pitch, outfield: int) -> Field:
    """Describe a pitch for so many outfield players a team."""
    half = np.array([pitch.length_m, pitch.width_m]) / 2
    return Field(half, half / [52.5, 34.0], outfield + 1)


def block_targets(places: Array, ball_m: Array, has_ball: bool, attack: float, field: Field) -> Array:
    """Where a team's outfield players stand for this ball, ``(n, 2)`` m.

    ``places`` is the formation ``(n, 2)``, x forward; ``attack`` is +1 or -1 along x.
    """
    forward, across = ball_m[0] * attack, ball_m[1] * attack
    stretch = np.array([0.92, 0.88]) if has_ball else np.array([0.78, 0.68])
    sx = float(field.scale[0])
    centre_x = np.clip(0.66 * forward + (-3.0 if has_ball else -8.0) * sx, -31.0 * sx, 22.0 * sx)
    centre_y = (0.28 if has_ball else 0.48) * across
    own = places * stretch + np.array([centre_x, centre_y])
    own = np.clip(own, [-47.0, -32.0] * field.scale, [46.0, 32.0] * field.scale)
    return np.asarray(own * attack)


def keeper_target(ball_m: Array, attack: float, field: Field) -> Array:
    """Where a goalkeeper stands: between ball and goal, off his line when the ball is far."""
    goal = np.array([-field.half_m[0] * attack, 0.0])
    way = ball_m[:2] - goal
    distance = float(np.hypot(*way))
    out = np.clip(0.16 * distance, 1.2, 12.0 * field.scale[0])
    spot = goal + way / max(distance, 1e-6) * out
    return np.array([spot[0], np.clip(spot[1], -6.0 * field.scale[1], 6.0 * field.scale[1])])


def mark(targets: Array, foes_m: Array, own_goal_m: Array, ball_m: Array) -> Array:
    """Pull each defender to the goal side of a near opponent of his own, ``(n, 2)``; others stay."""
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
    """Hold attackers back to the second last opponent, ``(n, 2)``."""
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
    field: Field,
) -> Run | None:
    """Pick one of the furthest forward team-mates to sprint ahead, and the opponent who goes with him."""
    team = int(team_of[carrier])
    mates = np.array([i for i in np.flatnonzero(team_of == team) if i != carrier and i % field.side != 0])
    ahead = players_m[mates, 0] * attack[team]
    runner = int(mates[rng.choice(np.argsort(-ahead)[: min(6, field.side - 2)])])
    far = (
        players_m[runner]
        + np.array([attack[team] * rng.uniform(16.0, 28.0), rng.uniform(-8.0, 8.0)]) * field.scale
    )
    target = np.clip(far, [-47.0, -30.0] * field.scale, [47.0, 30.0] * field.scale)
    if np.hypot(*(target - players_m[runner])) < 10.0 * field.scale[0]:
        return None
    foes = np.array([i for i in np.flatnonzero(team_of != team) if i % field.side != 0])
    marker = int(foes[np.argmin(np.hypot(*(players_m[foes] - players_m[runner]).T))])
    return Run(runner, marker, target, now_s + rng.uniform(2.2, 3.6))


def officials(
    ball_m: Array, players_m: Array, team_of: NDArray[np.int64], attack: Array, field: Field
) -> Array:
    """Where the referee and the assistants (near touchline right half, far one left half) go, ``(3, 2)``."""
    side = 1.0 if ball_m[1] < 0 else -1.0
    referee = ball_m[:2] + np.array([-6.0 * np.sign(ball_m[0] + 1e-9), 9.5 * side]) * field.scale
    lines = []
    for end in (1.0, -1.0):
        defenders = players_m[team_of == int(np.flatnonzero(attack == -end)[0]), 0] * end
        lines.append(
            end * float(np.clip(max(np.sort(defenders)[-2], ball_m[0] * end), 0.0, field.half_m[0] - 0.5))
        )
    by_line = field.half_m[1] + ASSISTANT_M
    limit = np.array([40.0, 26.0]) * field.scale
    return np.array([np.clip(referee, -limit, limit), [lines[0], -by_line], [lines[1], by_line]])
