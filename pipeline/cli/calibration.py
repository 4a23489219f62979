"""The commands about camera views: tell them by hand, find them in stills, measure them."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.arguments.options import Set, Split
from pipeline.cli.console.progress_bar import progress_bar
from pipeline.core.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.calibration.evaluation.view_errors import Measured, Summary
    from pipeline.calibration.manual.marked_points import MarkedView
    from pipeline.core.config import Config
    from pipeline.core.pitch import Pitch
    from pipeline.datasets.pitch_labels import LabelledPicture
    from pipeline.networks.pitch_network import PitchNet
    from pipeline.workflow.calibrate_stills import FoundView

Weights = Annotated[str, typer.Option(help="Bundled name, or a path to .onnx.")]
Kind = Annotated[
    str | None,
    typer.Option("--pitch", help="Kind of pitch: 11, 9-fa, 9-dfb, 7-fa, 7-dfb, 5-fa, 5-dfb, futsal."),
]
Length = Annotated[float | None, typer.Option(help="Length of the pitch, m.", show_default="as usual")]
Width = Annotated[float | None, typer.Option(help="Width of the pitch, m.", show_default="as usual")]

_DRAWN = 12
"""Pictures that the sheet for checking shows at most."""


def calibrate(
    source: Annotated[Path, typer.Argument(help="A clip (with --points), an image, or a folder of them.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="JSON file for the views.")] = Path("views.json"),
    points: Annotated[
        Path | None, typer.Option(help="YAML with marked points: of a fixed camera, or of anchor frames.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(show_default="beside -o", help="PNG with the lines drawn, to check.")
    ] = None,
    weights: Weights = "pitch-lines-n",
    kind: Kind = None,
    length: Length = None,
    width: Width = None,
    set_: Set = None,
) -> None:
    """Find camera views without a run: of a clip by marked points, of stills by the pitch network."""
    from pipeline.core import config
    from pipeline.core.settings.pitch_settings import chosen_pitch
    from pipeline.networks.pitch_network import PitchNet
    from pipeline.video import image_sequence
    from pipeline.workflow import calibrate_stills as alone

    settings = _settings(config.parse_set(set_ or []), kind, length, width)
    pitch = chosen_pitch(settings.pitch)
    if points is None and source.exists() and not image_sequence.is_images(source):
        raise ConfigError(
            f"{source}: a clip needs --points points.yaml here; 'teamshape run' finds its views by itself"
        )
    clicks: list[MarkedView] = []
    with progress_bar("pictures") as progress:
        if points is not None:
            clicks = alone.clicks_of(source, points, pitch)
            found = alone.views_by_hand(source, points, clicks, pitch, progress)
        else:
            found = alone.views_of_stills(source, PitchNet(weights), settings.calibrate, pitch, progress)
    alone.write_views(found, pitch, out)
    target = picture or out.with_suffix(".png")
    _draw(source, found, pitch, target)
    counts = Counter(v.source for v in found)
    told = ", ".join(f"{counts[s]} {s}" for s in ("measured", "tracked", "interpolated", "none") if counts[s])
    typer.echo(f"{out}: {len(found)} pictures: {told}; lines drawn in {target}")
    for view in clicks:
        typer.echo(_click_line(view))
    if counts["none"] == len(found):
        typer.echo("no pitch was found in the pictures")


def _click_line(view: MarkedView) -> str:
    """How far each click is from where the view puts it: metres, in the file's order, and the worst one."""
    worst = max(range(view.n_points), key=lambda i: view.apart_m[i])
    each = ", ".join(f"{m:.2f}" for m in view.apart_m)
    frame = "" if view.frame is None else f"frame {view.frame}: "
    return (
        f"{frame}points lie {each} m beside the view; most point {worst + 1}, {view.apart_px[worst]:.1f} px; "
        f"{_lines_seen(view)}; stated error {view.error_m:.2f} m"
    )


def _lines_seen(view: MarkedView) -> str:
    lens = f", lens k1 {view.lens.k1:.3f} k2 {view.lens.k2:.3f}" if view.lens.kind == "radial" else ""
    lens = ", cylindrical panorama" if view.lens.kind == "cylinder" else lens
    if view.seen is None:
        return "by these points alone, the painted lines do not bear them out" + lens
    return f"fitted to the painted lines, {100 * view.seen:.0f}% of them seen where the view puts them" + lens


def _settings(given: dict[str, Any], kind: str | None, length: float | None, width: float | None) -> Config:
    from pipeline.core import config

    options = {"pitch.preset": kind, "pitch.length_m": length, "pitch.width_m": width}
    return config.load(None, given | {k: v for k, v in options.items() if v is not None})


def _draw(source: Path, found: list[FoundView], pitch: Pitch, target: Path) -> None:
    from pipeline.report.calibration.view_sheet import sheet, write_sheet
    from pipeline.workflow.calibrate_stills import pictures_of

    step = max(1, math.ceil(len(found) / _DRAWN))
    shown, lenses = [], []
    for view, image in pictures_of(source, found[::step]):
        error = "" if view.pitch_from_image is None else f", {view.error_m:.2f} m"
        shown.append((image, view.pitch_from_image, f"{view.name}: {view.source}{error}"))
        lenses.append(view.lens)
    write_sheet(sheet(shown, pitch, lenses), target)


def evaluate_calibration(
    data: Annotated[Path, typer.Option("--data", help="Folder with YOLO-pose labels of the 32 landmarks.")],
    split: Annotated[Split, typer.Option(help="Which part to measure on.")] = "val",
    boxes: Annotated[
        Path | None, typer.Option(help="COCO JSON with people in the same pictures: errors at their feet.")
    ] = None,
    zoom: Annotated[
        float, typer.Option(help="Measure on the enlarged middle of each picture.", min=1, max=6)
    ] = 1.0,
    weights: Weights = "pitch-lines-n",
    kind: Kind = None,
    length: Length = None,
    width: Width = None,
    page: Annotated[Path | None, typer.Option("--out", "-o", help="HTML page with the worst cases.")] = None,
) -> None:
    """Measure camera views of single pictures: completeness, reprojection, JaC, metres, stated errors."""
    from pipeline.calibration.evaluation.view_errors import groups
    from pipeline.core.settings.pitch_settings import chosen_pitch
    from pipeline.datasets.pitch_labels import read_labelled
    from pipeline.networks.pitch_network import PitchNet
    from pipeline.report.calibration.evaluation_page import write_page

    pitch = chosen_pitch(_settings({}, kind, length, width).pitch)
    pictures = read_labelled(data, split, boxes)
    network = PitchNet(weights)
    measured = []
    with progress_bar("pictures") as progress:
        for i, picture in enumerate(pictures, start=1):
            measured.append(_measured(picture, zoom, network, pitch))
            progress(i, len(pictures))
    summaries = groups(measured)
    for summary in summaries:
        _say(summary)
    if page is not None:
        about = f"{len(pictures)} pictures of {data}, split {split}, zoom {zoom:g}; network {weights}"
        write_page(page, about, summaries, measured, lambda i: _prepared(pictures[i], zoom)[0], pitch)
        typer.echo(f"page: {page}")


def _prepared(picture: LabelledPicture, zoom: float) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """The picture, and its landmarks (32 rows) and feet in px."""
    import numpy as np

    from pipeline.datasets.pitch_labels import magnified

    image = picture.image()
    shares = np.concatenate([picture.keypoints, picture.feet])
    return magnified(image, shares * [image.shape[1], image.shape[0]], zoom)


def _measured(picture: LabelledPicture, zoom: float, network: PitchNet, pitch: Pitch) -> Measured:
    from pipeline.calibration.evaluation.view_errors import measure
    from pipeline.core.config import CalibrateSettings
    from pipeline.workflow.calibrate_stills import look_once

    image, points = _prepared(picture, zoom)
    feet = points[32:]
    shown = ((feet >= 0) & (feet < [image.shape[1], image.shape[0]])).all(axis=1)
    evidence = look_once(image, network, CalibrateSettings())
    return measure(picture.path.name, evidence, points[:32], feet[shown], pitch, zoom)


def _say(s: Summary) -> None:
    typer.echo(f"{s.name}: {s.complete} of {s.n} pictures have a view ({_percent(s.complete / s.n)})")
    if math.isnan(s.pitch_m):
        return
    jac = f"JaC@5 {_percent(s.jac[0])}, @10 {_percent(s.jac[1])}"
    typer.echo(f"    reprojection {s.reprojected_px:.1f} px at 1080p; {jac}")
    typer.echo(
        f"    over the pitch {s.pitch_m:.3f} m, p95 {s.pitch_p95_m:.3f} (stated {s.stated_m:.3f}, labels' "
        f"own {s.label_m:.3f}); true under twice stated {_percent(s.covered)}, with the labels' own error "
        f"{_percent(s.covered_with_labels)}"
    )
    if s.n_feet:
        typer.echo(
            f"    at {s.n_feet} feet {s.feet_m:.3f} m, p95 {s.feet_p95_m:.3f}; true under twice stated "
            f"{_percent(s.feet_covered)}, with the labels' own error {_percent(s.feet_covered_with_labels)}"
        )


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"
