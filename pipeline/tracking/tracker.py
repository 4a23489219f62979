"""Linking instances into tracks: people shot by shot, the ball apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.tables import storage
from pipeline.tracking import ball_path, fragments, online
from pipeline.tracking.accumulated_motion import Chain
from pipeline.tracking.detections import Shot, shots
from pipeline.tracking.online import Links
from pipeline.tracking.stitching import stitch

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.core.config import TrackSettings

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_USUAL_HEIGHT_PX = 40.0


def track(frames: pd.DataFrame, instances: pd.DataFrame, settings: TrackSettings) -> pd.DataFrame:
    """Link the instances of a clip over time.

    Parameters
    ----------
    frames, instances
        Tables as declared in `pipeline.tables.schemas`.
    settings
        Gap, length and score limits.

    Returns
    -------
    Table ``tracks``: ids count from 1 in order of appearance and are never reused, not even across a
    cut; no instance belongs to two tracks, no track has two instances in a frame. ``link_score`` is
    the probability that this instance continues its track, judged against all rivals; 1 where a track
    begins.
    """
    number, score = np.full(len(instances), -1, np.int64), np.zeros(len(instances))
    is_ball = (instances["class_name"] == "ball").to_numpy()
    used = 0
    for people, balls in zip(
        shots(frames, instances[~is_ball]), shots(frames, instances[is_ball]), strict=True
    ):
        motion = online.fill_motion(people)
        height = float(np.median(people.found.size[:, 1])) if len(people.found) else _USUAL_HEIGHT_PX
        for shot, where, links in (
            (people, np.flatnonzero(~is_ball), _people(people, motion, settings)),
            (balls, np.flatnonzero(is_ball), ball_path.link_ball(balls, motion, height, settings.max_gap_s)),
        ):
            linked = links.track >= 0
            rows = where[shot.found.row[linked]]
            number[rows], score[rows] = links.track[linked] + used, links.score[linked]
            used += int(links.track.max(initial=-1)) + 1
    return _table(instances, number, score)


def _people(shot: Shot, motion: Array, settings: TrackSettings) -> Links:
    links = online.link_people(shot, motion, settings.max_gap_s, settings.high_score)
    frame_of, chain = shot.frame_of(), Chain(motion)
    number = fragments.split_at_swaps(shot, frame_of, links.track)
    number, sure = stitch(shot, frame_of, chain, number, settings.stitch_gap_s)
    step_s = float(np.median(np.diff(shot.time_s))) if len(shot) > 1 else 0.0
    for rows in fragments.members(number):
        if len(rows) and np.ptp(shot.time_s[frame_of[rows]]) + step_s < settings.min_length_s - 1e-9:
            number[rows] = -1
    return Links(number, np.minimum(links.score, sure))


def _table(instances: pd.DataFrame, number: Ints, score: Array) -> pd.DataFrame:
    rows = np.flatnonzero(number >= 0)
    if not len(rows):
        return storage.empty("tracks")
    out = instances.iloc[rows][["frame", "time_s", "instance"]].reset_index(drop=True)
    _, first, group = np.unique(number[rows], return_index=True, return_inverse=True)
    begins = np.lexsort(
        (instances["instance"].to_numpy()[rows[first]], instances["frame"].to_numpy()[rows[first]])
    )
    rank = np.empty(len(begins), np.int64)
    rank[begins] = np.arange(1, len(begins) + 1)
    out["track_id"], out["link_score"] = rank[group], np.clip(score[rows], 0, 1)
    out = out.sort_values(["frame", "track_id"], ignore_index=True)
    return storage.conform(out, "tracks")
