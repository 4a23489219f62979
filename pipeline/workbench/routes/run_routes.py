"""What a run says: summary, people, strip, doubts, results."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pipeline.workbench.bench import Bench
from pipeline.workbench.film.film_choice import film_of
from pipeline.workbench.telling.doubt_queue import doubt_queue
from pipeline.workbench.telling.match_strip import match_strip
from pipeline.workbench.telling.run_summary import run_summary
from pipeline.workbench.telling.who_is_who import who_is_who


def routes(bench: Bench) -> list[Route]:
    """Serve ``/api/RUN/...`` as JSON."""

    def summary(request: Request) -> Response:
        session = bench.of(request)
        film = film_of(session.run).told()
        return JSONResponse(run_summary(session.run) | {"film": film, "state": session.state()})

    def people(request: Request) -> Response:
        session = bench.of(request)
        made, log = session.now()
        return JSONResponse(who_is_who(session.run, made.people, made.links) | {"revision": log.revision})

    def strip(request: Request) -> Response:
        return JSONResponse(match_strip(bench.of(request).run))

    def doubts(request: Request) -> Response:
        session = bench.of(request)
        made, log = session.now()
        return JSONResponse(doubt_queue(session.run, made.people, made.links) | {"revision": log.revision})

    def answers(request: Request) -> Response:
        return JSONResponse(bench.of(request).answers())

    told = {"summary": summary, "people": people, "strip": strip, "doubts": doubts, "results": answers}
    return [Route(f"/api/{{run}}/{name}", do) for name, do in told.items()]
