"""What the commands `run`, `analyze` and `image` do, for scripts."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core.config import Config, SegmentSettings, find, load
from pipeline.core.errors import VideoError
from pipeline.core.types import Instances
from pipeline.runs.run import Run
from pipeline.workflow import plan
from pipeline.workflow.package_versions import versions

if TYPE_CHECKING:
    from pipeline.networks.segmenter import Segmenter

_log = logging.getLogger("teamshape")


def process(
    video: str | Path,
    out: str | Path,
    *,
    config: str | None = None,
    force: bool = False,
    listen: plan.Listener | None = None,
    **settings: Any,
) -> Run:
    """Process footage as ``teamshape run`` does: masks, tracks, camera views, positions, tables, page, video.

    Stopped at any moment, the same call continues; a changed setting reruns what depends on it.

    Parameters
    ----------
    video
        A video file, a folder of images, or a glob.
    out
        The run directory.
    config
        YAML file, or a bundled name such as ``fast``.
    force
        Replace a run of other footage in ``out``.
    listen
        Told what happens, as ``listen(step, event, facts)``; by default warnings are logged.
    settings
        As in the YAML: ``mode="team"``, ``segment={"imgsz": 960}``.

    Raises
    ------
    UserError
        For anything that the user can mend, in one line.
    """
    chosen = _settings(config, settings)
    plan.execute(Path(video), Path(out), chosen, listen or _logged, versions(), force)
    return Run.open(out)


def analyze(
    files: str | Path | Sequence[str | Path],
    out: str | Path,
    *,
    config: str | None = None,
    force: bool = False,
    listen: plan.Listener | None = None,
    **settings: Any,
) -> Run:
    """Analyse tracking data as ``teamshape analyze`` does: movement, formations, tables and a page.

    Parameters
    ----------
    files
        The file or files of one match; ``analyze={"provider": ..., "meta": [...]}`` says more of them.
    out, config, force, listen, settings
        As for `process`.

    Raises
    ------
    UserError
        For anything that the user can mend, in one line.
    """
    given = [files] if isinstance(files, str | Path) else list(files)
    chosen = _settings(config, settings)
    plan.analyze([Path(f) for f in given], Path(out), chosen, listen or _logged, versions(), force)
    return Run.open(out)


def segment_image(image: NDArray[np.uint8], **settings: Any) -> Instances:
    """Find the people and balls of one picture.

    Parameters
    ----------
    image
        ``(H, W, 3)`` uint8, BGR as OpenCV reads it.
    settings
        Of the network: ``weights``, ``imgsz``, ``min_score``, ``device``, ... (`SegmentSettings`). It
        stays loaded for the next picture.

    Raises
    ------
    UserError
        If ``image`` is no picture, or the network cannot be loaded.
    """
    from pipeline.networks.segmenter import segment_image as segment

    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or not image.size:
        raise VideoError(f"segment_image: expected a uint8 array (H, W, 3), got {image.dtype} {image.shape}")
    return segment(image, _network(_settings(None, {"segment": settings}).segment.model_dump_json()))


@lru_cache(maxsize=2)
def _network(settings: str) -> Segmenter:
    from pipeline.networks.segmenter import load as load_network

    return load_network(SegmentSettings.model_validate_json(settings))


def _settings(config: str | None, settings: dict[str, Any]) -> Config:
    return load(find(config) if config else None, _dotted(settings))


def _dotted(settings: dict[str, Any], above: str = "") -> dict[str, Any]:
    """Turn ``{"segment": {"imgsz": 960}}`` into ``{"segment.imgsz": 960}``."""
    out: dict[str, Any] = {}
    for name, value in settings.items():
        out |= _dotted(value, f"{above}{name}.") if isinstance(value, dict) else {f"{above}{name}": value}
    return out


def _logged(step: str, event: str, facts: dict[str, Any]) -> None:
    if event == "warn":
        _log.warning("%s: %s", step, facts["text"])
