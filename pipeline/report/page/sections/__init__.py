"""The page's own sections, in order; other packages add theirs by entry point."""

from pipeline.report.page.section import Section
from pipeline.report.page.sections.heatmap_section import HEATMAPS
from pipeline.report.page.sections.movement_section import MOVEMENT
from pipeline.report.page.sections.over_time_section import OVER_TIME
from pipeline.report.page.sections.people_section import PEOPLE
from pipeline.report.page.sections.play_section import PLAY
from pipeline.report.page.sections.quality_section import QUALITY
from pipeline.report.page.sections.settings_section import SETTINGS
from pipeline.report.page.sections.shape_section import SHAPE
from pipeline.report.page.sections.summary_section import SUMMARY

OWN_SECTIONS: tuple[Section, ...] = (
    SUMMARY,
    SHAPE,
    PLAY,
    HEATMAPS,
    OVER_TIME,
    MOVEMENT,
    PEOPLE,
    QUALITY,
    SETTINGS,
)
