"""Clicks as ``points.yaml``, and the views behind them, frame by frame: a bad one spoils no other."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.manual.marked_points import MarkedView, marked_views, read_points
from pipeline.core.errors import ConfigError
from pipeline.core.files import whole_file
from pipeline.core.geometry import to_image
from pipeline.core.pitch import Pitch
from pipeline.core.text import yaml_text

NAME = "points.yaml"
Clicks = Sequence[Mapping[str, Any]]
"""Entries as in the file."""
_STEP_M = 1.0
_FAR = 3.0
"""Lines are drawn so many pictures far."""


def read_clicks(path: Path, pitch: Pitch) -> list[dict[str, Any]]:
    """Give the entries of a ``points.yaml`` as they are in it; none where there is no file.

    Raises
    ------
    ConfigError
        If it is none.
    """
    if not path.is_file():
        return []
    read_points(path, pitch)
    return [dict(entry) for entry in yaml_text.read(path)]


def text_of(clicks: Clicks) -> str:
    """Write clicks as YAML, one a line."""
    return "".join(f"- {_flow(dict(click))}\n" for click in clicks)


def solved(clicks: Clicks, size_px: tuple[int, int], pitch: Pitch) -> list[dict[str, Any]]:
    """Find the view behind the clicks of each frame.

    Returns
    -------
    A row a frame: ``frame`` (None: a camera that never moves), ``points`` (which clicks), and either ``why``
    there is no view, or ``apart_px, apart_m`` (of each of its points), ``error_m``, and ``lines``: the pitch
    in the picture, polylines in px.

    Raises
    ------
    ConfigError
        If a click is none.
    """
    checked(clicks, pitch)
    frames = list(dict.fromkeys(click.get("frame") for click in clicks))
    out = []
    for frame in frames:
        own = [i for i, click in enumerate(clicks) if click.get("frame") == frame]
        row: dict[str, Any] = {"frame": frame, "points": own}
        try:
            (view,) = marked_views(_read([clicks[i] for i in own], pitch), size_px, pitch, NAME)
        except ConfigError as error:
            out.append(row | {"why": _plain(error)})
            continue
        apart = {"apart_px": list(view.apart_px), "apart_m": list(view.apart_m), "error_m": view.error_m}
        out.append(row | apart | {"lines": lines_in_picture(view, size_px, pitch)})
    return out


def checked(clicks: Clicks, pitch: Pitch) -> None:
    """Refuse what is no list of clicks; ConfigError names the entry."""
    try:
        _read(clicks, pitch)
    except ConfigError as error:
        raise ConfigError(_plain(error)) from None


def write_clicks(clicks: Clicks, root: Path, size_px: tuple[int, int], pitch: Pitch) -> Path:
    """Write ``points.yaml`` into the run, whole or not at all.

    Raises
    ------
    ConfigError
        If a frame has no view; the first such is told.
    """
    if bad := [row["why"] for row in solved(clicks, size_px, pitch) if "why" in row]:
        raise ConfigError(bad[0])
    with whole_file(root / NAME) as part:
        part.write_text(text_of(clicks), encoding="utf-8")
    return root / NAME


def lines_in_picture(view: MarkedView, size_px: tuple[int, int], pitch: Pitch) -> list[list[list[float]]]:
    """Put the painted lines into the picture: polylines, px; what lies behind the camera is left out."""
    out = []
    for line in pitch.lines_m(_STEP_M):
        shown = to_image(line, inverted(view.view), view.lens)
        near = np.asarray((np.abs(shown) < _FAR * max(size_px)).all(axis=1))
        out += [
            np.round(shown[run], 1).tolist()
            for run in np.split(np.arange(len(line)), np.flatnonzero(np.diff(near)) + 1)
            if near[run[0]] and len(run) > 1
        ]
    return out


def _read(clicks: Clicks, pitch: Pitch) -> Any:
    with tempfile.TemporaryDirectory(prefix="teamshape-") as folder:
        path = Path(folder) / NAME
        path.write_text(text_of(clicks), encoding="utf-8")
        return read_points(path, pitch)


def _plain(error: ConfigError) -> str:
    """The message without where the file lies for a moment."""
    before, found, after = str(error).partition(NAME)
    return (after if found else before).lstrip(" :,") or str(error)


def _flow(click: dict[str, Any]) -> str:
    return str(yaml.safe_dump(click, default_flow_style=True, sort_keys=False, width=10_000)).strip()
