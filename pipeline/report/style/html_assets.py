"""Files and data that pages embed."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any


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


def asset(name: str) -> str:
    """Read one of the files that pages are made of."""
    return (resources.files("pipeline.report") / "assets" / name).read_text(encoding="utf-8")
