"""The runs that are open in the workbench."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from pipeline.core.errors import RunError
from pipeline.workbench.session import Session


class Bench:
    """Sessions by the key that stands for their run in addresses.

    Parameters
    ----------
    roots
        Run directories; nothing outside of them is ever read, except their footage.
    read_only
        Nothing may be corrected.

    Raises
    ------
    RunError
        If one is no run, or not finished.
    """

    def __init__(self, roots: Sequence[Path], *, read_only: bool = False) -> None:
        if not roots:
            raise RunError("no run given; name one or more run directories")
        self.read_only = read_only
        self.sessions: dict[str, Session] = {}
        for root in roots:
            session = Session(root)
            self.sessions[session.run.key] = session

    def begin(self) -> None:
        """Have what was said but not applied applied, unless nothing may be written."""
        for session in [] if self.read_only else self.sessions.values():
            if session.run.stored.has("links"):
                session.begin()
                threading.Thread(target=session.preview.warm, daemon=True).start()

    def of(self, request: Request) -> Session:
        """Find the session that an address names; 404 if there is none."""
        session = self.sessions.get(request.path_params["run"])
        if session is None:
            raise HTTPException(404, "no such run is open here")
        return session

    def listed(self) -> list[dict[str, Any]]:
        """Tell all runs."""
        return [{"key": key, "name": s.run.name} for key, s in self.sessions.items()]

    def close(self) -> None:
        """Stop what works in the background."""
        for session in self.sessions.values():
            session.close()
