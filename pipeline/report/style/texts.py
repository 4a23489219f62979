"""The page's texts: all in one file a language, so that they can be translated."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from pipeline.report.style.html_assets import asset

LANGUAGE = "en"


def words(key: str, **values: object) -> str:
    """Give the text of ``key`` (``section.name``) with ``values`` put in.

    Raises
    ------
    KeyError
        If there is no such text, or it needs a value that is not given.
    """
    return texts()[key].format(**values) if values else texts()[key]


@cache
def texts(language: str = LANGUAGE) -> dict[str, str]:
    """Read ``assets/texts/<language>.yaml``: dotted key -> text."""
    return dict(flat(yaml.safe_load(asset(f"texts/{language}.yaml"))))


def flat(tree: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """List the texts of nested sections by dotted key."""
    out: list[tuple[str, str]] = []
    for name, value in tree.items():
        key = f"{prefix}{name}"
        out += flat(value, f"{key}.") if isinstance(value, dict) else [(key, str(value))]
    return out
