"""Which figures a page shows, and why those that it lacks are absent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.metrics.comparison.shape_distance import Comparison, compare
from pipeline.metrics.direction.left_to_right import attack_to_the_right, sides
from pipeline.metrics.heatmap.occupancy import colour_cap
from pipeline.metrics.movement.time_seen import seconds_behind
from pipeline.metrics.summary import shape_players
from pipeline.report.heatmap import heatmap_figures
from pipeline.report.heatmap import heatmap_ground as heat
from pipeline.report.page import shape_figures, time_figures
from pipeline.report.page.formation_texts import longest
from pipeline.report.page.movement_table import fast_from_kmh, fast_m
from pipeline.report.page.person_names import listed, names, on_disc
from pipeline.report.page.window_shape import Stand, stand
from pipeline.report.run_data import RunData
from pipeline.report.style.wording import clock, metres, number, share
from pipeline.tables.names import label_of

if TYPE_CHECKING:
    import pandas as pd

NO_VIEW = "No camera view was found in this footage, so nothing can be given in metres."
NO_TRACKS = "Players were not followed over time (mode team), so there is nothing per player."
NOBODY = "Nobody with a team was placed on the pitch."
_MOST_PLAYERS = 60
_MIN_COMPARED = 7
"""Roles that both teams need before a distance between their shapes means something."""
_PLAYERS = ("player", "goalkeeper", "unclear")


@dataclass(slots=True)
class Charts:
    """What the page draws.

    ``figures`` by name (plotly); ``reasons`` why a name has none; ``heat``: the teams' heatmaps, and
    ``players`` those of players to choose from, both packed (`heat.packed`) in seconds and as share of
    the time in view.
    """

    figures: dict[str, Any] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    stands: dict[str, Stand] = field(default_factory=dict)
    comparison: Comparison | None = None
    heat: dict[str, dict[str, Any]] = field(default_factory=dict)
    players: list[dict[str, Any]] = field(default_factory=list)


def charts(run: RunData) -> Charts:
    """Make every figure that the run has something for."""
    out = Charts()
    ground = heat.ground(run, sides(run.playing, run.formations, run.periods))
    _add_stands(run, out)
    _add_positions(run, out, ground)
    _add_heatmaps(run, out, ground)
    _add_over_time(run, out)
    _add_quality(run, out)
    _add_coverage(run, out, ground)
    return out


def _why_no_metres(run: RunData) -> str:
    return NOBODY if run.has_views else NO_VIEW


def _add_stands(run: RunData, out: Charts) -> None:
    for team in ("A", "B"):
        row = longest(run.formations, team)
        stood = None if row is None else stand(run.playing, row, run.pitch.outfield)
        if stood is None:
            few = f"Too few players of team {team} were seen together."
            out.reasons[f"stand_{team}"] = few if len(run.playing) else _why_no_metres(run)
            continue
        out.stands[team] = stood
        colour = run.colours.team(team).page
        out.figures[f"stand_{team}"] = shape_figures.stand_figure(stood, run.pitch, colour)
    if len(out.stands) == 2:
        both = [out.stands["A"], out.stands["B"]]
        if min(len(s.model.roles) for s in both) >= _MIN_COMPARED:
            out.comparison = compare(both[0].model, both[1].model)
        inks = [run.colours.team(s.team).page for s in both]
        out.figures["both"] = shape_figures.both_figure(both, run.pitch, inks)
    else:
        out.reasons["both"] = "Needs the shape of both teams."


def _add_positions(run: RunData, out: Charts, ground: heat.Ground) -> None:
    known = listed(run)
    movement = run.movement[run.movement["track_id"].isin(known)] if known else run.movement
    if run.periods["attack_a"].notna().any():
        turned = attack_to_the_right(run.playing, ground.sides)
        means = turned.groupby("track_id")[["x_m", "y_m"]].mean()
        movement = movement[movement["track_id"].isin(means.index)]
        movement = movement.assign(
            **{f"mean_{n}": movement["track_id"].map(means[n]) for n in ("x_m", "y_m")}
        )
    where = movement[["mean_x_m", "mean_y_m"]].to_numpy(float)
    movement = movement[run.pitch.contains(where, 1.0)]
    if len(movement):
        called = on_disc(run, movement["track_id"].astype(int))
        out.figures["positions"] = shape_figures.positions_figure(
            movement.assign(called=called), run.pitch, run.colours
        )
    else:
        out.reasons["positions"] = NO_TRACKS if not run.tracked else _why_no_metres(run)


def _add_heatmaps(run: RunData, out: Charts, ground: heat.Ground) -> None:
    people = attack_to_the_right(run.playing, ground.sides)
    people = people.assign(seconds=seconds_behind(people))
    if not len(people):
        out.reasons |= dict.fromkeys(("heat_A", "heat_B", "heat_player"), _why_no_metres(run))
        return
    seconds = {t: ground.seconds(people[people["team"] == t]) for t in ("A", "B")}
    in_view = {t: ground.in_view_s(t) for t in seconds}
    known_shares = {t: ground.occupancy(s, in_view[t]) for t, s in seconds.items()}
    shares = {t: np.nan_to_num(s) for t, s in known_shares.items()}
    tops = colour_cap(*seconds.values()) or 1.0, colour_cap(*shares.values()) or 1.0
    for team in ("A", "B"):
        colour, known = run.colours.team(team).page, _attack_known(run, team)
        out.heat[f"heat_{team}"] = {
            "seconds": heat.packed(seconds[team], tops[0]),
            "share": heat.packed(shares[team], tops[1]),
        }
        unseen = np.isnan(known_shares[team]) if run.has_views else None
        out.figures[f"heat_{team}"] = heatmap_figures.heat_figure(
            ground.grid, None, run.pitch, colour, attack=known, unseen=unseen
        )
    if not run.tracked:
        out.reasons["heat_player"] = NO_TRACKS
        return
    out.players = _players(run, people, ground, in_view)
    out.figures["heat_player"] = heatmap_figures.heat_figure(ground.grid, None, run.pitch, (30, 110, 80))


def _players(
    run: RunData, people: pd.DataFrame, ground: heat.Ground, in_view: dict[str, heat.Array]
) -> list[dict[str, Any]]:
    known = people[people["track_id"].notna()]
    if called := names(run):
        known = known[known["track_id"].isin(list(called))]
    longest = known["track_id"].value_counts().index[:_MOST_PLAYERS].astype(int).tolist()
    out = []
    for track in longest:
        rows = known[known["track_id"] == track]
        first, seconds = rows.iloc[0], ground.seconds(rows)
        visible = float(rows["seconds"].sum())
        out.append(
            {
                "seconds": heat.packed(seconds),
                "share": heat.packed(np.nan_to_num(ground.occupancy(seconds, in_view[first["team"]]))),
                "track": track,
                "team": str(first["team"]),
                "name": f"{label_of(called, track)} – {first['role']}, {clock(visible)} visible",
                "visible_s": visible,
                "scale": heatmap_figures.colour_scale(run.colours.team(str(first["team"])).page),
                "facts": _player_facts(run, track),
            }
        )
    return sorted(out, key=lambda p: (p["team"], -p["visible_s"]))


def _player_facts(run: RunData, track: int) -> list[tuple[str, str]]:
    rows = run.movement[run.movement["track_id"] == track].to_dict("records")
    if not rows:
        return []
    row = rows[0]
    return [
        ("Visible", share(row["coverage"]) + " of the play"),
        ("Distance", f"{metres(row['distance_visible_m'])} ± {metres(row['distance_error_m'], 'm')}"),
        ("Pace", number(row["m_per_visible_min"], 0, "m/min")),
        ("Mean speed", number(row["mean_speed_mps"] * 3.6, 1, "km/h")),
        ("PSV-99", number(row["psv99_mps"] * 3.6, 1, "km/h")),
        (f"Above {fast_from_kmh(row):g} km/h", metres(fast_m(row), "m")),
        ("Sprints", number(row["sprints"])),
    ]


def _add_over_time(run: RunData, out: Charts) -> None:
    if run.shapes["length_m"].notna().any():
        out.figures["shape_time"] = time_figures.shape_figure(run.shapes, run.colours)
    elif len(run.shapes):
        fewest = shape_players(run.config)
        out.reasons["shape_time"] = f"Never were {fewest} outfield players of a team in view together."
    else:
        out.reasons["shape_time"] = _why_no_metres(run)


def _add_quality(run: RunData, out: Charts) -> None:
    time_s = run.frames["time_s"].to_numpy(float)
    people = run.labels[run.labels["role"].isin(_PLAYERS)]
    counts: dict[str, heat.Array] = {}
    for name, rows in (
        ("Team A", people[people["team"] == "A"]),
        ("Team B", people[people["team"] == "B"]),
        ("All players", people),
    ):
        per_frame = rows.groupby("frame").size().reindex(run.frames["frame"], fill_value=0)
        counts[name] = np.asarray(per_frame, np.float64)
    out.figures["people"] = time_figures.people_figure(time_s, counts, run.colours)
    if run.kind == "video":
        _add_views(run, out, time_s)
    if len(run.positions):
        error = run.positions["error_m"].to_numpy(float)
        out.figures["errors"] = time_figures.histogram_figure(error, "m")
    else:
        out.reasons["errors"] = NO_VIEW
    if len(run.identities):
        length = (run.identities["last_s"] - run.identities["first_s"]).to_numpy(float)
        out.figures["tracks"] = time_figures.histogram_figure(length, "s")
    else:
        out.reasons["tracks"] = "Nobody was followed long enough." if run.tracked else NO_TRACKS


def _add_views(run: RunData, out: Charts, time_s: heat.Array) -> None:
    views = run.views.set_index("frame")["source"].reindex(run.frames["frame"]).fillna("none")
    cuts = run.frames["shot"].diff().fillna(0).to_numpy() > 0
    source = views.to_numpy(dtype=object)
    out.figures["views"] = time_figures.view_figure(time_s, source, run.end_s, time_s[cuts])


def _add_coverage(run: RunData, out: Charts, ground: heat.Ground) -> None:
    in_view = ground.in_view_s(None)
    if not in_view.any():
        out.reasons["coverage"] = NO_VIEW
        return
    percent = 100 * in_view / max(run.duration_s, 1e-6)
    out.figures["coverage"] = heatmap_figures.heat_figure(
        ground.grid, percent, run.pitch, (60, 110, 150), 100.0
    )


def _attack_known(run: RunData, team: str) -> bool:
    rows = run.formations.loc[run.formations["team"] == team, "attack"]
    return bool(len(rows) and rows.notna().all())
