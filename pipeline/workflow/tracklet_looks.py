"""The work of step appearance: choose pictures, look at people in them, put together what was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.appearance.body_zones import ZONES, zone_colours, zone_statistics
from pipeline.appearance.mask_cutout import thumbnail
from pipeline.appearance.sampling import BOX, choose_samples
from pipeline.appearance.stature import relative_heights
from pipeline.appearance.upper_body import INPUT_PX, cut_square, torso_square
from pipeline.core.config import AppearanceSettings
from pipeline.core.images import write_jpeg
from pipeline.core.json_files import write_json
from pipeline.core.types import CropMask, Frame
from pipeline.identity.number_votes import MIN_LEGIBLE, vote
from pipeline.networks.shirt_numbers.number_reader import N_NUMBERS, NumberReader, NumberReadings
from pipeline.runs.frame_masks import crop_masks, match
from pipeline.tables import storage
from pipeline.tables.frame_stream import FrameReader, Rows

if TYPE_CHECKING:
    import pandas as pd

_QUALITY = 88

Array = NDArray[np.float64]


@dataclass(slots=True)
class Thumbnail:
    """The best small picture of a track so far ``(96, W, 3)`` BGR, and where it is from."""

    picture: NDArray[np.uint8]
    frame: int
    instance: int
    quality: float


@dataclass(slots=True)
class Looks:
    """What was seen: an entry for each sample, in order.

    ``legible`` and ``number`` ``(100,)`` are the reader's; ``zones`` ``(4, 3)`` CIE L*a*b*, NaN where not
    seen; ``relative_height`` is NaN where unknown; ``thumbnails`` are by track.
    """

    frame: list[int] = field(default_factory=list)
    instance: list[int] = field(default_factory=list)
    track_id: list[int] = field(default_factory=list)
    legible: list[float] = field(default_factory=list)
    number: list[Array] = field(default_factory=list)
    zones: list[Array] = field(default_factory=list)
    relative_height: list[float] = field(default_factory=list)
    thumbnails: dict[int, Thumbnail] = field(default_factory=dict)

    def numbers(self) -> Array:
        """All numbers' probabilities, ``(K, 100)``."""
        return np.array(self.number, np.float64).reshape(-1, N_NUMBERS)


def choose(tables: Path, settings: AppearanceSettings, size_px: tuple[int, int]) -> pd.DataFrame:
    """Choose the samples of all tracks of people, see `choose_samples`."""
    tracks = storage.read(tables / "tracks.parquet", "tracks", ["frame", "time_s", "instance", "track_id"])
    columns = ["frame", "instance", "class_name", "score", *BOX]
    instances = storage.read(tables / "instances.parquet", "instances", columns)
    seen = tracks.merge(instances, on=["frame", "instance"])
    is_ball = seen["class_name"].eq("ball").groupby(seen["track_id"]).mean() > 0.5
    people = seen[~seen["track_id"].map(is_ball).astype(bool) & seen["class_name"].ne("ball")]
    return choose_samples(people.drop(columns="class_name"), settings.every_s, settings.samples, size_px)


def look(
    pictures: Iterable[Frame],
    samples: pd.DataFrame,
    tables: Path,
    reader: NumberReader | None,
    on_picture: Callable[[int], None],
) -> Looks:
    """Look at the samples, picture by picture; one that cannot be read again is left out.

    Without a ``reader`` nobody's number is legible.
    """
    segments = FrameReader(
        tables / "segments.parquet", ("instance", "top", "left", "height", "width", "runs")
    )
    instances = FrameReader(tables / "instances.parquet", ("instance", "class_name", *BOX))
    wanted = dict(tuple(samples.groupby("frame")))
    out = Looks()
    for n, picture in enumerate(pictures, start=1):
        rows, people = segments.take(picture.index), instances.take(picture.index)
        _look_at(picture, wanted[picture.index], rows, people, reader, out)
        on_picture(n)
    return out


def _look_at(
    picture: Frame,
    wanted: pd.DataFrame,
    segments: Rows,
    instances: Rows,
    reader: NumberReader | None,
    out: Looks,
) -> None:
    segments = {k: v[~np.isnan(segments["instance"].astype(np.float64))] for k, v in segments.items()}
    masks = crop_masks(segments)
    number = wanted["instance"].to_numpy(np.int64)
    at, row = match(number, segments), match(number, instances)
    known = (at >= 0) & (row >= 0)
    wanted, at, row = wanted[known], at[known], row[known]
    boxes = np.column_stack([instances[c] for c in BOX]).astype(np.float64)
    tall = np.full(len(boxes), np.nan)
    people = instances["class_name"] != "ball"
    tall[people] = relative_heights(boxes[people])
    zones = zone_colours(picture.image, masks, at.tolist()).lab
    squares = [torso_square(boxes[r], masks[m]) for r, m in zip(row, at, strict=True)]
    read = _read_numbers(picture.image, squares, reader)
    out.frame += [picture.index] * len(wanted)
    out.instance += wanted["instance"].tolist()
    out.track_id += wanted["track_id"].tolist()
    out.legible += read.legible.tolist()
    out.number += list(read.number)
    out.zones += list(zones)
    out.relative_height += tall[row].tolist()
    _keep_best(picture, wanted, [masks[m] for m in at], out)


def _read_numbers(
    image: NDArray[np.uint8], squares: list[tuple[float, float, float]], reader: NumberReader | None
) -> NumberReadings:
    if reader is None:
        return NumberReadings(np.zeros(len(squares)), np.zeros((len(squares), N_NUMBERS)))
    crops = [cut_square(image, *square) for square in squares]
    return reader.read(np.array(crops, np.uint8).reshape(-1, INPUT_PX, INPUT_PX, 3))


def _keep_best(picture: Frame, wanted: pd.DataFrame, masks: list[CropMask], out: Looks) -> None:
    names = ("track_id", "instance", "quality")
    for track, instance, quality, mask in zip(*(wanted[n].tolist() for n in names), masks, strict=True):
        best = out.thumbnails.get(track)
        if best is None or quality > best.quality:
            small = thumbnail(picture.image, mask)
            out.thumbnails[track] = Thumbnail(small, picture.index, instance, quality)


def readings_table(looks: Looks, min_legible: float = MIN_LEGIBLE) -> pd.DataFrame:
    """Make table ``number_readings``; what is less likely legible than ``min_legible`` has no number."""
    import pandas as pd

    numbers, legible = looks.numbers(), np.array(looks.legible, np.float64)
    best = numbers.argmax(axis=1) if len(numbers) else np.zeros(0, np.int64)
    score = legible * numbers.max(axis=1, initial=0.0)
    readable = legible >= min_legible
    return pd.DataFrame(
        {
            "frame": np.array(looks.frame, np.int32),
            "instance": np.array(looks.instance, np.int32),
            "track_id": np.array(looks.track_id, np.int32),
            "number": pd.array(np.where(readable, best, 0), dtype="Int32"),
            "score": np.where(readable, score, np.nan).astype(np.float32),
            "legible": legible.astype(np.float32),
        }
    ).assign(number=lambda t: t["number"].where(readable))


def tracklets_table(looks: Looks, samples: pd.DataFrame, min_number_score: float) -> pd.DataFrame:
    """Make table ``tracklet_appearance``: a row for each track that has samples, seen again or not."""
    import pandas as pd

    at: dict[int, list[int]] = {int(t): [] for t in sorted(samples["track_id"].unique())}
    for i, track in enumerate(looks.track_id):
        at[track].append(i)
    rows = [_tracklet(looks, track, np.array(rows, np.int64), min_number_score) for track, rows in at.items()]
    if not rows:
        return storage.empty("tracklet_appearance")
    ratio = samples.groupby("track_id")[BOX].apply(_median_ratio)
    table = pd.DataFrame(rows)
    return table.assign(height_to_width=table["track_id"].map(ratio).astype("float32"))


def _tracklet(looks: Looks, track: int, rows: NDArray[np.int64], min_score: float) -> dict[str, object]:
    import pandas as pd

    zones = np.array([looks.zones[i] for i in rows]).reshape(-1, len(ZONES), 3)
    tall = np.array([looks.relative_height[i] for i in rows], np.float64)
    tall = tall[~np.isnan(tall)]
    legible = np.array([looks.legible[i] for i in rows], np.float64)
    verdict = vote(legible, looks.numbers()[rows], min_score)
    return {
        "track_id": track,
        "n_samples": len(rows),
        **zone_statistics(zones),
        "relative_height": float(np.median(tall)) if len(tall) else np.nan,
        "number": pd.NA if verdict.number is None else verdict.number,
        "number_score": verdict.score if verdict.n_legible else np.nan,
        "n_legible": verdict.n_legible,
    }


def _median_ratio(boxes: pd.DataFrame) -> float:
    high, wide = boxes["y2_px"] - boxes["y1_px"], boxes["x2_px"] - boxes["x1_px"]
    return float((high / wide.clip(lower=1.0)).median())


def write_thumbnails(looks: Looks, listing: Path) -> None:
    """Write one JPEG a track beside ``listing``, then that: who is on which, from where. Old ones go first.

    Raises
    ------
    RunError
        If the disk is full or the folder cannot be written.
    """
    listing.unlink(missing_ok=True)
    for old in listing.parent.glob("*.jpg"):
        old.unlink()
    for track, best in sorted(looks.thumbnails.items()):
        write_jpeg(listing.parent / f"{track}.jpg", best.picture, _QUALITY)
    facts = {
        str(t): {"file": f"{t}.jpg", "frame": b.frame, "instance": b.instance}
        for t, b in sorted(looks.thumbnails.items())
    }
    write_json(listing, facts)
