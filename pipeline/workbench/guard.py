"""Who may look: the token in the address, the host's own name, no writes from other pages, a strict policy.

The address is ``http://127.0.0.1:PORT/TOKEN/``; whatever lies outside of it is not found. A page of somebody
else's cannot know the token; should it leak, browsers still say where a request comes from.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_READS = ("GET", "HEAD")
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Door:
    """What a request has to show: ``token`` in its address, one of ``hosts`` (name:port) as its Host.

    ``hosts`` empty: any, for a server that was opened to the network on purpose. ``read_only``: nothing is
    written.
    """

    token: str
    hosts: frozenset[str]
    read_only: bool = False


def new_token() -> str:
    """Make a token that cannot be guessed."""
    return secrets.token_urlsafe(18)


def loopback_hosts(port: int) -> frozenset[str]:
    """List what browsers on this machine call a server on ``port``."""
    return frozenset(f"{name}:{port}" for name in LOOPBACK)


class Guard:
    """Lets requests through that show what the door asks for, and adds the policy to every answer."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app = app
        self.door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on without the token in its path."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
            await send(message)

        refused = self._refused(scope)
        if refused is not None:
            await refused(scope, receive, with_policy)
            return
        await self.app(self._inside(scope), receive, with_policy)

    def _refused(self, scope: Scope) -> Response | None:
        headers, path = Headers(scope=scope), str(scope["path"])
        host = headers.get("host", "").lower()
        if self.door.hosts and host not in self.door.hosts:
            return PlainTextResponse("this server is not called that", 421)
        token = path.removeprefix("/").split("/", 1)[0]
        if not secrets.compare_digest(token.encode(), self.door.token.encode()):
            return PlainTextResponse("nothing here; use the whole address that was printed", 404)
        if path == f"/{self.door.token}":  # what lies beside the page is relative to it
            return RedirectResponse(f"{path}/")
        if scope["method"] in _READS:
            return None
        if self.door.read_only:
            return PlainTextResponse("opened with --read-only", 403)
        if not _own_page(headers, host):
            return PlainTextResponse("only the workbench's own page may write", 403)
        return None

    def _inside(self, scope: Scope) -> Scope:
        prefix = f"/{self.door.token}"
        path = str(scope["path"]).removeprefix(prefix)
        return {**scope, "path": path or "/", "raw_path": (path or "/").encode(), "root_path": ""}


def _own_page(headers: Headers, host: str) -> bool:
    """Say whether a write comes from a page of this server, by what the browser says of it."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    if origin is not None and origin.lower() not in (f"http://{host}", f"https://{host}"):
        return False
    json = headers.get("content-type", "").split(";")[0].strip() == "application/json"
    return json and (site is not None or origin is not None)
