"""Corrections: what was said, adding to it, undo and redo, and events of the work that follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from pipeline.core.errors import CorrectionsError, RunError
from pipeline.workbench.bench import Bench
from pipeline.workbench.editing.correction_log import StaleError
from pipeline.workbench.routes.request_body import read_body
from pipeline.workbench.session import Session
from pipeline.workbench.telling.who_is_who import who_is_who


def routes(bench: Bench) -> list[Route]:
    """Serve ``/api/RUN/corrections`` and ``events``; take corrections, ``undo``, ``redo`` and ``apply``."""

    def corrections(request: Request) -> Response:
        return JSONResponse(bench.of(request).state())

    async def add(request: Request) -> Response:
        session, body = bench.of(request), await read_body(request)
        entry = body.get("entry")
        if not isinstance(entry, dict):
            raise HTTPException(400, "expected entry: what corrections.yaml would say")
        return await _said(session, lambda: session.correct(entry, _revision(body)))

    async def undo(request: Request) -> Response:
        session, body = bench.of(request), await read_body(request)
        return await _said(session, lambda: session.back(_revision(body), redo=False))

    async def redo(request: Request) -> Response:
        session, body = bench.of(request), await read_body(request)
        return await _said(session, lambda: session.back(_revision(body), redo=True))

    def apply(request: Request) -> Response:
        session = bench.of(request)
        session.apply()
        return JSONResponse(session.state(), 202)

    async def events(request: Request) -> Response:
        session = bench.of(request)
        first = await run_in_threadpool(session.state)
        return StreamingResponse(session.hub.listen(first), media_type="text/event-stream")

    return [
        Route("/api/{run}/corrections", corrections),
        Route("/api/{run}/corrections", add, methods=["POST"]),
        Route("/api/{run}/corrections/undo", undo, methods=["POST"]),
        Route("/api/{run}/corrections/redo", redo, methods=["POST"]),
        Route("/api/{run}/apply", apply, methods=["POST"]),
        Route("/api/{run}/events", events),
    ]


async def _said(session: Session, do: Callable[[], None]) -> Response:
    """Do it in a thread, and tell who is who now.

    409 where somebody else was first, 422 where it cannot be, 423 where another program writes.
    """

    def work() -> Response:
        try:
            do()
        except StaleError as error:
            return JSONResponse({"revision": error.revision, "state": session.state()}, 409)
        except CorrectionsError as error:
            return JSONResponse({"lines": error.lines}, 422)
        except RunError as error:
            return JSONResponse({"lines": [str(error)]}, 423)
        made, _ = session.now()
        return JSONResponse(
            {"state": session.state(), "who": who_is_who(session.run, made.people, made.links)}
        )

    return await run_in_threadpool(work)


def _revision(body: dict[str, Any]) -> str:
    revision = body.get("revision")
    if not isinstance(revision, str):
        raise HTTPException(400, "expected revision: what corrections were seen")
    return revision
