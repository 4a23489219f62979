"""Where each player was on average, by half, everybody who played."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.report.drawing.discs import Mark
from pipeline.report.drawing.page_theme import team_ink
from pipeline.report.page.match_halves import Part, parts
from pipeline.report.page.person_names import listed, names, on_disc, surnames, team_name
from pipeline.report.page.shape_figures import positions_figure
from pipeline.report.style.texts import words
from pipeline.report.style.wording import share
from pipeline.tables.names import label_of

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.run_data import RunData

_MOST = 16
_LEAST_SHARE = 0.02


def places(run: RunData, turned: pd.DataFrame, known: bool) -> list[dict[str, Any]]:
    """Draw each part: its name and a figure a team; nothing in mode team or without positions.

    ``turned`` are the people on the pitch, who attack to the right where the direction is ``known``.
    """
    turned = turned[turned["track_id"].notna()]
    if not run.tracked or not len(turned):
        return []
    if chosen := listed(run):
        turned = turned[turned["track_id"].isin(chosen)]
    out = []
    for part in parts(run):
        own = turned[turned["time_s"].between(part.start_s, part.end_s + 1e-6)]
        teams = [_figure(run, part, team, own[own["team"] == team], known) for team in ("A", "B")]
        if found := [t for t in teams if t is not None]:
            out.append({"name": part.name, "teams": found})
    return out


def _figure(run: RunData, part: Part, team: str, rows: pd.DataFrame, known: bool) -> dict[str, Any] | None:
    frames = run.frames["time_s"].between(part.start_s, part.end_s + 1e-6).sum()
    by_track = rows.groupby("track_id").agg(x_m=("x_m", "mean"), y_m=("y_m", "mean"), n=("frame", "nunique"))
    by_track = by_track.sort_values("n", ascending=False).head(_MOST)
    by_track = by_track[by_track["n"] >= _LEAST_SHARE * max(frames, 1)]
    if not len(by_track):
        return None
    tracks = [int(t) for t in by_track.index]
    last, called, found = surnames(run), names(run), []
    for i, (track, short, row) in enumerate(
        zip(tracks, on_disc(run, tracks), by_track.to_dict("records"), strict=True)
    ):
        seen = float(row["n"]) / max(frames, 1)
        says = words("positions.says", who=label_of(called, track), seen=share(seen))
        where = float(row["x_m"]), float(row["y_m"])
        found.append(Mark(where, short, last.get(track, ""), says, hollow=i >= run.pitch.players))
    label = words("positions.label", team=team_name(run, team), part=part.name)
    figure = positions_figure(found, run.pitch, team_ink(team), label, known)
    return {"team": team, "name": team_name(run, team), "figure": figure}
