"""Worlds with known identities for `identity_simulated`: true positions as a broadcast camera sees them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from metrics_sources import skillcorner, tracab
from numpy.typing import NDArray

from pipeline.synthetic.match.simulate import MatchPlan, simulate

Array = NDArray[np.float64]
FPS = 5
FORMATIONS = (("4-3-3", "4-4-2"), ("4-2-3-1", "4-3-3"), ("3-5-2", "5-3-2"))


@dataclass(frozen=True, slots=True)
class Filming:
    """How the match is filmed and tracked."""

    half_width_m: float = 23.0
    narrowing: float = 0.22
    lag_s: float = 1.0
    close_up_every_s: float = 40.0
    close_up_s: tuple[float, float] = (2.0, 7.0)
    break_every_s: float = 20.0
    break_s: float = 0.7
    lost_s: float = 1.5
    noise_m: float = 0.2


def filmed(
    people: pd.DataFrame, filming: Filming, seed: int, ball: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Keep who is in the picture, number tracklets anew, add noise.

    ``people``: columns ``time_s, person, role, team, x_m, y_m`` on a regular clock. The camera follows the
    ball (``time_s, x_m``) where there is one, else the middle of the outfield players. The result has
    ``piece``
    besides.
    """
    rng = np.random.default_rng(seed)
    times = np.unique(people["time_s"].to_numpy())
    middle = _aim(people, times, ball, filming)
    table = people.copy()
    tick = np.searchsorted(times, table["time_s"].to_numpy())
    zoom = 1 + 0.12 * np.sin(times / 7 + rng.uniform(0, 6)) + 0.06 * np.sin(times / 2.3)
    half = filming.half_width_m * zoom[tick] * (1 + filming.narrowing * table["y_m"].to_numpy() / 34)
    seen = np.abs(table["x_m"].to_numpy() - middle[tick]) < half
    away = _close_ups(times, filming, rng)
    seen &= ~away[tick]
    shot = np.cumsum(np.diff(away.astype(int), prepend=0) == -1)
    table["shot"] = shot[tick]
    table = table[seen].sort_values(["person", "time_s"], ignore_index=True)
    table = _broken(table, filming, rng)
    same = (table["person"].diff() == 0) & (table["time_s"].diff() <= filming.lost_s)
    same &= (table["shot"].diff() == 0) & ~table["broken"]
    table["piece"] = (~same).cumsum()
    table[["x_m", "y_m"]] += rng.normal(0, filming.noise_m, (len(table), 2))
    return table.drop(columns="broken").assign(error_m=1.1774 * filming.noise_m)


def simulated(minutes: float, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Play a match with the project's simulator: all 22 players at 5 Hz, and the ball."""
    home, away = FORMATIONS[seed % len(FORMATIONS)]
    plan = MatchPlan(home, away, duration_s=60 * minutes, fps=FPS, coaches=0, seed=seed)
    match = simulate(plan)
    time = match.time_s
    person = np.tile(np.arange(1, 23), len(time))
    people = pd.DataFrame({"time_s": np.repeat(time, 22), "person": person})
    people[["x_m", "y_m"]] = match.position_m[:, :22].reshape(-1, 2)
    people["team"] = np.where(person <= 11, "A", "B")
    people["role"] = np.where(np.isin(person, (1, 12)), "goalkeeper", "player")
    return people, pd.DataFrame({"time_s": time, "x_m": match.ball_m[:, 0]})


def tracab_match(shared: Path) -> pd.DataFrame:
    """Read six minutes of TRACAB."""
    path = shared / "tracking" / "eredivisie_tracab_6min.parquet"
    return tracab(path).rename(columns={"track_id": "person"})


def skillcorner_half(period: int) -> pd.DataFrame:
    """Read half a match of broadcast tracking, its own gaps kept: a new tracklet after 1.5 s out of view."""
    people = skillcorner().rename(columns={"track_id": "person"})
    people = people[people["period"] == period]
    people = people.assign(tick=(people["time_s"] * FPS).round().astype(int))
    people = people.drop_duplicates(["person", "tick"]).sort_values(["person", "tick"], ignore_index=True)
    people["time_s"] = (people["tick"] - people["tick"].min()) / FPS
    new = (people["person"].diff() != 0) | (people["time_s"].diff() > 1.5)
    return people.assign(piece=new.cumsum(), error_m=0.5)


def _aim(people, times, ball, filming):
    if ball is not None:
        where = np.clip(np.interp(times, ball["time_s"], ball["x_m"]), -40, 40) * 0.85
    else:
        own = people[people["role"] == "player"].groupby("time_s")["x_m"].median()
        where = np.interp(times, own.index.to_numpy(), own.to_numpy()) * 1.15
        where = where + 7 * np.sin(times / 5)
    step = np.median(np.diff(times))
    n = max(1, int(filming.lag_s / step))
    return pd.Series(where).rolling(n, min_periods=1).mean().to_numpy()


def _close_ups(times, filming, rng):
    out = np.zeros(len(times), bool)
    t = times[0] + rng.exponential(filming.close_up_every_s)
    while t < times[-1]:
        end = t + rng.uniform(*filming.close_up_s)
        out |= (times >= t) & (times < end)
        t = end + 3 + rng.exponential(filming.close_up_every_s)
    return out


def _broken(table, filming, rng):
    """Lose people for moments, after which the tracker takes them for new."""
    step = float(np.median(np.diff(np.unique(table["time_s"]))))
    table = table.assign(broken=False)
    at = np.flatnonzero(rng.random(len(table)) < step / filming.break_every_s)
    lost = np.zeros(len(table), bool)
    person, time = table["person"].to_numpy(), table["time_s"].to_numpy()
    broken = np.zeros(len(table), bool)
    for i in at:
        j = i
        until = time[i] + rng.uniform(0, filming.break_s)
        while j < len(table) and person[j] == person[i] and time[j] <= until:
            lost[j] = True
            j += 1
        if j < len(table) and person[j] == person[i]:
            broken[j] = True
    table["broken"] = broken
    return table[~lost].reset_index(drop=True)
