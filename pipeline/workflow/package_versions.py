"""Versions of Python and of the packages that decide about results, to be recorded with a run."""

from __future__ import annotations

import sys
from importlib import metadata

_PACKAGES = (
    "teamshape",
    "ultralytics",
    "torch",
    "openvino",
    "numpy",
    "pandas",
    "kloppy",
    "opencv-python",
    "av",
)


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that decide about results."""
    found = {"python": sys.version.split()[0]}
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found
