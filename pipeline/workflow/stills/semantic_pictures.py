"""Label maps of still pictures from a semantic network: what is seen in each pixel, whoever it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from pipeline.core.config import SegmentSettings
from pipeline.core.errors import ConfigError, VideoError
from pipeline.core.json_files import write_json
from pipeline.core.types import ProgressCallback
from pipeline.datasets.semantic_classes import palette, tint
from pipeline.formats.masks.label_png import index_png
from pipeline.networks.semantic_network import SemanticNet
from pipeline.networks.weights import resolve
from pipeline.workflow.stills.picture_results import JPEG_QUALITY, LEGEND, begin, forget, prepare, write
from pipeline.workflow.stills.picture_sources import Source, readable

_FORMATS = ("overlay", "semantic")
_MADE_WITH = "classes"


def write_label_maps(
    chosen: Sequence[Source],
    settings: SegmentSettings,
    out: Path,
    formats: Sequence[str],
    warn: Callable[[str], None],
    progress: ProgressCallback,
) -> dict[str, float]:
    """Write ``semantic/NAME.png``, ``overlay/NAME.jpg`` and ``legend.json``; none of ``formats`` means both.

    Returns
    -------
    Share of all pixels by class. Pictures that cannot be read are told to ``warn``.

    Raises
    ------
    ConfigError
        If a format needs people told apart.
    VideoError
        If not one picture can be read.
    RunError
        If ``out`` holds something else, or cannot be written.
    """
    if unknown := [f for f in formats if f not in _FORMATS]:
        raise ConfigError(
            f"--format {unknown[0]}: {settings.weights} is a semantic network, which tells no people apart; "
            f"expected {' or '.join(_FORMATS)}"
        )
    prepare(out, _MADE_WITH)
    network = SemanticNet.open(
        resolve(settings.weights, trust=settings.trust_weights), settings.imgsz, settings.device
    )
    names = network.class_names
    counts = np.zeros(len(names), np.int64)
    done: list[dict[str, str]] = []
    for source, image in readable(chosen, warn):
        values = network.label_map(image)
        counts += np.bincount(values.ravel(), minlength=len(names))
        if not done:
            begin(out, _MADE_WITH)
        if "semantic" in formats or not formats:
            write(out / "semantic" / f"{source.name}.png", index_png(values))
        if "overlay" in formats or not formats:
            quality = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
            drawn = cv2.imencode(".jpg", tint(image, values, names, 0.4), quality)[1]
            write(out / "overlay" / f"{source.name}.jpg", drawn.tobytes())
        done.append({"name": source.name, "file": str(source.path)})
        progress(len(done), len(chosen))
    if not done:
        raise VideoError(f"{chosen[0].path.parent}: not one of {len(chosen)} pictures can be read")
    forget(out, {picture["name"] for picture in done})
    write_json(out / LEGEND, _legend(names, done))
    return dict(zip(names, (counts / counts.sum()).tolist(), strict=True))


def _legend(names: Sequence[str], pictures: list[dict[str, str]]) -> dict[str, Any]:
    classes = [
        {"value": value, "name": name, "rgb": list(rgb)}
        for value, (name, rgb) in enumerate(zip(names, palette(names), strict=True))
    ]
    return {_MADE_WITH: classes, "pictures": pictures}
