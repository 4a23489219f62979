"""What really happened in a script, row by row, from its exact positions; and tables held against it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from play_script import HZ, RUN_MPS, Script, true_phases

HIGH_MPS, SPRINT_MPS, HOLD_S = 20 / 3.6, 25 / 3.6, 0.7
Tables = dict[str, pd.DataFrame]


def speeds(script: Script) -> np.ndarray:
    """Exact speed of everybody, ``(T, 22)`` m/s."""
    return np.hypot(*np.moveaxis(np.gradient(script.places, 1 / HZ, axis=0), 2, 0))


def spans(values: np.ndarray, level: float, hold_s: float) -> list[tuple[int, int]]:
    """First and last sample of each time at or above ``level`` for ``hold_s``."""
    above = np.r_[False, values >= level, False]
    first, stop = (np.flatnonzero(above[a] & ~above[b]) for a, b in (
        (slice(1, None), slice(None, -1)), (slice(None, -1), slice(1, None))))  # fmt: skip
    return [(int(a), int(b) - 1) for a, b in zip(first, stop, strict=True) if (b - 1 - a) / HZ >= hold_s]


def fast_stretches(script: Script, level: float, hold_s: float) -> pd.DataFrame:
    """Everybody's time above a speed: ``track_id, start_s, end_s, distance_m, peak_mps``."""
    speed, rows = speeds(script), []
    for i in range(22):
        for a, b in spans(speed[:, i], level, hold_s):
            rows.append((i + 1, a / HZ, b / HZ, speed[a:b, i].sum() / HZ, speed[a : b + 1, i].max()))
    return pd.DataFrame(rows, columns=["track_id", "start_s", "end_s", "distance_m", "peak_mps"])


def true_efforts(
    script: Script, level: float = 3.0, hold_s: float = 0.5, from_mps: float = 10 / 3.6
) -> pd.DataFrame:
    """Gains and losses of speed by the definition of table ``efforts``, on exact positions."""
    speed, rows = speeds(script), []
    gain = np.gradient(speed, 1 / HZ, axis=0)
    for i in range(22):
        for name, way, end in (("acceleration", 1, 1), ("deceleration", -1, 0)):
            for span in spans(gain[:, i] * way, level, hold_s):
                if speed[span[end], i] >= from_mps:
                    rows.append((i + 1, name, span[0] / HZ, span[1] / HZ))
    return pd.DataFrame(rows, columns=["track_id", "kind", "start_s", "end_s"])


def matched(one: pd.DataFrame, two: pd.DataFrame, slack_s: float = 0.0) -> np.ndarray:
    """For each row of ``one`` the row of ``two`` by the same track that overlaps most, -1 for none."""
    out = np.full(len(one), -1)
    for i, row in enumerate(one.itertuples()):
        own = np.flatnonzero((two["track_id"] == row.track_id).to_numpy(bool))
        shared = np.minimum(two["end_s"].to_numpy()[own], row.end_s) - np.maximum(
            two["start_s"].to_numpy()[own], row.start_s
        )
        if len(own) and shared.max() > -slack_s:
            out[i] = own[shared.argmax()]
    return out


def phase_at(table: pd.DataFrame, team: str, times: np.ndarray) -> np.ndarray:
    """The phase of ``team`` at each time, None for none."""
    out = np.full(len(times), None, object)
    for row in table[table["team"] == team].itertuples():
        out[(times >= row.start_s) & (times < row.end_s)] = row.phase
    return out


def phase_table(script: Script, views: dict[str, Tables]) -> dict[str, float]:
    """Print each phase's share told and right; give the share right of all the time told, by view."""
    truth = np.concatenate(list(true_phases(script)))
    seen = {
        n: np.concatenate([phase_at(t["phases"], k, script.times) for k in "AB"]) for n, t in views.items()
    }
    print("\n| phase | truth, s | " + " | ".join(f"{n}: told, of it right" for n in views) + " |")
    print("|---|---|" + "---|" * len(views))
    known = np.array([p is not None for p in truth])
    for phase in [*dict.fromkeys(truth[known]), "all"]:
        own = known if phase == "all" else truth == phase
        cells = []
        for found in seen.values():
            told = own & np.array([p is not None for p in found])
            cells.append(f"{told.sum() / own.sum():.0%}, {(found[told] == truth[told]).mean():.1%}")
        print(f"| {phase} | {own.sum() / HZ:.0f} | " + " | ".join(cells) + " |")
    both = {n: known & np.array([p is not None for p in f]) for n, f in seen.items()}
    return {n: float((seen[n][b] == truth[b]).mean()) for n, b in both.items()}


def restart_table(script: Script, views: dict[str, Tables]) -> None:
    """Print how many restarts got their name."""
    print("\n| restart | n | " + " | ".join(f"{n}: found, named right" for n in views) + " |")
    print("|---|---|" + "---|" * len(views))
    for how in ("corner", "throw_in", "free_kick"):
        own = [p for p in script.play if p.how == how]
        cells = []
        for tables in views.values():
            table = tables["phases"]
            kicks = table[table["phase"] == "set_play"]
            names = [_restart(kicks, "AB"[p.team], p.start) for p in own]
            there = [n for n in names if n is not None]
            cells.append(f"{len(there)}, {sum(n == how for n in there)}")
        print(f"| {how} | {len(own)} | " + " | ".join(cells) + " |")
    cells = []
    starts = [p.start for p in script.play if p.how in ("corner", "throw_in", "free_kick")]
    for tables in views.values():
        table = tables["phases"]
        kicks = table[table["phase"] == "set_play"].groupby("team")["start_s"]
        own = [s for _, g in kicks for s in _first(g.to_numpy())]
        cells.append(f"{sum(min(abs(s - t) for t in starts) > 4 for s in own)} of {len(own)}")
    print("| set plays that were none | | " + " | ".join(cells) + " |")


def _first(starts: np.ndarray) -> Iterable[float]:
    return starts[np.r_[True, np.diff(starts) > 11]] if len(starts) else []


def _restart(kicks: pd.DataFrame, team: str, at_s: float) -> str | None:
    own = kicks[(kicks["team"] == team) & (kicks["start_s"] - at_s).between(-4, 4)]
    return str(own["restart"].iloc[0]) if len(own) else None


def run_table(script: Script, views: dict[str, Tables]) -> dict[str, tuple[float, float]]:
    """Print how the staged runs were told; give recall and share of right kinds by view."""
    truth = pd.DataFrame(script.runs)
    every = fast_stretches(script, RUN_MPS, 0.6)
    print("\n| off-ball run | n | " + " | ".join(f"{n}: found, kind right" for n in views) + " |")
    print("|---|---|" + "---|" * len(views))
    at = {n: matched(truth, t["off_ball_runs"]) for n, t in views.items()}
    for kind in [*dict.fromkeys(truth["kind"]), "all"]:
        own = np.ones(len(truth), bool) if kind == "all" else (truth["kind"] == kind).to_numpy()
        cells = []
        for n, t in views.items():
            hit = own & (at[n] >= 0)
            told = t["off_ball_runs"]["kind"].to_numpy()[at[n][hit]]
            cells.append(f"{hit.sum()}, {(told == truth['kind'].to_numpy()[hit]).sum()}")
        print(f"| {kind} | {own.sum()} | " + " | ".join(cells) + " |")
    out = {}
    for n, t in views.items():
        hit, runs = at[n] >= 0, t["off_ball_runs"]
        rows, own = runs.iloc[at[n][hit]], truth[hit]
        off = {c: np.sqrt(np.mean((rows[c].to_numpy() - own[c].to_numpy()) ** 2)) for c in (
            "start_s", "end_s", "peak_mps", "distance_m")}  # fmt: skip
        known = rows["received"].notna().to_numpy()
        right = (rows["received"].to_numpy()[known] == own["received"].to_numpy()[known]).mean()
        real = (matched(runs, every, 0.3) >= 0).mean()
        print(f"\n{n}: RMS of start {off['start_s']:.2f} s, end {off['end_s']:.2f} s, peak "
              f"{off['peak_mps']:.2f} m/s, metres {off['distance_m']:.1f}; received told of "
              f"{known.mean():.0%}, right {right:.0%}; {len(runs)} runs in all, of which {real:.0%} were "
              "really that fast")  # fmt: skip
        kinds = rows["kind"].to_numpy() == own["kind"].to_numpy()
        out[n] = (float(hit.mean()), float(kinds.mean()))
    return out


def load_table(script: Script, views: dict[str, Tables]) -> None:
    """Print fast runs, efforts, peak demands and distance against the truth."""
    high = fast_stretches(script, HIGH_MPS, HOLD_S)
    sprints = fast_stretches(script, SPRINT_MPS, HOLD_S)
    made = true_efforts(script)
    print("\n| physical | truth | " + " | ".join(f"{n}: found, of those told true" for n in views) + " |")
    print("|---|---|" + "---|" * len(views))
    for name, truth, table, kind in (
        ("high-speed runs", high, "fast_runs", None),
        ("sprints", sprints, "fast_runs", "sprint"),
        ("accelerations", made[made["kind"] == "acceleration"], "efforts", "acceleration"),
        ("decelerations", made[made["kind"] == "deceleration"], "efforts", "deceleration"),
    ):
        cells = []
        for t in views.values():
            told = t[table] if kind is None else t[table][t[table]["kind"] == kind]
            recall = (matched(truth, told, 0.5) >= 0).mean() if len(truth) else np.nan
            true = (matched(told, truth, 0.5) >= 0).mean() if len(told) else np.nan
            cells.append(f"{recall:.0%}, {true:.0%} of {len(told)}")
        print(f"| {name} | {len(truth)} | " + " | ".join(cells) + " |")
    speed = speeds(script)
    for minutes in (1.0, 3.0, 5.0):
        best = _rolling(speed, minutes)
        cells = []
        for t in views.values():
            own = t["peak_demands"]
            own = own[(own["window_min"] == minutes) & (own["measure"] == "distance")].set_index("track_id")[
                "m_per_min"
            ]
            gap = own - pd.Series(best, index=np.arange(1, 23)).reindex(own.index)
            cells.append(
                f"{len(own)} of 22; {gap.mean():+.1f}, RMS {np.sqrt((gap**2).mean()):.1f}"
                if len(own)
                else "no row"
            )
        print(f"| hardest {minutes:.0f} min, m/min | {best.mean():.0f} | " + " | ".join(cells) + " |")


def _rolling(speed: np.ndarray, minutes: float) -> np.ndarray:
    n = int(minutes * 60 * HZ)
    total = np.cumsum(np.concatenate([np.zeros((1, 22)), speed]), axis=0) / HZ
    return (total[n:] - total[:-n]).max(axis=0) / minutes


def ball_table(script: Script, views: dict[str, Tables]) -> None:
    """Print passes and turnovers against the script."""
    passes = pd.DataFrame(script.passes)
    lost = [(p.start, "AB"[1 - p.team]) for p in script.play if p.how == "won"]
    print("\n| ball | truth | " + " | ".join(f"{n}: found, of those told true" for n in views) + " |")
    print("|---|---|" + "---|" * len(views))
    cells = []
    for t in views.values():
        own = t["passes"]
        at = matched(passes, own, 0.5)
        same = np.array(
            [
                k >= 0 and own["to_track_id"].iloc[k] == r
                for k, r in zip(at, passes["to_track_id"], strict=True)
            ]
        )
        cells.append(f"{same.mean():.0%}, {same.sum() / max(len(own), 1):.0%} of {len(own)}")
    print(f"| passes, from and to whom | {len(passes)} | " + " | ".join(cells) + " |")
    cells = []
    for t in views.values():
        own = list(zip(t["turnovers"]["start_s"], t["turnovers"]["team"], strict=True))
        near = [[abs(s - a) <= 2.5 and team == b for s, team in own] for a, b in lost]
        hit = np.array(near).reshape(len(lost), len(own))
        cells.append(f"{hit.any(axis=1).mean():.0%}, {hit.any(axis=0).mean():.0%} of {len(own)}")
    print(f"| balls lost in play | {len(lost)} | " + " | ".join(cells) + " |")
