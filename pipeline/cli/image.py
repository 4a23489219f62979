"""The command `image`: masks for still pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.arguments.options import Classes, Device, ImageFormat, Set, Trust, known_classes
from pipeline.cli.console.progress_bar import progress_bar

if TYPE_CHECKING:
    from pipeline.core.config import SegmentSettings
    from pipeline.workflow.stills.picture_sources import Source


def image(
    source: Annotated[Path, typer.Argument(help="A picture, a folder of pictures, or a quoted pattern.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the results.")],
    weights: Annotated[str, typer.Option(help="Bundled name, or a path.")] = "football-seg-n",
    trust_weights: Trust = False,
    classes: Classes = None,
    format_: Annotated[
        list[ImageFormat] | None,
        typer.Option(
            "--format",
            show_default="all",
            help="Of the files; again for more. Of a semantic network: overlay or semantic.",
        ),
    ] = None,
    group: Annotated[
        str | None,
        typer.Option(
            help="Regular expression: pictures in whose names its first group is the same show one match."
        ),
    ] = None,
    each_alone: Annotated[
        bool, typer.Option("--each-alone", help="Every picture is of another match, not all of one.")
    ] = False,
    imgsz: Annotated[
        int, typer.Option(min=160, max=4096, help="Longer side of the network's input, px.")
    ] = 1280,
    min_score: Annotated[float, typer.Option(min=0, max=1, help="Drop people below this.")] = 0.25,
    device: Annotated[Device, typer.Option(help="What the network runs on.")] = "auto",
    set_: Set = None,
) -> None:
    """Masks for still pictures: overlays, label maps of teams and of people, COCO, a table.

    Kits are compared over all pictures of a match: say with --group or --each-alone if a folder has several.
    """
    from collections import Counter

    from pipeline.cli.console import progress as console
    from pipeline.core import config
    from pipeline.core.errors import ConfigError
    from pipeline.core.label_maps import UNCLEAR
    from pipeline.networks.weights import resolve, task_of
    from pipeline.workflow.stills import picture_results, picture_sources

    if group is not None and each_alone:
        raise ConfigError("--group and --each-alone exclude each other; give one")
    given = {
        "weights": weights,
        "trust_weights": trust_weights,
        "imgsz": imgsz,
        "min_score": min_score,
    }
    also = {"classes": known_classes(classes), "device": device}
    overrides = {f"segment.{k}": v for k, v in {**given, **also}.items()}
    settings = config.load(None, overrides | config.parse_set(set_ or []))
    segment = settings.segment
    chosen = picture_sources.sources(source, "^.*$" if each_alone else group)
    if task_of(resolve(segment.weights, trust=segment.trust_weights)) == "semantic":
        if segment.classes:
            raise ConfigError("--class: means nothing for a semantic network; leave it out")
        _label_maps(chosen, segment, out, [f.value for f in format_ or ()])
        return
    formats = picture_results.check_formats([f.value for f in format_ or ()])
    picture_results.prepare(out)
    from pipeline.workflow.stills.segment_pictures import find

    with progress_bar("find people") as progress:
        results = find(chosen, settings, console.warn, progress)
    with progress_bar("write") as progress:
        picture_results.write_all(results, out, formats, progress)
    people = Counter(r.people.role[i] for r in results for i in range(len(r.people.masks)))
    unclear = sum(int((r.people.value == UNCLEAR).sum()) for r in results)
    counts = ", ".join(f"{n} {role}" for role, n in people.most_common()) or "nobody found"
    typer.echo(f"{out}: {len(results)} pictures; {counts}; {unclear} without a team")


def _label_maps(chosen: list[Source], settings: SegmentSettings, out: Path, formats: list[str]) -> None:
    from pipeline.cli.console import progress as console
    from pipeline.workflow.stills.semantic_pictures import write_label_maps

    with progress_bar("label maps") as progress:
        shares = write_label_maps(chosen, settings, out, formats, console.warn, progress)
    typer.echo(f"{out}: " + ", ".join(f"{name} {share:.1%}" for name, share in shares.items()))
