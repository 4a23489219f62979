"""Commands about data sets: import, check, masks for boxes, rendered pictures."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.arguments.old_spellings import renamed
from pipeline.cli.arguments.options import Classes, DataSetFormat, FrameOrder, Trust, known_classes, pairs
from pipeline.cli.console.progress_bar import progress_bar

data = typer.Typer(
    name="data",
    help="Annotated pictures: import, check, masks for boxes.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
Folder = Annotated[Path, typer.Argument(help="A data set folder made by 'teamshape data import'.")]


@data.command(
    "import", epilog="Example: teamshape data import coco annotations/ -o ds/ --class gk=goalkeeper"
)
def import_(
    format_: Annotated[
        DataSetFormat, typer.Argument(metavar="FORMAT", help="How the pictures are labelled.")
    ],
    src: Annotated[Path, typer.Argument(help="Folder or file to import.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="New folder for the data set.")],
    classes: Annotated[
        list[str] | None,
        typer.Option(
            "--class", metavar="NAME=OURS", help="What a class is, such as gk=goalkeeper; NAME= drops it."
        ),
    ] = None,
    val: Annotated[
        list[str] | None, typer.Option("--val", help="A match to validate on (a regular expression).")
    ] = None,
    group: Annotated[
        str, typer.Option(help="Regular expression whose first group in a file's name is its match.")
    ] = r"^([^_]+)",
) -> None:
    """Bring annotated pictures into one form, divided by match."""
    from pipeline.datasets.importing import SplitRule, import_dataset

    rule = SplitRule(group_pattern=group, val_groups=tuple(val or ()))
    made = import_dataset(format_, src, out, classes=pairs(classes), rule=rule)
    n_labels = sum(len(s.labels) for s in made.samples)
    n_masks = sum(x.mask is not None for s in made.samples for x in s.labels)
    counts = f"{len(made.split('train'))} pictures to train on, {len(made.split('val'))} to validate on"
    typer.echo(f"{out}: {counts}, {n_labels} labels, {n_masks} of them with masks")


@data.command(cls=renamed({"--page": "--out"}), epilog="Example: teamshape data check ds/ -o check.html")
def check(
    folder: Folder,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", show_default="check.html in the folder", help="Where the page goes."),
    ] = None,
) -> None:
    """Look for broken labels and leaks between the splits; exit code 1 when something must be mended."""
    from collections import Counter

    from pipeline.datasets import canonical
    from pipeline.datasets.check_page import write_page
    from pipeline.datasets.checking import check_dataset

    dataset = canonical.load(folder)
    report = check_dataset(dataset)
    target = out or folder / "check.html"
    write_page(dataset, report, target)
    for kind, n in Counter(f.kind for f in report.findings).most_common():
        typer.echo(f"{n:6d}  {kind}")
    typer.echo(f"page: {target}")
    if report.serious:
        raise typer.Exit(1)


@data.command(epilog="Example: teamshape data pseudo ds/ --teacher football-seg-n --teacher yolo.pt")
def pseudo(
    folder: Folder,
    teachers: Annotated[
        list[str] | None, typer.Option("--teacher", help="Weights to ask; give several for agreement.")
    ] = None,
    trust_weights: Trust = False,
    classes: Classes = None,
    flip: Annotated[
        bool, typer.Option("--flip/--no-flip", help="Ask about the mirrored picture too.")
    ] = True,
) -> None:
    """Find masks for boxes that have none; the doubtful ones are listed in pseudo.csv."""
    from pipeline.datasets import canonical
    from pipeline.datasets.pseudo_masks import pseudo_masks
    from pipeline.datasets.teacher import teacher

    dataset = canonical.load(folder)
    given = known_classes(classes)
    loaded = [teacher(w, trust_weights=trust_weights, classes=given) for w in teachers or ["football-seg-n"]]
    with progress_bar("masks") as progress:
        report = pseudo_masks(dataset, loaded, flip=flip, progress=progress)
    doubtful = f"{len(report.doubtful)} doubtful (see {folder / 'pseudo.csv'})"
    typer.echo(f"{report.n_boxes} boxes: {report.n_trusted} masks trusted, {doubtful}")


@data.command("from-run", epilog="Example: teamshape data from-run runs/derby -o ds/ --frames 50")
def from_run(
    run: Annotated[Path, typer.Argument(help="A finished run of footage.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="New folder for the data set.")],
    frames: Annotated[int, typer.Option(min=1, help="Frames at most.")] = 100,
    order: Annotated[
        FrameOrder,
        typer.Option(help="Frames with most to correct first, or evenly over the footage."),
    ] = "hard",
    minimum_gap_s: Annotated[
        float, typer.Option("--minimum-gap", min=0, help="Least time between two frames, s.")
    ] = 1.0,
    sure: Annotated[
        float, typer.Option(min=0, max=1, help="Masks with a lower score are marked doubtful.")
    ] = 0.6,
) -> None:
    """Write frames of a run with what was found in them, to correct by hand and train on."""
    from pipeline.datasets.own_footage.from_run import FromRunRule, dataset_from_run

    rule = FromRunRule(frames, order, minimum_gap_s, sure)
    with progress_bar("pictures") as progress:
        made = dataset_from_run(run, out, rule, progress)
    labels = [x for s in made.samples for x in s.labels]
    doubtful = sum(x.mask_source == "doubtful" for x in labels)
    unseen = sum(x.mask is None for x in labels)
    counts = f"{len(made.samples)} pictures, {len(labels)} labels: {doubtful} doubtful"
    typer.echo(f"{out}: {counts}, {unseen} boxes of people who were not found")
    typer.echo(f"in which order to correct them: {out / 'frames.csv'}")


@data.command(epilog="Example: teamshape data render -o rendered/ -n 200")
def render(
    out: Annotated[Path, typer.Option("--out", "-o", help="New folder for the data set.")],
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="Pictures to render.")] = 200,
    seed: Annotated[int, typer.Option(help="Another seed, other pictures.")] = 0,
    per_scene: Annotated[int, typer.Option(min=1, help="Pictures of each random match.")] = 4,
) -> None:
    """Render random matches with exact masks: any kits, light, stand and zoom; to train on."""
    from pipeline.datasets.rendered_people import save_rendered
    from pipeline.synthetic.people_stills import stills

    with progress_bar("pictures") as progress:
        recipe = {"count": count, "seed": seed, "per_scene": per_scene}
        pictures = partial(stills, count, seed, (1280, 720), per_scene)
        made = save_rendered(pictures, out, recipe, lambda done: progress(done, count))
    typer.echo(f"{out}: {count} pictures, {sum(len(s.labels) for s in made.samples)} labels, all with masks")


@data.command("render-pitch", epilog="Example: teamshape data render-pitch -o pitch/ -n 300")
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
        recipe = {"count": count, "seed": seed, "per_scene": per_scene}
        pictures = partial(pitch_stills, count, seed, (1280, 720), per_scene)
        n = save_rendered_pitch(pictures, out, recipe, lambda done: progress(done, count))
    typer.echo(f"{out}: {n} pictures with their landmarks; the exact views are in {out / 'views.json'}")
