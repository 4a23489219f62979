"""Whom to name: tracks (or, without tracking, single instances) with what is known of each."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.identity.standing_places import as_usual, beyond_lines, deepest, eccentricity, places_m

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

KIT = ("torso_l", "torso_a", "torso_b", "legs_l", "legs_a", "legs_b")
KIT_SCALE = np.array([0.7, 1.0, 1.0, 0.35, 0.5, 0.5])
"""Lightness counts less than hue (sun, shade), legs less than the shirt (skin, socks, grass)."""
VOTES = ("player", "goalkeeper", "referee")
_INSTANCE_STD = 3.0
_SMALL_KIT_PX = 60.0
_INDEPENDENT = 10.0
"""Frames in a row say nearly the same: one independent look in this many."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """S people as seen over some frames each.

    ``kit`` ``(S, 6)`` colours times `KIT_SCALE`, NaN where unknown; ``noise`` ``(S,)`` variance of that
    measurement; ``votes`` ``(S, 3)`` shares of what the network said (player, goalkeeper, referee);
    ``n_frames`` ``(S,)``; ``shot`` ``(S,)`` number of the camera shot; ``time_s`` ``(S,)`` middle of its
    time; ``place_m`` ``(S, 2)`` mean position (see `evidence`) and ``beyond_m`` ``(S,)`` mean distance
    outside the lines, NaN without a view, ``error_m`` ``(S,)`` how far wrong the view may be; ``apart``
    ``(S,)`` mean eccentricity in the picture; ``last`` ``(S,)`` how often the last
    towards a goal, NaN without a view.
    """

    kit: Array
    noise: Array
    votes: Array
    n_frames: Array
    shot: Ints
    time_s: Array
    place_m: Array
    beyond_m: Array
    error_m: Array
    apart: Array
    last: Array

    def __len__(self) -> int:
        return len(self.n_frames)

    def take(self, index: Ints | NDArray[np.bool_] | slice) -> Subjects:
        """Pick some."""
        return Subjects(*(getattr(self, f.name)[index] for f in fields(self)))


def evidence(
    frames: pd.DataFrame,
    instances: pd.DataFrame,
    views: pd.DataFrame,
    projections: pd.DataFrame,
    pitch: Pitch,
) -> pd.DataFrame:
    """Collect what each instance tells (people only): colours, votes, places; index as ``instances``.

    Places are stretched to a pitch of 105 x 68 m: what is usual near a goal or in a half holds on any.
    """
    import pandas as pd

    place = places_m(instances, projections)
    usual = place * as_usual(pitch)
    table = instances[["frame", "instance", "time_s", "kit_px", *KIT]].copy()
    for name in VOTES:
        table[name] = (instances["class_name"] == name).astype(np.float64)
    table["shot"] = instances["frame"].map(frames.set_index("frame")["shot"]).fillna(0).astype(np.int64)
    table["x_m"], table["y_m"] = usual.T
    error = views.set_index("frame")["error_m"].astype(np.float64)
    table["error_m"] = instances["frame"].map(error)
    table["beyond_m"] = beyond_lines(place, pitch)
    table["last"] = deepest(usual, table["beyond_m"].to_numpy(), instances["frame"].to_numpy(np.int64))
    table["apart"] = eccentricity(instances)
    return pd.DataFrame(table)


def as_subjects(table: pd.DataFrame) -> Subjects:
    """Take every row of `evidence` as a subject of its own."""
    kit_px = np.maximum(table["kit_px"].to_numpy(np.float64), 1.0)
    return Subjects(
        kit=table[list(KIT)].to_numpy(np.float64) * KIT_SCALE,
        noise=_INSTANCE_STD**2 * (1 + _SMALL_KIT_PX / kit_px),
        votes=table[list(VOTES)].to_numpy(np.float64),
        n_frames=np.ones(len(table)),
        shot=table["shot"].to_numpy(np.int64),
        time_s=table["time_s"].to_numpy(np.float64),
        place_m=table[["x_m", "y_m"]].to_numpy(np.float64),
        beyond_m=table["beyond_m"].to_numpy(np.float64),
        error_m=table["error_m"].to_numpy(np.float64),
        apart=table["apart"].to_numpy(np.float64),
        last=table["last"].to_numpy(np.float64),
    )


def per_track(table: pd.DataFrame, track_id: Ints) -> tuple[Ints, Subjects]:
    """Sum `evidence` up over tracks: their ids in ascending order, and one subject each.

    Colours are medians over time, which shrugs off frames in which someone else stood in front.
    """
    groups = table.groupby(track_id)
    means = groups[[*VOTES, "time_s", "x_m", "y_m", "beyond_m", "error_m", "apart", "last"]].mean()
    medians, n = groups[[*KIT, "kit_px"]].median(), groups.size().to_numpy().astype(np.float64)
    kit_px = np.maximum(medians["kit_px"].to_numpy(np.float64), 1.0)
    looks = np.maximum(n / _INDEPENDENT, 1.0)
    subjects = Subjects(
        kit=medians[list(KIT)].to_numpy(np.float64) * KIT_SCALE,
        noise=_INSTANCE_STD**2 * (1 + _SMALL_KIT_PX / kit_px) / looks,
        votes=means[list(VOTES)].to_numpy(np.float64),
        n_frames=n,
        shot=groups["shot"].first().to_numpy(np.int64),
        time_s=means["time_s"].to_numpy(np.float64),
        place_m=means[["x_m", "y_m"]].to_numpy(np.float64),
        beyond_m=means["beyond_m"].to_numpy(np.float64),
        error_m=means["error_m"].to_numpy(np.float64),
        apart=means["apart"].to_numpy(np.float64),
        last=means["last"].to_numpy(np.float64),
    )
    return means.index.to_numpy(np.int64), subjects
