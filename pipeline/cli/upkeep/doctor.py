"""The command that says whether the installation is whole."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

_BROKEN = 1


def doctor(
    folder: Annotated[Path, typer.Argument(help="Where runs will go: the disk that counts.")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Look at versions, codecs, weights, cache, devices, memory, disk; exit code 1 if one is broken."""
    from pipeline.core.text.printable import printable
    from pipeline.workflow.doctor import examine

    found = examine(folder)
    broken = sum(f.state == "broken" for f in found)
    if as_json:
        typer.echo(json.dumps({"broken": broken, "findings": [asdict(f) for f in found]}, indent=1))
    else:
        for f in found:
            hint = f" ({f.hint})" if f.hint else ""
            typer.echo(f"{f.state:<8} {f.what:<28} {printable(f.value + hint)}")
        typer.echo(f"{broken} broken" if broken else "nothing is broken")
    if broken:
        raise typer.Exit(_BROKEN)
