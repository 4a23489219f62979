"""Make third-party libraries keep to themselves: no network, no installs, no telemetry, no chatter."""

from __future__ import annotations

import os
import sys
import tempfile
from functools import cache
from pathlib import Path

import platformdirs

_APP = "teamshape"


@cache
def cache_folder() -> Path:
    """Where converted networks are kept: the user's cache folder, or a temporary one if that is read-only."""
    wanted = Path(platformdirs.user_cache_dir(_APP, appauthor=False))
    try:
        wanted.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=wanted):
            return wanted
    except OSError:
        return Path(tempfile.mkdtemp(prefix=f"{_APP}-"))


@cache
def silence_libraries() -> None:
    """Set up the process before ultralytics or openvino is imported; call it before each lazy import.

    ultralytics looks up hosts at import, sends events, installs what it misses and writes settings into the
    user's configuration: it gets a configuration folder of its own and is told that it is offline.
    openvino's converter sends usage events unless its telemetry package is missing: hide that package.
    """
    settings = cache_folder() / "ultralytics"
    settings.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        YOLO_OFFLINE="1",
        YOLO_AUTOINSTALL="0",
        YOLO_VERBOSE="0",
        YOLO_CONFIG_DIR=str(settings),
    )
    if "openvino" not in sys.modules:
        sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
