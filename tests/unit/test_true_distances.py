"""Distances run against the truth: over the same frames, of whoever was seen for long enough."""

import numpy as np
import pandas as pd
import pytest

from pipeline.evaluation.tracking.true_distances import distances_run
from pipeline.evaluation.tracking.true_tracks import read_paths

FRAMES = np.arange(1001)


def paths() -> pd.DataFrame:
    """Ten frames a second: person 1 runs at 2 m/s, person 2 at 4 m/s."""
    made = [
        pd.DataFrame({"frame": FRAMES, "person_id": p, "x_m": 0.2 * p * FRAMES, "y_m": 0.0}) for p in (1, 2)
    ]
    return pd.concat(made, ignore_index=True)


def moving(track_id: int, step_m: float, frames: np.ndarray = FRAMES) -> pd.DataFrame:
    """One identity's steps; nothing is counted into its first frame."""
    later = frames > frames[0]
    return pd.DataFrame(
        {"track_id": track_id, "frame": frames, "step_s": 0.1 * later, "step_m": step_m * later}
    )


def test_two_percent_too_far_is_near_and_ten_is_not():
    found = distances_run(pd.concat([moving(7, 0.204), moving(8, 0.36)]), paths(), {7: 1, 8: 2})
    assert found is not None
    assert (found.n_people, found.n_near) == (2, 1)
    assert (found.median, found.worst) == (pytest.approx(0.06), pytest.approx(0.10))


def test_metres_out_of_view_count_for_neither():
    seen = moving(7, 0.2)
    gone = seen["frame"].between(300, 600)
    seen = seen[~gone].assign(step_s=lambda t: t["step_s"].where(t["frame"] != 601, 0.0))
    seen.loc[seen["frame"] == 601, "step_m"] = 0.0
    found = distances_run(seen, paths(), {7: 1})
    assert found is not None
    assert found.worst == pytest.approx(0.0, abs=1e-9)


def test_who_was_hardly_seen_or_is_nobody_is_left_out():
    short = moving(7, 0.2, FRAMES[:200])
    assert distances_run(short, paths(), {7: 1}) is None
    assert distances_run(moving(9, 0.2), paths(), {7: 1}) is None
    assert distances_run(moving(7, 0.2).iloc[:0], paths(), {}) is None


def test_only_a_rendered_match_knows_whole_paths(tmp_path):
    assert read_paths(tmp_path) is None
