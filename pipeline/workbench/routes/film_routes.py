"""The footage, in ranges; and having a copy made that browsers play."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from pipeline.workbench.bench import Bench
from pipeline.workbench.film.film_choice import film_of


def routes(bench: Bench) -> list[Route]:
    """Serve ``/api/RUN/film`` and take ``/api/RUN/film/copy``."""

    def film(request: Request) -> Response:
        found = film_of(bench.of(request).run)
        if found.path is None:
            raise HTTPException(404, "there is no footage to show")
        return FileResponse(found.path, media_type=found.media)

    def copy(request: Request) -> Response:
        session = bench.of(request)
        if not film_of(session.run).copyable:
            raise HTTPException(409, "no copy can be made of it")
        session.copy_film()
        return JSONResponse({}, 202)

    return [
        Route("/api/{run}/film", film, methods=["GET", "HEAD"]),
        Route("/api/{run}/film/copy", copy, methods=["POST"]),
    ]
