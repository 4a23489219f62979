"""Each shot in numbers. Tables in, table out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

_SAME_CAMERA_M = 6.0
_SURE_PERSON = 0.35
"""Less sure finds don't count as the tallest person: giants among them are stands, boards and goals."""
_LEAST_HEIGHT_M = 5.0
"""A main camera stands at least this high."""


def facts(
    frames: pd.DataFrame, instances: pd.DataFrame, views: pd.DataFrame, places: pd.DataFrame, height_px: int
) -> pd.DataFrame:
    """Sum up each shot.

    Parameters
    ----------
    frames, instances, views
        Tables as declared in `pipeline.tables.schemas`.
    places
        Where cameras stand, as `camera_places.camera_places` gives it.
    height_px
        Height of the pictures.

    Returns
    -------
    By shot, in order: ``start_frame, end_frame, start_s, end_s, n_frames``; medians over its frames:
    ``grass``, ``people``, ``tallest`` (the tallest person's height / picture height, 0 without people);
    ``repeats``, the share of repeated frames; ``view_share``, ``error_m`` (median; NaN without views);
    ``x_m, y_m, z_m`` and ``camera``, which place that is (NaN without): 0 is the one with most views.
    """
    import pandas as pd

    people = instances[instances["class_name"] != "ball"]
    tall = ((people["y2_px"] - people["y1_px"]) / height_px).where(people["score"] >= _SURE_PERSON, 0.0)
    each = frames[["frame", "time_s", "shot", "grass", "duplicate"]].set_index("frame").sort_index()
    each["people"] = people.groupby("frame").size().reindex(each.index, fill_value=0)
    each["tallest"] = tall.groupby(people["frame"]).max().reindex(each.index, fill_value=0.0)
    seen = views.set_index("frame").reindex(each.index)
    each["view"] = seen["source"].fillna("none") != "none"
    each["error_m"] = seen["error_m"]
    by_shot = each.reset_index().groupby("shot")
    out = by_shot.agg(
        start_frame=("frame", "first"),
        end_frame=("frame", "last"),
        start_s=("time_s", "first"),
        end_s=("time_s", "last"),
        n_frames=("frame", "size"),
        grass=("grass", "median"),
        people=("people", "median"),
        tallest=("tallest", "median"),
        repeats=("duplicate", "mean"),
        view_share=("view", "mean"),
        error_m=("error_m", "median"),
    )
    out = out.join(places)
    out["camera"] = _cameras(out)
    return pd.DataFrame(out)


def main_camera(shots: pd.DataFrame) -> float:
    """Tell which ``camera`` of `facts` is the main one: of those above the pitch the one with most views; NaN
    without any.
    """
    high = shots[shots["z_m"] >= _LEAST_HEIGHT_M]
    return float(high["camera"].min())


def _cameras(shots: pd.DataFrame) -> pd.Series:
    """Number the places: shots whose cameras stand within 6 m have one number."""
    viewed = (shots["n_frames"] * shots["view_share"]).where(shots["x_m"].notna())
    order = viewed.dropna().sort_values(ascending=False, kind="stable").index
    middles: list[np.ndarray] = []
    weight: list[float] = []
    group = {}
    for shot in order:
        place = shots.loc[shot, ["x_m", "y_m", "z_m"]].to_numpy(float)
        apart = [float(np.linalg.norm(place - middle)) for middle in middles]
        at = int(np.argmin(apart)) if apart and min(apart) <= _SAME_CAMERA_M else len(middles)
        if at == len(middles):
            middles.append(place)
            weight.append(0.0)
        weight[at] += float(viewed[shot])
        group[shot] = at
    rank = np.argsort(np.argsort(-np.array(weight), kind="stable"), kind="stable")
    numbers = {shot: float(rank[at]) for shot, at in group.items()}
    return shots.index.to_series().map(numbers).astype(float)
