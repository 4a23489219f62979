"""Windows of frames as bytes: times of all frames, masks, positions, camera views."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.workbench.bench import Bench
from pipeline.workbench.reading.frame_window import WindowReader
from pipeline.workbench.reading.mask_chunks import mask_chunk
from pipeline.workbench.reading.packed import pack
from pipeline.workbench.reading.place_chunks import position_chunk, view_chunk
from pipeline.workbench.served_run import ServedRun

MOST_FRAMES = 2000
"""A window of more is refused: nobody draws it, and it would fill the memory."""


def routes(bench: Bench) -> list[Route]:
    """Serve ``/api/RUN/frames`` and ``/api/RUN/{masks,positions,views}?first=FRAME&last=FRAME``."""

    def frames(request: Request) -> Response:
        frame, time_s = bench.of(request).run.frames()
        return _bytes(pack({"frame": frame, "time_s": time_s}))

    def masks(request: Request) -> Response:
        run = bench.of(request).run
        first, last = _window(request)
        tables = _needed(run, "segments"), _needed(run, "labels")
        return _bytes(mask_chunk(*tables, run.reader("tracks"), first, last))

    def positions(request: Request) -> Response:
        run = bench.of(request).run
        table = _needed(run, "positions")
        return _bytes(position_chunk(table, run.reader("placed_by_hand"), *_window(request)))

    def views(request: Request) -> Response:
        return _bytes(view_chunk(_needed(bench.of(request).run, "views"), *_window(request)))

    told = {"frames": frames, "masks": masks, "positions": positions, "views": views}
    return [Route(f"/api/{{run}}/{name}", do) for name, do in told.items()]


def _window(request: Request) -> tuple[int, int]:
    try:
        first, last = (int(request.query_params[name]) for name in ("first", "last"))
    except (KeyError, ValueError):
        raise HTTPException(400, "expected first=FRAME and last=FRAME") from None
    if not 0 <= first <= last < 2**31 or last - first >= MOST_FRAMES * 100:
        raise HTTPException(400, "expected first to lie before last, and not too far")
    return first, last


def _needed(run: ServedRun, name: str) -> WindowReader:
    reader = run.reader(name)
    if reader is None:
        raise HTTPException(404, f"this run has no table {name}")
    return reader


def _bytes(content: bytes) -> Response:
    return Response(content, media_type="application/octet-stream")
