"""What the tables say about each frame that the overlay shows, read frame by frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.core.camera_lens import STRAIGHT, Lens
from pipeline.core.label_maps import UNCLEAR
from pipeline.report.overlay.plate_names import PersonNames
from pipeline.runs.frame_masks import UNTRACKED, FrameMasks, read_frames
from pipeline.tables import storage
from pipeline.tables.cameras.view_lenses import lens_of, stored_lens_columns
from pipeline.tables.frame_stream import FrameReader, Rows
from pipeline.tables.schemas import VIEW_COLUMNS

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Spot:
    """Somebody on the pitch: label map value, metres, whether seen in this very frame, what to call him."""

    value: int
    x_m: float
    y_m: float
    observed: bool
    called: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """One frame: its masks, who stands where on the pitch, and the camera view (H is None where none).

    ``called``: what to call each mask's person (see `PersonNames`); empty for no name.
    """

    people: FrameMasks
    called: tuple[str, ...]
    shot: int
    spots: tuple[Spot, ...]
    source: str
    error_m: float | None
    pitch_from_image: NDArray[np.float64] | None
    lens: Lens = STRAIGHT


def scenes(folder: Path, tracked: bool) -> Iterator[Scene]:
    """Read the tables in ``folder`` (frames, instances, segments, labels, views, positions, [tracks])."""
    shots = storage.read(folder / "frames.parquet", "frames", ["frame", "shot"]).sort_values("frame")["shot"]
    path = folder / "views.parquet"
    views = FrameReader(path, ("source", "error_m", *VIEW_COLUMNS, *stored_lens_columns(path)))
    positions = FrameReader(folder / "positions.parquet", ("instance", "track_id", "x_m", "y_m", "source"))
    called = PersonNames(*(_optional(folder, name, tracked) for name in ("people", "links")))
    last_value: dict[int, int] = {}
    for people, shot in zip(read_frames(folder, tracked), shots.tolist(), strict=True):
        tracks = people.track_id.tolist()
        last_value |= {t: v for t, v in zip(tracks, people.value.tolist(), strict=True) if t != UNTRACKED}
        source, error_m, homography, lens = _view(views.take(people.frame))
        spots = _spots(positions.take(people.frame), people, last_value, called)
        names = tuple(called(track, people.frame) for track in tracks)
        yield Scene(people, names, shot, spots, source, error_m, homography, lens)


def _optional(folder: Path, name: str, wanted: bool) -> pd.DataFrame:
    path = folder / f"{name}.parquet"
    return storage.read(path, name) if wanted and path.exists() else storage.empty(name)


def _view(rows: Rows) -> tuple[str, float | None, NDArray[np.float64] | None, Lens]:
    if not len(rows["frame"]) or rows["source"][0] == "none":
        return "none", None, None, STRAIGHT
    homography = np.array([rows[c][0] for c in VIEW_COLUMNS], dtype=np.float64).reshape(3, 3)
    error = float(rows["error_m"][0])
    lens = lens_of({name: values[0] for name, values in rows.items()})
    return str(rows["source"][0]), error if np.isfinite(error) else None, homography, lens


def _spots(
    rows: Rows, people: FrameMasks, last_value: dict[int, int], called: PersonNames
) -> tuple[Spot, ...]:
    value = dict(zip(people.instance.tolist(), people.value.tolist(), strict=True))
    out = []
    for instance, track, x, y, source in zip(
        *(rows[c].tolist() for c in ("instance", "track_id", "x_m", "y_m", "source")), strict=True
    ):
        seen = _number(instance)
        who = value.get(seen, UNCLEAR) if seen is not None else last_value.get(_number(track) or 0, UNCLEAR)
        number = _number(track)
        name = called(UNTRACKED if number is None else number, people.frame)
        out.append(Spot(who, x, y, source == "observed", name))
    return tuple(out)


def _number(value: float | int | None) -> int | None:
    return None if value is None or value != value else int(value)
