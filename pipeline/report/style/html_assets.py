"""Files and data that pages embed."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import jinja2


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
    return jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, loader=loader)


def asset(name: str) -> str:
    """Read one of the files that pages are made of."""
    return (resources.files("pipeline.report") / "assets" / name).read_text(encoding="utf-8")
