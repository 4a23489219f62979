"""Little memory for a server that runs all day: what was read once is given back to the system."""

from __future__ import annotations

import ctypes
import os
import sys

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
"""Numbers of glibc's mallopt(3)."""
_LARGE_BYTES = 128 * 1024


def stay_lean() -> None:
    """Keep freed memory from being held back, for the rest of the process; before Arrow is loaded.

    Arrow's own pool keeps what it once had, and so do glibc's heaps, one a thread: large blocks from here on
    come straight from the system, and go back to it when they are freed.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    if not sys.platform.startswith("linux"):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return
    mallopt(_M_ARENA_MAX, 2)
    mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
