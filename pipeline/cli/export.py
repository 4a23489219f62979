"""The command that writes a finished run for other tools; `pipeline.cli.main` mounts it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def export(
    run_dir: Annotated[Path, typer.Argument(help="A finished run directory.", metavar="RUN")],
    format_: Annotated[
        str, typer.Option("--format", help="skillcorner, cdf, tracab, mot, mots, coco, gsr or csv.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="New folder for the files.")],
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier export in -o.")] = False,
) -> None:
    """Write a run in a format that other tools read.

    The folder appears whole or not at all; its export.json says what the format could not hold.
    """
    from pipeline.formats.writers.exports import write_export

    written = write_export(run_dir, out, format_, replace=force)
    typer.echo(f"{written.frames} frames written to {out}")
    for note in written.notes:
        typer.echo(f"note: {note}")
