"""Commands that write a finished run, or its masks alone, for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.arguments.options import ExportFormat, MaskFormat, MaskKind, RunDir


def export(
    run_dir: RunDir,
    format_: Annotated[ExportFormat, typer.Option("--format", help="Of the files.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="New folder for the files.")],
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier export in -o.")] = False,
) -> None:
    """Write a run in a format that other tools read.

    COCO and MOTS are the instance masks of 'teamshape masks', whole and with an export.json; label maps
    (PNG) and the team-level COCO are written by 'teamshape masks' only. The folder appears whole or not at
    all; its export.json says what the format could not hold.
    """
    from pipeline.formats.writers.exports import write_export

    written = write_export(run_dir, out, format_, replace=force)
    typer.echo(f"{written.frames} frames written to {out}")
    for note in written.notes:
        typer.echo(f"note: {note}")


def masks(
    run_dir: RunDir,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the files.")],
    kind: Annotated[
        MaskKind, typer.Option(help="semantic: team level; instance: every player apart.")
    ] = "semantic",
    format_: Annotated[
        MaskFormat, typer.Option("--format", help="Of the files; mots holds --kind instance only.")
    ] = "png",
) -> None:
    """Write the masks of a run made from footage: PNG label maps, COCO, or MOTS.

    COCO and MOTS of instances come out of 'teamshape export' too, as the same files; positions and tracks
    without masks come only from there.
    """
    from pipeline.formats.masks import mask_export

    n = mask_export.write_masks(run_dir, out, kind=kind, format=format_)
    typer.echo(f"{n} frames written to {out}")
