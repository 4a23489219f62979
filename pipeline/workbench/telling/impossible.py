"""What cannot be: somebody who would have to fly from one track to the next, and a team with one too many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.linking.audit import MAX_SPEED_MPS, SLACK_M
from pipeline.workbench.reading.track_ends import End

if TYPE_CHECKING:
    import pandas as pd

_BRIEF_S = 0.5
Ends = Mapping[int, tuple[End, End]]


def jumps(links: pd.DataFrame, ends: Ends) -> Iterator[dict[str, Any]]:
    """Find pieces whose person could not have run there from the piece before, as the audit counts them.

    Only where both are whole tracks: inside a track nobody jumps.
    """
    known = links.dropna(subset=["player_id"]).sort_values(["player_id", "frame_from"])
    rows = known.to_dict("records")
    for one, other in pairwise(rows):
        if one["player_id"] != other["player_id"] or one["track_id"] == other["track_id"]:
            continue
        a, b = ends.get(int(one["track_id"])), ends.get(int(other["track_id"]))
        if (
            a is None
            or b is None
            or not (a[1].frame <= one["frame_to"] and b[0].frame >= other["frame_from"])
        ):
            continue
        far = float(np.hypot(b[0].x_m - a[1].x_m, b[0].y_m - a[1].y_m))
        passed_s = b[0].time_s - a[1].time_s
        error = 2 * float(np.hypot(a[1].error_m, b[0].error_m))
        if passed_s > 0 and far > MAX_SPEED_MPS * passed_s + SLACK_M + error and other["why"] != "by_hand":
            yield {"piece": other, "far_m": round(far), "passed_s": round(passed_s, 1)}


def crowds(links: pd.DataFrame, players: int, seconds: float) -> Iterator[dict[str, Any]]:
    """Find stretches in which a team has more people than players: first and last frame, and the least sure.

    ``seconds``: of a frame.
    """
    playing = links[links["player_id"].notna() & links["role"].isin(["player", "goalkeeper"])]
    for team, own in playing.groupby("team"):
        edges = sorted([*own["frame_from"].tolist(), *(own["frame_to"] + 1).tolist()])
        first = own["frame_from"].to_numpy()
        last = own["frame_to"].to_numpy()
        who = own["player_id"].to_numpy(np.int64)
        before: dict[str, Any] | None = None
        for start, end in pairwise(dict.fromkeys(edges)):
            here = (first <= start) & (last >= start)
            if len(set(who[here])) <= players:
                continue
            if before is not None and before["to"] + 1 == start:
                before["to"] = end - 1
                continue
            if before is not None and _lasts(before, seconds):
                yield before
            weakest = own[here].sort_values("score").iloc[0].to_dict()
            before = {"team": team, "from": int(start), "to": int(end) - 1, "piece": weakest}
        if before is not None and _lasts(before, seconds):
            yield before


def _lasts(crowd: dict[str, Any], seconds: float) -> bool:
    return bool((crowd["to"] - crowd["from"] + 1) * seconds >= _BRIEF_S)
