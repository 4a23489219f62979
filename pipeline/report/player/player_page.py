"""The page of one player: a file that needs nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from pipeline.core.errors import UserError
from pipeline.core.files import whole_file
from pipeline.metrics.direction.match_stretch import Stretch
from pipeline.report.heatmap import heatmap_run
from pipeline.report.heatmap.heatmap_data import heat_map
from pipeline.report.heatmap.heatmap_query import Choice
from pipeline.report.heatmap.panel import Panel, scale_texts
from pipeline.report.heatmap.panel_figures import panel_figure
from pipeline.report.heatmap.panels import panels
from pipeline.report.player import player_runs, player_texts
from pipeline.report.player.player_answer import PlayerAnswer
from pipeline.report.style.html_assets import asset, json_data, plotly_code, templates
from pipeline.report.style.pitch_plot import aspect, styled

_BAR, _FAINT = "#6fa98a", "#cfdcd3"
_LEAST_SEEN_MIN = 0.5
"""Windows in which he was seen for less are drawn faintly."""


def write_player(answer: PlayerAnswer, path: Path) -> None:
    """Write the page to ``path``, whole or not at all.

    Raises
    ------
    RunError
        If the disk is full or the folder cannot be written.
    """
    with whole_file(path) as part:
        part.write_text(page(answer), encoding="utf-8")


def page(answer: PlayerAnswer) -> str:
    """Make the HTML of a player's page."""
    from markupsafe import Markup

    maps, why = _maps(answer)
    figures: dict[str, Any] = {f"map_{i}": panel_figure(p) for i, p in enumerate(maps)}
    windows = answer.parts[answer.parts["by"] == "5min"]
    if len(windows) > 1:
        figures["pace"] = pace_figure(answer)
    return (
        templates()
        .get_template("player.html")
        .render(
            title=answer.who.label,
            about=player_texts.about(answer),
            facts=player_texts.facts(answer),
            rates=player_texts.rate_rows(answer),
            groups=player_texts.group_names(answer),
            parts=player_texts.part_rows(answer),
            roles=player_texts.role_rows(answer),
            off_ball=player_runs.off_ball_rows(answer),
            fast=player_runs.fast_rows(answer),
            pace_note=answer.pace_note,
            maps=[map_texts(p) for p in maps],
            no_maps=why,
            figures=set(figures),
            aspect=aspect(answer.run.pitch),
            css=Markup(asset("page.css")),
            plotly=Markup(plotly_code()),
            data=Markup(json_data(figures)),
        )
    )


def _maps(answer: PlayerAnswer) -> tuple[list[Panel], str]:
    """Heatmaps in and out of possession on one scale with their difference, else of all of the match."""
    run, track = answer.run, f"t{answer.who.tracks[0]}"
    heat = run.once("heatmap", lambda: heatmap_run.load(run))
    try:
        if len(run.table("possession")) and answer.who.team is not None:
            one, two = (heat_map(heat, Choice(track, part=Stretch(phase=p))) for p in ("in", "out"))
            return panels(one, two), ""
        return panels(heat_map(heat, Choice(track)), None), ""
    except UserError as error:
        try:
            return panels(heat_map(heat, Choice(track)), None), ""
        except UserError:
            return [], str(error)


def map_texts(panel: Panel) -> dict[str, Any]:
    """What is written around a heatmap."""
    return {
        "title": panel.title.partition(": ")[2] or panel.title,
        "facts": panel.facts,
        "direction": panel.direction,
        "unit": panel.unit,
        "colours": ", ".join(panel.colours),
        "scale": scale_texts(panel),
    }


def pace_figure(answer: PlayerAnswer) -> Any:
    """Draw his pace in each window of five minutes; faint where he was hardly seen."""
    import plotly.graph_objects as go

    rows = answer.parts[answer.parts["by"] == "5min"].sort_values("start_s")
    seen = (rows["minutes_visible"] >= _LEAST_SEEN_MIN).to_numpy(bool)
    labels = [p.rpartition(": ")[2].removesuffix(" min") for p in rows["part"]]
    figure = styled(go.Figure())
    figure.add_trace(
        go.Bar(
            x=list(range(len(rows))),
            y=rows["m_per_visible_min"].round(0).to_numpy(),
            marker_color=np.where(seen, _BAR, _FAINT).tolist(),
            customdata=np.round(rows["minutes_visible"].to_numpy(float), 1),
            hovertemplate="%{y:.0f} m/min, seen for %{customdata} min<extra></extra>",
        )
    )
    step = 1 if len(rows) <= 8 else 3
    figure.update_xaxes(tickvals=list(range(0, len(rows), step)), ticktext=labels[::step])
    figure.update_yaxes(title_text="m/min", rangemode="tozero")
    return figure
