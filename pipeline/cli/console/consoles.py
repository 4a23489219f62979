"""Where commands print: made when something is printed, so that importing prints to nobody's terminal."""

from __future__ import annotations

import os
import sys

from rich.console import Console

_NO_LIMIT = 10_000
"""Columns of something that has no width: a pipe, a file, or a terminal asked for everything."""


def width(wide: bool = False) -> int:
    """Columns to print in: ``COLUMNS`` or the terminal's; as many as it takes for ``wide`` or a pipe."""
    if wide or not ("COLUMNS" in os.environ or sys.stdout.isatty()):
        return _NO_LIMIT
    return Console().width


def out(columns: int | None = None) -> Console:
    """Give the console of answers (stdout), ``columns`` wide (None: `width`)."""
    return Console(highlight=False, width=columns or width())


def err() -> Console:
    """Give the console of progress and warnings (stderr)."""
    return Console(stderr=True, highlight=False, soft_wrap=True)
