"""The pitch network's evidence on key frames, gathered in the pass or, where it is missing, afterwards."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline import video
from pipeline.calibration.evidence.evidence_store import read_evidence, write_evidence
from pipeline.calibration.evidence.key_frames import KeyFrames
from pipeline.calibration.evidence.pitch_evidence import Evidence, collect
from pipeline.core.config import Config, VideoSettings
from pipeline.core.errors import VideoError
from pipeline.core.types import BALL, Frame
from pipeline.networks.pitch_network import PitchNet
from pipeline.video.read_ahead import read_ahead
from pipeline.workflow.observers.observer import DAMAGED, Sight, Target

_KEYS_A_PART = 500
_AHEAD = 4
_MIN_GRASS = 0.05
"""Pictures with less grass than this share are not worth a look."""
_INDOORS = ("futsal",)
"""Kinds of pitch that need no grass."""


def least_grass(config: Config) -> np.float32:
    """Share of grass, as table ``frames`` has it, below which a picture is not worth a look."""
    return np.float32(0.0 if config.pitch.preset in _INDOORS else _MIN_GRASS)


class PitchLooks:
    """Shows the pitch network the key frames of a part, on a thread of its own."""

    def __init__(self, target: Target, config: Config, network: PitchNet) -> None:
        self._target = target
        self._network = network
        self._min_score = config.calibrate.min_keypoint_score
        self._least_grass = least_grass(config)
        self._keys: KeyFrames[Sight] = KeyFrames(config.calibrate.every_s)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="pitch")
        self._under_way: deque[Future[Evidence]] = deque()
        self._done: list[Evidence] = []

    def see(self, sight: Sight) -> None:
        """See `Observer.see`."""
        facts = sight.facts
        if not facts.duplicate and np.float32(facts.grass) >= self._least_grass:
            self._look(self._keys.offer(sight, facts.time_s, facts.shot))

    def end(self, part: int) -> None:
        """See `Observer.end`."""
        self._look(self._keys.rest())
        self._take(0)
        done, self._done = self._done, []
        if done and self._target.stands():
            write_evidence(done, self._target.folder / f"pass-{part:06d}.npz")

    def _look(self, keys: list[Sight]) -> None:
        for key in keys:
            self._under_way.append(self._pool.submit(self._evidence, key))
        self._take(_AHEAD)

    def _take(self, most: int) -> None:
        """Wait until at most so many looks are under way: each holds a picture."""
        while len(self._under_way) > most:
            self._done.append(self._under_way.popleft().result())

    def _evidence(self, sight: Sight) -> Evidence:
        frame, found = sight.frame, sight.found
        people = found.boxes_px[found.class_id != BALL]
        reading = self._network.read(frame.image)
        return collect(frame.index, frame.time_s, frame.image, reading, people, self._min_score)


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
    load: Callable[[], PitchNet],
    min_score: float,
    folder: Path,
    on_done: Callable[[int], None],
) -> list[Evidence]:
    """Give the evidence of all ``looks`` (in order): what lies in ``folder``, and the rest from the footage.

    The latter is written there part by part, so that it survives a kill. ``load`` is called if there is a
    rest.

    Raises
    ------
    VideoError
        If the footage no longer has one of the frames.
    """
    known = {e.frame: e for path in sorted(folder.glob("*.npz")) for e in _stored(path)}
    rest = [one for one in looks if one.frame not in known]
    n_done = len(looks) - len(rest)
    on_done(n_done)
    if rest:
        seen = _seen(_frames(source, settings, rest), rest, load(), min_score)
        while part := list(islice(seen, _KEYS_A_PART)):
            write_evidence(part, folder / f"look-{part[0].frame:08d}.npz")
            known |= {e.frame: e for e in part}
            n_done += len(part)
            on_done(n_done)
    return [known[one.frame] for one in looks]


def _stored(path: Path) -> list[Evidence]:
    try:
        return read_evidence(path)
    except DAMAGED:
        return []


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
    return iter(read_ahead(partial(_decode, source, settings, looks), _AHEAD))


def _decode(source: Path, settings: VideoSettings, looks: list[Look]) -> Iterator[Frame]:
    wanted = {look.frame for look in looks}
    start = settings.model_copy(update={"start_s": max(looks[0].time_s, 0.0), "every_s": None})
    for picture in video.pictures(source, start):
        if picture.index in wanted and (image := picture.read()) is not None:
            yield Frame(picture.index, picture.time_s, image)
            if picture.index == looks[-1].frame:
                return
