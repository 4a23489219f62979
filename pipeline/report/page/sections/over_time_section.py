"""Length, width and area of both teams over time."""

from pipeline.report.page.section import Section
from pipeline.report.style.html_assets import asset
from pipeline.report.style.texts import words

OVER_TIME = Section(
    "time", words("time.title"), asset("sections/time.html"), reads=("shapes",), link=words("time.link")
)
