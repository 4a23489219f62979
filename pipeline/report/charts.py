"""Which figures a page shows, and why those that it lacks are absent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from pipeline.report import figures_heat, figures_shape, figures_time, heat
from pipeline.report.colours import to_hex
from pipeline.report.run_data import RunData
from pipeline.report.wording import clock

NO_VIEW = "No camera view was found in this footage, so nothing can be given in metres."
NO_TRACKS = "Players were not followed over time (mode team), so there is nothing per player."
NOBODY = "Nobody with a team was placed on the pitch."
_MOST_PLAYERS = 60


@dataclass(slots=True)
class Charts:
    """``figures`` by name (plotly), ``reasons`` why a name has none, ``players``: heatmaps to choose from."""

    figures: dict[str, Any] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    stands: dict[str, figures_shape.Stand] = field(default_factory=dict)
    players: list[dict[str, Any]] = field(default_factory=list)


def charts(run: RunData) -> Charts:
    """Make every figure that the run has something for."""
    out = Charts()
    _add_stands(run, out)
    _add_positions(run, out)
    _add_heatmaps(run, out)
    _add_over_time(run, out)
    _add_quality(run, out)
    return out


def _why_no_metres(run: RunData) -> str:
    return NOBODY if run.has_views else NO_VIEW


def _add_stands(run: RunData, out: Charts) -> None:
    for team in ("A", "B"):
        rows = run.formations[run.formations["team"] == team].sort_values("n_frames")
        stood = figures_shape.stand(run.people, rows.iloc[-1]) if len(rows) else None
        if stood is None:
            few = f"Too few players of team {team} were seen together."
            out.reasons[f"stand_{team}"] = few if len(run.people) else _why_no_metres(run)
            continue
        known = isinstance(rows.iloc[-1]["attack"], str)
        out.stands[team] = stood
        colour = run.colours.team(team).page
        out.figures[f"stand_{team}"] = figures_shape.stand_figure(stood, run.pitch, colour, known)
    if len(out.stands) == 2:
        both = [out.stands["A"], out.stands["B"]]
        out.figures["both"] = figures_shape.both_figure(both, run.pitch, run.colours)
    else:
        out.reasons["both"] = "Needs the shape of both teams."


def _add_positions(run: RunData, out: Charts) -> None:
    if len(run.movement):
        out.figures["positions"] = figures_shape.positions_figure(run.movement, run.pitch, run.colours)
    elif not run.tracked:
        out.reasons["positions"] = NO_TRACKS
    else:
        out.reasons["positions"] = _why_no_metres(run)


def _add_heatmaps(run: RunData, out: Charts) -> None:
    people = attack_to_the_right(run.people, run.formations)
    if not len(people):
        out.reasons |= dict.fromkeys(("heat_A", "heat_B", "heat_player"), _why_no_metres(run))
        return
    grids = {t: _grid(run, people[people["team"] == t]) for t in ("A", "B")}
    top = heat.cap(list(grids.values()))
    for team, grid in grids.items():
        colour = run.colours.team(team).page
        out.figures[f"heat_{team}"] = figures_heat.heat_figure(
            grid, run.pitch, colour, top, _attack_known(run, team)
        )
    if not run.tracked:
        out.reasons["heat_player"] = NO_TRACKS
        return
    out.players = _players(run, people)
    out.figures["heat_player"] = figures_heat.heat_figure(None, run.pitch, (30, 110, 80), 1.0, False)


def _players(run: RunData, people: pd.DataFrame) -> list[dict[str, Any]]:
    known = people[people["track_id"].notna()]
    seconds = run.seconds.reindex(known["frame"]).to_numpy(float)
    total = pd.Series(seconds, index=known.index).groupby(known["track_id"]).sum()
    longest = total.sort_values(ascending=False).head(_MOST_PLAYERS)
    out = []
    for track in longest.index.astype(int).tolist():
        rows = known[known["track_id"] == track]
        first = rows.iloc[0]
        out.append(
            heat.packed(_grid(run, rows))
            | {
                "track": track,
                "team": first["team"],
                "name": f"{track} – {first['role']}, {clock(float(total[track]))} visible",
                "seconds": float(total[track]),
                "scale": figures_heat.colour_scale(run.colours.team(first["team"]).page),
                "colour": to_hex(run.colours.team(first["team"]).page),
            }
        )
    return sorted(out, key=lambda p: (p["team"], -p["seconds"]))


def _grid(run: RunData, rows: pd.DataFrame) -> heat.Array:
    seconds = run.seconds.reindex(rows["frame"]).to_numpy(float)
    x, y = rows["x_m"].to_numpy(float), rows["y_m"].to_numpy(float)
    return heat.seconds_grid(x, y, seconds, run.pitch, run.config.report.heatmap_sigma_m)


def _add_over_time(run: RunData, out: Charts) -> None:
    if len(run.shapes):
        out.figures["shape_time"] = figures_time.shape_figure(run.shapes, run.colours)
    else:
        out.reasons["shape_time"] = _why_no_metres(run)


def _add_quality(run: RunData, out: Charts) -> None:
    time_s = run.frames["time_s"].to_numpy(float)
    people = run.labels[run.labels["role"].isin(["player", "goalkeeper", "unclear"])]
    counts: dict[str, heat.Array] = {}
    for name, rows in (
        ("Team A", people[people["team"] == "A"]),
        ("Team B", people[people["team"] == "B"]),
        ("All players", people),
    ):
        per_frame = rows.groupby("frame").size().reindex(run.frames["frame"], fill_value=0)
        counts[name] = np.asarray(per_frame, np.float64)
    out.figures["people"] = figures_time.people_figure(time_s, counts, run.colours)
    views = run.views.set_index("frame")["source"].reindex(run.frames["frame"]).fillna("none")
    cuts = run.frames["shot"].diff().fillna(0).to_numpy() > 0
    source = views.to_numpy(dtype=object)
    out.figures["views"] = figures_time.view_figure(time_s, source, run.duration_s, time_s[cuts])
    if len(run.positions):
        error = run.positions["error_m"].to_numpy(float)
        out.figures["errors"] = figures_time.histogram_figure(error, "m")
    else:
        out.reasons["errors"] = NO_VIEW
    if len(run.identities):
        length = (run.identities["last_s"] - run.identities["first_s"]).to_numpy(float)
        out.figures["tracks"] = figures_time.histogram_figure(length, "s")
    else:
        out.reasons["tracks"] = "Nobody was followed long enough." if run.tracked else NO_TRACKS
    _add_coverage(run, out)


def _add_coverage(run: RunData, out: Charts) -> None:
    video = run.record.get("video", {})
    if not run.has_views or not {"height_px", "width_px"} <= video.keys():
        out.reasons["coverage"] = NO_VIEW
        return
    grid = heat.view_grid(run.views, run.seconds, video["height_px"], video["width_px"], run.pitch)
    total = max(run.duration_s, 1e-6)
    figure = figures_heat.heat_figure(
        100 * grid / total, run.pitch, (60, 110, 150), 100.0, False, "% of the time"
    )
    out.figures["coverage"] = figure


def attack_to_the_right(people: pd.DataFrame, formations: pd.DataFrame) -> pd.DataFrame:
    """Turn the positions of teams that attack to the left, where the direction is known, by half a turn."""
    turn = np.zeros(len(people), dtype=bool)
    for row in formations[formations["attack"] == "right_to_left"].to_dict("records"):
        inside = people["time_s"].between(row["start_s"], row["end_s"] + 1e-6)
        turn |= (inside & (people["team"] == row["team"])).to_numpy(bool)
    sign = np.where(turn, -1.0, 1.0)
    return people.assign(x_m=people["x_m"] * sign, y_m=people["y_m"] * sign)


def _attack_known(run: RunData, team: str) -> bool:
    rows = run.formations.loc[run.formations["team"] == team, "attack"]
    return bool(len(rows) and rows.notna().all())
