"""Positions that a hand adds: a person's path over time in which nobody found him."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.linking.audit import MAX_SPEED_MPS

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

TABLE = "placed_by_hand"
GIVEN_ERROR_M = 1.0
"""A place that somebody read off a picture or a drawing of the pitch."""
_SWERVE_MPS2 = 3.0
_MOST_SWERVE_M = 10.0
_OFF_PITCH_M = 10.0


@dataclass(frozen=True, slots=True)
class Sights:
    """Where a track was seen on the pitch: ``frame`` ``(N,)`` increasing, ``xy_m`` ``(N, 2)``, its error."""

    frame: Ints
    xy_m: Array
    error_m: Array


@dataclass(frozen=True, slots=True)
class Ground:
    """All processed frames with their times, s, where each track was seen, and half the pitch ``(2,)``, m."""

    frame: Ints
    time_s: Array
    sights: Mapping[int, Sights]
    half_pitch_m: tuple[float, float] = (52.5, 34.0)


@dataclass(frozen=True, slots=True)
class Placed:
    """A person's path by hand: ``frame`` ``(N,)`` increasing, ``xy_m`` ``(N, 2)``, ``error_m`` ``(N,)``."""

    player_id: int
    frame: Ints
    xy_m: Array
    error_m: Array

    def part(self, first: int, end: int) -> Placed:
        """Keep the frames from ``first`` to before ``end``."""
        kept = (self.frame >= first) & (self.frame < end)
        return replace(self, frame=self.frame[kept], xy_m=self.xy_m[kept], error_m=self.error_m[kept])


def ground_of(frames: pd.DataFrame, positions: pd.DataFrame, half_pitch_m: tuple[float, float]) -> Ground:
    """Sum up tables ``frames`` and ``positions``."""
    once = frames.sort_values("frame")
    known = positions.dropna(subset=["track_id"]).sort_values(["track_id", "frame"])
    sights = {
        int(rows["track_id"].iloc[0]): Sights(
            rows["frame"].to_numpy(np.int64),
            rows[["x_m", "y_m"]].to_numpy(np.float64),
            rows["error_m"].to_numpy(np.float64),
        )
        for _, rows in known.groupby("track_id")
    }
    at = (once["frame"].to_numpy(np.int64), once["time_s"].to_numpy(np.float64))
    return Ground(*at, sights, half_pitch_m)


def straight_path(
    player_id: int, ground: Ground, span: tuple[int, int], own: Sights, ends: tuple[Any, Any]
) -> Placed:
    """Lay a straight path at constant speed over the frames of ``span`` (both included).

    Parameters
    ----------
    own
        Where the person was seen. An end that is not given is his last place before, or his first behind.
    ends
        ``[x, y]`` at the first and the last frame of the span, m, or None.

    Raises
    ------
    ValueError
        If he is seen inside, an end is neither given nor known, lies off the pitch, or he would have to fly.
    """
    first, last = span
    inside = own.frame[(own.frame >= first) & (own.frame <= last)]
    if len(inside):
        raise ValueError(f"he is seen there, in frames {inside[0]} to {inside[-1]}; give the time between")
    before, behind = int(np.searchsorted(own.frame, first)) - 1, int(np.searchsorted(own.frame, last))
    at = [first, last]
    places, errors = [], []
    for k, (given, seen, key) in enumerate(zip(ends, (before, behind), ("from_m", "until_m"), strict=True)):
        if given is not None:
            places.append(_on_pitch(given, ground, key))
            errors.append(GIVEN_ERROR_M)
        elif 0 <= seen < len(own.frame):
            at[k] = int(own.frame[seen])
            places.append(own.xy_m[seen])
            errors.append(float(own.error_m[seen]))
        else:
            side = "before" if k == 0 else "behind"
            raise ValueError(f"he is not seen {side} that time; give {key}: [x, y]")
    return _line(player_id, ground, span, (at[0], at[1]), np.array(places), np.array(errors))


def _line(
    player_id: int,
    ground: Ground,
    span: tuple[int, int],
    at: tuple[int, int],
    places: Array,
    errors: Array,
) -> Placed:
    start_s, end_s = (float(np.interp(f, ground.frame, ground.time_s)) for f in at)
    apart = float(np.hypot(*(places[1] - places[0])))
    if apart > MAX_SPEED_MPS * (end_s - start_s) + float(errors.sum()):
        raise ValueError(
            f"he would have to run {apart:.1f} m in {end_s - start_s:.1f} s, and nobody is faster than "
            f"{MAX_SPEED_MPS:g} m/s"
        )
    kept = (ground.frame >= span[0]) & (ground.frame <= span[1])
    time_s = ground.time_s[kept]
    if not len(time_s):
        raise ValueError("no frame lies in that time")
    share = ((time_s - start_s) / max(end_s - start_s, 1e-9)).clip(0, 1)[:, None]
    # Off the straight line by what somebody may swerve unseen, as where gaps are filled.
    swerve = np.minimum(_SWERVE_MPS2 * (time_s - start_s) * (end_s - time_s) / 2, _MOST_SWERVE_M)
    error = np.hypot((1 - share[:, 0]) * errors[0] + share[:, 0] * errors[1], swerve)
    return Placed(player_id, ground.frame[kept], places[0] + share * (places[1] - places[0]), error)


def _on_pitch(given: Any, ground: Ground, key: str) -> Array:
    place = np.array(given, np.float64)
    if (abs(place) > np.array(ground.half_pitch_m) + _OFF_PITCH_M).any():
        half = " x ".join(f"{h:g}" for h in ground.half_pitch_m)
        raise ValueError(
            f"{key} {list(given)} is far off the pitch; expected m from the centre spot (at most {half})"
        )
    return place


def exchanged(
    placed: Iterable[Placed], whose: Mapping[int, int | None], first: int, end: int
) -> tuple[Placed, ...]:
    """Give paths of ``whose`` keys to its values (None: to nobody), in frames ``first`` to before ``end``."""
    out: list[Placed] = []
    for path in placed:
        if path.player_id not in whose:
            out.append(path)
            continue
        out += [path.part(-1, first), path.part(end, 2**62)]
        if (heir := whose[path.player_id]) is not None:
            out.append(replace(path.part(first, end), player_id=heir))
    return tuple(p for p in out if len(p.frame))


def placed_table(placed: Iterable[Placed], ground: Ground) -> pd.DataFrame:
    """Make table ``placed_by_hand`` from paths."""
    import pandas as pd

    from pipeline.tables import storage

    rows = [
        pd.DataFrame(
            {
                "frame": p.frame,
                "time_s": np.interp(p.frame, ground.frame, ground.time_s),
                "player_id": p.player_id,
                "x_m": p.xy_m[:, 0],
                "y_m": p.xy_m[:, 1],
                "error_m": p.error_m,
            }
        )
        for p in placed
    ]
    if not rows:
        return storage.empty(TABLE)
    return storage.conform(pd.concat(rows).sort_values(["frame", "player_id"]), TABLE)
