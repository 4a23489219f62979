"""Commands that installed packages add to ``teamshape``."""

from __future__ import annotations

import sys

import typer

from pipeline.core.errors import ExtensionError
from pipeline.core.extensions import COMMANDS, Extension, extensions


def add_commands(app: typer.Typer) -> None:
    """Add each installed command, a function, or group of commands, a `typer.Typer`, by its name.

    A broken one is left out, with a line that says so: the other commands must go on working.
    """
    try:
        found = extensions(COMMANDS)
    except ExtensionError as error:
        sys.stderr.write(f"teamshape: {error}\n")
        return
    own = {c.name or (c.callback.__name__ if c.callback else "") for c in app.registered_commands}
    own |= {
        g.name or (g.typer_instance.info.name if g.typer_instance else "") or ""
        for g in app.registered_groups
    }
    for extension in found:
        try:
            _add(app, extension, own)
        except ExtensionError as error:
            sys.stderr.write(f"teamshape: {error}\n")


def _add(app: typer.Typer, extension: Extension, own: set[str]) -> None:
    name = extension.name
    if name in own:
        raise ExtensionError(f"command {name} of {extension.package}: there is one of this name; left out")
    value = extension.load()
    if isinstance(value, typer.Typer):
        app.add_typer(value, name=name)
    elif callable(value):
        app.command(name)(value)
    else:
        raise ExtensionError(
            f"command {name} of {extension.package}: a {type(value).__name__}, but expected a function or a "
            "typer.Typer; left out"
        )
