"""Roster and match of a run: read, written, imported; applied in the background."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pipeline.core.errors import CorrectionsError, RunError
from pipeline.workbench.bench import Bench
from pipeline.workbench.editing.correction_log import StaleError
from pipeline.workbench.routes.request_body import read_body
from pipeline.workbench.session import Session
from pipeline.workbench.squad.match_sheet_file import told_match, write_match
from pipeline.workbench.squad.roster_file import RosterFile
from pipeline.workbench.squad.roster_import import imported

_MOST_BYTES = 16_000_000
"""Of a provider's match information."""


def routes(bench: Bench) -> list[Route]:
    """Serve ``/api/RUN/roster``; take ``roster``, ``roster/import`` and ``match``."""

    def told(request: Request) -> Response:
        return JSONResponse(_told(bench.of(request)))

    async def save(request: Request) -> Response:
        session, body = bench.of(request), await read_body(request, _MOST_BYTES)
        return await _said(session, lambda: _save(session, body))

    async def match(request: Request) -> Response:
        session, body = bench.of(request), await read_body(request)
        return await _said(session, lambda: _match(session, body))

    async def read(request: Request) -> Response:
        session, body = bench.of(request), await read_body(request, _MOST_BYTES)
        name, text, home = body.get("name"), body.get("text"), body.get("home")
        if not isinstance(name, str) or not isinstance(text, str) or home not in ("A", "B"):
            raise HTTPException(400, "expected name and text of a file, and home: A or B")
        periods = session.run.stored.table("periods")
        return await _said(session, lambda: imported(name, text, home, periods))

    return [
        Route("/api/{run}/roster", told),
        Route("/api/{run}/roster", save, methods=["POST"]),
        Route("/api/{run}/roster/import", read, methods=["POST"]),
        Route("/api/{run}/match", match, methods=["POST"]),
    ]


def _file(session: Session) -> RosterFile:
    return RosterFile(session.run.root, session.run.stored.config.link.roster)


def _told(session: Session) -> dict[str, Any]:
    stored = session.run.stored
    told = _file(session).told(stored) | told_match(stored)
    told["writable"] = told["writable"] and stored.has("links")
    return told | {"home": stored.config.link.home}


def _save(session: Session, body: dict[str, Any]) -> dict[str, Any]:
    players, seen = body.get("players"), body.get("revision")
    if not isinstance(players, list) or not isinstance(seen, str):
        raise HTTPException(400, "expected players and revision")
    _file(session).write(players, seen, session.run.stored)
    session.preview.refresh()
    session.apply()
    session.hub.publish(session.state())
    return _told(session)


def _match(session: Session, body: dict[str, Any]) -> dict[str, Any]:
    said, seen = body.get("match"), body.get("revision")
    if not isinstance(said, dict) or not isinstance(seen, str):
        raise HTTPException(400, "expected match: what match.yaml would say, and revision")
    if write_match(said, seen, session.run.stored):
        session.run.reload()
        session.apply()
        session.hub.publish(session.state())
    return _told(session)


async def _said(session: Session, do: Callable[[], dict[str, Any]]) -> Response:
    """Do it in a thread; 409 where somebody else was first, 422 where it cannot be."""

    def work() -> Response:
        try:
            return JSONResponse(do())
        except StaleError:
            return JSONResponse(_told(session), 409)
        except CorrectionsError as error:
            return JSONResponse({"lines": error.lines}, 422)
        except RunError as error:
            return JSONResponse({"lines": [str(error)]}, 423)

    return await run_in_threadpool(work)
