"""The metrics themselves: a run made from the truth is perfect, and each damage shows where it should."""

from __future__ import annotations

from dataclasses import replace

import golden_metrics as golden
import numpy as np
import pandas as pd
import pytest

from pipeline.synthetic.match.simulate import MatchPlan
from pipeline.synthetic.render import render_frame
from pipeline.synthetic.scene import Scene, build
from pipeline.synthetic.truth import Truth, gather
from pipeline.tables import storage
from pipeline.tables.schemas import SCHEMAS

Tables = dict[str, pd.DataFrame]
CLASS_ID = {"player": 0, "goalkeeper": 1, "referee": 2, "other": 0, "ball": 3}


@pytest.fixture(scope="module")
def truth() -> Truth:
    """Ten frames of a small picture."""
    scene = Scene(plan=MatchPlan(duration_s=0.4, warmup_s=1.0), width_px=640, height_px=360)
    scene = replace(scene, lens=replace(scene.lens, moments=1, supersample=2))
    stage = build(scene)
    return gather(stage.motion.match, (render_frame(stage, i) for i in range(10)))


@pytest.fixture
def run(truth: Truth) -> Tables:
    """What a perfect pipeline would have written."""
    rows = truth.instances.copy()
    rows["instance"] = rows.groupby("frame").cumcount()
    rows["time_s"] = rows.frame / 25.0
    rows["class_name"] = rows.role.replace({"other": "player"})
    boxes = {
        "x1_px": rows.left,
        "y1_px": rows.top,
        "x2_px": rows.left + rows.width,
        "y2_px": rows.top + rows.height,
    }
    views = truth.views.assign(source="measured", error_m=0.1, n_points=8)
    people = rows[rows.role != "ball"]
    made = {
        "instances": rows.assign(**boxes),
        "segments": rows.assign(class_id=rows.role.map(CLASS_ID)),
        "tracks": people.assign(track_id=people.person_id, link_score=1.0),
        "labels": rows.assign(team_score=1.0),
        "positions": rows.assign(track_id=rows.person_id, source="observed", error_m=0.1),
        "views": views,
    }
    kept = {
        name: table[[c.name for c in SCHEMAS[name].columns if c.name in table]]
        for name, table in made.items()
    }
    return {**kept, "who": rows[["frame", "instance", "person_id"]]}


def without(run: Tables, person_id: int) -> pd.DataFrame:
    """All instances but one person's."""
    return run["instances"][run["who"].person_id != person_id]


def test_a_perfect_run_scores_full_marks(run: Tables, truth: Truth) -> None:
    pairs = golden.match(run["instances"], truth)
    found = golden.detection(run["instances"], run["segments"], truth, pairs)
    assert (found.recall, found.precision, found.mask_iou) == (1.0, 1.0, 1.0)
    assert found.n_truth > 100
    tracked = golden.tracking(run["instances"], run["tracks"], truth, pairs)
    assert tracked.hota == pytest.approx(100.0)
    assert tracked.mixed_tracks == 0
    named = golden.labelling(run["labels"], truth, pairs)
    assert (named.team_accuracy, named.role_accuracy) == (1.0, 1.0)
    placed = golden.placing(run["positions"], run["views"], truth, pairs)
    assert placed.median_m == 0.0
    assert placed.view_share == 1.0
    assert placed.view_error_m < 1e-4


def test_missed_people_lower_recall_and_invented_ones_precision(run: Tables, truth: Truth) -> None:
    instances = run["instances"]
    fewer = without(run, 2)
    pairs = golden.match(fewer, truth)
    missed = golden.detection(fewer, run["segments"], truth, pairs)
    assert missed.recall < 1.0
    assert missed.precision == 1.0
    ghosts = instances.assign(instance=instances.instance + 1000, x1_px=0.0, y1_px=0.0, x2_px=9.0, y2_px=9.0)
    more = pd.concat([instances, ghosts[ghosts.class_name == "player"]])
    pairs = golden.match(more, truth)
    invented = golden.detection(more, run["segments"], truth, pairs)
    assert invented.recall == 1.0
    assert invented.precision < 0.6


def test_swapped_identities_lower_association_only(run: Tables, truth: Truth) -> None:
    pairs = golden.match(run["instances"], truth)
    late = run["tracks"].frame >= 5
    swapped = run["tracks"].assign(
        track_id=np.where(late, run["tracks"].track_id % 25 + 1, run["tracks"].track_id)
    )
    result = golden.tracking(run["instances"], swapped, truth, pairs)
    assert result.det_a == pytest.approx(100.0)
    assert result.ass_a < 60.0
    assert result.mixed_tracks > 5


def test_teams_swapped_as_a_whole_are_right_and_half_of_one_team_is_wrong(run: Tables, truth: Truth) -> None:
    pairs = golden.match(run["instances"], truth)
    labels = run["labels"]
    turned = labels.assign(team=labels.team.map({"A": "B", "B": "A"}))
    assert golden.labelling(turned, truth, pairs).team_accuracy == 1.0
    merged = labels.assign(team=labels.team.where(labels.team.isna(), "A"))
    assert 0.3 < golden.labelling(merged, truth, pairs).team_accuracy < 0.7
    unnamed = labels.assign(team=None)
    assert golden.labelling(unnamed, truth, pairs).team_accuracy == 0.0


def test_positions_off_by_a_metre_have_an_error_of_a_metre(run: Tables, truth: Truth) -> None:
    pairs = golden.match(run["instances"], truth)
    off = run["positions"].assign(x_m=run["positions"].x_m + 1.0)
    assert golden.placing(off, run["views"], truth, pairs).median_m == pytest.approx(1.0)


def test_a_pitch_turned_by_half_a_turn_is_as_good(run: Tables, truth: Truth) -> None:
    pairs = golden.match(run["instances"], truth)
    turned = run["positions"].assign(x_m=-run["positions"].x_m, y_m=-run["positions"].y_m)
    assert golden.placing(turned, run["views"], truth, pairs).median_m == 0.0


def test_shifted_masks_lower_mask_iou(run: Tables, truth: Truth) -> None:
    pairs = golden.match(run["instances"], truth)
    shifted = run["segments"].assign(left=run["segments"].left + 3)
    assert 0.2 < golden.detection(run["instances"], shifted, truth, pairs).mask_iou < 0.8


def test_an_empty_run_finds_nothing_and_fails_nowhere(truth: Truth) -> None:
    none = {
        name: storage.empty(name)
        for name in ("instances", "segments", "tracks", "labels", "positions", "views")
    }
    pairs = golden.match(none["instances"], truth)
    assert golden.detection(none["instances"], none["segments"], truth, pairs).recall == 0.0
    assert golden.tracking(none["instances"], none["tracks"], truth, pairs).hota == 0.0
    assert golden.labelling(none["labels"], truth, pairs).team_accuracy == 0.0
    placed = golden.placing(none["positions"], none["views"], truth, pairs)
    assert placed.n_positions == 0
    assert np.isnan(placed.median_m)


def test_coaches_and_hidden_people_count_neither_way(run: Tables, truth: Truth) -> None:
    hidden = truth.instances.assign(visible_share=np.where(truth.instances.person_id == 3, 0.1, 1.0))
    harder = Truth(hidden, truth.views, truth.motion, truth.people, truth.formations)
    pairs = golden.match(run["instances"], harder)
    with_him = golden.detection(run["instances"], run["segments"], harder, pairs)
    fewer = without(run, 3)
    pairs = golden.match(fewer, harder)
    without_him = golden.detection(fewer, run["segments"], harder, pairs)
    assert with_him.precision == without_him.precision == 1.0
    assert with_him.recall == without_him.recall == 1.0
