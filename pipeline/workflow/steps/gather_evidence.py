"""The slow half of step calibrate: the network looks at key frames, in parts that survive a kill."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline import video
from pipeline.calibration.evidence.evidence_store import read_evidence, write_evidence
from pipeline.calibration.evidence.pitch_evidence import Evidence, collect
from pipeline.core.config import VideoSettings
from pipeline.core.errors import VideoError
from pipeline.core.types import Frame
from pipeline.networks.pitch_network import PitchNet
from pipeline.video.read_ahead import read_ahead

_KEYS_A_PART = 500
_AHEAD = 4


@dataclass(frozen=True, slots=True)
class Look:
    """A picture to look at: its frame number, its time, and the people in it ``(P, 4)`` xyxy px."""

    frame: int
    time_s: float
    boxes_px: NDArray[np.float64]


def look(
    source: Path,
    settings: VideoSettings,
    looks: list[Look],
    network: PitchNet,
    min_score: float,
    folder: Path,
    on_done: Callable[[int], None],
) -> list[Evidence]:
    """Give the evidence of all ``looks`` (in order), from parts in ``folder`` as far as they go.

    Raises
    ------
    VideoError
        If the footage no longer has one of the frames.
    """
    out: list[Evidence] = []
    for number in range(0, len(looks), _KEYS_A_PART):
        path = folder / f"{number:08d}.npz"
        if not path.exists():
            break
        out += read_evidence(path)
    on_done(len(out))
    frames = _frames(source, settings, looks[len(out) :])
    while part := list(islice(_seen(frames, looks[len(out) :], network, min_score), _KEYS_A_PART)):
        write_evidence(part, folder / f"{len(out):08d}.npz")
        out += part
        on_done(len(out))
    return out


def _seen(
    frames: Iterator[Frame], looks: list[Look], network: PitchNet, min_score: float
) -> Iterator[Evidence]:
    for wanted in looks:
        frame = next(frames, None)
        if frame is None or frame.index != wanted.frame:
            raise VideoError(
                f"the footage changed while it was worked on: frame {wanted.frame} is gone; start again"
            )
        reading = network.read(frame.image)
        yield collect(wanted.frame, wanted.time_s, frame.image, reading, wanted.boxes_px, min_score)


def _frames(source: Path, settings: VideoSettings, looks: list[Look]) -> Iterator[Frame]:
    """Decode the pictures of ``looks`` on a thread of its own; the others are passed over unconverted."""
    if not looks:
        return iter(())
    return iter(read_ahead(partial(_decode, source, settings, looks), _AHEAD))


def _decode(source: Path, settings: VideoSettings, looks: list[Look]) -> Iterator[Frame]:
    wanted = {look.frame for look in looks}
    start = settings.model_copy(update={"start_s": max(looks[0].time_s, 0.0), "every_s": None})
    for picture in video.pictures(source, start):
        if picture.index in wanted and (image := picture.read()) is not None:
            yield Frame(picture.index, picture.time_s, image)
            if picture.index == looks[-1].frame:
                return
