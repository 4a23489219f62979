"""The page: one HTML file that needs nothing else, not even a network; a list of sections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core.errors import ExtensionError, UserError
from pipeline.core.files import whole_file
from pipeline.metrics.heatmap.pitch_grid import metre_grid
from pipeline.metrics.summary import shape_players
from pipeline.report.page import page_texts
from pipeline.report.page.charts import charts
from pipeline.report.page.section import Facts, PageData, Section, with_added
from pipeline.report.page.sections import OWN_SECTIONS
from pipeline.report.run_data import RunData
from pipeline.report.style.html_assets import asset, json_data
from pipeline.report.style.pitch_plot import aspect

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup

_MACROS = '{% from "macros.html" import chart, cell, dot with context %}'


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
    text = page(run, "../overlay.mp4" if (run.root / "overlay.mp4").exists() else None).encode("utf-8")
    with whole_file(path) as part:
        part.write_bytes(text)
    return len(text)


def page(run: RunData, overlay: str | None) -> str:
    """Make the HTML of ``run``; ``overlay`` is the address of the overlay video, None without one.

    Raises
    ------
    ExtensionError
        If a section of another package fails.
    """
    import jinja2
    import plotly.offline
    from markupsafe import Markup

    loader = jinja2.DictLoader({"macros.html": asset("sections/macros.html")})
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, loader=loader)
    data = PageData(run, charts(run), overlay)
    shown, made = _sections(data, environment), data.charts
    script = json_data(
        made.figures, heat=made.heat, players=made.players, columns=metre_grid(run.pitch).shape[1]
    )
    return environment.from_string(asset("page.html")).render(
        name=run.name,
        version=run.record.get("versions", {}).get("teamshape", ""),
        sections=shown,
        css=Markup(asset("page.css")),
        js=Markup(asset("page.js")),
        plotly=Markup(plotly.offline.get_plotlyjs()),
        data=Markup(script),
    )


def _sections(data: PageData, environment: jinja2.Environment) -> list[_Shown]:
    from markupsafe import Markup

    run, out = data.run, []
    common = {
        "kind": run.kind,
        "teams": page_texts.teams(run),
        "attack_known": bool(len(run.formations) and run.formations["attack"].notna().all()),
        "charts": data.charts,
        "overlay": data.overlay,
        "aspect": aspect(run.pitch),
        "shape_fewest": shape_players(run.config),
    }
    for section in with_added(OWN_SECTIONS):
        own = replace(data, reads=section.reads)
        data.charts.figures.update(_asked(section, section.figures, own))
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
