"""Files and data that pages embed."""

from __future__ import annotations

import json
import re
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup


def json_data(figures: dict[str, Any], **more: Any) -> str:
    """Figures, and whatever else the page's script reads, as JSON that cannot end its script element."""
    from plotly.io import to_json

    made = {name: json.loads(to_json(figure, validate=False)) for name, figure in figures.items()}
    data = {"figures": made} | more
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def plotly_code() -> str:
    """Give Plotly's own code, 4.8 MB: for pages that have figures of Plotly's."""
    import plotly.offline

    return str(plotly.offline.get_plotlyjs())


def templates() -> jinja2.Environment:
    """Give the environment that every page is made in: escaped, nothing undefined, assets by their name."""
    import jinja2

    loader = jinja2.FunctionLoader(asset)
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, loader=loader)
    environment.filters["whole"] = whole
    return environment


def whole(text: str) -> Markup:
    """Keep formations, such as 4-2-3-1, on one line."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"\b\d(?:-\d)+\b", r'<span class="whole">\g<0></span>', str(escape(text))))


def asset(name: str) -> str:
    """Read one of the files that pages are made of."""
    return (resources.files("pipeline.report") / "assets" / name).read_text(encoding="utf-8")
