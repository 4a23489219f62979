"""Which figures a page shows, and why those that it lacks are absent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pipeline.metrics.comparison.shape_distance import Comparison, compare
from pipeline.metrics.direction.left_to_right import attack_to_the_right, sides
from pipeline.metrics.movement.time_seen import seconds_behind
from pipeline.metrics.summary import shape_players
from pipeline.report.drawing.page_theme import team_ink
from pipeline.report.heatmap import heatmap_ground as heat
from pipeline.report.page import shape_figures, time_figures
from pipeline.report.page.content import average_places, player_cards, quality_charts, stand_halves, team_heat
from pipeline.report.page.content.stand_halves import HalfStanding
from pipeline.report.page.formation_texts import longest
from pipeline.report.page.person_names import team_name
from pipeline.report.page.window_shape import Stand, stand
from pipeline.report.run_data import RunData
from pipeline.report.style.texts import words

_MIN_COMPARED = 7
"""Roles that both teams need before a distance between their shapes means something."""


@dataclass(slots=True)
class Charts:
    """What the page draws.

    ``figures`` by name, SVG (or Plotly's, of sections that other packages bring); ``reasons`` why a name has
    none; ``halves``: how the teams stood, part by part; ``places``: average positions likewise; ``heat``: the
    teams' heatmaps by kind; ``cards``: one a player. ``stands``: the longest shape of each team, which
    ``comparison`` is about.
    """

    figures: dict[str, Any] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    stands: dict[str, Stand] = field(default_factory=dict)
    comparison: Comparison | None = None
    halves: list[HalfStanding] = field(default_factory=list)
    places: list[dict[str, Any]] = field(default_factory=list)
    heat: list[dict[str, Any]] = field(default_factory=list)
    cards: list[dict[str, Any]] = field(default_factory=list)


def charts(run: RunData) -> Charts:
    """Make every figure that the run has something for."""
    out = Charts()
    ground = heat.ground(run, sides(run.playing, run.formations, run.periods))
    _add_stands(run, out)
    _add_people(run, out, ground)
    _add_over_time(run, out)
    _add_quality(run, out, ground)
    return out


def _why_no_metres(run: RunData) -> str:
    return words("reasons.nobody" if run.has_views else "reasons.no_view")


def _add_stands(run: RunData, out: Charts) -> None:
    out.halves = stand_halves.by_half(run)
    for team in ("A", "B"):
        row = longest(run.formations, team)
        stood = None if row is None else stand(run.playing, row, size=run.pitch.outfield)
        if stood is None:
            few = words("reasons.too_few", team=team)
            out.reasons[f"stand_{team}"] = few if len(run.playing) else _why_no_metres(run)
            continue
        out.stands[team] = stood
    if len(out.stands) < 2:
        out.reasons["both"] = words("reasons.both")
        return
    both = [out.stands["A"], out.stands["B"]]
    if min(len(s.model.roles) for s in both) >= _MIN_COMPARED:
        out.comparison = compare(both[0].model, both[1].model)
    inks = [team_ink(s.team) for s in both]
    out.figures["both"] = shape_figures.both_figure(both, run.pitch, inks, words("shape.both_label"))


def _add_people(run: RunData, out: Charts, ground: heat.Ground) -> None:
    people = attack_to_the_right(run.playing, ground.sides)
    people = people.assign(seconds=seconds_behind(people))
    known = len(ground.sides.sign_a) > 0 and bool(ground.sides.sign_a.all())
    out.places = average_places.places(run, people, known)
    if not out.places:
        out.reasons["positions"] = _why_no_metres(run) if run.tracked else words("reasons.no_tracks")
    if not len(people):
        out.reasons |= dict.fromkeys(("heat", "cards"), _why_no_metres(run))
        return
    out.heat = team_heat.tabs(run, people, ground)
    out.cards = player_cards.cards(run, people, ground)
    if not out.cards:
        out.reasons["cards"] = words("reasons.nobody_followed" if run.tracked else "reasons.no_tracks")


def _add_over_time(run: RunData, out: Charts) -> None:
    if not len(run.shapes):
        out.reasons["shape_time"] = _why_no_metres(run)
        return
    if not run.shapes["length_m"].notna().any():
        out.reasons["shape_time"] = words("reasons.too_few_for_shape", fewest=shape_players(run.config))
        return
    teams = {team: team_name(run, team) for team in ("A", "B")}
    titles = {name: words(f"measures.{name}") for name in time_figures.MEASURES}
    series = time_figures.team_series(run.shapes, teams, titles)
    span = float(run.frames["time_s"].min()), run.end_s
    out.figures["shape_time"] = time_figures.shape_figure(
        series, quality_charts.ticks(run), span, words("time.label")
    )


def _add_quality(run: RunData, out: Charts, ground: heat.Ground) -> None:
    out.figures["people"] = quality_charts.people(run)
    if run.kind == "video":
        out.figures["views"] = quality_charts.views(run)
    if len(run.positions):
        out.figures["errors"] = quality_charts.errors(run)
    else:
        out.reasons["errors"] = words("reasons.no_view")
    if len(run.identities):
        out.figures["tracks"] = quality_charts.tracks(run)
    else:
        out.reasons["tracks"] = words("reasons.nobody_followed" if run.tracked else "reasons.no_tracks")
    covered = quality_charts.coverage(run, ground)
    if covered is None:
        out.reasons["coverage"] = words("reasons.no_view")
    else:
        out.figures["coverage"] = covered
