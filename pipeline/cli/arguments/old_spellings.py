"""Options that have been renamed: the old name still works and says what it is called now.

docs/deprecation.md says how long.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from typer.core import TyperCommand


def renamed(now: Mapping[str, str]) -> type[TyperCommand]:
    """Make a command class that reads old options as new ones; pass it as ``cls`` of a command.

    Parameters
    ----------
    now
        New name by old, both with their dashes, such as ``{"--page": "--out"}``.
    """

    class Renamed(TyperCommand):
        def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
            return super().parse_args(ctx, rewritten(args, now))

    return Renamed


def rewritten(args: Sequence[str], now: Mapping[str, str]) -> list[str]:
    """Replace old option names in ``args`` (``--old VALUE`` or ``--old=VALUE``), with a note on stderr."""
    out = list(args)
    end = out.index("--") if "--" in out else len(out)
    for i, word in enumerate(out[:end]):
        name, equals, value = word.partition("=")
        if name in now:
            sys.stderr.write(f"note: {name} is called {now[name]} now; the old name goes with version 1.0\n")
            out[i] = now[name] + equals + value
    return out
