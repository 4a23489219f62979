"""Camera views without a run: of a clip from marked points, or of stills, each found by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline import video
from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.camera_model.markings import markings
from pipeline.calibration.evidence.pitch_evidence import Evidence, collect, straightened
from pipeline.calibration.manual.manual_views import solve_by_hand
from pipeline.calibration.manual.marked_points import MarkedView, marked_views, read_points
from pipeline.calibration.sequence.bent_shots import solve_bent_shot
from pipeline.calibration.sequence.shot_views import solve_shot
from pipeline.calibration.sequence.video_views import Footage, VideoViews
from pipeline.calibration.solver.line_support import explained, line_support
from pipeline.core import images
from pipeline.core.camera_lens import STRAIGHT, Lens
from pipeline.core.config import CalibrateSettings, VideoSettings
from pipeline.core.errors import VideoError
from pipeline.core.files import whole_file
from pipeline.core.pitch import Pitch
from pipeline.core.types import ProgressCallback
from pipeline.egomotion.camera_motion import MotionEstimator
from pipeline.egomotion.cut_detection import ShotDetector
from pipeline.egomotion.reduced_picture import reduced
from pipeline.video import image_sequence
from pipeline.workflow.marked_pictures import marked_pictures

if TYPE_CHECKING:
    from pipeline.networks.pitch_network import PitchNet

Image = NDArray[np.uint8]

_NOBODY = np.zeros((0, 4))
_USUAL_ASPECT, _SQUEEZED = 16 / 9, (0.9, 1.45)
"""Pictures of such a shape (width over height) may be of the usual one, squeezed."""
_CLEARLY = 0.1
"""How much better a stretched picture must be explained to be believed rather than the picture as it is."""


@dataclass(frozen=True, slots=True)
class FoundView:
    """The view of one picture, ``pitch_from_image`` ``(3, 3)`` (None without) and its expected error.

    ``name`` is the image's file name, or ``frame N`` of a clip; ``source`` as in table ``views``.
    """

    name: str
    frame: int
    time_s: float
    size_px: tuple[int, int]
    pitch_from_image: NDArray[np.float64] | None
    error_m: float
    source: str
    n_points: int
    lens: Lens = STRAIGHT


def clicks_of(clip: Path, points: Path, pitch: Pitch) -> list[MarkedView]:
    """Fit the views that marked points of a clip, and the lines painted in it, tell.

    Raises
    ------
    UserError
        As `views_by_hand`.
    """
    info = video.probe(clip)
    size, marked = (info.width_px, info.height_px), read_points(points, pitch)
    marked_views(marked, size, pitch, points.name)  # what is wrong is told before pictures are read
    shown = marked_pictures(clip, VideoSettings(), marked)
    return marked_views(marked, size, pitch, points.name, shown)


def views_by_hand(
    clip: Path, points: Path, marked: list[MarkedView], pitch: Pitch, progress: ProgressCallback
) -> list[FoundView]:
    """Give each frame of a clip the view that marked points tell (`clicks_of`), as `solve_by_hand` does.

    For a camera that never moves the pictures are not even compared. Otherwise motion is measured with nobody
    masked out: people are left to the fit's consensus.

    Raises
    ------
    UserError
        If the points contradict each other or the clip, or either cannot be read.
    """
    info = video.probe(clip)
    size = (info.width_px, info.height_px)
    seen = _footage(clip, marked, info.n_frames_claimed or 0, progress)
    found = solve_by_hand(seen, marked, size, pitch, points.name)
    return [_of_frame(seen, found, row, size) for row in range(len(seen.frame))]


def views_of_stills(
    source: Path, network: PitchNet, settings: CalibrateSettings, pitch: Pitch, progress: ProgressCallback
) -> list[FoundView]:
    """Find the view of each image by itself; pictures squeezed from 16 : 9 are found out.

    Raises
    ------
    VideoError
        If there are no images, or one cannot be read.
    """
    paths = image_sequence.listed(source)
    out = []
    for number, path in enumerate(paths):
        out.append(view_of_still(path.name, number, read_image(path), network, settings, pitch))
        progress(number + 1, len(paths))
    return out


def look_once(image: Image, network: PitchNet, settings: CalibrateSettings) -> Evidence:
    """Gather what one picture shows of a pitch, nobody masked out."""
    return collect(0, 0.0, image, network.read(image), _NOBODY, settings.min_keypoint_score)


def read_image(path: Path) -> Image:
    """Read an image, BGR.

    Raises
    ------
    VideoError
        If it is none.
    """
    image = images.read(path)
    if image is None:
        raise VideoError(f"{path}: cannot read this image; give a picture file or a folder of them")
    return image


def write_views(views: list[FoundView], pitch: Pitch, path: Path) -> None:
    """Write views as JSON: px of the (straightened) picture to metres from the centre spot; null where none.

    ``lens``: how the picture is bent (see `pipeline.core.camera_lens.Lens`), null where it is not.
    """
    rows = [
        {
            "name": v.name,
            "frame": v.frame,
            "time_s": round(v.time_s, 6),
            "width_px": v.size_px[0],
            "height_px": v.size_px[1],
            "source": v.source,
            "pitch_from_image": None if v.pitch_from_image is None else v.pitch_from_image.tolist(),
            "error_m": None if v.pitch_from_image is None else round(v.error_m, 4),
            "n_points": v.n_points,
            "lens": _lens_facts(v.lens) if v.lens.bends and v.pitch_from_image is not None else None,
        }
        for v in views
    ]
    size = {"length_m": pitch.length_m, "width_m": pitch.width_m}
    with whole_file(path) as part:
        part.write_text(json.dumps({"pitch": size, "views": rows}, indent=1) + "\n", encoding="utf-8")


def _lens_facts(lens: Lens) -> dict[str, object]:
    return {
        "kind": lens.kind,
        "centre_px": list(lens.centre_px),
        "focal_px": lens.focal_px,
        "k1": lens.k1,
        "k2": lens.k2,
    }


def pictures_of(source: Path, chosen: list[FoundView]) -> Iterator[tuple[FoundView, Image]]:
    """Read again the pictures of some views, in order."""
    if image_sequence.is_images(source):
        paths = image_sequence.listed(source)
        for view in chosen:
            yield view, read_image(paths[view.frame])
        return
    by_frame = {view.frame: view for view in chosen}
    for picture in video.pictures(source):
        if picture.index in by_frame and (image := picture.read()) is not None:
            yield by_frame[picture.index], image


def _footage(clip: Path, marked: list[MarkedView], n_claimed: int, progress: ProgressCallback) -> Footage:
    still = marked[0].frame is None
    frame, time_s, shot, motion = [], [], [], []
    cuts, follower, number = ShotDetector(), MotionEstimator(), 0
    for picture in video.frames(clip):
        moved = None
        if not still:
            small = reduced(picture.image)
            cut, repeated = cuts.update(small)
            if cut:
                number, follower = number + 1, MotionEstimator()
            moved = np.eye(3) if repeated else follower.update(small, _NOBODY)
        frame.append(picture.index)
        time_s.append(picture.time_s)
        shot.append(number)
        motion.append(np.full((3, 3), np.nan) if moved is None else moved)
        progress(len(frame), max(n_claimed, len(frame)))
    return Footage(np.array(frame), np.array(time_s), np.array(shot), np.array(motion))


def _of_frame(seen: Footage, found: VideoViews, row: int, size_px: tuple[int, int]) -> FoundView:
    frame, source = int(seen.frame[row]), str(found.source[row])
    return FoundView(
        f"frame {frame}",
        frame,
        float(seen.time_s[row]),
        size_px,
        None if source == "none" else found.pitch_from_image[row],
        float(found.error_m[row]),
        source,
        int(found.n_points[row]),
        found.lens_kinds[found.lens[row]],
    )


def view_of_still(
    name: str, number: int, image: Image, network: PitchNet, settings: CalibrateSettings, pitch: Pitch
) -> FoundView:
    """The view of one picture; of one that may have been squeezed, the likelier of as it is and as 16 : 9."""
    size, best, most = (image.shape[1], image.shape[0]), None, 0.0
    for stretch in _stretches(size):
        shown = image if stretch == 1 else cv2.resize(image, None, fx=stretch, fy=1.0)
        evidence = look_once(shown, network, settings)
        solve = solve_bent_shot if stretch == 1 and settings.find_lens else solve_shot
        solved = solve([evidence], np.zeros((0, 3, 3)), pitch)
        if (
            solved is None
            or not np.isfinite(solved.views[0]).all()
            or solved.error_m[0] > settings.max_error_m
        ):
            continue
        worth = _worth(solved.views[0], straightened(evidence, solved.lens), pitch)
        if best is None or worth > most + _CLEARLY:
            wider = shown.shape[1] / size[0]
            as_it_is = np.array([[wider, 0, (wider - 1) / 2], [0, 1, 0], [0, 0, 1.0]])
            view = inverted(solved.views[0]) @ as_it_is
            best = (view, float(solved.error_m[0]), int(solved.n_points[0]), solved.lens)
            most = worth
    if best is None:
        return FoundView(name, number, 0.0, size, None, float("inf"), "none", 0)
    view, error, n, lens = best
    return FoundView(name, number, 0.0, size, view / np.abs(view).max(), error, "measured", n, lens)


def _stretches(size_px: tuple[int, int]) -> tuple[float, ...]:
    """By what a picture's width may have to be stretched: pictures for networks are often made square."""
    aspect = size_px[0] / size_px[1]
    return (1.0, _USUAL_ASPECT / aspect) if _SQUEEZED[0] < aspect < _SQUEEZED[1] else (1.0,)


def _worth(view: NDArray[np.float64], evidence: Evidence, pitch: Pitch) -> float:
    """How well a view explains its picture: markings seen, and line points on markings, 0 to 2."""
    parts = (line_support(view, evidence, pitch), explained(view, evidence, markings(pitch)))
    return float(np.nansum(parts))
