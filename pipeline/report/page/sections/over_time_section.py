"""Length, width and area of both teams over time."""

from pipeline.report.page.section import Section
from pipeline.report.style.html_assets import asset

OVER_TIME = Section(
    "time", "Team shape over time", asset("sections/time.html"), reads=("shapes",), link="Over time"
)
