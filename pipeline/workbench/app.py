"""The web app: all routes behind the guard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from pipeline.core.errors import UserError
from pipeline.workbench.bench import Bench
from pipeline.workbench.guard import Door, Guard
from pipeline.workbench.routes import (
    board_routes,
    camera_routes,
    chunk_routes,
    correction_routes,
    film_routes,
    page_routes,
    run_routes,
    squad_routes,
    start_routes,
)

_THREADS = 6
ROUTES = (
    page_routes,
    start_routes,
    board_routes,
    film_routes,
    chunk_routes,
    correction_routes,
    run_routes,
    squad_routes,
    camera_routes,
)
"""Modules with ``routes(bench)``; the first address that fits answers."""


def create_app(bench: Bench, door: Door) -> ASGIApp:
    """Put the app together."""
    routes = [route for module in ROUTES for route in module.routes(bench)]
    app = Starlette(routes=routes, exception_handlers={UserError: _in_one_line}, lifespan=_few_threads)
    return Guard(app, door)


@asynccontextmanager
async def _few_threads(_: Starlette) -> AsyncIterator[None]:
    """Work in few threads: each holds on to memory of its own, and a browser asks for little at a time."""
    to_thread.current_default_thread_limiter().total_tokens = _THREADS
    yield


def _in_one_line(_: Request, error: Exception) -> Response:
    return JSONResponse({"lines": [str(error)]}, 500)
