"""What browsers send (JSON objects, not too long), and how they are told of mistakes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pipeline.core.errors import UserError

_MOST_BYTES = 20_000


async def read_body(request: Request, most_bytes: int = _MOST_BYTES) -> dict[str, Any]:
    """Read a request's JSON object; 400 for anything else, 413 where it is too long."""
    if int(request.headers.get("content-length") or 0) > most_bytes:
        raise HTTPException(413)
    text = await request.body()
    if len(text) > most_bytes:
        raise HTTPException(413)
    try:
        made = json.loads(text or b"{}")
    except ValueError:
        raise HTTPException(400, "expected JSON") from None
    if not isinstance(made, dict):
        raise HTTPException(400, "expected a JSON object")
    return made


def told(do: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Answer the user's mistakes with 422 and the line that the command line prints."""

    def answer(request: Request) -> Response:
        try:
            return do(request)
        except UserError as error:
            return JSONResponse({"lines": [str(error)]}, 422)
        except KeyError:
            raise HTTPException(404, "no such run is open here") from None

    return answer
