"""The texts of the workbench: all in one file a language, so that they can be translated."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml

from pipeline.report.style.texts import flat

LANGUAGE = "en"


def said(key: str) -> str:
    """Give the text of ``key`` (``section.name``); KeyError if there is none."""
    return workbench_texts()[key]


@cache
def workbench_texts(language: str = LANGUAGE) -> dict[str, str]:
    """Read ``assets/texts/<language>.yaml``: dotted key -> text."""
    path = resources.files("pipeline.workbench").joinpath("assets", "texts", f"{language}.yaml")
    return dict(flat(yaml.safe_load(path.read_text(encoding="utf-8"))))
