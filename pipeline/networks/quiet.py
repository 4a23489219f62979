"""Make third-party libraries keep to themselves: no network, no installs, no telemetry, no chatter."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import platformdirs

_APP = "teamshape"
_TELEMETRY, _CONVERTER = "openvino_telemetry", "openvino.tools.ovc."


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


def cache_is_lasting(folder: Path) -> bool:
    """Whether ``folder`` outlives this process: it is no temporary one."""
    return folder.parent != Path(tempfile.gettempdir()) or not folder.name.startswith(f"{_APP}-")


@cache
def silence_libraries() -> None:
    """Set up the process before ultralytics or openvino is imported; call it before each lazy import.

    ultralytics looks up hosts at import, sends events, installs what it misses and writes settings into the
    user's configuration: it gets a configuration folder of its own and is told that it is offline.
    What openvino's converter would send, `no_usage_events` keeps back.
    """
    settings = cache_folder() / "ultralytics"
    settings.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        YOLO_OFFLINE="1",
        YOLO_AUTOINSTALL="0",
        YOLO_VERBOSE="0",
        YOLO_CONFIG_DIR=str(settings),
    )


@contextmanager
def no_usage_events() -> Iterator[None]:
    """Keep openvino's converter and nncf from sending usage events while they are imported and at work.

    Both do without their telemetry package where it is missing; it is missing here, and back afterwards for
    whoever else is in this process.
    """
    before = sys.modules.get(_TELEMETRY)
    sys.modules[_TELEMETRY] = None  # type: ignore[assignment]
    try:
        from openvino.tools.ovc import telemetry_stub

        loaded = [m for n, m in sys.modules.items() if n.startswith(_CONVERTER) and hasattr(m, "tm")]
        with ExitStack() as stack:
            for module in loaded:
                stack.callback(vars(module).update, tm=vars(module)["tm"])
                vars(module).update(tm=telemetry_stub)
            yield
    finally:
        del sys.modules[_TELEMETRY]
        if before is not None:
            sys.modules[_TELEMETRY] = before
