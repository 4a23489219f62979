"""The comparing board: what can be compared, the board itself, and its table and page to save.

What makes it is imported when somebody compares: it is large, and watching and correcting need none of it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pipeline.core.errors import UserError
from pipeline.core.text.printable import safe_cells
from pipeline.report.style.html_assets import asset
from pipeline.workbench.bench import Bench
from pipeline.workbench.routes.request_body import told

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.board.board_sides import BoardSide

_KEPT = 4


@dataclass(frozen=True, slots=True)
class Board:
    """A board that was read: its sides and their table."""

    sides: list[BoardSide]
    table: pd.DataFrame


class Boards:
    """The boards looked at last; each is read anew when its run is."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[tuple[str, int], ...], Board] = OrderedDict()

    def of(self, texts: list[str]) -> Board:
        """Give the board of sides such as ``KEY:A:half1``; UserError where it cannot be."""
        from pipeline.report.board.board_query import wanted
        from pipeline.report.board.board_sides import read_board
        from pipeline.report.board.board_table import board_table
        from pipeline.report.compare.sides import MOST

        if len(texts) > MOST:
            raise UserError(f"{len(texts)} sides; a board has at most {MOST}")
        parts = [text.partition(":") for text in texts]
        runs = [self._bench.session(key).run.stored for key, _, _ in parts]
        known = tuple((text, id(run)) for text, run in zip(texts, runs, strict=True))
        with self._lock:
            if known not in self._kept:
                asked = [wanted(run, rest) for run, (_, _, rest) in zip(runs, parts, strict=True)]
                sides = read_board(asked)
                self._kept[known] = Board(sides, board_table(sides))
            self._kept.move_to_end(known)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return self._kept[known]


def routes(bench: Bench) -> list[Route]:
    """Serve ``/api/board/...?side=KEY:A&side=...`` and ``/api/RUN/board/choices``."""
    boards = Boards(bench)

    def asked(request: Request) -> Board:
        return boards.of(request.query_params.getlist("side"))

    def can(request: Request) -> Response:
        from pipeline.report.board.board_query import choices

        return JSONResponse(choices(bench.of(request).run.stored))

    def body(request: Request) -> Response:
        from pipeline.report.board.board_page import board_body

        board = asked(request)
        # The page's policy allows no style in markup; the room sets it. Escaped text has no such quotes.
        html = str(board_body(board.sides, board.table)).replace(' style="', ' data-style="')
        return JSONResponse({"html": html})

    def page(request: Request) -> Response:
        from pipeline.report.board.board_page import board_page

        board = asked(request)
        return _file(board_page(board.sides, board.table), "text/html", "comparison.html")

    def table(request: Request) -> Response:
        text = safe_cells(asked(request).table).to_csv(index=False, float_format="%.5g")
        return _file(text, "text/csv", "comparison.csv")

    def style(_: Request) -> Response:
        return Response(asset("page.css") + asset("board.css"), media_type="text/css")

    do = {"body": body, "comparison.html": page, "comparison.csv": table}
    made = [Route(f"/api/board/{name}", told(one)) for name, one in do.items()]
    return [*made, Route("/api/board/style.css", style), Route("/api/{run}/board/choices", told(can))]


def _file(text: str, media: str, name: str) -> Response:
    """A file to save; never a page of this server's own, whose policy it would have."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=f"{media}; charset=utf-8", headers=headers)
