"""What browsers send: JSON objects, not too long."""

from __future__ import annotations

import json
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

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
