"""Commands that train networks and measure them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.arguments.options import Classes, DataSet, Device, Size, Split, Task, Trust, known_classes
from pipeline.cli.console.progress_bar import progress_bar
from pipeline.core.errors import UserError

if TYPE_CHECKING:
    from pipeline.evaluation.segmentation_report import EvalSettings

_ONLY_SEGMENTATION = (
    *("size", "imgsz", "trust_weights", "crops_per_frame", "crop_scale"),
    *("ball_weight", "rare_weight", "paste_balls", "mosaic", "whole_frames"),
)
"""Options of `train` that mean nothing for the pitch network."""


def train(
    context: typer.Context,
    folders: Annotated[list[Path], typer.Option("--data", help="A data set folder; may be given often.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for weights, settings and curves.")],
    task: Annotated[Task, typer.Option(help="What the network is to find.")] = "instance",
    size: Annotated[Size, typer.Option(help="Of the network: nano, small, medium.")] = "n",
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the pictures.")] = 50,
    imgsz: Annotated[int, typer.Option(min=32, help="Side of the network's input, px.")] = 512,
    batch: Annotated[int, typer.Option(min=1, help="Crops a step.")] = 16,
    lr: Annotated[float, typer.Option(help="Learning rate at the start.")] = 5e-4,
    hours: Annotated[float | None, typer.Option(help="Stop after this long.")] = None,
    weights: Annotated[
        str | None, typer.Option(help="Network to go on from.", show_default="bundled")
    ] = None,
    trust_weights: Trust = False,
    crops_per_frame: Annotated[int, typer.Option(min=1, help="Crops of a picture at each scale.")] = 2,
    crop_scale: Annotated[
        list[float] | None, typer.Option(min=0.1, max=4, show_default="1 and 2/3", help="Scale of crops.")
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
    device: Annotated[Device, typer.Option(help="What the network runs on.")] = "auto",
    threads: Annotated[int, typer.Option(min=0, help="CPU threads; 0 is all cores.")] = 0,
    resume: Annotated[bool, typer.Option("--resume", help="Go on after a kill.")] = False,
) -> None:
    """Train a segmentation network, or the network that finds the pitch.

    With --task pitch each --data is a folder of YOLO-pose labels of the 32 landmarks, or made by
    'teamshape data render-pitch'; --weights is an .onnx of an earlier training (else the bundled one).
    """
    if task == "pitch":
        _refuse(context, "--task pitch", _ONLY_SEGMENTATION)
        _train_pitch(folders, out, resume, epochs, batch, lr, hours, weights, device, threads)
        return
    from pipeline.datasets import canonical
    from pipeline.training.segmentation import training
    from pipeline.training.segmentation.settings import TrainSettings

    settings = TrainSettings(
        task=task,
        size=size,
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
        start=weights,
        trust_weights=trust_weights,
        device=device,
        threads=threads,
    )
    with progress_bar("epochs") as progress:
        datasets = [canonical.load(folder) for folder in folders]
        result = training.train(datasets, out, settings, resume=resume, progress=progress)
    typer.echo(f"{result.n_epochs} epochs; best weights: {result.best}; curves: {result.curves}")


def evaluate(
    context: typer.Context,
    folder: DataSet,
    weights: Annotated[str, typer.Option(help="Bundled name, or a path.")] = "football-seg-n",
    trust_weights: Trust = False,
    classes: Classes = None,
    split: Annotated[Split, typer.Option(help="Which part to measure on.")] = "val",
    imgsz: Annotated[int, typer.Option(min=160, help="Longer side of the network's input, px.")] = 1280,
    min_score: Annotated[float, typer.Option(min=0, max=1, help="Drop what is below this.")] = 0.25,
    one_match: Annotated[
        bool, typer.Option("--one-match", help="Tell teams apart over all pictures, not match by match.")
    ] = False,
    device: Annotated[Device, typer.Option(help="What the network runs on.")] = "auto",
    page: Annotated[Path | None, typer.Option("--out", "-o", help="HTML page with the worst cases.")] = None,
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
        device=device,
        trust_weights=trust_weights,
        classes=known_classes(classes),
        one_match=one_match,
    )
    if task_of(resolve(weights, trust=trust_weights)) == "semantic":
        _refuse(context, "a semantic network", ("classes",))
        _evaluate_semantic(weights, folder, split, settings, page)
        return
    with progress_bar("pictures") as progress:
        report = segmentation.evaluate(
            weights,
            canonical.load(folder),
            split=split,
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
        name = "class" if given[0] == "classes" else given[0].replace("_", "-")
        raise UserError(f"--{name}: means nothing with {by}; leave it out")


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
