"""Views from points that a person marked: for a fixed camera, or for anchor frames of a moving one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.covariance import even, metres_per_px
from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.camera_model.markings import markings
from pipeline.calibration.evidence.paint import Picture
from pipeline.calibration.initial_views.single_view import apart_m, through_points
from pipeline.calibration.manual.click_fit import ClickFit, Clicks, clicks_beside, fit_clicks
from pipeline.calibration.manual.paint_fit import fit_paint
from pipeline.calibration.uncertainty.view_error import ground_errors
from pipeline.core.camera_lens import STRAIGHT, Lens
from pipeline.core.errors import ConfigError
from pipeline.core.geometry import to_pitch
from pipeline.core.pitch import Pitch
from pipeline.core.text import yaml_text

Array = NDArray[np.float64]

_LEAST, _N_KEYPOINTS = 4, 32
_MARGIN_M = 15.0
_FEW, _SHAKES, _UNSTEADY_M = 7, 12, 4.0
"""Up to so many clicks are shaken so often; a view that moves further is refused."""
_TOO_FAR = 0.03
"""A point this share of the picture's longer side from where the others put it is taken for a slip."""
HAND_SIGMA = 1.5 / 1280
"""How well people click, as a share of the picture's longer side, at best."""


@dataclass(frozen=True, slots=True)
class MarkedPoint:
    """A place in the picture, and on the pitch: ``pitch_m``, or None anywhere on the marking ``line`` (its
    number in `markings`). ``frame`` is None for a camera that never moves.
    """

    image_px: tuple[float, float]
    pitch_m: tuple[float, float] | None
    frame: int | None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class MarkedView:
    """A view through marked points: ``view`` is ``(3, 3)`` image_from_pitch, ``spread`` ``(8, 8)``.

    ``apart_px`` and ``apart_m``: how far each point is from where the view puts it, in the file's order.
    ``lens``: how the picture is bent. ``seen``: share of the lines in the picture that are seen where the
    view puts them, where it was fitted to them; None where clicks alone tell it.
    """

    frame: int | None
    view: Array
    spread: Array
    error_m: float
    n_points: int
    apart_px: tuple[float, ...] = ()
    apart_m: tuple[float, ...] = ()
    lens: Lens = STRAIGHT
    seen: float | None = None


def read_points(path: Path, pitch: Pitch) -> list[MarkedPoint]:
    """Read a YAML list of ``{image: [x, y], pitch: [x, y]}``, or with ``keypoint: n`` or ``line: name``.

    ``image`` is px from the top-left corner, ``pitch`` metres from the centre spot (x along the length, y
    across and up), ``keypoint`` 0 to 31 as `Pitch.keypoints_m` orders them, ``line`` one of `line_names`, on
    which the point lies anywhere. ``frame: n`` beside them makes
    the point hold for that frame only, between which the camera's motion is followed; otherwise the camera
    must stand still.

    Raises
    ------
    ConfigError
        Naming the entry, what is wrong with it, and what is expected.
    """
    try:
        entries = yaml_text.read(path)
    except yaml_text.BadYamlError as error:
        raise ConfigError(f"calibrate.points {path}: not valid YAML ({error})") from error
    if not isinstance(entries, list) or not entries:
        raise ConfigError(
            f"calibrate.points {path}: expected a list of points such as "
            "'- {image: [640, 360], pitch: [0, 0]}'"
        )
    points = [
        _point(entry, f"calibrate.points {path}: point {i + 1}", pitch) for i, entry in enumerate(entries)
    ]
    if len({p.frame is None for p in points}) > 1:
        raise ConfigError(
            f"calibrate.points {path}: give all points a frame, or none (for a camera that never moves)"
        )
    return points


def fingerprint(path: Path) -> str:
    """Identify the points by the file's content; an unreadable one is told as in `read_points`."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ConfigError(f"calibrate.points {path}: cannot read ({error.strerror})") from error


def marked_views(
    points: Sequence[MarkedPoint],
    size_px: tuple[int, int],
    pitch: Pitch,
    name: str,
    pictures: Mapping[int | None, Picture] | None = None,
) -> list[MarkedView]:
    """Fit one view to the points of each frame (or one to all points of a fixed camera).

    Parameters
    ----------
    name
        Of the file, for messages.
    pictures
        What is shown in those frames, by number (None for a fixed camera): views are fitted to their painted
        lines too, where these bear the clicks out.

    Raises
    ------
    ConfigError
        If a frame has under four points, they lie on one line, one is off the picture, one contradicts the
        others, or together they show the pitch mirrored.
    """
    by_frame: dict[int | None, list[MarkedPoint]] = {}
    for point in points:
        by_frame.setdefault(point.frame, []).append(point)
    shown = pictures or {}
    return [_fit(frame, chosen, size_px, pitch, name, shown.get(frame)) for frame, chosen in by_frame.items()]


def line_names(pitch: Pitch) -> dict[str, int]:
    """Names of the markings that a click may lie on, with their numbers in `markings`."""
    half_l, half_w = pitch.length_m / 2, pitch.width_m / 2
    segments, arcs = pitch.segments_m(), pitch.arcs_m()
    wanted = {
        "halfway line": (0.0, -half_w, 0.0, half_w),
        "left goal line": (-half_l, -half_w, -half_l, half_w),
        "right goal line": (half_l, -half_w, half_l, half_w),
        "near touchline": (-half_l, -half_w, half_l, -half_w),
        "far touchline": (-half_l, half_w, half_l, half_w),
    }
    if pitch.marks.penalty_area_m is not None:
        depth, half = pitch.marks.penalty_area_m[0], pitch.marks.penalty_area_m[1] / 2
        for name, side in (("left", -1.0), ("right", 1.0)):
            x = side * (half_l - depth)
            wanted[f"front of {name} penalty area"] = (x, -half, x, half)
    out = {name: segments.index(line) for name, line in wanted.items() if line in segments}
    for i, arc in enumerate(arcs):
        if arc.centre_m == (0.0, 0.0):
            out["centre circle"] = len(segments) + i
    return out


def _point(entry: Any, where: str, pitch: Pitch) -> MarkedPoint:
    if not isinstance(entry, Mapping):
        raise ConfigError(f"{where}: expected {{image: [x, y], pitch: [x, y]}} (got {entry!r})")
    if unknown := sorted(set(map(str, entry)) - {"image", "pitch", "keypoint", "line", "frame"}):
        raise ConfigError(
            f"{where}: unknown key {unknown[0]}; expected image, pitch, keypoint or line, and frame"
        )
    if len({"pitch", "keypoint", "line"} & set(entry)) != 1:
        raise ConfigError(
            f"{where}: give either pitch: [x, y] in metres, keypoint: 0 to {_N_KEYPOINTS - 1}, or line: name"
        )
    image = _pair(entry.get("image"), f"{where}: image")
    frame = entry.get("frame")
    if frame is not None and (not isinstance(frame, int) or isinstance(frame, bool) or frame < 0):
        raise ConfigError(f"{where}: frame must be a whole number from 0 (got {frame!r})")
    if "keypoint" in entry:
        number = entry["keypoint"]
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < _N_KEYPOINTS:
            raise ConfigError(f"{where}: keypoint must be 0 to {_N_KEYPOINTS - 1} (got {number!r})")
        x, y = pitch.keypoints_m()[number]
        if not np.isfinite(x):
            raise ConfigError(f"{where}: this pitch has no keypoint {number}; give pitch: [x, y] in metres")
        return MarkedPoint(image, (float(x), float(y)), frame)
    if "line" in entry:
        known = line_names(pitch)
        if entry["line"] not in known:
            raise ConfigError(f"{where}: line must be one of {', '.join(known)} (got {entry['line']!r})")
        return MarkedPoint(image, None, frame, known[entry["line"]])
    metres = _pair(entry["pitch"], f"{where}: pitch")
    if not pitch.contains(np.array([metres]), _MARGIN_M)[0]:
        raise ConfigError(
            f"{where}: pitch {list(metres)} is off the pitch; metres count from the centre spot, so x is "
            f"within {pitch.length_m / 2:g} and y within {pitch.width_m / 2:g}"
        )
    return MarkedPoint(image, metres, frame)


def _pair(value: Any, where: str) -> tuple[float, float]:
    numbers = isinstance(value, list) and len(value) == 2
    if not numbers or not all(isinstance(v, int | float) and not isinstance(v, bool) for v in value):
        raise ConfigError(f"{where} must be two numbers [x, y] (got {value!r})")
    if not np.isfinite(value).all():
        raise ConfigError(f"{where} must be finite (got {value!r})")
    return float(value[0]), float(value[1])


def _fit(
    frame: int | None,
    points: Sequence[MarkedPoint],
    size_px: tuple[int, int],
    pitch: Pitch,
    name: str,
    picture: Picture | None,
) -> MarkedView:
    where = f"calibrate.points {name}" + ("" if frame is None else f", frame {frame}")
    places = [p for p in points if p.pitch_m is not None]
    if len(places) < _LEAST:
        raise ConfigError(
            f"{where}: {len(places)} points, at least {_LEAST} are needed (beside those on lines)"
        )
    pixels = np.array([p.image_px for p in points])
    metres = np.array([p.pitch_m for p in places])
    off = ((pixels < 0) | (pixels > size_px)).any(axis=1)
    if off.any():
        x, y = pixels[int(off.argmax())]
        raise ConfigError(
            f"{where}: image [{x:g}, {y:g}] is outside the picture of {size_px[0]} x {size_px[1]} px"
        )
    view = through_points(metres, np.array([p.image_px for p in places]))
    if view is None:
        raise ConfigError(f"{where}: all points but one lie on one line; add points away from it")
    if np.linalg.det(view) >= 0:
        raise ConfigError(
            f"{where}: these points show the pitch mirrored; y grows to the left of someone who looks along x"
        )
    clicked, error = _clicked(view, points, size_px, pitch, where)
    painted = None
    if picture is not None:
        painted = fit_paint(clicked, _clicks(points, pitch), picture, pitch, HAND_SIGMA * max(size_px))
    if painted is None:
        apart = _beside(clicked.view, clicked.lens, points, pitch)
        told = clicked.view, clicked.spread, error, len(points)
        return MarkedView(frame, *told, *apart, clicked.lens)
    error = float(ground_errors(painted.view[None], painted.spread[None], size_px, pitch, painted.lens)[0])
    apart = _beside(painted.view, painted.lens, points, pitch)
    told = painted.view, painted.spread, error, len(points)
    return MarkedView(frame, *told, *apart, painted.lens, painted.seen)


def _clicked(
    view: Array, points: Sequence[MarkedPoint], size_px: tuple[int, int], pitch: Pitch, where: str
) -> tuple[ClickFit, float]:
    """Refine the view, refuse points that contradict it, and state its error, m."""
    fitted = fit_clicks(view, _clicks(points, pitch), size_px, HAND_SIGMA * max(size_px))
    apart_px, apart_m = _beside(fitted.view, fitted.lens, points, pitch)
    worst = int(np.argmax(apart_px))
    if apart_px[worst] > _TOO_FAR * max(size_px):
        x, y = points[worst].image_px
        raise ConfigError(
            f"{where}: point {worst + 1}, image [{x:g}, {y:g}], disagrees with the others by "
            f"{apart_m[worst]:.1f} m ({apart_px[worst]:.0f} px); check it"
        )
    # half a click's error stays whatever the number of points: lenses bend, pitches are not drawn to size
    spread = fitted.spread + even(np.array([HAND_SIGMA * max(size_px) / 2]))[0]
    error = float(ground_errors(fitted.view[None], spread[None], size_px, pitch, fitted.lens)[0])
    shaken = _shaken_m(fitted, view, _clicks(points, pitch), size_px, pitch)
    if shaken > max(error, _UNSTEADY_M):
        raise ConfigError(
            f"{where}: the points tell too little: clicks a little beside move the view by {shaken:.0f} m; "
            "spread them over the picture, or add some"
        )
    if shaken > error:
        spread, error = spread * (shaken / error) ** 2, shaken
    return replace(fitted, spread=spread), error


def _beside(
    view: Array, lens: Lens, points: Sequence[MarkedPoint], pitch: Pitch
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """How far each point is from where the view puts it, px and metres, in the order of the file."""
    pixels, inverse = np.array([p.image_px for p in points]), inverted(view)
    # places come first among clicks, lines after
    order = np.argsort(np.argsort([p.pitch_m is None for p in points], kind="stable"), kind="stable")
    apart_px = clicks_beside(view, lens, _clicks(points, pitch))[order]
    ground = to_pitch(pixels, inverse, lens)
    px_m = metres_per_px(lens.straight(pixels), inverse) @ lens.stretch(pixels)
    apart_m = apart_px * np.sqrt(np.abs(np.linalg.det(px_m)))
    for i, point in enumerate(points):
        if point.pitch_m is not None:
            apart_m[i] = np.linalg.norm(ground[i] - point.pitch_m)
    apart_px, apart_m = np.nan_to_num(apart_px, nan=np.inf), np.nan_to_num(apart_m, nan=np.inf)
    return tuple(apart_px.tolist()), tuple(apart_m.tolist())


def _shaken_m(
    fitted: ClickFit, start: Array, clicks: Clicks, size_px: tuple[int, int], pitch: Pitch
) -> float:
    """How far, m, the view moves when clicks are put a little beside where they are: with few of them, close
    together, far more than the fit's own covariance tells. 0 with many clicks.
    """
    if len(clicks.metres) > _FEW:
        return 0.0
    rng, hand_px = np.random.default_rng(0), HAND_SIGMA * max(size_px)
    moved = []
    for _ in range(_SHAKES):
        beside = replace(clicks, pixels=clicks.pixels + rng.normal(0, hand_px, clicks.pixels.shape))
        again = through_points(beside.metres, beside.pixels)
        other = fit_clicks(start if again is None else again, beside, size_px, hand_px)
        moved.append(apart_m(fitted.view, other.view, size_px, pitch, fitted.lens, other.lens))
    return float(np.percentile(moved, 75))


def _clicks(points: Sequence[MarkedPoint], pitch: Pitch) -> Clicks:
    places = [p for p in points if p.pitch_m is not None]
    lines = [p for p in points if p.line is not None]
    return Clicks(
        np.array([p.pitch_m for p in places]),
        np.array([p.image_px for p in places]),
        np.array([p.image_px for p in lines]).reshape(-1, 2),
        np.array([p.line for p in lines], dtype=np.intp),
        markings(pitch),
    )
