"""Start the server, say where it is, and open the browser."""

from __future__ import annotations

import socket
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
        shown = HOST if place.host in ("0.0.0.0", "::") else place.host
        address = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/{door.token}/"
        if not place.local:
            say(
                f"WARNING: --host {place.host} lets everybody in this network who has the address "
                f"{'watch' if bench.read_only else 'watch and correct'} these runs, without encryption"
            )
        say(f"workbench: {address}")
        say("stop it with Ctrl+C")
        config = uvicorn.Config(
            create_app(bench, door),
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=1,
            server_header=False,
        )
        if browser:
            threading.Timer(0.5, webbrowser.open, [address]).start()
        bench.begin()
        try:
            uvicorn.Server(config).run(sockets=[opened])
        except KeyboardInterrupt:
            pass
        finally:
            bench.close()
