"""The commands about networks' files; `pipeline.cli.main` mounts them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.arguments.options import NetworkFormat, Trust
from pipeline.cli.console.progress_bar import progress_bar

if TYPE_CHECKING:
    from pipeline.datasets.canonical import DataSet
    from pipeline.networks.weights import Weights

weights = typer.Typer(
    name="weights", help="Networks in other forms.", no_args_is_help=True, rich_markup_mode="rich"
)

_CALIBRATE, _COMPARE = 64, 8
"""Pictures to calibrate int8 with, and to compare an exported network with the original on."""


@weights.command(
    epilog="Example: teamshape weights export football-seg-n --format openvino-int8 --data ds/ -o exported/"
)
def export(
    source: Annotated[str, typer.Argument(metavar="WEIGHTS", help="Bundled name, or a .pt.")],
    format_: Annotated[NetworkFormat, typer.Option("--format", help="Of the files.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the files.")],
    folder: Annotated[
        Path | None,
        typer.Option("--data", help="A data set folder: train calibrates int8, val measures it."),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep an int8 network that fails, named -failed.")
    ] = False,
    imgsz: Annotated[
        int, typer.Option(min=160, max=4096, help="Longer side of the network's input, px.")
    ] = 1280,
    trust_weights: Trust = False,
) -> None:
    """Write a network as OpenVINO (also int8), ONNX or TensorRT, and check that it still finds the same.

    With --data the result is compared with the original picture by picture. int8 must keep people's recall
    within 1 point and mask AP within 2 points on the val split; else exit code 1.
    """
    from pipeline.core.errors import ConfigError
    from pipeline.datasets import canonical
    from pipeline.evaluation import export_parity
    from pipeline.networks import network_export
    from pipeline.networks.weights import resolve

    if format_ == "openvino-int8" and folder is None:
        raise ConfigError("--format openvino-int8: needs --data, to calibrate and to measure what it costs")
    original = resolve(source, trust=trust_weights)
    dataset = canonical.load(folder) if folder else None
    calibrate = _pictures(dataset, "train", _CALIBRATE) if dataset else iter(())
    made = network_export.export(original, format_, out, calibrate, imgsz)
    typer.echo(f"written: {made}")
    if dataset is None or format_ == "tensorrt":
        return
    exported = resolve(str(made))
    same = export_parity.compare(original, exported, _pictures(dataset, "val", _COMPARE), imgsz)
    typer.echo(
        f"against torch: {same.n_pairs} objects in both, {same.n_lost} lost; boxes within "
        f"{same.box_px:.2f} px, scores within {same.score:.3f}, mask IoU at least {same.mask_iou:.3f}, "
        f"mean {same.mean_mask_iou:.3f}"
    )
    passed = (
        _gate(original, made, dataset, imgsz, trust_weights) if format_ == "openvino-int8" else same.within
    )
    if not passed:
        _reject(made, keep)
        raise typer.Exit(1)


@weights.command(
    "average", epilog="Example: teamshape weights average football-seg-n trained/best.pt -o mean.pt"
)
def average_(
    first: Annotated[str, typer.Argument(help="Bundled name, or a .pt.")],
    second: Annotated[str, typer.Argument(help="The same network, trained on.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="New .pt.")],
    share: Annotated[float, typer.Option(min=0, max=1, help="How much of the second.")] = 0.5,
    trust_weights: Trust = False,
) -> None:
    """Write the mean of two networks, one of which was trained on from the other."""
    from pipeline.core.errors import ConfigError
    from pipeline.networks.averaging import average
    from pipeline.networks.weights import resolve

    if out.exists():
        raise ConfigError(f"--out {out}: is there already; give a new file")
    if out.suffix != ".pt":
        raise ConfigError(f"--out {out}: must end in .pt")
    average(resolve(first, trust=trust_weights), resolve(second, trust=trust_weights), share, out)
    typer.echo(f"written: {out}")


def _gate(original: Weights, made: Path, dataset: DataSet, imgsz: int, trust: bool) -> bool:
    from pipeline.evaluation.quantisation import accuracy_loss

    with progress_bar("measure") as progress:
        loss = accuracy_loss(original, str(made), dataset, imgsz, trust=trust, progress=progress)
    typer.echo(
        f"people recall {loss.recall[0]:.4f} -> {loss.recall[1]:.4f}, "
        f"mask AP {loss.mask_ap[0]:.4f} -> {loss.mask_ap[1]:.4f}: {'passes' if loss.passes else 'fails'}"
    )
    return loss.passes


def _reject(made: Path, keep: bool) -> None:
    """Take away what failed, or name it so that nobody uses it by mistake."""
    import shutil

    if keep:
        kept = made.with_name(f"{made.stem}-failed{made.suffix}")
        if kept.is_dir():
            shutil.rmtree(kept)
        made.rename(kept)
        typer.echo(f"not as accurate as the original; kept as {kept}", err=True)
    else:
        shutil.rmtree(made) if made.is_dir() else made.unlink()
        typer.echo("not as accurate as the original; not kept (--keep keeps it)", err=True)


def _pictures(dataset: DataSet, split: Any, most: int) -> Iterator[Any]:
    """Pictures spread evenly over a split, at most ``most``."""
    samples = dataset.split(split) or dataset.samples
    step = max(1, len(samples) // most)
    return (dataset.image(sample) for sample in samples[::step][:most])
