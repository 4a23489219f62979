"""A match played by script: who has the ball when, how play restarts, runs of every kind, all exactly known.

Nothing here uses the measures that it checks. Two teams of eleven stand in blocks about a play centre that
moves smoothly up the pitch; the defending block is as high as the script says. The ball goes from foot to
foot by passes at known times. In every longer possession one player keeps it for five or six seconds while a
team-mate runs: ahead of it, behind it, outside it, with a speed that is a trapezoid of known acceleration.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from pipeline.synthetic.match.squad import slots

HZ = 10.0
WALL_M = 9.15
LIES_S = 7.0
"""So long the ball lies where play restarts."""
WON_S = 0.8
"""A ball that is won in play takes so long from the one who had it to the one who wins it."""
PASS_MPS, GAIN_MPS2, LOSE_MPS2 = 13.0, 4.5, 4.5
RUN_MPS, RUN_S = 15 / 3.6, 1.0
"""What a run is, as docs/play.md publishes it."""
DEAD_S, MOVE_S, REST_S = 20.0, 10.0, 9.0
HELD_S = 2.0
"""The one whom a run is made for has had the ball for so long when it begins."""
SET_PLAYS = ("corner", "throw_in", "free_kick")
STARTS = ("won", "won", "won", "throw_in", "goal_kick", "free_kick", "corner", "won", "won", "throw_in")
KINDS = ("in_behind", "overlap", "underlap", "pulling_wide", "support", "forward")
BEHIND_BALL_M, BLOCK_M = 14.0, (20.0, 56.0)
"""The defending block's median player is about so far on the goal side of the play centre, and so high."""


@dataclass
class Possession:
    """From ``start`` to ``end`` s of ``team`` (0, 1), begun by ``how``; ``run`` is staged in it, while
    ``holder`` has the ball.
    """

    team: int
    how: str
    start: float
    end: float
    centre: tuple[float, float]
    goal: float
    block_m: float
    run: str | None = None
    holder: int = -1


@dataclass
class Script:
    """What happened: positions ``(T, 22, 2)``, ball ``(T, 2)``, and the truth in tables.

    ``play``: the possessions; ``passes``: ``team, start_s, end_s, track_id, to_track_id``; ``runs``:
    ``track_id, team, kind, start_s, end_s, peak_mps, received``; ``carrier`` ``(T,)``: who has it, -1 for
    nobody.
    """

    times: np.ndarray
    places: np.ndarray
    ball: np.ndarray
    play: list[Possession]
    carrier: np.ndarray
    passes: list[dict[str, Any]] = field(default_factory=list)
    runs: list[dict[str, Any]] = field(default_factory=list)


def written(n: int, seed: int) -> list[Possession]:
    """Draw ``n`` possessions, one after the other; a restart is preceded by `DEAD_S` of nobody's ball."""
    rng = np.random.default_rng(seed)
    out: list[Possession] = []
    now, team, last = 4.0, 0, 0.0
    for i in range(n):
        how = "kick_off" if i == 0 else STARTS[int(rng.integers(len(STARTS)))]
        team = 1 - team if how in ("won", "goal_kick") else int(rng.integers(2))
        now += 0.0 if how == "won" or i == 0 else DEAD_S
        long = float(rng.uniform(26, 40) if rng.random() < 0.6 else rng.uniform(8, 20))
        at = _origin(how, rng)
        if how == "won":  # where the other team had it
            at = (-last, at[1])
        staged = long > 26 and abs(at[0]) < 36
        run = KINDS[sum(p.run is not None for p in out) % len(KINDS)] if staged else None
        goal = float(rng.uniform(3, 9) if run else at[0] + rng.uniform(-0.5, 2.2) * long)
        goal = float(np.clip(goal, -40, 36))
        block = 37.0 if run else float(np.clip(52.5 - goal - BEHIND_BALL_M + rng.normal(0, 4), *BLOCK_M))
        out.append(Possession(team, how, now, now + long, at, goal, block, run))
        now, last = now + long, goal
    return out


def _origin(how: str, rng: np.random.Generator) -> tuple[float, float]:
    """Where the possession begins, in the direction of attack."""
    side = float(rng.choice([-1, 1]))
    return {
        "kick_off": (0.0, 0.0),
        "goal_kick": (-48.5, 4.0 * side),
        "corner": (52.2, 33.7 * side),
        "throw_in": (float(rng.uniform(-35, 35)), 34.2 * side),
        "free_kick": (float(rng.uniform(-30, 25)), float(rng.uniform(-22, 22))),
        "won": (float(rng.uniform(-35, 25)), float(rng.uniform(-24, 24))),
    }[how]


def played(n: int = 24, seed: int = 3) -> Script:
    """Play the script at `HZ`; team 0 attacks to the right."""
    rng = np.random.default_rng(seed + 100)
    play = written(n, seed)
    times = np.arange(0, play[-1].end + 2.0, 1 / HZ)
    centre = _centres(play, times)
    places = _blocks(play, times, centre, rng)
    script = Script(times, places, np.full((len(times), 2), np.nan), play, np.full(len(times), -1))
    for p in play:
        _stage(script, p, centre)
    for before, p in zip([None, *play[:-1]], play, strict=True):
        _hand_round(script, p, before, centre, rng)
    for run in script.runs:
        run["received"] = any(
            b["to_track_id"] == run["track_id"] and run["start_s"] <= b["end_s"] <= run["end_s"] + 2.0
            for b in script.passes
        )
    known = np.flatnonzero(np.isfinite(script.ball[:, 0]))
    for k in (0, 1):  # a dead ball goes to where play restarts
        script.ball[:, k] = np.interp(times, times[known], script.ball[known, k])
    return script


def _sign(p: Possession) -> float:
    return 1.0 if p.team == 0 else -1.0


def _centres(play: list[Possession], times: np.ndarray) -> np.ndarray:
    """The play centre ``(T, 2)`` on the pitch: from where each possession begins to its goal, then still."""
    at, when = [], []
    for p in play:
        x0, y0 = np.clip(p.centre, (-42, -24), (40, 24))
        begin = max(p.start, when[-1] + 1.0 if when else 0.0)
        when += [begin, max(p.start + (MOVE_S if p.run else p.end - p.start - 1.0), begin + 1.0)]
        at += [(_sign(p) * x0, _sign(p) * y0), (_sign(p) * p.goal, _sign(p) * y0 * 0.6)]
        if p.run:  # the one with the ball walks on with it
            when.append(p.end - 1.0)
            at.append((_sign(p) * (p.goal + 8.0), _sign(p) * y0 * 0.6))
    path = np.column_stack([np.interp(times, when, np.array(at)[:, k]) for k in (0, 1)])
    return _smooth(path, 4.0)


def _smooth(path: np.ndarray, seconds: float) -> np.ndarray:
    """A moving average over ``seconds``, twice; ends held."""
    n = int(seconds * HZ) // 2 * 2 + 1
    for _ in range(2):
        padded = np.concatenate([np.repeat(path[:1], n // 2, 0), path, np.repeat(path[-1:], n // 2, 0)])
        total = np.cumsum(np.concatenate([np.zeros_like(padded[:1]), padded]), axis=0)
        path = (total[n:] - total[:-n]) / n
    return path


def _blocks(
    play: list[Possession], times: np.ndarray, centre: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Both teams' block and goalkeeper about the play centre, with slow wandering of half a metre."""
    owner = np.zeros(len(times), int)
    height = np.full(len(times), 37.0)
    for p in play:
        own = times >= p.start - (0.0 if p.how == "won" else DEAD_S / 2)
        owner[own], height[own] = p.team, p.block_m
    out = np.zeros((len(times), 22, 2))
    has = _smooth((owner == 0).astype(float)[:, None], 6.0)[:, 0]
    high = _smooth(height[:, None], 7.0)[:, 0]
    for team, formation in enumerate(("4-3-3", "4-4-2")):
        sign, attack = (1.0, has) if team == 0 else (-1.0, 1 - has)
        shape = slots(formation)
        middle = float(np.median(shape[:, 0]))
        forward = centre[:, 0] * sign
        with_ball = np.clip(0.7 * forward - 2.0, -30, 22)
        without = -52.5 + high - middle * 0.8
        x = attack * with_ball + (1 - attack) * without
        y = centre[:, 1] * sign * (0.28 * attack + 0.45 * (1 - attack))
        size = np.stack([0.8 + 0.12 * attack, 0.7 + 0.18 * attack], axis=-1)
        own = shape[None] * size[:, None] + np.stack([x, y], axis=-1)[:, None]
        out[:, team * 11 + 1 : team * 11 + 11] = np.clip(own, (-48, -32.5), (47, 32.5)) * sign
        out[:, team * 11] = np.column_stack([np.full(len(times), -47.0), 0.08 * y]) * sign
    wander = rng.normal(0, 1, (len(times), 22, 2)).cumsum(axis=0)
    wander = _smooth(wander - _smooth(wander, 12.0), 1.5)
    return out + 0.5 * wander / wander.std(axis=0)


def _stage(script: Script, p: Possession, centre: np.ndarray) -> None:
    """Let a team-mate of the player at the ball make the run of ``p``; and note what it was."""
    if p.run is None:
        return
    times, sign = script.times, _sign(p)
    begin = p.start + MOVE_S + REST_S
    at = int(begin * HZ)
    mates = np.arange(p.team * 11 + 1, p.team * 11 + 11)
    foes = np.arange((1 - p.team) * 11 + 1, (1 - p.team) * 11 + 11)
    p.holder = carrier = _nearest(script.places[at, mates], centre[at], mates)
    ball = script.places[at, carrier] * sign
    line = float((script.places[at, foes, 0] * sign).max())
    start, end = _ends(p.run, ball, line)
    others = mates[mates != carrier]
    who = _nearest(script.places[at, others], start * sign, others)
    way, long = (end - start) / np.hypot(*(end - start)), float(np.hypot(*(end - start)))
    top = min(8.6, float(np.sqrt(2 * long / (1 / GAIN_MPS2 + 1 / LOSE_MPS2))))
    up, down = top / GAIN_MPS2, top / LOSE_MPS2
    even = (long - top * (up + down) / 2) / top
    took = up + even + down
    t = times - begin
    speed = np.clip(np.minimum(GAIN_MPS2 * t, LOSE_MPS2 * (took - t)), 0, top)
    gone = np.r_[0.0, np.cumsum((speed[1:] + speed[:-1]) / 2 / HZ)]
    path = (start + np.outer(gone, way)) * sign
    ease_in = _ease((t + 12.0) / 11.5)
    ease_out = 1 - _ease((t - took - 1.5) / 14.0)
    share = np.minimum(ease_in, ease_out)[:, None]
    script.places[:, who] = (1 - share) * script.places[:, who] + share * path
    fast = np.flatnonzero(speed >= RUN_MPS)
    assert (len(fast) - 1) / HZ >= RUN_S, f"{p.run} at {begin:.0f} s: staged too short to be a run"
    script.runs.append(
        {
            **{"track_id": who + 1, "team": "AB"[p.team], "kind": p.run, "peak_mps": top},
            **{"start_s": float(times[fast[0]]), "end_s": float(times[fast[-1]]), "stop_s": begin + took},
            **{"distance_m": float(gone[fast[-1]] - gone[fast[0]]), "received": len(script.runs) % 2 == 0},
        }
    )


def _ease(share: np.ndarray) -> np.ndarray:
    s = np.clip(share, 0, 1)
    return s**3 * (10 - 15 * s + 6 * s**2)


def _nearest(places: np.ndarray, to: np.ndarray, who: np.ndarray) -> int:
    return int(who[np.argmin(np.hypot(*(places - to).T))])


def _ends(kind: str, ball: np.ndarray, line: float) -> tuple[np.ndarray, np.ndarray]:
    """Where the run begins and ends, in the direction of attack, that makes it one of its kind."""
    (x, y), side = ball, 1.0 if ball[1] >= 0 else -1.0
    far = -side
    return {
        "in_behind": (np.array([line - 12, far * 6.0]), np.array([line + 8, far * 3.0])),
        "overlap": (np.array([x - 9, y + side * 5]), np.array([min(x + 12, line - 4), y + side * 7])),
        "underlap": (np.array([x - 9, y - side * 6]), np.array([min(x + 12, line - 4), y - side * 8])),
        "pulling_wide": (np.array([x + 6, far * 9.0]), np.array([x + 8, far * 27.0])),
        "support": (np.array([x + 15, y + far * 8]), np.array([x - 4, y + far * 5])),
        "forward": (
            np.array([min(x + 3, line - 21), far * 20.0]),
            np.array([min(x + 19, line - 5), far * 20.0]),
        ),
    }[kind]


def _hand_round(
    script: Script, p: Possession, before: Possession | None, centre: np.ndarray, rng: np.random.Generator
) -> None:
    """Put the ball at feet and play it from foot to foot; before a restart it lies where that is taken."""
    times, hz = script.times, HZ
    mates = np.arange(p.team * 11 + 1, p.team * 11 + 11)
    now = int(np.ceil(p.start * hz))
    stop = min(int(np.ceil(p.end * hz)), len(times))
    if p.how != "won":
        spot = np.array(p.centre) * _sign(p)
        lies = slice(max(now - int(LIES_S * hz), 0), now)
        script.ball[lies] = spot
        if before is not None and p.how in ("corner", "throw_in", "goal_kick"):
            out = int((before.end + 1.0) * hz)
            script.ball[out : out + int(0.6 * hz)] = spot * [1.0 if p.how == "throw_in" else 1.03, 1.02]
    own = [r for r in script.runs if p.run and r["team"] == "AB"[p.team] and p.start < r["start_s"] < p.end]
    quiet = (p.start + MOVE_S + REST_S - HELD_S, own[0]["stop_s"] - 0.4) if own else (np.inf, np.inf)
    runner = own[0]["track_id"] - 1 if own else -1
    who = _nearest(script.places[now, mates], script.ball[now - 1], mates)
    if p.how == "won":
        _win(script, who, now)
    if p.how == "free_kick":
        _keep_off(script, p, now, np.array(p.centre) * _sign(p))
    if p.how != "won":  # he stands over the ball
        _come_to(script, who, now, np.array(p.centre) * _sign(p))
    while now < stop:
        hold = int(rng.uniform(1.2, 2.4) * hz)
        soon = quiet[0] - 2.5 <= (now + hold) / hz < quiet[1]
        if (soon and who == p.holder) or quiet[0] <= now / hz < quiet[1]:
            hold = max(int(quiet[1] * hz) - now, 1)
        till = min(now + hold, stop)
        script.ball[now:till] = script.places[now:till, who] + [0.3, 0.1]
        script.carrier[now:till] = who
        if till >= stop:
            return
        to = centre[min(till + int(hz), len(times) - 1)]
        others = mates[(mates != who) & (mates != runner)]
        near = others[np.argsort(np.hypot(*(script.places[till, others] - to).T))[:3]]
        target = p.holder if soon and who != p.holder else int(rng.choice(near))
        if own and abs(till / hz - quiet[1]) < 1.0 and own[0]["received"]:
            target = runner
        far = float(np.hypot(*(script.places[till, target] - script.places[till, who])))
        came = till + max(int(far / PASS_MPS * hz), 3)
        if came >= stop - int(0.6 * hz):
            script.ball[till:stop] = script.places[till:stop, who] + [0.3, 0.1]
            script.carrier[till:stop] = who
            return
        share = np.linspace(0, 1, came - till + 1)[:-1, None]
        script.ball[till:came] = (1 - share) * script.ball[till - 1] + share * (
            script.places[came, target] + [0.3, 0.1]
        )
        script.passes.append(
            {
                **{"team": "AB"[p.team], "start_s": float(times[till - 1]), "end_s": float(times[came])},
                **{"track_id": who + 1, "to_track_id": target + 1},
            }
        )
        who, now = target, came


def _win(script: Script, who: int, at: int) -> None:
    """Let the ball roll to ``who``, who wins it."""
    since = at - int(WON_S * HZ)
    share = np.linspace(0, 1, at - since + 1)[:-1, None]
    to = script.places[at, who] + [0.3, 0.1]
    script.ball[since:at] = (1 - share) * script.ball[since] + share * to
    script.carrier[since:at] = -1


def _keep_off(script: Script, p: Possession, at: int, spot: np.ndarray) -> None:
    """Keep opponents `WALL_M` off the ball until the free kick is taken, as Law 13 has it."""
    t = script.times - script.times[at]
    share = np.minimum(_ease((t + LIES_S + 4.0) / 4.0), 1 - _ease((t - 1.0) / 6.0))[:, None]
    foes = slice((1 - p.team) * 11, (1 - p.team) * 11 + 11)
    apart = script.places[:, foes] - spot
    far = np.maximum(np.hypot(apart[..., 0], apart[..., 1]), 0.1)
    out = np.maximum(WALL_M - far, 0.0) / far
    script.places[:, foes] += share[..., None] * out[..., None] * apart


def _come_to(script: Script, who: int, at: int, spot: np.ndarray) -> None:
    """Walk ``who`` to the spot where play restarts and back again."""
    t = script.times - script.times[at]
    share = np.minimum(_ease((t + 16.0) / 15.5), 1 - _ease((t - 1.0) / 9.0))[:, None]
    script.places[:, who] = (1 - share) * script.places[:, who] + share * spot


def true_phases(script: Script, set_play_s: float = 10.0, transition_s: float = 5.0) -> np.ndarray:
    """Each team's phase at each moment, ``(2, T)``, None where nobody has the ball; by definition alone."""
    out = np.full((2, len(script.times)), None, object)
    for p in script.play:
        now = (script.times >= p.start) & (script.times < p.end)
        since = script.times - p.start
        for team in (0, 1):
            sign = 1.0 if team == 0 else -1.0
            if team == p.team:
                x = script.ball[:, 0] * sign
                name = np.where(x < -17.5, "build_up", np.where(x > 17.5, "final_third", "progression"))
                early, kick = "transition_after_gain", "set_play"
            else:
                x = np.median(script.places[:, team * 11 + 1 : team * 11 + 11, 0] * sign, axis=1) + 52.5
                name = np.where(x < 30, "low_block", np.where(x > 45, "high_block", "middle_block"))
                early, kick = "transition_after_loss", "set_play_against"
            name = name.astype(object)
            if p.how == "won":
                name[since < transition_s] = early
            elif p.how in SET_PLAYS:
                name[since < set_play_s] = kick
            out[team, now] = name[now]
    return out


def people_of(script: Script) -> pd.DataFrame:
    """What `who_is_where.people` gives of all 22."""
    n = len(script.times)
    parts = [
        pd.DataFrame(script.places[:, i], columns=["x_m", "y_m"]).assign(
            frame=np.arange(n), time_s=script.times, track_id=i + 1, team="AB"[i // 11],
            role="goalkeeper" if i % 11 == 0 else "player", error_m=0.05, observed=True)
        for i in range(22)
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def ball_of(script: Script) -> pd.DataFrame:
    """The same of the ball."""
    n = len(script.times)
    made = pd.DataFrame(script.ball, columns=["x_m", "y_m"])
    return made.assign(frame=np.arange(n), time_s=script.times, track_id=99, error_m=0.05, observed=True)


def owners(script: Script) -> np.ndarray:
    """Who has the ball at each moment, ``(T,)``: A, B or None."""
    out = np.full(len(script.times), None, object)
    for p in script.play:
        out[(script.times >= p.start) & (script.times < p.end)] = "AB"[p.team]
    return out
