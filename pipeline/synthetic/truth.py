"""The truth about a rendered match as tables: what pictures show, where the camera looked, who moved how.

Five Parquet files in one folder, next to the video: ``truth_instances``, ``truth_views``, ``truth_motion``,
``truth_people``, ``truth_formations``. Frames count from 0 as in the video; metres are pitch metres.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.core.errors import RunError, TableError
from pipeline.core.masks import area, from_bytes, to_bytes
from pipeline.core.types import CropMask
from pipeline.synthetic.match.simulate import SimulatedMatch
from pipeline.synthetic.match.squad import slots
from pipeline.synthetic.render import RenderedFrame, TruthInstance
from pipeline.tables.columns import Column, TableSchema
from pipeline.tables.schemas import VIEW_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

_FRAME = Column("frame", "int32", "frame of the video, from 0", low=0)
_ID = Column("person_id", "int32", "who, from 1; 0 is the ball", low=0)
_ROLE = Column("role", "str", "player, goalkeeper, referee (assistants too), other (coaches) or ball")
_TEAM = Column("team", "str", "A or B; null for officials, coaches and ball", True, ("A", "B"))

TRUTH_SCHEMAS: dict[str, TableSchema] = {
    "truth_instances": TableSchema(
        "truth_instances",
        "One row for each person or ball with at least one visible pixel in a frame.",
        ("frame", "person_id"),
        (
            *(_FRAME, _ID, _ROLE, _TEAM),
            *(Column(n, "float64", "position on the ground, m") for n in ("x_m", "y_m")),
            Column("z_m", "float64", "height above the ground, m; 0 but for the ball"),
            *(
                Column(n, "float32", "the position on the ground in the picture, px")
                for n in ("foot_x_px", "foot_y_px")
            ),
            Column(
                "visible_share", "float32", "part of the whole figure that is seen, 0 to 1", low=0, high=1
            ),
            *(Column(n, "int32", "box of the mask, px", low=0) for n in ("top", "left", "height", "width")),
            Column("area_px", "int32", "pixels in the mask", low=0),
            Column("runs", "object", "little-endian uint32 run lengths, row by row, background first"),
        ),
    ),
    "truth_views": TableSchema(
        "truth_views",
        "One row for each frame: the homography pitch_from_image (px to m), row by row, and the camera.",
        ("frame",),
        (
            _FRAME,
            Column("time_s", "float64", "s from the first frame", low=0),
            *(Column(name, "float64", "homography") for name in VIEW_COLUMNS),
            *(
                Column(n, "float64", "where the camera stands, m")
                for n in ("camera_x_m", "camera_y_m", "camera_z_m")
            ),
            Column("focal_px", "float64", "focal length, px"),
        ),
    ),
    "truth_motion": TableSchema(
        "truth_motion",
        "One row for each frame and person, seen or not, and the ball.",
        ("frame", "person_id"),
        (
            *(_FRAME, _ID),
            *(Column(n, "float64", "position, m") for n in ("x_m", "y_m", "z_m")),
            Column("speed_mps", "float64", "speed over the ground, m/s"),
            Column("heading_rad", "float32", "where the body faces, rad from +x to +y; 0 for the ball"),
        ),
    ),
    "truth_people": TableSchema(
        "truth_people",
        "One row for each person.",
        ("person_id",),
        (
            *(_ID, _ROLE, _TEAM),
            Column("duty", "str", "player, goalkeeper, referee, assistant or coach"),
            Column("number", "int32", "on the shirt; 0 for none"),
            Column("slot", "int32", "place in the team's formation, from 0; -1 for none"),
            Column("distance_m", "float64", "metres run over the whole clip"),
            Column("top_speed_mps", "float64", "highest speed reached"),
        ),
    ),
    "truth_formations": TableSchema(
        "truth_formations",
        "One row for each outfield place of a team's formation.",
        ("team", "slot"),
        (
            Column("team", "str", "A or B"),
            Column("formation", "str", "its name"),
            Column("attack", "str", "direction of attack along x", values=("left_to_right", "right_to_left")),
            Column("slot", "int32", "place, from 0"),
            *(
                Column(n, "float64", "place from the team's centroid, x forward, y left, m")
                for n in ("x_m", "y_m")
            ),
        ),
    ),
}
"""Columns of the truth tables."""


@dataclass(frozen=True, slots=True)
class Truth:
    """All truth tables of one clip; columns as in `TRUTH_SCHEMAS`."""

    instances: pd.DataFrame
    views: pd.DataFrame
    motion: pd.DataFrame
    people: pd.DataFrame
    formations: pd.DataFrame


def gather(match: SimulatedMatch, frames: Iterable[RenderedFrame]) -> Truth:
    """Collect the truth of a rendered match; pictures may be dropped as soon as they were seen."""
    instances: list[dict[str, Any]] = []
    views: list[dict[str, Any]] = []
    for frame in frames:
        instances.extend(_instance_row(frame.index, found) for found in frame.instances)
        views.append(view_row(frame))
    return Truth(
        _table("truth_instances", instances),
        _table("truth_views", views),
        _table("truth_motion", _motion_rows(match)),
        _table("truth_people", _people_rows(match)),
        _table("truth_formations", _formation_rows(match)),
    )


def write(truth: Truth, folder: Path) -> None:
    """Write the tables into ``folder`` (zstd Parquet)."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in TRUTH_SCHEMAS:
            table: pd.DataFrame = getattr(truth, name.removeprefix("truth_"))
            table.to_parquet(
                folder / f"{name}.parquet", compression="zstd", compression_level=19, index=False
            )
    except OSError as error:
        raise RunError(
            f"{folder}: cannot write ({error.strerror or error}); choose another folder"
        ) from error


def read(folder: Path) -> Truth:
    """Read what `write` wrote.

    Raises
    ------
    TableError
        If a table is missing or unreadable.
    """
    import pandas as pd
    import pyarrow as pa

    found = {}
    for name in TRUTH_SCHEMAS:
        path = folder / f"{name}.parquet"
        try:
            found[name.removeprefix("truth_")] = _cast(name, pd.read_parquet(path))
        except (OSError, pa.ArrowInvalid, KeyError) as error:
            raise TableError(f"{path}: cannot read the truth ({error}); render it again") from error
    return Truth(**found)


def mask_of(row: Any) -> CropMask:
    """The mask of a row of ``truth_instances`` (as from ``itertuples``)."""
    return from_bytes(row.top, row.left, row.height, row.width, row.runs)


def view_row(frame: RenderedFrame) -> dict[str, Any]:
    """A row of ``truth_views``."""
    camera = frame.camera
    view = camera.pitch_from_image()
    cells = dict(zip(VIEW_COLUMNS, view.ravel(), strict=True))
    place = dict(zip(("camera_x_m", "camera_y_m", "camera_z_m"), camera.position_m, strict=True))
    return {"frame": frame.index, "time_s": frame.time_s, **cells, **place, "focal_px": camera.focal_px}


def _instance_row(frame: int, found: TruthInstance) -> dict[str, Any]:
    mask = found.mask
    return {
        "frame": frame,
        "person_id": found.person_id,
        "role": found.role,
        "team": found.team,
        "x_m": found.position_m[0],
        "y_m": found.position_m[1],
        "z_m": found.height_m,
        "foot_x_px": found.foot_px[0],
        "foot_y_px": found.foot_px[1],
        "visible_share": found.visible_share,
        **{n: getattr(mask, n) for n in ("top", "left", "height", "width")},
        "area_px": area(mask),
        "runs": to_bytes(mask),
    }


def _motion_rows(match: SimulatedMatch) -> list[dict[str, Any]]:
    ball_speed = np.zeros(len(match.time_s))
    if len(match.time_s) > 1:
        ball_speed = np.linalg.norm(np.gradient(match.ball_m[:, :2], match.time_s, axis=0), axis=1)
    speed = np.linalg.norm(match.velocity_mps, axis=2)
    names = ("frame", "person_id", "x_m", "y_m", "z_m", "speed_mps", "heading_rad")
    rows = []
    for t in range(len(match.time_s)):
        rows.append((t, 0, *match.ball_m[t], ball_speed[t], 0.0))
        for i, person in enumerate(match.people):
            place = match.position_m[t, i]
            rows.append((t, person.person_id, *place, 0.0, speed[t, i], match.heading_rad[t, i]))
    return [dict(zip(names, row, strict=True)) for row in rows]


def _people_rows(match: SimulatedMatch) -> list[dict[str, Any]]:
    steps = np.linalg.norm(np.diff(match.position_m, axis=0), axis=2).sum(axis=0)
    top = np.linalg.norm(match.velocity_mps, axis=2).max(axis=0)
    return [
        {
            **{n: getattr(p, n) for n in ("person_id", "role", "team", "duty", "number", "slot")},
            "distance_m": steps[i],
            "top_speed_mps": top[i],
        }
        for i, p in enumerate(match.people)
    ]


def _formation_rows(match: SimulatedMatch) -> list[dict[str, Any]]:
    rows = []
    sides = (("A", match.plan.formation_a, "left_to_right"), ("B", match.plan.formation_b, "right_to_left"))
    for team, name, attack in sides:
        for slot, (x, y) in enumerate(slots(name)):
            rows.append({"team": team, "formation": name, "attack": attack, "slot": slot, "x_m": x, "y_m": y})
    return rows


def _table(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return _cast(name, pd.DataFrame(rows, columns=[c.name for c in TRUTH_SCHEMAS[name].columns]))


def _cast(name: str, table: pd.DataFrame) -> pd.DataFrame:
    columns = TRUTH_SCHEMAS[name].columns
    return table[[c.name for c in columns]].astype({c.name: c.dtype for c in columns})
