"""Small pictures around cuts and within shots, kept in the pass or made when they are missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from heapq import merge
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline import video
from pipeline.core.config import VideoSettings
from pipeline.core.files import whole_file
from pipeline.egomotion.reduced_picture import reduced
from pipeline.shots.thumbnails import AROUND_S, Thumbnail, Wanted, spread, thumbnail
from pipeline.workflow.observers.observer import DAMAGED, Sight, Target

_KEPT = "small-*.npz"
_ARRAYS = {"tiny_frame", "tiny", "grey_frame", "grey"}
_SLACK_S = 1e-6


class SmallPictures:
    """Keeps the small pictures of a part that step shots may want, whatever the parts beside it show."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._seen: list[tuple[int, float, int, Thumbnail]] = []

    def see(self, sight: Sight) -> None:
        """See `Observer.see`."""
        facts = sight.facts
        small = thumbnail(sight.small.grey, sight.small.colour_bgr)
        self._seen.append((facts.frame, facts.time_s, facts.shot, small))

    def end(self, part: int) -> None:
        """See `Observer.end`."""
        seen, self._seen = self._seen, []
        if not seen or not self._target.stands():
            return
        time_s, shot = np.array([s[1] for s in seen]), np.array([s[2] for s in seen])
        near, some = _near_cuts(time_s, shot), _within_shots(shot)
        arrays: dict[str, Any] = {
            "tiny_frame": np.array([seen[i][0] for i in near], np.int64),
            "tiny": np.array([seen[i][3].tiny for i in near], np.uint8),
            "grey_frame": np.array([seen[i][0] for i in some], np.int64),
            "grey": np.array([seen[i][3].grey for i in some], np.uint8),
        }
        path = self._target.folder / _KEPT.replace("*", f"{part:06d}")
        with whole_file(path) as whole, whole.open("wb") as handle:
            np.savez_compressed(handle, allow_pickle=False, **arrays)


def _near_cuts(time_s: NDArray[np.float64], shot: NDArray[np.int64]) -> list[int]:
    """Rows near a cut or an end of the part, beyond which a cut may be."""
    near = np.zeros(len(time_s), bool)
    for cut_s in (time_s[0], time_s[-1], *time_s[1:][np.diff(shot) != 0]):
        near |= np.abs(time_s - cut_s) <= AROUND_S + _SLACK_S
    return np.flatnonzero(near).tolist()


def _within_shots(shot: NDArray[np.int64]) -> list[int]:
    starts = np.flatnonzero(np.diff(shot) != 0) + 1
    return [int(rows[i]) for rows in np.split(np.arange(len(shot)), starts) for i in spread(len(rows))]


def pictures(
    source: Path, settings: VideoSettings, folder: Path, which: Wanted, on_picture: Callable[[int], None]
) -> Iterator[tuple[int, Thumbnail]]:
    """Give all wanted pictures in order: kept ones, and the others from the footage if they are there."""
    around, within = set(which.around), set(which.within)
    for stored in _stored(folder):
        around -= set(stored["tiny_frame"].tolist())
        within -= set(stored["grey_frame"].tolist())
    missing = around | within
    wanted = (which.around | which.within.keys()) - missing
    again = _decoded(source, settings, missing, on_picture)
    yield from merge(_kept(folder, wanted), again, key=itemgetter(0))


def _kept(folder: Path, wanted: AbstractSet[int]) -> Iterator[tuple[int, Thumbnail]]:
    for stored in _stored(folder):
        tiny, grey = (
            dict(zip(stored[f"{name}_frame"].tolist(), stored[name], strict=True))
            for name in ("tiny", "grey")
        )
        for frame in sorted(wanted & (tiny.keys() | grey.keys())):
            yield frame, Thumbnail(tiny.get(frame), grey.get(frame))


def _stored(folder: Path) -> Iterator[Mapping[str, NDArray[Any]]]:
    for path in sorted(folder.glob(_KEPT)):
        try:
            with np.load(path, allow_pickle=False) as stored:
                arrays = dict(stored)
                whole = arrays.keys() >= _ARRAYS
        except DAMAGED:
            continue
        if whole:
            yield arrays


def _decoded(
    source: Path, settings: VideoSettings, wanted: AbstractSet[int], on_picture: Callable[[int], None]
) -> Iterator[tuple[int, Thumbnail]]:
    """Decode the pictures that are wanted; the others are passed over unconverted."""
    if not wanted:
        return
    last = max(wanted)
    for done, picture in enumerate(video.pictures(source, settings)):
        if picture.index > last:
            return
        if picture.index in wanted and (image := picture.read()) is not None:
            on_picture(done + 1)
            small = reduced(image)
            yield picture.index, thumbnail(small.grey, small.colour_bgr)
