"""The start page: its runs, folders, what is in footage, and the queue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from pipeline.core.errors import UserError
from pipeline.workbench.bench import Bench
from pipeline.workbench.routes.request_body import read_body, told
from pipeline.workbench.starting.allowed_folders import ENDINGS
from pipeline.workbench.starting.desk import Desk
from pipeline.workbench.starting.footage_look import look, picture_at
from pipeline.workbench.starting.run_order import CONFIGS


def routes(bench: Bench) -> list[Route]:
    """Serve ``/api/start/...``; nothing where the workbench was opened without a start page."""
    if bench.desk is None:
        return []
    return [*_read(bench, bench.desk), *_write(bench.desk)]


def _read(bench: Bench, desk: Desk) -> list[Route]:
    def all_runs(_: Request) -> Response:
        about = {"out": str(desk.out), "configs": CONFIGS, "read_only": bench.read_only}
        return JSONResponse(about | {"runs": desk.runs(), "queue": desk.queue.told()})

    def folder(request: Request) -> Response:
        kind = request.query_params.get("kind", "footage")
        if kind not in ENDINGS:
            raise HTTPException(400, f"expected kind: {', '.join(ENDINGS)}")
        return JSONResponse(desk.folders.listed(request.query_params.get("path", ""), kind))

    def looked(request: Request) -> Response:
        return JSONResponse(look(desk.folders.checked(request.query_params.get("path", ""))))

    def data(request: Request) -> Response:
        from pipeline.workbench.starting.data_look import look_at_data

        return JSONResponse(look_at_data(desk.folders.checked(request.query_params.get("path", ""))))

    def picture(request: Request) -> Response:
        source = desk.folders.checked(request.query_params.get("path", ""))
        try:
            at_s = float(request.query_params.get("at", "0"))
        except ValueError:
            raise HTTPException(400, "expected at: seconds") from None
        return Response(picture_at(source, at_s), media_type="image/jpeg")

    async def events(_: Request) -> Response:
        first = desk.queue.told()
        return StreamingResponse(desk.queue.hub.listen(first), media_type="text/event-stream")

    do: dict[str, Callable[[Request], Response]] = {
        "runs": all_runs,
        "folder": folder,
        "look": looked,
        "data": data,
        "picture": picture,
    }
    made = [Route(f"/api/start/{name}", told(one)) for name, one in do.items()]
    return [*made, Route("/api/start/events", events)]


def _write(desk: Desk) -> list[Route]:
    def order(body: dict[str, Any]) -> None:
        desk.order(body)

    def analyze(body: dict[str, Any]) -> None:
        desk.analyze(body)

    def go_on(body: dict[str, Any]) -> None:
        desk.go_on(str(body.get("key")))

    def check(body: dict[str, Any]) -> None:
        desk.check(str(body.get("path") or ""))

    def cancel(body: dict[str, Any]) -> None:
        number = body.get("number")
        if not isinstance(number, int):
            raise HTTPException(400, "expected number: of a job")
        desk.queue.cancel(number)

    def posted(do: Callable[[dict[str, Any]], None]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            body = await read_body(request)

            def work() -> Response:
                try:
                    do(body)
                except UserError as error:
                    return JSONResponse({"lines": [str(error)]}, 422)
                return JSONResponse(desk.queue.told())

            return await run_in_threadpool(work)

        return answer

    do = {"order": order, "analyze": analyze, "continue": go_on, "check": check, "cancel": cancel}
    return [Route(f"/api/start/{name}", posted(one), methods=["POST"]) for name, one in do.items()]
