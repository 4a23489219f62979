"""The camera by hand: pictures to click in, views behind clicks, points.yaml.

What solves for views is imported when somebody clicks: it is large, and watching needs none of it.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pipeline.core.errors import ConfigError, RunError, UserError
from pipeline.runs.stored_run import StoredRun
from pipeline.workbench.bench import Bench
from pipeline.workbench.editing.noted_settings import note
from pipeline.workbench.routes.request_body import read_body, told
from pipeline.workbench.session import Session
from pipeline.workbench.starting.footage_look import picture_at

_WIDEST_PX, _MOST_BYTES, _MOST_CLICKS = 4096, 500_000, 2000


def routes(bench: Bench) -> list[Route]:
    """Serve ``/api/RUN/camera`` and ``camera/picture``; take ``camera/view`` and ``camera/points``."""

    def camera(request: Request) -> Response:
        return JSONResponse(_told(bench.of(request)))

    def picture(request: Request) -> Response:
        session = bench.of(request)
        frame, time_s = session.run.frames()
        try:
            at = int(np.flatnonzero(frame == int(request.query_params.get("frame", "")))[0])
        except (ValueError, IndexError):
            raise HTTPException(404, "no such frame") from None
        source = Path(str(session.run.stored.record["source"]))
        return Response(picture_at(source, float(time_s[at]), _WIDEST_PX), media_type="image/jpeg")

    async def view(request: Request) -> Response:
        session, clicks = bench.of(request), _clicks(await read_body(request, _MOST_BYTES))
        return await _said(lambda: {"views": _views(session.run.stored, clicks)})

    async def points(request: Request) -> Response:
        session, body = bench.of(request), await read_body(request, _MOST_BYTES)
        return await _said(lambda: _save(session, _clicks(body), apply=bool(body.get("apply"))))

    return [
        Route("/api/{run}/camera", told(camera)),
        Route("/api/{run}/camera/picture", told(picture)),
        Route("/api/{run}/camera/view", view, methods=["POST"]),
        Route("/api/{run}/camera/points", points, methods=["POST"]),
    ]


def _views(stored: StoredRun, clicks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    from pipeline.workbench.clicking.clicked_points import solved

    return solved(clicks, _size(stored), stored.pitch)


def _told(session: Session) -> dict[str, Any]:
    from pipeline.workbench.clicking.clicked_points import NAME, read_clicks
    from pipeline.workbench.clicking.landmarks import landmarks, markings_to_click

    stored, root = session.run.stored, session.run.root
    given = stored.config.calibrate.points
    try:
        clicks, lines = read_clicks(Path(given) if given else root / NAME, stored.pitch), list[str]()
    except ConfigError as error:
        clicks, lines = [], [str(error)]
    footage = stored.kind == "video" and Path(str(stored.record["source"])).exists()
    return {
        "footage": footage,
        "clicks": clicks,
        "lines": lines,
        "landmarks": landmarks(stored.pitch),
        "markings": markings_to_click(stored.pitch),
        "command": _command(stored, root),
    }


def _save(session: Session, clicks: list[dict[str, Any]], *, apply: bool) -> dict[str, Any]:
    from pipeline.workbench.clicking.clicked_points import write_clicks

    stored, root = session.run.stored, session.run.root
    path = write_clicks(clicks, root, _size(stored), stored.pitch)
    if apply:
        note(root, "calibrate", {"points": str(path.absolute())})
        session.apply()
        session.hub.publish(session.state())
    return _told(session)


def _command(run: StoredRun, root: Path) -> str:
    """What makes the run with the points; the options that it began with go with it."""
    from pipeline.workbench.clicking.clicked_points import NAME

    words = ["teamshape", "run", str(run.record["source"]), "-o", str(root), "--points", str(root / NAME)]
    return shlex.join(words)


def _size(run: StoredRun) -> tuple[int, int]:
    video = run.record["video"]
    return int(video["width_px"]), int(video["height_px"])


def _clicks(body: dict[str, Any]) -> list[dict[str, Any]]:
    clicks = body.get("clicks")
    if not isinstance(clicks, list) or not all(isinstance(c, dict) for c in clicks):
        raise HTTPException(400, "expected clicks: a list, as in points.yaml")
    if not 0 < len(clicks) <= _MOST_CLICKS:
        raise HTTPException(400, f"expected 1 to {_MOST_CLICKS} clicks")
    return clicks


async def _said(do: Callable[[], dict[str, Any]]) -> Response:
    def work() -> Response:
        try:
            return JSONResponse(do())
        except RunError as error:
            return JSONResponse({"lines": [str(error)]}, 423)
        except UserError as error:
            return JSONResponse({"lines": [str(error)]}, 422)

    return await run_in_threadpool(work)
