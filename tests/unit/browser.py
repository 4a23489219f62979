"""A real browser for tests, and the workbench served to it."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from pipeline.workbench.app import create_app
from pipeline.workbench.bench import Bench
from pipeline.workbench.guard import Door, loopback_hosts, new_token
from pipeline.workbench.serve import Place, listening
from pipeline.workbench.starting.desk import Desk

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
OPT_OUT = "TEAMSHAPE_BROWSER"


def browser_path() -> str:
    """Find the system's Chromium, or the one that the environment names.

    Without one the test is skipped on somebody's own machine, and fails where CI is set: there nothing is
    left out silently. ``TEAMSHAPE_BROWSER=none`` leaves browser tests out on purpose.
    """
    told = os.environ.get(OPT_OUT, "")
    if told == "none":
        pytest.skip(f"{OPT_OUT}=none")
    found = told or next((p for name in NAMES if (p := shutil.which(name))), None)
    if found:
        return found
    why = f"no Chromium found; install one, set {OPT_OUT} to its path, or to none to leave these tests out"
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


@contextmanager
def browser() -> Iterator[Any]:
    """Start the browser, without a window."""
    from playwright.sync_api import sync_playwright

    path = browser_path()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield started
        finally:
            started.close()


@contextmanager
def served(
    roots: Sequence[Path], *, read_only: bool = False, apply: bool = False, desk: Desk | None = None
) -> Iterator[str]:
    """Serve runs on a free port; gives the address. ``apply`` False: nothing follows a correction."""
    bench = Bench(roots, read_only=read_only, desk=desk)
    if not apply:
        for session in bench.sessions.values():
            session.apply = lambda: None  # type: ignore[method-assign]
    with listening(Place()) as opened:
        port = opened.getsockname()[1]
        door = Door(new_token(), loopback_hosts(port), read_only)
        config = uvicorn.Config(create_app(bench, door), log_level="error", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [opened]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}/{door.token}/"
        finally:
            server.should_exit = True
            thread.join(5)
            bench.close()
