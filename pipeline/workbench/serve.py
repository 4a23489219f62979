"""Start the server, say where it is, and open the browser."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass

import uvicorn

from pipeline.core.errors import RunError
from pipeline.workbench.app import create_app
from pipeline.workbench.bench import Bench
from pipeline.workbench.guard import Door, loopback_hosts, new_token

HOST = "127.0.0.1"
_LAST_PORT = 65535
_WAITING = 128


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen; ``port`` 0 is any free one."""

    host: str = HOST
    port: int = 0

    @property
    def local(self) -> bool:
        """Whether only programs on this machine reach it."""
        return self.host in ("127.0.0.1", "localhost", "::1")


def listening(place: Place) -> socket.socket:
    """Open the socket to listen on.

    Raises
    ------
    RunError
        If the port is taken, or this machine has no such address.
    """
    if not 0 <= place.port <= _LAST_PORT:
        raise RunError(f"--port {place.port}: expected 0 to {_LAST_PORT}")
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((place.host, place.port))
        made.listen(_WAITING)  # from here on a browser may come: it waits until the server is up
    except (OSError, OverflowError) as error:
        made.close()
        raise RunError(
            f"{place.host}:{place.port}: cannot listen there ({error}); choose another --port or --host"
        ) from error
    return made


def address_of(place: Place, port: int, token: str) -> str:
    """Give the address to open; a server that listens everywhere is named by this machine's own."""
    name = HOST if place.host in ("0.0.0.0", "::") else place.host
    return f"http://{f'[{name}]' if ':' in name else name}:{port}/{token}/"


def greeting(place: Place, address: str, read_only: bool, *, starts: bool = False) -> list[str]:
    """Say where the workbench is, and in clear words if others in the network can reach it.

    ``starts``: runs can be started too.
    """
    what = "watch" if read_only else "start, watch and correct" if starts else "watch and correct"
    loud = (
        f"WARNING: --host {place.host} lets everybody in this network who has the address {what} these runs, "
        "without encryption"
    )
    return [*([] if place.local else [loud]), f"workbench: {address}", "stop it with Ctrl+C"]


def serve(
    bench: Bench,
    place: Place,
    say: Callable[[str], None],
    *,
    browser: bool = True,
) -> None:
    """Serve until it is stopped (Ctrl+C), and stop the work in the background with it.

    ``say`` is told the address, and in clear words if others in the network can reach it.
    """
    with listening(place) as opened:
        port = opened.getsockname()[1]
        hosts = loopback_hosts(port) if place.local else frozenset[str]()
        door = Door(new_token(), hosts, bench.read_only)
        address = address_of(place, port, door.token) + ("start" if bench.desk is not None else "")
        for line in greeting(place, address, bench.read_only, starts=bench.desk is not None):
            say(line)
        config = uvicorn.Config(
            create_app(bench, door),
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=1,
            server_header=False,
        )
        if browser:
            threading.Timer(0.5, webbrowser.open, [address]).start()
        _end_in_order()
        logging.getLogger("uvicorn.error").addFilter(worth_saying)
        bench.begin()
        try:
            uvicorn.Server(config).run(sockets=[opened])
        except KeyboardInterrupt:
            pass
        finally:
            bench.close()


def worth_saying(record: logging.LogRecord) -> bool:
    """Leave out what uvicorn says of pages that still listen when the server ends: they must."""
    cancelled = record.exc_info is not None and record.exc_info[0] is asyncio.CancelledError
    return not cancelled and not record.getMessage().startswith("Cancel ")


def _end_in_order() -> None:
    """Let a terminated server, or one whose terminal is closed, stop its work in the background too.

    uvicorn ends in order and then gives the signal to whom it was for: by default that ends the process.
    """
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and threading.current_thread() is threading.main_thread():
            signal.signal(number, lambda number, _: sys.exit(128 + number))
