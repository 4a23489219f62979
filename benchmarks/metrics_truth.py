"""Check movement and team shape against true positions (formations: `formations_truth.py`; phases,
behaviour, runs: `metrics_play.py`).

Truth: two minutes of Hawk-Eye with the vendor's own speed, inside the ``kloppy`` wheel (a dev
dependency); six minutes of TRACAB and eight times 30 s of top-view positions under
``../shared/tracking`` where they are there.

    python benchmarks/metrics_truth.py [--shared ../shared]

Exits with 1 if a bar is missed.
"""

from __future__ import annotations

import argparse
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from metrics_runs import hawk_eye_run, possession, speed_errors
from metrics_sources import broadcast, hawk_eye, noisy, skillcorner, top_view, tracab
from scipy.signal import savgol_filter

from pipeline.metrics.direction.attack_direction import CLEAR, lasting_evidence, sureness
from pipeline.metrics.formation.time_windows import FormationSettings
from pipeline.metrics.formation.windowed_formations import stances
from pipeline.metrics.movement.player_movement import movement
from pipeline.metrics.movement.track_motion import MotionSettings, motion
from pipeline.metrics.shape.team_shape import frame_shapes

STEADY = MotionSettings(cutoff_hz=1.0)
BROADCAST = MotionSettings(cutoff_hz=0.6)
TOTALS_M = {"1_1": 3221.6, "2_46": 2841.6}
BANDS_M = {"A": (272.5, 985.2, 267.1, 102.5, 0.0), "B": (296.8, 957.9, 215.6, 106.1, 17.9)}
SHAPES = {"A": (618.3, 26.90, 36.48, 13.056), "B": (844.2, 35.13, 34.50, 15.489)}
MISSED: list[str] = []


def main() -> None:
    """Run all checks and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[1].parent / "shared")
    arguments = parser.parse_args()
    tracks = {part: hawk_eye(part) for part in TOTALS_M}
    distances(tracks)
    bands_and_shape(tracks["1_1"])
    distance_errors(tracks)
    speed_errors(tracks, noisy)
    hawk_eye_run(bar)
    possession(arguments.shared, bar)
    folder = arguments.shared / "tracking"
    whole = {f"Hawk-Eye {part}": people[people["frame"] % 10 == 0] for part, people in tracks.items()}
    if (folder / "eredivisie_tracab_6min.parquet").exists():
        whole["TRACAB"] = tracab(folder / "eredivisie_tracab_6min.parquet")
    for path in sorted((folder / "topview_metres_30fps").glob("*.csv")):
        whole[f"top view {path.stem[-9:]}"] = top_view(path)
    top_view_movement({n: p for n, p in whole.items() if n.startswith("top view")})
    directions(whole)
    broadcast_match()
    print("\nmissed: " + "; ".join(MISSED) if MISSED else "\nall bars met")
    sys.exit(1 if MISSED else 0)


def bar(name: str, value: float, low: float, high: float) -> str:
    """Say whether a value is within its bar, and remember it if not."""
    if low <= value <= high:
        return "ok"
    MISSED.append(f"{name} {value:.4g} not in {low:.4g}..{high:.4g}")
    return "MISSED"


def measured(people: pd.DataFrame, settings: MotionSettings) -> tuple[pd.DataFrame, float]:
    """Give table movement, and the metres run above 5.5 m/s."""
    moving = motion(people, settings)
    step = moving[moving["step_s"] > 0]
    fast = step["step_m"][step["step_m"] / step["step_s"] > 5.5].sum()
    return movement(moving, people, footage_s=60, cutoff_hz=settings.cutoff_hz), float(fast)


def distances(tracks: dict[str, pd.DataFrame]) -> None:
    """Total distance and metres above 5.5 m/s against the vendor's own."""
    print("| Hawk-Eye | low-pass | total m | truth m | off | m above 5.5 m/s | truth | off | bar |")
    print("|---|---|---|---|---|---|---|---|---|")
    for part, people in tracks.items():
        fast_truth = float(people["true_m"][people["true_mps"] > 5.5].sum())
        for name, settings in (("1 Hz", STEADY), ("0.6 Hz", BROADCAST)):
            half = people[people["frame"] % 2 == 0].reset_index(drop=True)
            cases: list[tuple[str, list[pd.DataFrame], float]] = [
                ("50 Hz", [people], 0.01),
                ("25 Hz, 0.2 m noise", [noisy(half, 0.2, seed) for seed in range(5)], 0.02),
            ]
            for case, runs, limit in cases:
                results = [measured(run, settings) for run in runs]
                total = float(np.mean([m["distance_visible_m"].sum() for m, _ in results]))
                fast = float(np.mean([f for _, f in results]))
                off, fast_off = total / TOTALS_M[part] - 1, fast / fast_truth - 1
                verdict = ""
                if settings is STEADY:
                    verdict = bar(f"{part} {case} total", off, -limit, limit)
                    verdict += ", " + bar(f"{part} {case} fast", fast_off, -0.05, 0.05)
                print(
                    f"| {part} {case} | {name} | {total:.1f} | {TOTALS_M[part]} | {off:+.2%} "
                    f"| {fast:.1f} | {fast_truth:.1f} | {fast_off:+.1%} | {verdict} |"
                )
        window = noisy(people[people["frame"] % 2 == 0].reset_index(drop=True), 0.2, 0)
        metres = sum(savgol_metres(g) for _, g in window.groupby("track_id"))
        print(f"| {part} 25 Hz, 0.2 m noise | Savitzky-Golay 7 | {metres:.1f} | {TOTALS_M[part]} "
              f"| {metres / TOTALS_M[part] - 1:+.2%} | | | | |")  # fmt: skip


def savgol_metres(track: pd.DataFrame) -> float:
    """Distance by the seven-frame filter that many projects use."""
    places = savgol_filter(track[["x_m", "y_m"]].to_numpy(float), 7, 2, axis=0)
    return float(np.hypot(*np.diff(places, axis=0).T).sum())


def bands_and_shape(people: pd.DataFrame) -> None:
    """Metres by band, one player, and mean team shape, period 1."""
    table, _ = measured(people, STEADY)
    bands = [c for c in table if c.startswith("band_")]
    print("\n| team | metres by band (0-7, 7-15, 15-20, 20-25, 25+ km/h) | truth | bar (10 m) |")
    print("|---|---|---|---|")
    for team, truth in BANDS_M.items():
        ours = table[table["team"] == team][bands].sum().to_numpy()
        worst = float(np.abs(ours - truth).max())
        print(f"| {team} | {ours.round(1).tolist()} | {truth} | {bar(f'bands {team}', worst, 0, 10)} |")
    player = table.set_index("track_id").loc[487721]
    metres, top = float(player["distance_visible_m"]), float(player["psv99_mps"])
    verdict = bar("player 487721", metres, 182.2, 185.9)
    print(f"\nplayer 487721: {metres:.2f} m (184.01), PSV-99 {top:.2f} m/s (maximum 7.69), {verdict}")
    print("\n| team | hull m^2, length, width, stretch m | truth | bar (0.1%) |")
    print("|---|---|---|---|")
    made = frame_shapes(people).groupby("team")[["hull_m2", "length_m", "width_m", "stretch_m"]].mean()
    for team, truth_shape in SHAPES.items():
        worst = float(np.abs(made.loc[team].to_numpy() / truth_shape - 1).max())
        verdict = bar(f"shape {team}", worst, 0, 1e-3)
        print(f"| {team} | {made.loc[team].round(3).tolist()} | {truth_shape} | {verdict} |")


def distance_errors(tracks: dict[str, pd.DataFrame]) -> None:
    """The stated error of a distance against the true one, for noise of several kinds."""
    print("\n| noise per axis | low-pass | RMS error of a player's minute, m | stated, m |")
    print("|---|---|---|---|")
    for white, slow, drift_s in (
        (0.2, 0, 1),
        (0.4, 0, 1),
        (0.0, 0.5, 2),
        (0.2, 0.5, 2),
        (0.2, 0.5, 8),
        (0.2, 1.0, 2),
    ):
        for name, settings in (("1 Hz", STEADY), ("0.6 Hz", BROADCAST)):
            off, stated = [], []
            for people in tracks.values():
                half = people[people["frame"] % 2 == 0].reset_index(drop=True)
                truth = people.groupby("track_id")["true_m"].sum()
                table = measured(noisy(half, white, 1, slow, drift_s), settings)[0].set_index("track_id")
                off.append((table["distance_visible_m"] - truth).to_numpy())
                stated.append(table["distance_error_m"].to_numpy())
            real = float(np.sqrt((np.concatenate(off) ** 2).mean()))
            said = float(np.sqrt((np.concatenate(stated) ** 2).mean()))
            slowly = f" + {slow} m over {drift_s} s" if slow else ""
            print(f"| {white} m white{slowly} | {name} | {real:.2f} | {said:.2f} |")


def directions(whole: dict[str, pd.DataFrame]) -> None:
    """Direction of attack, without goalkeepers, from windows of ten seconds; and how sure it says it is."""
    print("\n| direction of attack from outfield players, 10 s | right | unclear | wrong |")
    print("|---|---|---|---|")
    for half in (60.0, 24.0, 18.0):
        verdicts = []
        for people in whole.values():
            keepers = people[people["role"] == "goalkeeper"].groupby("team")["x_m"].mean()
            sign = 1 if keepers["A"] < keepers["B"] else -1
            outfield = broadcast(people[people["role"] == "player"], half)
            for _, part in outfield.groupby(np.floor(outfield["time_s"] / 10)):
                value = lasting_evidence(part) * sign
                verdicts.append((value >= CLEAR, abs(value) < CLEAR, value <= -CLEAR))
        right, unclear, wrong = np.mean(verdicts, axis=0)
        print(f"| a picture of {2 * half:.0f} m | {right:.2f} | {unclear:.2f} | {wrong:.2f} |")
        bar(f"direction at {2 * half:.0f} m wrong", float(wrong), 0, 0.02)
    real = skillcorner_evidence((10.0, 60.0, 3600.0))
    for seconds, values in real.items():
        right, unclear, wrong = (
            (values >= CLEAR).mean(),
            (abs(values) < CLEAR).mean(),
            (values <= -CLEAR).mean(),
        )
        print(f"| SkillCorner, {seconds:.0f} s | {right:.3f} | {unclear:.3f} | {wrong:.3f} |")
        bar(f"direction of SkillCorner, {seconds:.0f} s wrong", float(wrong), 0, 0.02)
    least = min(sureness(v) if v > 0 else 0.0 for v in real[3600.0])
    bar("direction of SkillCorner's halves, least sureness", least, 0.999, 1)
    print("\n| said, SkillCorner without goalkeepers | windows | right |\n|---|---|---|")
    for seconds, values in real.items():
        said = np.array([sureness(v) for v in values])
        for low, high in pairwise((0.5, 0.7, 0.9, 0.95, 0.99, 1.01)):
            own = (said >= low) & (said < high)
            if own.any():
                right = (values[own] > 0).mean()
                print(f"| {seconds:.0f} s: {said[own].mean():.3f} | {own.sum()} | {right:.3f} |")


def skillcorner_evidence(lengths_s: tuple[float, ...]) -> dict[float, np.ndarray]:
    """Evidence of outfield players for the true direction, window by window, for each length of window."""
    people = skillcorner()
    out: dict[float, list[float]] = {n: [] for n in lengths_s}
    for _, half in people.groupby("period"):
        keepers = half[half["role"] == "goalkeeper"].groupby("team")["x_m"].mean()
        sign = 1 if keepers["A"] < keepers["B"] else -1
        outfield = half[half["role"] == "player"]
        for seconds, values in out.items():
            since = outfield["time_s"] - outfield["time_s"].min()
            for _, part in outfield.groupby(np.floor(since / seconds)):
                if part["frame"].nunique() >= 20:
                    values.append(lasting_evidence(part) * sign)
    return {n: np.array(v) for n, v in out.items()}


def broadcast_match() -> None:
    """A whole SkillCorner match: time, and pace."""
    people = skillcorner()
    began = time.perf_counter()
    table, _ = measured(people, BROADCAST)
    frame_shapes(people)
    stances(people, FormationSettings())
    took = time.perf_counter() - began
    pace = table[table["role"] == "player"]["m_per_visible_min"].mean()
    print(f"\nSkillCorner, {people['frame'].nunique()} frames: {took:.0f} s; {pace:.0f} m a visible minute")


def top_view_movement(clips: dict[str, pd.DataFrame]) -> None:
    """Metres a minute of the top-view clips: plausible for active play (105-180)."""
    for settings, name in ((STEADY, "1 Hz"), (BROADCAST, "0.6 Hz")):
        if not clips:
            return
        tables = [
            movement(motion(p, settings), p, footage_s=30, cutoff_hz=settings.cutoff_hz)
            for p in clips.values()
        ]
        outfield = pd.concat(tables)[lambda t: t["role"] == "player"]
        pace, top = outfield["m_per_visible_min"].mean(), outfield["psv99_mps"].max()
        counts = [int(outfield[n].sum()) for n in ("sprints", "accelerations")]
        print(
            f"\ntop view, {len(clips)} x 30 s, {name}: {pace:.0f} m a visible minute, fastest PSV-99 "
            f"{top:.1f} m/s, {counts[0]} sprints, {counts[1]} accelerations",
            end="",
        )
    print()


if __name__ == "__main__":
    main()
