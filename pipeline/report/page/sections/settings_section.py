"""What the run was made with: versions, settings, time taken."""

from __future__ import annotations

from typing import Any

from pipeline.report.page import page_texts
from pipeline.report.page.section import PageData, Section
from pipeline.report.style.html_assets import asset
from pipeline.report.style.texts import words


def _facts(data: PageData) -> dict[str, Any]:
    run = data.run
    return {
        "settings": page_texts.setting_rows(run.config),
        "versions": page_texts.version_rows(run),
        "timing": page_texts.timing_rows(run),
    }


SETTINGS = Section(
    "settings",
    words("settings.title"),
    asset("sections/settings.html"),
    _facts,
    link=words("settings.link"),
)
