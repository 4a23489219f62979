"""Where each team and each player was: heatmaps."""

from pipeline.report.page.section import Section
from pipeline.report.style.html_assets import asset

HEATMAPS = Section("heatmaps", "Heatmaps", asset("sections/heatmaps.html"), reads=("positions", "movement"))
