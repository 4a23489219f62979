"""Checks of `metrics_truth` that go the way of ``teamshape analyze``: files, reader, tables, all measures."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.core.config import Config, load
from pipeline.core.pitch import Pitch
from pipeline.formats.readers.match_data import MatchData
from pipeline.formats.readers.match_tables import tables_of
from pipeline.formats.readers.read_match import read_match
from pipeline.formats.readers.table_units import Convention
from pipeline.metrics.movement.match_parts import everything
from pipeline.metrics.movement.player_movement import moved
from pipeline.metrics.movement.track_motion import MotionSettings, motion
from pipeline.metrics.phases.phases_of_play import phase_codes, phases
from pipeline.metrics.play_tables import laid_out
from pipeline.metrics.possession import given_spells
from pipeline.metrics.summary import MatchTables, measure, possession_of
from pipeline.tables import storage

Bar = Callable[[str, float, float, float], str]
FILES = Path(str(resources.files("kloppy"))) / "tests" / "files"
TOTALS_M = {"1": 3221.6, "2": 2841.6}
BANDS_M = {"1888600": (272.5, 985.2, 267.1, 102.5, 0.0), "1888609": (296.8, 957.9, 215.6, 106.1, 17.9)}
SHAPES = {"1888600": (618.3, 26.90, 36.48, 13.056), "1888609": (844.2, 35.13, 34.50, 15.489)}
HOME = "1888609"
"""Hawk-Eye's home team, so team A here."""


def hawk_eye_run(bar: Bar) -> None:
    """Totals, bands and shape of Hawk-Eye by half, as a run of it has them."""
    paths = tuple(sorted(FILES.glob("hawkeye_*.samples.*")))
    match = read_match(paths, (FILES / "hawkeye_meta.json",), None, Convention())
    made = measure(_tables(match), load(None, {"measure.cutoff_hz": 1.0}))
    parts = made["movement_parts"]
    halves = parts[parts["by"] == "half"].groupby("part")["distance_visible_m"].sum()
    print("\n| Hawk-Eye through analyze | total m | truth m | off | bar (1%) |\n|---|---|---|---|---|")
    for part, truth in TOTALS_M.items():
        off = float(halves[part]) / truth - 1
        verdict = bar(f"run {part}", off, -0.01, 0.01)
        print(f"| half {part} | {halves[part]:.1f} | {truth} | {off:+.2%} | {verdict} |")
    bands = [c for c in parts if c.startswith("band_")]
    teams = made["team_movement_parts"].set_index(["by", "team", "part"]).loc["half"]
    print(
        "\n| half 1, team | worst band, m off (bar 10) | worst of hull, length, width, stretch (bar 0.2%) |"
    )
    print("|---|---|---|")
    for number, band_truth in BANDS_M.items():
        team = "A" if number == HOME else "B"
        own = parts[(parts["by"] == "half") & (parts["part"] == "1") & (parts["team"] == team)]
        worst = float(np.abs(own[bands].sum().to_numpy() - band_truth).max())
        shape = teams.loc[(team, "1"), ["hull_m2", "length_m", "width_m", "stretch_m"]].to_numpy(float)
        off = float(np.abs(shape / SHAPES[number] - 1).max())
        verdicts = bar(f"run bands {number}", worst, 0, 10), bar(f"run shape {number}", off, 0, 2e-3)
        print(f"| {number} ({team}) | {worst:.1f} {verdicts[0]} | {off:.2%} {verdicts[1]} |")


def _tables(match: MatchData) -> MatchTables:
    made = tables_of(match, 0.01)
    positions = made["positions"].drop(columns="ball").assign(source="observed")
    return MatchTables(
        made["frames"], positions, made["labels"], made["identities"], made["periods"], made["people"]
    )


def speed_errors(tracks: dict[str, pd.DataFrame], noisy: Callable[..., pd.DataFrame]) -> None:
    """The stated error of a speed against the true one, for noise of several kinds."""
    print("\n| noise per axis | low-pass | RMS error of a speed, m/s | without the low-pass's own | stated |")
    print("|---|---|---|---|---|")
    for white, slow, drift_s in ((0.2, 0.0, 1.0), (0.4, 0.0, 1.0), (0.2, 0.5, 2.0), (0.2, 1.0, 2.0)):
        for settings in (MotionSettings(1.0), MotionSettings(0.6)):
            against_truth, against_clean, stated = [], [], []
            for track in tracks.values():
                half = track[track["frame"] % 2 == 0].reset_index(drop=True)
                made = noisy(half, white, 1, slow, drift_s)
                moving, clean = motion(made, settings), motion(half, settings)
                clean = clean.set_index(["track_id", "time_s"])["speed_mps"]
                steady = moving[moving["steady"]].set_index(["track_id", "time_s"])
                against_truth.append((steady["speed_mps"] - steady["true_mps"]).to_numpy())
                against_clean.append((steady["speed_mps"] - clean.reindex(steady.index)).dropna().to_numpy())
                table = moved(moving, made, [everything(60)], settings).table
                stated.append(table["speed_error_mps"].to_numpy())
            truth, own, said = (
                float(np.sqrt((np.concatenate(v) ** 2).mean()))
                for v in (against_truth, against_clean, stated)
            )
            slowly = f" + {slow} m over {drift_s:.0f} s" if slow else ""
            print(f"| {white} m{slowly} | {settings.cutoff_hz} Hz | {truth:.2f} | {own:.2f} | {said:.2f} |")


def possession(shared: Path, bar: Bar) -> None:
    """Estimated possession against the providers' own."""
    print(
        "\n| possession estimated | agrees | of the given time covered | of ours given as none "
        "| A: ours, given | bar |"
    )
    print("|---|---|---|---|---|---|")
    skillcorner = [FILES / f"skillcorner_{n}.json" for n in ("structured_data", "match_data")]
    cases: list[tuple[str, tuple[Path, ...], tuple[Path, ...], float]] = [
        ("SkillCorner, broadcast", (skillcorner[0],), (skillcorner[1],), 1.0)
    ]
    tracab = shared / "tracking" / "eredivisie_tracab_6min.parquet"
    if tracab.exists():
        cases.append(("TRACAB, 6 min", (tracab,), (), 0.3))
    for name, sources, meta, error_m in cases:
        match = read_match(sources, meta, None, Convention())
        made = tables_of(match, error_m)
        positions = made["positions"].drop(columns="ball").assign(source="observed")
        run = MatchTables(made["frames"], positions, made["labels"], made["identities"])
        times = made["frames"]["time_s"].to_numpy(float)
        assert match.owner is not None
        truth = _sampled(given_spells(times, match.owner, match.period), times)
        ours = _sampled(possession_of(run, Pitch()), times)
        both = (ours > 0) & (truth > 0)
        agree = float((ours[both] == truth[both]).mean())
        shares = [float((v == 1).sum() / (v > 0).sum()) for v in (ours, truth)]
        extra = ((ours > 0) & (truth == 0)).sum() / (ours > 0).sum()
        print(
            f"| {name} | {agree:.1%} | {both.sum() / (truth > 0).sum():.1%} "
            f"| {extra:.1%} | {shares[0]:.1%}, {shares[1]:.1%} "
            f"| {bar(f'possession {name}', agree, 0.88, 1)} |"
        )


def phases_estimated() -> None:
    """Phases of a broadcast match by estimated possession against those by the provider's."""
    config, paths = Config(), [FILES / f"skillcorner_{n}.json" for n in ("structured_data", "match_data")]
    match = read_match((paths[0],), (paths[1],), None, Convention())
    made = tables_of(match, 1.0)
    positions = made["positions"].drop(columns="ball").assign(source="observed")
    names = ("frames", "labels", "identities", "periods", "people")
    run = MatchTables(**{n: made[n] for n in names}, positions=positions)
    assert match.owner is not None
    provided = given_spells(made["frames"]["time_s"].to_numpy(float), match.owner, match.period)
    none, found = storage.empty("formations"), []
    for spells in (provided, possession_of(run, Pitch())):
        laid, *_ = laid_out(run, none, spells, config)
        codes, _ = phase_codes(laid, spells, config.play, Pitch())
        found.append((codes, phases(laid, spells, config.play, Pitch())))
    (given, told), (ours, estimated) = found
    both = (given >= 0) & (ours >= 0)
    kicks = [_set_plays(table) for table in (told, estimated)]
    hits = [sum(any(t == u and abs(a - b) <= 8 for u, b in there) for t, a in own)
            for own, there in (kicks, kicks[::-1])]  # fmt: skip
    told_too = (ours[given >= 0] >= 0).mean()
    print(f"\nSkillCorner, phases by estimated possession: told in {told_too:.0%} of the time told by the "
          f"provider's, the same in {(given[both] == ours[both]).mean():.0%}; set plays: "
          f"{hits[0]} of {len(kicks[0])} found, {hits[1]} of {len(kicks[1])} told are there")  # fmt: skip


def _set_plays(table: pd.DataFrame) -> list[tuple[str, float]]:
    """Team and start of each set play; parts of one are one."""
    own = table[table["phase"] == "set_play"].sort_values(["team", "start_s"])
    anew = (own["start_s"].diff() > 11) | (own["team"] != own["team"].shift())
    return list(own.loc[anew, ["team", "start_s"]].itertuples(index=False, name=None))


def _sampled(spells: pd.DataFrame, times_s: np.ndarray) -> np.ndarray:
    """1 for A, 2 for B, 0 for nobody at each time."""
    out = np.zeros(len(times_s), int)
    for start, end, team in spells[["start_s", "end_s", "team"]].itertuples(index=False):
        a, b = np.searchsorted(times_s, (start - 1e-9, end - 1e-9))
        out[a:b] = 1 if team == "A" else 2
    return out
