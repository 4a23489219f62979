"""The runs that are open in the workbench."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from pipeline.core.errors import RunError
from pipeline.workbench.editing.noted_settings import noted_config
from pipeline.workbench.served_run import run_key
from pipeline.workbench.session import Session
from pipeline.workbench.starting.desk import Desk


class Bench:
    """Sessions by the key that stands for their run in addresses.

    Parameters
    ----------
    roots
        Run directories; nothing outside of them is ever read, except their footage.
    read_only
        Nothing may be corrected.
    desk
        The start page; the runs that it knows are opened when somebody asks for them.

    Raises
    ------
    RunError
        If one is no run, or not finished.
    """

    def __init__(self, roots: Sequence[Path], *, read_only: bool = False, desk: Desk | None = None) -> None:
        if not roots and desk is None:
            raise RunError("no run given; name one or more run directories")
        self.read_only = read_only
        self.desk = desk
        if desk is not None:
            desk.queue.made = self.forget
        self.sessions: dict[str, Session] = {}
        self._lock = threading.Lock()
        for root in roots:
            session = Session(root)
            self.sessions[session.run.key] = session

    def begin(self) -> None:
        """Have what was said but not applied applied, unless nothing may be written."""
        for session in self.sessions.values():
            self._begun(session)

    def _begun(self, session: Session) -> Session:
        if self.read_only:
            return session
        session.begin()
        if session.run.stored.has("links"):
            threading.Thread(target=session.preview.warm, daemon=True).start()
        if noted_config(session.run.root) is not None:
            session.apply()
        return session

    def of(self, request: Request) -> Session:
        """Find the session that an address names; 404 if there is none."""
        try:
            return self.session(request.path_params["run"])
        except KeyError:
            raise HTTPException(404, "no such run is open here") from None

    def session(self, key: str) -> Session:
        """Find the session of a run, and open it if the start page knows it; KeyError if there is none."""
        with self._lock:
            if key not in self.sessions and self.desk is not None and (root := self.desk.root(key)):
                self.sessions[key] = self._begun(Session(root))
            return self.sessions[key]

    def forget(self, root: Path) -> None:
        """Close a run that was made anew; who asks for it next opens it as it is now."""
        with self._lock:
            session = self.sessions.pop(run_key(root), None)
        if session is not None:
            session.close()

    def listed(self) -> list[dict[str, Any]]:
        """Tell all runs that can be opened."""
        own = {key: s.run.name for key, s in self.sessions.items()}
        if self.desk is not None:
            own |= {run["key"]: run["name"] for run in self.desk.runs() if run["finished"]}
        return [{"key": key, "name": name} for key, name in own.items()]

    def close(self) -> None:
        """Stop what works in the background."""
        if self.desk is not None:
            self.desk.queue.close()
        for session in self.sessions.values():
            session.close()
