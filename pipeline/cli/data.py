"""The commands about data sets, training and evaluation; `pipeline.cli.main` mounts them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.core.errors import UserError

if TYPE_CHECKING:
    from pipeline.datasets.canonical import Split
    from pipeline.evaluation.segmentation_report import EvalSettings

data = typer.Typer(
    name="data",
    help="Annotated pictures: import, check, masks for boxes.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Folder = Annotated[Path, typer.Argument(help="A data set folder made by 'teamshape data import'.")]
Trust = Annotated[bool, typer.Option("--trust-weights", help="Load a .pt that is not bundled.")]

_ONLY_SEGMENTATION = (
    *("size", "imgsz", "trust_weights", "crops_per_frame", "crop_scale"),
    *("ball_weight", "rare_weight", "paste_balls", "mosaic", "whole_frames"),
)
"""Options of `train` that mean nothing for the pitch network."""


@data.command("import")
def import_(
    format_: Annotated[
        str, typer.Argument(metavar="FORMAT", help="voc, coco, yolo, labelme, masks or labelmap.")
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
    made = import_dataset(format_, src, out, classes=_pairs(classes or []), rule=rule)  # type: ignore[arg-type]
    n_labels = sum(len(s.labels) for s in made.samples)
    n_masks = sum(x.mask is not None for s in made.samples for x in s.labels)
    counts = f"{len(made.split('train'))} pictures to train on, {len(made.split('val'))} to validate on"
    typer.echo(f"{out}: {counts}, {n_labels} labels, {n_masks} of them with masks")


@data.command()
def check(
    folder: Folder,
    page: Annotated[
        Path | None, typer.Option("--page", "-o", help="Where the page goes [default: check.html in it].")
    ] = None,
) -> None:
    """Look for broken labels and leaks between the splits; exit code 1 when something must be mended."""
    from collections import Counter

    from pipeline.datasets import canonical
    from pipeline.datasets.check_page import write_page
    from pipeline.datasets.checking import check_dataset

    dataset = canonical.load(folder)
    report = check_dataset(dataset)
    target = page or folder / "check.html"
    write_page(dataset, report, target)
    for kind, n in Counter(f.kind for f in report.findings).most_common():
        typer.echo(f"{n:6d}  {kind}")
    typer.echo(f"page: {target}")
    if report.serious:
        raise typer.Exit(1)


@data.command()
def pseudo(
    folder: Folder,
    teachers: Annotated[
        list[str] | None, typer.Option("--teacher", help="Weights to ask; give several for agreement.")
    ] = None,
    trust_weights: Trust = False,
    flip: Annotated[
        bool, typer.Option("--flip/--no-flip", help="Ask about the mirrored picture too.")
    ] = True,
) -> None:
    """Find masks for boxes that have none; the doubtful ones are listed in pseudo.csv."""
    from pipeline.datasets import canonical
    from pipeline.datasets.pseudo_masks import pseudo_masks
    from pipeline.datasets.teacher import teacher

    dataset = canonical.load(folder)
    loaded = [teacher(w, trust_weights=trust_weights) for w in teachers or ["football-seg-n"]]
    with progress_bar("masks") as progress:
        report = pseudo_masks(dataset, loaded, flip=flip, progress=progress)
    doubtful = f"{len(report.doubtful)} doubtful (see {folder / 'pseudo.csv'})"
    typer.echo(f"{report.n_boxes} boxes: {report.n_trusted} masks trusted, {doubtful}")


@data.command()
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
        pictures = stills(count, seed, per_scene=per_scene)
        made = save_rendered(pictures, out, lambda done: progress(done, count))
    typer.echo(f"{out}: {count} pictures, {sum(len(s.labels) for s in made.samples)} labels, all with masks")


def train(
    context: typer.Context,
    folders: Annotated[list[Path], typer.Option("--data", help="A data set folder; may be given often.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for weights, settings and curves.")],
    task: Annotated[str, typer.Option(help="instance, semantic or pitch.")] = "instance",
    size: Annotated[str, typer.Option(help="n, s or m.")] = "n",
    epochs: Annotated[int, typer.Option(min=1)] = 50,
    imgsz: Annotated[int, typer.Option(min=32)] = 512,
    batch: Annotated[int, typer.Option(min=1)] = 16,
    lr: Annotated[float, typer.Option(help="Learning rate at the start.")] = 5e-4,
    hours: Annotated[float | None, typer.Option(help="Stop after this long.")] = None,
    start: Annotated[str | None, typer.Option(help="Weights to go on from.")] = None,
    trust_weights: Trust = False,
    crops_per_frame: Annotated[int, typer.Option(min=1, help="Crops of a picture at each scale.")] = 2,
    crop_scale: Annotated[
        list[float] | None, typer.Option(min=0.1, max=4, help="Scale of crops [default: 1 and 2/3].")
    ] = None,
    ball_weight: Annotated[float, typer.Option(min=0, help="How often crops are laid around a ball.")] = 8.0,
    rare_weight: Annotated[
        float, typer.Option(min=0, help="The same for goalkeepers and referees; players have 1.")
    ] = 1.0,
    paste_balls: Annotated[
        int, typer.Option(min=0, help="Lay up to this many balls of other frames into each crop.")
    ] = 0,
    mosaic: Annotated[float, typer.Option(min=0, max=1, help="Share of mosaics of four crops.")] = 0.5,
    whole_frames: Annotated[bool, typer.Option("--whole-frames", help="Do not cut crops first.")] = False,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    threads: Annotated[int, typer.Option(min=0, help="CPU threads; 0 is all cores.")] = 0,
    resume: Annotated[bool, typer.Option("--resume", help="Go on after a kill.")] = False,
) -> None:
    """Train a segmentation network, or the network that finds the pitch.

    With --task pitch each --data is a folder of YOLO-pose labels of the 32 landmarks, or made by
    'teamshape data render-pitch'; --start is an .onnx of an earlier training [default: the bundled one].
    """
    if task == "pitch":
        _refuse(context, "--task pitch", _ONLY_SEGMENTATION)
        _train_pitch(folders, out, resume, epochs, batch, lr, hours, start, device, threads)
        return
    from pipeline.datasets import canonical
    from pipeline.training.segmentation import training
    from pipeline.training.segmentation.settings import TrainSettings

    settings = TrainSettings(
        task=_one_of("--task", task, "instance", "semantic", "pitch"),
        size=_one_of("--size", size, "n", "s", "m"),
        epochs=epochs,
        imgsz=imgsz,
        batch=batch,
        lr=lr,
        hours=hours,
        crop_px=None if whole_frames else imgsz,
        crop_scales=tuple(crop_scale or TrainSettings().crop_scales),
        crops_per_frame=crops_per_frame,
        ball_weight=ball_weight,
        rare_weight=rare_weight,
        paste_balls=paste_balls,
        mosaic=mosaic,
        start=start,
        trust_weights=trust_weights,
        device=device,
        threads=threads,
    )
    with progress_bar("epochs") as progress:
        datasets = [canonical.load(folder) for folder in folders]
        result = training.train(datasets, out, settings, resume=resume, progress=progress)
    typer.echo(f"{result.n_epochs} epochs; best weights: {result.best}; curves: {result.curves}")


def evaluate(
    folder: Annotated[Path, typer.Option("--data", help="A data set folder.")],
    weights: Annotated[str, typer.Option(help="Bundled name, or a path.")] = "football-seg-n",
    trust_weights: Trust = False,
    split: Annotated[str, typer.Option(help="val or train.")] = "val",
    imgsz: Annotated[int, typer.Option(min=160)] = 1280,
    min_score: Annotated[float, typer.Option(min=0, max=1)] = 0.25,
    one_match: Annotated[
        bool, typer.Option("--one-match", help="Tell teams apart over all pictures [default: by match].")
    ] = False,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    page: Annotated[Path | None, typer.Option("--page", "-o", help="HTML page with the worst cases.")] = None,
) -> None:
    """Measure a network: recall, precision, roles, masks, average precision; or label maps, if semantic."""
    from pipeline.datasets import canonical
    from pipeline.evaluation import segmentation, segmentation_report
    from pipeline.networks.weights import resolve, task_of
    from pipeline.workflow.stills.picture_teams import name_found

    settings = segmentation_report.EvalSettings(
        imgsz=imgsz,
        min_score=min_score,
        min_ball_score=min_score,
        device=_one_of("--device", device, "auto", "cpu", "cuda", "mps"),
        trust_weights=trust_weights,
        one_match=one_match,
    )
    chosen: Any = _one_of("--split", split, "val", "train")
    if task_of(resolve(weights, trust=trust_weights)) == "semantic":
        _evaluate_semantic(weights, folder, chosen, settings, page)
        return
    with progress_bar("pictures") as progress:
        report = segmentation.evaluate(
            weights,
            canonical.load(folder),
            split=chosen,
            settings=settings,
            namer=name_found,
            page=page,
            progress=progress,
        )
    for q in report.qualities:
        if q.n_labelled or q.n_found:
            counts = f"recall {q.recall:.3f} of {q.n_labelled}, precision {q.precision:.3f} of {q.n_found}"
            typer.echo(f"{q.what:<11} {q.band:<9} IoU {q.min_iou}: {counts}")
    typer.echo(f"role right {report.role_right:.3f}; mask IoU {report.mask_iou.get('all', float('nan')):.3f}")
    if report.map_iou:
        typer.echo(f"label maps: people IoU {report.map_iou['people']:.3f}, regions {report.region_iou:.3f}")
    if report.teams is not None:
        typer.echo(f"teams: mIoU {report.teams.mean:.3f}, without rest {report.teams.mean_without_rest:.3f}")
    for a in report.average_precision:
        if a.what == "all":
            typer.echo(f"{a.kind} AP {a.ap:.3f}, AP50 {a.ap50:.3f}")
    if page is not None:
        typer.echo(f"page: {page}")


def _train_pitch(
    folders: list[Path],
    out: Path,
    resume: bool,
    epochs: int,
    batch: int,
    lr: float,
    hours: float | None,
    start: str | None,
    device: str,
    threads: int,
) -> None:
    from pipeline.training.pitch.samples import PitchTrainSettings
    from pipeline.workflow.train_pitch import train_on_folders

    chosen = PitchTrainSettings(epochs, batch, lr, hours, start or "pitch-lines-n", device, threads)
    with progress_bar("epochs") as progress:
        result = train_on_folders(folders, out, chosen, resume=resume, progress=progress)
    typer.echo(
        f"{result.n_epochs} epochs; network: {result.network} (within {result.gap:.1e} of torch); "
        f"curves: {result.curves}"
    )


def _refuse(context: typer.Context, by: str, names: Sequence[str]) -> None:
    """Refuse options that were given but mean nothing here."""
    sources = {name: context.get_parameter_source(name) for name in names}
    given = [name for name, source in sources.items() if source and source.name == "COMMANDLINE"]
    if given:
        raise UserError(f"--{given[0].replace('_', '-')}: means nothing with {by}; leave it out")


def _evaluate_semantic(
    weights: str, folder: Path, split: Split, settings: EvalSettings, page: Path | None
) -> None:
    from pipeline.datasets import canonical
    from pipeline.evaluation import semantic, semantic_report

    dataset = canonical.load(folder)
    with progress_bar("pictures") as progress:
        report = semantic.evaluate_semantic(
            weights, dataset, split=split, settings=settings, page=page, progress=progress
        )
    tolerance = f"boundary F within {semantic_report.TOLERANCE_PX} px"
    for name, iou, f in zip(report.classes, report.iou, report.boundary_f, strict=True):
        typer.echo(f"{name:<9} IoU {iou:.3f}, {tolerance} {f:.3f}")
    typer.echo(f"mean IoU {report.mean_iou:.3f}; pixel accuracy {report.pixel_accuracy:.3f}")
    if page is not None:
        typer.echo(f"page: {page}")


def _pairs(items: list[str]) -> dict[str, str]:
    out = {}
    for item in items:
        name, separator, ours = item.partition("=")
        if not separator or not name:
            raise UserError(f"--class {item}: expected NAME=OURS, such as gk=goalkeeper")
        out[name] = ours
    return out


def _one_of(option: str, value: str, *allowed: str) -> Any:
    if value not in allowed:
        raise UserError(f"{option} {value}: expected {' or '.join(allowed)}")
    return value


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr; gives the function to tell it (done, in all)."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield tell
