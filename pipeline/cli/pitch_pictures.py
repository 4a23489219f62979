"""The command that renders the pitch network's training pictures; `pipeline.cli.main` mounts it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.data import progress_bar


def render_pitch(
    out: Annotated[Path, typer.Option("--out", "-o", help="New folder for the data set.")],
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="Pictures to render.")] = 300,
    seed: Annotated[int, typer.Option(help="Another seed, other pictures.")] = 0,
    per_scene: Annotated[int, typer.Option(min=1, help="Pictures of each random match.")] = 6,
) -> None:
    """Render pictures of the pitch with exact landmarks and views, for 'train --task pitch'."""
    from pipeline.datasets.rendered_pitch import save_rendered_pitch
    from pipeline.synthetic.pitch_stills import pitch_stills

    with progress_bar("pictures") as progress:
        pictures = pitch_stills(count, seed, per_scene=per_scene)
        n = save_rendered_pitch(pictures, out, lambda done: progress(done, count))
    typer.echo(f"{out}: {n} pictures with their landmarks; the exact views are in {out / 'views.json'}")
