"""Where each team was, in all, and with and without the ball: heatmaps."""

from pipeline.report.page.section import Section
from pipeline.report.style.html_assets import asset
from pipeline.report.style.texts import words

HEATMAPS = Section(
    "heatmaps",
    words("heat.title"),
    asset("sections/heatmaps.html"),
    reads=("positions", "possession"),
    link=words("heat.link"),
)
