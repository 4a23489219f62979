"""A small made-up run of tracking data: two halves, 22 players with shirts, a ball, a gap, possession."""

from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.core.config import Config
from pipeline.core.json_files import write_json
from pipeline.formats.readers.match_data import MatchData, Person, Samples
from pipeline.formats.readers.match_tables import tables_of
from pipeline.positions.gap_filling import bridged
from pipeline.tables import storage

SECONDS = 4.0
SHORT_GAP, LONG_GAP = 3, 5
"""Rows of people: unseen for 0.4 s and for 2 s in the first half."""


def match(fps: float = 10.0, seed: int = 3, numbered: bool = True) -> MatchData:
    """Two halves of `SECONDS`: team A defends the left first; the second half begins late by its clock."""
    n = round(SECONDS * fps)
    clock = np.tile(np.arange(n) / fps, 2)
    period = np.repeat([1, 2], n)
    rng = np.random.default_rng(seed)
    centre = np.c_[rng.uniform(-40, 10, 11), rng.uniform(-30, 30, 11)]
    centre[0] = (-45, 0)
    centre = np.r_[centre, -centre]
    sign = np.where(period == 1, 1, -1)[:, None, None]
    xy = sign * centre + 3 * np.sin(clock[:, None, None] * 0.8 + np.arange(22)[None, :, None])
    row, who = np.repeat(np.arange(2 * n), 22), np.tile(np.arange(22), 2 * n)
    seen = ~((who == SHORT_GAP) & (period[row] == 1) & (clock[row] > 0.95) & (clock[row] < 1.35))
    seen &= ~((who == LONG_GAP) & (period[row] == 1) & (clock[row] > 0.95) & (clock[row] < 2.95))
    people = tuple(
        Person(
            "A" if i < 11 else "B",
            "goalkeeper" if i % 11 == 0 else "player",
            name=f"Player Number{i}",
            jersey=i % 11 + 1 if numbered else None,
            provider_id=str(500 + i),
            on_s=0.0,
        )
        for i in range(22)
    )
    ball_row = np.flatnonzero(clock > 0.5)
    return MatchData(
        provider="made up",
        frame=np.arange(2 * n),
        period=period,
        clock_s=clock,
        people=people,
        samples=Samples(row[seen], who[seen], xy.reshape(-1, 2)[seen]),
        ball_row=ball_row,
        ball_m=np.c_[5 * np.sin(clock), np.cos(clock)][ball_row],
        owner=None,
        pitch_m=(105.0, 68.0),
        steady=True,
        team_names={"A": "Reds", "B": "Blues"},
    )


def build(root: Path, **changes: object) -> Path:
    """Write the run directory; ``changes`` go to `match`."""
    made = tables_of(match(**changes), 0.3)  # type: ignore[arg-type]
    frames, seen = made["frames"], made["positions"]
    filled = bridged(seen, frames, np.ones(len(frames), bool), 1.0).assign(source="interpolated")
    filled["instance"] = pd.array([pd.NA] * len(filled), dtype="Int32")
    whole = seen.drop(columns="ball").assign(source="observed").astype({"instance": "Int32"})
    made["positions"] = pd.concat([whole, filled])
    made["periods"] = made["periods"].assign(attack_a=["left_to_right", "right_to_left"])
    spell = {"start_s": 1.0, "end_s": 2.0, "team": "B", "source": "given", "score": 1.0}
    made["possession"] = pd.DataFrame([spell])
    for name, table in made.items():
        storage.write(table, root / "tables" / f"{name}.parquet", name)
    record = {"kind": "tracking", "state": "finished", "source": "made up", "video": {"fingerprint": "f"}}
    write_json(root / "run.json", record | {"config": Config().model_dump(), "versions": {}})
    return root
