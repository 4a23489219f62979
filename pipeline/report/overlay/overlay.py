"""The overlay video: who is who in the picture, where they are on the pitch, how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core.label_maps import BACKGROUND, BALL_VALUE, label_value, paint_order
from pipeline.core.pitch import Pitch
from pipeline.core.types import Frame
from pipeline.report.overlay import player_marks as marks
from pipeline.report.overlay.camera_footprint import footprint_m
from pipeline.report.overlay.frame_scene import Scene, scenes
from pipeline.report.overlay.plate_names import plate_text
from pipeline.report.overlay.radar import Dot, Radar, RadarView
from pipeline.report.style.colours import Colours
from pipeline.runs.frame_masks import FrameMasks
from pipeline.tables import storage
from pipeline.video.writer import VideoWriter

_REFEREE = label_value("referee", None)
_LONGEST_PX = 4096
"""Longer pictures than this do not play on most hardware."""


def write_overlay(
    path: Path,
    frames: Iterator[Frame],
    folder: Path,
    *,
    tracked: bool,
    colours: Colours,
    pitch: Pitch,
    limit_px: int,
    pixel_aspect: float = 1.0,
    on_frame: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Draw the overlay of a run, frame by frame; gives the number of frames written.

    Parameters
    ----------
    path
        Where to write, MP4.
    frames
        The footage, as it was processed; frames that the tables do not know are left out.
    folder
        Holds the tables frames, instances, segments, labels, views, positions, and if ``tracked`` tracks and,
        where people were linked, people and links.
    limit_px
        Largest height, or width of a vertical video; never enlarged.
    pixel_aspect
        Width over height of a pixel of the footage; the overlay has square ones.
    on_frame
        Told how many frames are done, of how many.
    """
    time_s = storage.read(folder / "frames.parquet", "frames", ["time_s"])["time_s"].to_numpy()
    first = next(frames, None)
    if first is None:
        return 0
    height, width = first.image.shape[:2]
    artist = Artist(height, width, limit_px, colours, pitch, pixel_aspect)
    done = 0
    with VideoWriter(path, artist.width, artist.height, frame_rate(time_s)) as writer:
        for frame, scene in _together(chain([first], frames), scenes(folder, tracked)):
            writer.write(artist.draw(frame.image, scene), frame.time_s)
            done += 1
            on_frame(done, len(time_s))
    return done


def frame_rate(time_s: NDArray[np.float64]) -> float:
    """Frames a second of growing times, by their median step; 25 for fewer than two frames."""
    steps = np.diff(np.sort(time_s))
    steps = steps[steps > 0]
    return float(np.clip(1 / np.median(steps), 0.01, 500)) if len(steps) else 25.0


class Artist:
    """Draws frames of one size.

    Parameters
    ----------
    height, width
        Of the footage, px. The drawn picture is `height` x `width` px, smaller where ``limit_px`` asks.
    pixel_aspect
        Width over height of a pixel of the footage; the shorter side of one that is not square is stretched.
    """

    def __init__(
        self,
        height: int,
        width: int,
        limit_px: int,
        colours: Colours,
        pitch: Pitch,
        pixel_aspect: float = 1.0,
    ) -> None:
        self._source_size = (height, width)
        across, down = max(1.0, pixel_aspect), max(1.0, 1 / pixel_aspect)
        tall, wide = round(height * down), round(width * across)
        scale = min(1.0, limit_px / min(tall, wide), _LONGEST_PX / max(tall, wide))
        self.height, self.width = (round(tall * scale / 2) * 2, round(wide * scale / 2) * 2)
        if scale == 1.0:
            self.height, self.width = tall, wide
        self._scale, self._pitch = (scale * across, scale * down), pitch
        short, long = sorted((self.height, self.width))
        self._unit = int(np.clip(round(max(short / 72, long / 300)), 7, 20))
        self._colours = colours.by_label()
        self._radar = Radar(pitch, self.height, self.width, max(8, self._unit))

    def draw(self, image: NDArray[np.uint8], scene: Scene) -> NDArray[np.uint8]:
        """Give the picture with everything drawn, ``(height, width, 3)`` BGR; ``image`` stays as it is."""
        out = self.draw_people(image, scene.people, scene.called)
        self._draw_radar(out, scene)
        return out

    def draw_people(
        self, image: NDArray[np.uint8], people: FrameMasks, called: Sequence[str] | None = None
    ) -> NDArray[np.uint8]:
        """Give the picture with people and ball drawn, but no minimap; as `draw` does.

        ``called`` is what to call each of ``people``; None where nobody has a name.
        """
        if self._scale == (1.0, 1.0):
            out = image.copy()
        else:
            how = cv2.INTER_AREA if max(self._scale) <= 1.0 else cv2.INTER_LINEAR
            out = cv2.resize(image, (self.width, self.height), interpolation=how)
        self._draw_people(out, people, called or [""] * len(people.role))
        return out

    def _draw_people(self, out: NDArray[np.uint8], people: FrameMasks, called: Sequence[str]) -> None:
        feet = people.feet_px * np.array(self._scale)
        order = [i for i in paint_order(people.value, people.feet_px[:, 1]) if people.value[i] != BACKGROUND]
        on_foot = [i for i in order if people.value[i] != BALL_VALUE and np.isfinite(feet[i]).all()]
        for i in on_foot:
            half = 0.55 * float(people.boxes_px[i, 2] - people.boxes_px[i, 0]) * self._scale[0]
            half = float(np.clip(half, 0.8 * self._unit, 4.0 * self._unit))
            marks.foot_ring(out, tuple(feet[i]), half, self._colours[people.value[i]], self._unit)
        for i in order:
            marks.tint(out, people.masks[i], self._scale, self._colours[people.value[i]])
        for i in on_foot:
            if text := plate_text(people.role[i], called[i]):
                colour = self._colours[people.value[i]]
                marks.name_plate(out, text, tuple(feet[i]), colour, self._unit)
        for i in order:
            if people.value[i] == BALL_VALUE:
                marks.ball_mark(out, people.boxes_px[i] * np.array(self._scale * 2), self._unit)

    def _draw_radar(self, out: NDArray[np.uint8], scene: Scene) -> None:
        outline = np.zeros((0, 2))
        if scene.pitch_from_image is not None:
            view = scene.pitch_from_image
            outline = footprint_m(view, *self._source_size, self._pitch, 2.0, scene.lens)
        sure = scene.source != "interpolated"
        dots = [
            Dot(
                s.x_m,
                s.y_m,
                self._colours[s.value],
                sure and s.observed,
                s.value == BALL_VALUE,
                "" if s.value == _REFEREE else s.called,
            )
            for s in scene.spots
            if s.value != BACKGROUND
        ]
        about = RadarView(scene.source, scene.error_m, outline)
        self._radar.draw(out, dots, about, f"{clock(scene.people.time_s)}  shot {scene.shot + 1}")


def clock(time_s: float) -> str:
    """Write a time as ``1:05.2``, or ``1:02:05.2`` from an hour on."""
    tenths = int(time_s * 10 + 1e-6)
    hours, rest = divmod(tenths, 36_000)
    minutes, tenths = divmod(rest, 600)
    head = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{head}:{tenths // 10:02d}.{tenths % 10}"


def _together(frames: Iterator[Frame], told: Iterator[Scene]) -> Iterator[tuple[Frame, Scene]]:
    scene = next(told, None)
    for frame in frames:
        while scene is not None and scene.people.frame < frame.index:
            scene = next(told, None)
        if scene is None:
            return
        if scene.people.frame == frame.index:
            yield frame, scene
