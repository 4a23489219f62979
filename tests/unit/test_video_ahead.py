import threading

import pytest

from pipeline.video.read_ahead import read_ahead


def alive():
    return [t for t in threading.enumerate() if t.name == "read-ahead"]


def test_items_come_in_order():
    assert list(read_ahead(lambda: iter(range(50)), 4)) == list(range(50))


def test_nothing_gives_nothing():
    assert list(read_ahead(lambda: iter(()), 4)) == []


def test_errors_come_after_the_items_before_them():
    def broken():
        yield 1
        raise ValueError("broken here")

    items = read_ahead(broken, 4)
    assert next(items) == 1
    with pytest.raises(ValueError, match="broken here"):
        next(items)
    assert not alive()


def test_closing_early_ends_the_thread_and_closes_the_source():
    closed = threading.Event()

    def endless():
        try:
            while True:
                yield 1
        finally:
            closed.set()

    items = read_ahead(endless, 2)
    next(items)
    items.close()
    assert closed.is_set()
    assert not alive()


def test_it_never_runs_further_ahead_than_told():
    made = []

    def counted():
        for i in range(100):
            made.append(i)
            yield i

    items = read_ahead(counted, 3)
    for _ in range(10):
        next(items)
    assert len(made) <= 10 + 3 + 2
    items.close()
