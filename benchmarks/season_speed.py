"""Measure how long questions about ten seasons of one team (380 matches) take.

Simulates run directories with the product's own writer of tables, adds them with ``teamshape season add`` and
asks with ``teamshape season query``, each question in a fresh process, as a user would:

    nice -n 5 python benchmarks/season_speed.py                 # 380 different matches at 2 Hz
    nice -n 5 python benchmarks/season_speed.py --distinct 95   # 95, each linked four times

Simulated is where 22 players and a referee are for 2 x 45 minutes: smooth random walks about a 4-3-3, the
team swaying together. ``positions``, ``identities``, ``people``, ``periods`` and ``movement`` (sums over
these very walks) follow from it; formations are drawn at random, one for each team and 3 minutes. No ball,
no gaps, no substitutes. What it writes lies in a temporary folder and is deleted.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.signal import lfilter

from pipeline.core.config import Config
from pipeline.core.json_files import write_json
from pipeline.tables import storage

HALF_S, BREAK_S, N_MATCHES, N_TEAMS = 45 * 60.0, 15 * 60.0, 380, 20
_DEFENCE = [(-45, 0), (-20, -22), (-24, -8), (-24, 8), (-20, 22)]
_ATTACK = [(-8, -12), (-12, 0), (-8, 12), (6, -22), (10, 0), (6, 22)]
PLACES = np.array([*_DEFENCE, *_ATTACK])
QUESTIONS = {
    "top 10 distances in all matches": """
        select p.name, p.team_name, count(*) as matches, round(sum(m.distance_visible_m) / 1000, 1) as km
        from movement m join people p using (match, track_id)
        group by all order by km desc limit 10""",
    "share of time in the attacking third, by team": """
        select e.team_name, round(100 * avg((
            x.x_m * if((h.attack_a = 'left_to_right') = (e.team = 'A'), 1, -1) > s.pitch_length_m / 6
        )::int), 2) as percent
        from positions x
        join people e using (match, track_id)
        join periods h on h.match = x.match and x.time_s between h.start_s and h.end_s
        join matches s on s.match = x.match
        where e.team is not null
        group by all order by percent desc""",
    "how often each formation": """
        select formation, count(*) as windows, round(sum(end_s - start_s) / 3600, 1) as hours,
               count(distinct match) as matches
        from formations where scope = 'window' and phase = 'all'
        group by formation order by windows desc""",
}


def smooth(rng: np.random.Generator, n: int, people: int, hz: float, spread_m: float) -> NDArray[np.float64]:
    """Random walks that return to 0: shape ``(n, people, 2)``, m, smooth over about 9 s."""
    keep = np.exp(-1 / (9.0 * hz))
    noise = rng.standard_normal((n, people, 2))
    for _ in range(2):
        noise = lfilter([1 - keep], [1, -keep], noise, axis=0)
    return noise / noise.std() * spread_m


def walks(rng: np.random.Generator, hz: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Times, ``(n,)`` s, and places, ``(n, 23, 2)`` m: team A, team B, the referee; sides change."""
    n = round(HALF_S * hz)
    times = np.concatenate([np.arange(n) / hz, HALF_S + BREAK_S + np.arange(n) / hz])
    sway = smooth(rng, 2 * n, 1, hz, 12.0)
    base = np.concatenate([PLACES, -PLACES, [(0, 5)]])
    side = np.where(np.arange(2 * n) < n, 1.0, -1.0)[:, None, None]
    own = smooth(rng, 2 * n, 23, hz, 6.0) * rng.uniform(0.8, 1.25, (1, 23, 1))
    return times, np.clip(side * base + sway + own, (-54, -35), (54, 35))


def write_run(root: Path, home: int, away: int, seed: int, hz: float) -> None:
    """Simulate one match and write it as a finished run."""
    rng = np.random.default_rng(seed)
    times, xy = walks(rng, hz)
    made = {
        "positions": _positions(times, xy),
        "identities": _identities(times),
        "people": _people(home, away, times),
        "periods": _periods(),
        "movement": _movement(times, xy, hz),
        "formations": _formations(rng),
    }
    for name, table in made.items():
        storage.write(table, root / "tables" / f"{name}.parquet", name)
    record = {"kind": "tracking", "state": "finished", "source": "simulated", "video": {}}
    write_json(root / "run.json", record | {"config": Config().model_dump(mode="json")})


def _who() -> pd.DataFrame:
    role = (["goalkeeper"] + ["player"] * 10) * 2 + ["referee"]
    team = ["A"] * 11 + ["B"] * 11 + [None]
    return pd.DataFrame({"track_id": range(1, 24), "role": role, "team": team})


def _positions(times: NDArray[np.float64], xy: NDArray[np.float64]) -> pd.DataFrame:
    n, people = xy.shape[:2]
    return pd.DataFrame(
        {
            "frame": np.repeat(np.arange(n), people),
            "time_s": np.repeat(times, people),
            "instance": pd.array(np.tile(np.arange(people), n), "Int32"),
            "track_id": pd.array(np.tile(np.arange(people) + 1, n), "Int32"),
            "x_m": xy[..., 0].ravel(),
            "y_m": xy[..., 1].ravel(),
            "error_m": 0.2,
            "source": "observed",
        }
    )


def _identities(times: NDArray[np.float64]) -> pd.DataFrame:
    score = {"role_score": 1.0, "team_score": 1.0}
    return _who().assign(n_frames=len(times), first_s=times[0], last_s=times[-1], **score)


def _people(home: int, away: int, times: NDArray[np.float64]) -> pd.DataFrame:
    number = [home] * 11 + [away] * 11
    shirt = [*range(1, 12)] * 2
    names = [f"Player {s} of team {t}" for t, s in zip(number, shirt, strict=True)]
    return (
        _who()
        .drop(columns="role")
        .assign(
            team_name=[*(f"Team {t}" for t in number), None],
            name=[*names, "Referee"],
            jersey=pd.array([*shirt, None], "Int32"),
            position=None,
            provider_id=None,
            on_s=times[0],
            off_s=times[-1],
        )
    )


def _periods() -> pd.DataFrame:
    starts = np.array([0, HALF_S + BREAK_S])
    way = ["left_to_right", "right_to_left"]
    return pd.DataFrame(
        {
            "period": [1, 2],
            "start_s": starts,
            "end_s": starts + HALF_S,
            "attack_a": way,
            "attack_score": 1.0,
            "source": "given",
        }
    )


def _movement(times: NDArray[np.float64], xy: NDArray[np.float64], hz: float) -> pd.DataFrame:
    step = np.linalg.norm(np.diff(xy, axis=0), axis=2)
    step[np.diff(times) > 2 / hz] = 0.0
    minutes, run_m = 2 * HALF_S / 60, step.sum(axis=0)
    edges = np.array([0, 7, 15, 20, 25, np.inf]) / 3.6 / hz
    names = ("band_0_7_m", "band_7_15_m", "band_15_20_m", "band_20_25_m", "band_25_plus_m")
    bands = {
        n: np.where((step >= a) & (step < b), step, 0).sum(axis=0)
        for n, a, b in zip(names, edges[:-1], edges[1:], strict=True)
    }
    one = {"minutes_span": minutes, "minutes_visible": minutes, "coverage": 1.0, "observed_share": 1.0}
    none = {"psv99_mps": np.nan, "sprints": 0, "accelerations": 0}
    mean = xy.mean(axis=0)
    moved = {"distance_visible_m": run_m, "m_per_visible_min": run_m / minutes, "distance_error_m": 0.0}
    out = _who().assign(**one, **moved, **bands, **none, mean_speed_mps=run_m / minutes / 60)
    return out.assign(mean_x_m=mean[:, 0], mean_y_m=mean[:, 1]).iloc[:22]


def _formations(rng: np.random.Generator) -> pd.DataFrame:
    starts = np.concatenate([np.arange(0, HALF_S, 180), HALF_S + BREAK_S + np.arange(0, HALF_S, 180)])
    out = pd.concat([pd.DataFrame({"start_s": starts, "team": team}) for team in "AB"], ignore_index=True)
    likely = {"4-3-3": 0.35, "4-2-3-1": 0.3, "4-4-2": 0.15, "3-4-3": 0.1, "unclear": 0.1}
    drawn = rng.choice(list(likely), len(out), p=list(likely.values()))
    stands = {"kind": "formation", "attack": None, "players_seen": 10.0, "n_frames": 360, "score": 0.7}
    near = {"nearest": "4-3-3", "second": "4-4-2", "distance_m": 2.0, "margin": 0.2}
    line = {"variant": None, "defenders": 4, "defenders_score": 0.7}
    cut = {
        "coverage": 1.0,
        "phase": "all",
        "scope": "window",
        "period": np.where(out["start_s"] < HALF_S, 1, 2),
    }
    ends = {"end_s": out["start_s"] + 180, "method": "roles"}
    return out.assign(formation=drawn, **near, **line, **stands, **cut, **ends)


def simulate(folder: Path, hz: float, distinct: int) -> list[Path]:
    """Write ``distinct`` matches and link them until there are 380: each pair of 20 teams, home and away."""
    runs = []
    for at, (home, away) in enumerate(permutations(range(1, N_TEAMS + 1), 2)):
        root = folder / f"match-{at + 1:03d}"
        if at < distinct:
            write_run(root, home, away, at, hz)
        else:
            shutil.copytree(runs[at % distinct], root, copy_function=os.link)
        runs.append(root)
    return runs


def season(folder: Path, *arguments: str) -> tuple[float, float, str]:
    """Run ``teamshape season``; its seconds, the seconds of CPU it took, and what it printed."""
    began, before = time.perf_counter(), _children_s()
    command = [sys.executable, "-m", "pipeline", "season", *arguments, "--db", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return time.perf_counter() - began, _children_s() - before, done.stdout


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print rows, bytes and seconds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hz", type=float, default=2.0, help="positions a second")
    parser.add_argument(
        "--distinct", type=int, default=N_MATCHES, help="different matches; the rest are links"
    )
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="season-") as name:
        folder = Path(name)
        began = time.perf_counter()
        runs = simulate(folder, chosen.hz, chosen.distinct)
        print(f"simulated in {time.perf_counter() - began:.0f} s")
        size = sum(p.stat().st_size for r in runs for p in r.rglob("*.parquet"))
        rows = len(runs) * 23 * 2 * round(HALF_S * chosen.hz)
        print(f"{len(runs)} matches ({chosen.distinct} different), {rows:,} positions, {size / 1e9:.2f} GB")
        wall, cpu, _ = season(folder, "add", *map(str, runs))
        print(f"add: {wall:.1f} s ({cpu:.1f} s of CPU)")
        for question, sql in QUESTIONS.items():
            wall, cpu, answer = min(season(folder, "query", sql) for _ in range(3))
            load = os.getloadavg()[0]
            print(f"\n{question}: {wall:.1f} s ({cpu:.1f} s of CPU; best of 3, load {load:.0f})\n{answer}")


if __name__ == "__main__":
    main()
