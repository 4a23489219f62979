"""Work on a thread of its own, a bounded number of items ahead of the consumer."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

_POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class _End(Generic[T]):
    error: BaseException | None


def read_ahead(make: Callable[[], Iterator[T]], depth: int) -> Generator[T, None, None]:
    """Iterate over ``make()`` in another thread, at most ``depth`` items ahead.

    The iterator is made, run and closed in that thread. What it raises is raised here, after the
    items before it. Closing this generator early ends the thread and waits for it.
    """
    items: queue.Queue[T | _End[T]] = queue.Queue(maxsize=depth)
    stop = threading.Event()
    worker = threading.Thread(target=_work, args=(make, items, stop), name="read-ahead", daemon=True)
    worker.start()
    try:
        while True:
            item = items.get()
            if not isinstance(item, _End):
                yield item
                continue
            if item.error is not None:
                raise item.error
            return
    finally:
        stop.set()
        worker.join()


def _work(make: Callable[[], Iterator[T]], items: queue.Queue[T | _End[T]], stop: threading.Event) -> None:
    end: _End[T] = _End(None)
    try:
        source = make()
        for item in source:
            _put(items, item, stop)
            if stop.is_set():
                break
        if isinstance(source, Generator):
            source.close()
    except BaseException as error:  # noqa: BLE001 - raised again in the consumer's thread
        end = _End(error)
    _put(items, end, stop)


def _put(items: queue.Queue[T | _End[T]], item: T | _End[T], stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            items.put(item, timeout=_POLL_S)
        except queue.Full:
            continue
        return
