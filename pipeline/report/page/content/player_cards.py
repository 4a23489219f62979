"""A card for each player: who, how long, how much he ran, where he was with and without the ball."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.direction.match_stretch import Stretch, inside
from pipeline.metrics.heatmap.occupancy import colour_cap
from pipeline.report.drawing.heat_picture import css_gradient, heat_image
from pipeline.report.drawing.pitch_drawing import pitch_svg
from pipeline.report.heatmap.heatmap_ground import Ground
from pipeline.report.page.formation_texts import PHASES, roles_of, row_of
from pipeline.report.page.match_halves import parts
from pipeline.report.page.movement_table import MOST_ROWS, fast_from_kmh, fast_m, minutes_on_pitch, with_error
from pipeline.report.page.person_names import listed, names, on_disc, team_name
from pipeline.report.style.texts import words
from pipeline.report.style.wording import clock, metres, number, share
from pipeline.tables.names import label_of

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.run_data import RunData

Array = NDArray[np.float64]
_LEAST_SHARE = 0.1
_MOST_ROLES = 2


def cards(run: RunData, people: pd.DataFrame, ground: Ground) -> list[dict[str, Any]]:
    """Make the cards, a team after the other, whom was seen longest first; at most `MOST_ROWS`.

    ``people`` are those on the pitch, turned to attack to the right. Everybody's maps share one scale.
    """
    if not run.tracked:
        return []
    known = people[people["track_id"].notna() & people["team"].isin(["A", "B"])]
    if chosen := listed(run):
        known = known[known["track_id"].isin(chosen)]
    tracks = known["track_id"].value_counts().index[:MOST_ROWS].astype(int).tolist()
    unseen = {team: _unseen(run, ground, team) for team in ("A", "B")}
    own = {track: known[known["track_id"] == track] for track in tracks}
    maps = {track: _maps(run, rows, ground, unseen) for track, rows in own.items()}
    top = colour_cap(*(values for found in maps.values() for values, _ in found.values())) or 1.0
    roles, minutes = roles_by_part(run), minutes_on_pitch(run)
    made = [
        _card(run, own[t], maps[t], top)
        | {"roles": roles.get(t, ""), "facts": _facts(run, t, minutes.get(t))}
        for t in tracks
    ]
    return sorted(made, key=lambda card: (card["team"], -card["visible_s"]))


def roles_by_part(run: RunData) -> dict[int, str]:
    """Say which roles each player had in each part, most of the time first: ``RB; CB, RB``."""
    out: dict[int, list[str]] = {}
    for part in parts(run):
        for team in ("A", "B"):
            row = row_of(run, part, team, "all")
            if row is None:
                continue
            own = roles_of(run.roles, row)
            own = own[own["share"] >= _LEAST_SHARE].sort_values("share", ascending=False)
            for _, rows in own.groupby("track_id"):
                called = ", ".join(rows["role"].astype(str).tolist()[:_MOST_ROLES])
                found = out.setdefault(int(rows["track_id"].iloc[0]), [])
                if called not in found:
                    found.append(called)
    return {track: "; ".join(found) for track, found in out.items()}


def _unseen(run: RunData, ground: Ground, team: str) -> NDArray[np.bool_] | None:
    if not run.has_views:
        return None
    return np.isnan(ground.occupancy(np.zeros(ground.grid.shape), ground.in_view_s(team)))


def _maps(
    run: RunData, rows: pd.DataFrame, ground: Ground, unseen: dict[str, NDArray[np.bool_] | None]
) -> dict[str, tuple[Array, float]]:
    """Share of the own time, % per m², and the seconds behind it: in all, and in each phase with any."""
    team, out = str(rows["team"].iloc[0]), {}
    times = rows["time_s"].to_numpy(float)
    height, width = ground.grid.cell_m
    for phase in PHASES:
        if phase != "all" and not len(run.possession):
            continue
        part = Stretch(phase=None if phase == "all" else phase)  # type: ignore[arg-type]
        seconds = ground.seconds(rows[inside(times, part, team, run.periods, run.possession)])
        total = float(seconds.sum())
        if total <= 0:
            continue
        values = 100 * seconds / total / (height * width)
        hidden = unseen[team]
        out[phase] = (values if hidden is None else np.where(hidden, np.nan, values), total)
    return out


def _card(
    run: RunData, rows: pd.DataFrame, maps: dict[str, tuple[Array, float]], top: float
) -> dict[str, Any]:
    first = rows.iloc[0]
    track, team = int(first["track_id"]), str(first["team"])
    colour, called = run.colours.team(team).page, label_of(names(run), track)
    short = on_disc(run, [track])[0]
    scale = words("heat.top_own", top=f"{top:.2g}")
    whole_s = max(maps["all"][1], 1e-9) if maps else 1.0
    drawn = [
        {
            "name": words(f"heat.short_{phase}"),
            "figure": pitch_svg(
                run.pitch,
                words("players.map_label", who=called, phase=PHASES[phase], seen=share(seconds / whole_s)),
                under=heat_image(values, top, colour, run.pitch),
            ),
            "seen": words("heat.seen", share=share(seconds / whole_s)),
        }
        for phase, (values, seconds) in maps.items()
    ]
    return {
        "track": track,
        "team": team,
        "team_name": team_name(run, team),
        "short": short,
        "name": called.removeprefix(f"{short} ") or called,
        "role": str(first["role"]),
        "first_s": float(rows["time_s"].min()),
        "visible_s": whole_s,
        "maps": drawn,
        "bar": css_gradient(colour),
        "top": scale,
    }


def _facts(run: RunData, track: int, minutes: float | None) -> list[tuple[str, str]]:
    rows = run.movement[run.movement["track_id"] == track].to_dict("records")
    if not rows:
        return []
    row = rows[0]
    seen = clock(60 * float(row["minutes_visible"]))
    out = [(words("players.seen"), words("players.seen_value", time=seen, share=share(row["coverage"])))]
    if minutes is not None:
        out.insert(0, (words("players.on_pitch"), f"{minutes:.0f}′"))
    return [
        *out,
        (words("players.distance"), f"{metres(row['distance_visible_m'])} {with_error(row)}\u00a0m"),
        (words("players.pace"), number(row["m_per_visible_min"], 0, "m/min")),
        (words("players.top"), number(row["psv99_mps"] * 3.6, 1, "km/h")),
        (words("players.fast", kmh=f"{fast_from_kmh(row):g}"), metres(fast_m(row), "m")),
        (words("players.sprints"), number(row["sprints"])),
    ]
