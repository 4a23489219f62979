"""A finished run as tracking data: its positions with who is who, possession, periods and line-up.

So a run can be analysed anew, with other settings, without losing what its tables know.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.core.errors import TrackingError, UserError
from pipeline.formats.readers.match_data import CLOCK_START_S, MatchData, Person, Samples
from pipeline.runs.match_sheet import match_sheet
from pipeline.runs.pitch_tracks import RunTracks, tracks_of
from pipeline.runs.stored_run import StoredRun

if TYPE_CHECKING:
    import pandas as pd

RECORD = "run.json"


def run_of(source: Path) -> Path | None:
    """Find the run that ``source`` is, or is the table ``positions`` of; None where it is neither."""
    if source.is_dir():
        return source if (source / RECORD).is_file() else None
    own = source.stem == "positions" and source.parent.name == "tables"
    root = source.parent.parent
    return root if own and (root / RECORD).is_file() else None


def read(source: Path) -> MatchData:
    """Read the run that ``source`` names.

    Raises
    ------
    TrackingError
        If it is not finished, or holds no tracks on the pitch.
    """
    root = run_of(source)
    if root is None:
        raise TrackingError(f"{source}: no run, nor the table positions of one")
    try:
        run = StoredRun.open(root)
        tracks = tracks_of(run, "analyze", of_export=False)
    except UserError as error:
        raise TrackingError(str(error)) from error
    return _match(run, tracks)


def _match(run: StoredRun, tracks: RunTracks) -> MatchData:
    frames = tracks.frames
    time_s = frames["time_s"].to_numpy(float)
    begun = np.searchsorted(tracks.periods["start_s"].to_numpy(float), time_s + 1e-6, side="right") - 1
    begun = np.clip(begun, 0, None)
    period = tracks.periods["period"].to_numpy(np.int64)[begun]
    clock = time_s - tracks.periods["start_s"].to_numpy(float)[begun]
    playing = tracks.positions[tracks.positions["observed"] & tracks.positions["track_id"].notna()]
    people, number = _people(run, tracks)
    seen = playing[playing["track_id"].isin(list(number))]
    ball = tracks.positions[(tracks.positions["role"] == "ball") & tracks.positions["observed"]]
    ball = ball.drop_duplicates("frame")
    row_of = frames["frame"].to_numpy(np.int64)
    facts = run.record.get("tracking", {})
    owner = tracks.owners(time_s)
    return MatchData(
        provider="teamshape",
        frame=row_of,
        period=period,
        clock_s=np.maximum(clock, 0.0),
        people=people,
        samples=Samples(
            np.searchsorted(row_of, seen["frame"].to_numpy(np.int64)),
            np.array([number[int(t)] for t in seen["track_id"]], np.int64),
            seen[["x_m", "y_m"]].to_numpy(float),
        ),
        ball_row=np.searchsorted(row_of, ball["frame"].to_numpy(np.int64)),
        ball_m=ball[["x_m", "y_m"]].to_numpy(float),
        owner=owner if len(tracks.possession) else None,
        pitch_m=tracks.pitch_m,
        steady=bool(facts.get("steady", False)),
        team_names={t: n if (n := run.team_name(t)) != f"Team {t}" else None for t in ("A", "B")},
        sheet=match_sheet(run.record),
    )


def _people(run: StoredRun, tracks: RunTracks) -> tuple[tuple[Person, ...], dict[int, int]]:
    """List everybody with a track, and the number of each track's person."""
    _, identities = run.by_person("positions")
    known = run.table("people").set_index("track_id")
    out: list[Person] = []
    number: dict[int, int] = {}
    for row in identities[identities["role"] != "ball"].to_dict("records"):
        track = int(row["track_id"])
        about = known.loc[track].to_dict() if track in known.index else {}
        number[track] = len(out)
        out.append(_person(row, about, tracks, named=not len(known) or track in known.index))
    return tuple(out), number


def _person(row: dict[Any, Any], about: dict[Any, Any], tracks: RunTracks, *, named: bool) -> Person:
    about = {k: None if v is None or v != v else v for k, v in about.items()}
    role = str(row["role"])
    return Person(
        "A" if row["team"] == "A" else "B" if row["team"] == "B" else None,
        role if role in ("player", "goalkeeper", "referee") else "unclear",  # type: ignore[arg-type]
        name=about.get("name"),
        jersey=None if about.get("jersey") is None else int(about["jersey"]),
        position=about.get("position"),
        provider_id=about.get("provider_id") or str(int(row["track_id"])),
        on_s=_clock_s(tracks.periods, about.get("on_s")),
        off_s=_clock_s(tracks.periods, about.get("off_s")),
        somebody=named,
    )


def _clock_s(periods: pd.DataFrame, time_s: float | None) -> float | None:
    """Turn s from the first frame into match clock."""
    if time_s is None:
        return None
    begun = periods[periods["start_s"] <= time_s + 1e-6]
    period = begun.iloc[-1] if len(begun) else periods.iloc[0]
    since = max(float(time_s) - float(period["start_s"]), 0.0)
    return CLOCK_START_S.get(int(period["period"]), 0.0) + since
