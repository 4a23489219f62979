"""The page itself: HTML, style, modules and texts; files of the package and nothing else."""

from __future__ import annotations

from importlib import resources
from pathlib import PurePosixPath

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pipeline.workbench.bench import Bench
from pipeline.workbench.telling.workbench_texts import workbench_texts

_MEDIA = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


def routes(bench: Bench) -> list[Route]:
    """Serve ``/``, everything in ``assets``, the list of runs and the texts."""

    def page(_: Request) -> Response:
        return _asset("index.html")

    def file(request: Request) -> Response:
        return _asset(request.path_params["name"])

    def start(_: Request) -> Response:
        if bench.desk is None:
            raise HTTPException(404)
        return _asset("start.html")

    def runs(_: Request) -> Response:
        about = {"read_only": bench.read_only, "start": bench.desk is not None}
        return JSONResponse({"runs": bench.listed(), **about})

    def words(_: Request) -> Response:
        return JSONResponse(workbench_texts())

    return [
        Route("/", page),
        Route("/start", start),
        Route("/api/runs", runs),
        Route("/api/texts", words),
        Route("/assets/{name:path}", file),
    ]


def _asset(name: str) -> Response:
    path = PurePosixPath(name)
    media = _MEDIA.get(path.suffix)
    if media is None or path.is_absolute() or ".." in path.parts or "\\" in name:
        raise HTTPException(404)
    found = resources.files("pipeline.workbench").joinpath("assets", *path.parts)
    if not found.is_file():
        raise HTTPException(404)
    return Response(found.read_bytes(), media_type=media, headers={"cache-control": "no-cache"})
