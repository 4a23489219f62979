"""The page: one HTML file that needs nothing else, not even a network; a list of sections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core.errors import ExtensionError, UserError
from pipeline.core.files import whole_file
from pipeline.metrics.summary import shape_players
from pipeline.report.drawing.page_theme import theme_css
from pipeline.report.drawing.pitch_drawing import pitch_lines
from pipeline.report.page import page_texts
from pipeline.report.page.charts import charts
from pipeline.report.page.content.video_player import Player, player
from pipeline.report.page.section import Facts, PageData, Section, with_added
from pipeline.report.page.sections import OWN_SECTIONS
from pipeline.report.run_data import RunData
from pipeline.report.style.html_assets import asset, json_data, plotly_code, templates
from pipeline.report.style.pitch_plot import aspect
from pipeline.report.style.texts import LANGUAGE, words

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup

_MACROS = (
    '{% from "sections/macros.html" import '
    "chart, cell, dot, mark, table, seek, choices, legend with context %}"
)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A section as the page's template sees it."""

    name: str
    title: str
    link: str
    body: Markup


def write_page(run: RunData, path: Path) -> int:
    """Write the page of ``run`` to ``path``, whole or not at all; gives its size in bytes.

    Raises
    ------
    RunError
        If the disk is full or the folder cannot be written.
    ExtensionError
        If a section of another package fails.
    """
    film = player(run.root / "overlay.mp4", run.config.report.video)
    text = page(run, film).encode("utf-8")
    with whole_file(path) as part:
        part.write_bytes(text)
    return len(text)


def page(run: RunData, film: Player | None) -> str:
    """Make the HTML of ``run``; ``film`` is the overlay video, None without one.

    Plotly's code is in it only where a section of another package brings a figure of Plotly's.

    Raises
    ------
    ExtensionError
        If a section of another package fails.
    """
    from markupsafe import Markup

    environment = templates()
    environment.globals["t"] = words
    data = PageData(run, charts(run), film.source if film else None)
    shown = _sections(data, environment, film)
    plotted = {name: f for name, f in data.charts.figures.items() if not isinstance(f, Markup)}
    return environment.get_template("page.html").render(
        name=run.name,
        version=run.record.get("versions", {}).get("teamshape", ""),
        language=LANGUAGE,
        sections=shown,
        lines=pitch_lines(run.pitch),
        css=Markup(asset("page.css") + asset("dark.css") + theme_css(run.colours)),
        js=Markup(asset("page.js")),
        plotly=Markup(plotly_code()) if plotted else None,
        data=Markup(json_data(plotted)) if plotted else None,
    )


def _sections(data: PageData, environment: jinja2.Environment, film: Player | None) -> list[_Shown]:
    from markupsafe import Markup

    run, out = data.run, []
    common: dict[str, Any] = {
        "kind": run.kind,
        "teams": page_texts.teams(run),
        "attack_known": bool(len(run.formations) and run.formations["attack"].notna().all()),
        "charts": data.charts,
        "overlay": data.overlay,
        "poster": film.poster if film else "",
        "video_note": film.note if film else "",
        "aspect": aspect(run.pitch),
        "shape_fewest": shape_players(run.config),
    }
    for section in with_added(OWN_SECTIONS):
        own = replace(data, reads=section.reads)
        data.charts.figures.update(_asked(section, section.figures, own))
        common["drawn"] = {name for name, f in data.charts.figures.items() if isinstance(f, Markup)}
        facts = _asked(section, section.facts, own)
        title = section.heading(own)
        body = _rendered(section, environment, common | dict(facts))
        out.append(_Shown(section.name, title, section.link or title, Markup(body)))
    return out


def _asked(section: Section, facts: Facts, data: PageData) -> Mapping[str, Any]:
    if section in OWN_SECTIONS:
        return facts(data)
    try:
        return dict(facts(data))
    except UserError:
        raise
    except Exception as error:  # another package's code may fail in any way
        raise ExtensionError(_failed(section, error)) from error


def _rendered(section: Section, environment: jinja2.Environment, context: dict[str, Any]) -> str:
    import jinja2

    try:
        return environment.from_string(_MACROS + section.template).render(context)
    except jinja2.TemplateError as error:
        if section in OWN_SECTIONS:
            raise
        raise ExtensionError(_failed(section, error)) from error


def _failed(section: Section, error: Exception) -> str:
    about = f"{type(error).__name__}: {error}"
    return f"page section {section.name}: failed ({about}); mend it or uninstall its package"
