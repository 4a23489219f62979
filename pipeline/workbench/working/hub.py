"""What happens in a run, told to every browser that looks at it (server-sent events)."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from typing import Any

_ALIVE_S = 15.0
_MOST_WAITING = 200


class Hub:
    """Passes events from any thread to all who listen."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: list[tuple[asyncio.AbstractEventLoop, asyncio.Queue[str]]] = []

    def publish(self, event: dict[str, Any]) -> None:
        """Tell everybody who listens; from any thread."""
        text = json.dumps(event)
        with self._lock:
            listeners = list(self._listeners)
        for loop, queue in listeners:
            loop.call_soon_threadsafe(_put, queue, text)

    async def listen(self, first: dict[str, Any]) -> AsyncIterator[str]:
        """Give ``first``, then each event, as the lines that browsers read; a comment now and then."""
        queue: asyncio.Queue[str] = asyncio.Queue(_MOST_WAITING)
        place = (asyncio.get_running_loop(), queue)
        with self._lock:
            self._listeners.append(place)
        try:
            yield f"data: {json.dumps(first)}\n\n"
            while True:
                try:
                    text = await asyncio.wait_for(queue.get(), _ALIVE_S)
                    yield f"data: {text}\n\n"
                except TimeoutError:
                    yield ": alive\n\n"
        finally:
            with self._lock:
                self._listeners.remove(place)


def _put(queue: asyncio.Queue[str], text: str) -> None:
    if queue.full():  # somebody who does not read; the oldest goes
        queue.get_nowait()
    queue.put_nowait(text)
