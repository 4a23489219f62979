"""Runs against the truth: perfect identities score 100, and each damage shows where it should."""

import json

import fake_run
import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.cli.main import app
from pipeline.core.errors import UserError
from pipeline.evaluation.tracking.evaluate import evaluate_tracking
from pipeline.evaluation.tracking.identity_shares import identity_shares, matched
from pipeline.evaluation.tracking.scores import boxes_similarity, game_state_similarity, tracking_scores
from pipeline.evaluation.tracking.true_tracks import BOX, read_truth
from pipeline.tables import storage


def people(n_frames: int = 10) -> pd.DataFrame:
    """Two people who stand apart, seen in every frame."""
    rows = [
        {"frame": f, "person_id": p, "x1_px": 100.0 * p, "y1_px": 0.0, "x2_px": 100.0 * p + 20, "y2_px": 50.0}
        for f in range(n_frames)
        for p in (1, 2)
    ]
    nothing = {"role": None, "team": None, "number": None, "x_m": 0.0, "y_m": 0.0, "ignored": False}
    return pd.DataFrame(rows).assign(**nothing)


def test_perfect_identities_score_100():
    true = people()
    scores = tracking_scores(true, true.assign(identity=true["person_id"] + 70), boxes_similarity)
    assert (scores.hota, scores.ass_a, scores.idf1, scores.switches) == (100, 100, 100, 0)


def test_two_who_swap_halfway_keep_detection_and_lose_association():
    true = people()
    swapped = true["person_id"].where(true["frame"] < 5, 3 - true["person_id"])
    scores = tracking_scores(true, true.assign(identity=swapped), boxes_similarity)
    assert scores.det_a == 100
    assert scores.ass_a == pytest.approx(100 / 3)  # 5 right of 10 + 10 - 5
    assert scores.switches == 2


def test_nobody_in_the_truth_is_a_users_mistake():
    with pytest.raises(UserError, match="does it belong to this footage"):
        tracking_scores(people().iloc[:0], people().assign(identity=1), boxes_similarity)


def test_identity_shares_count_time():
    person = pd.Series([1] * 10 + [2] * 10)
    identity = pd.Series([7] * 9 + [8] + [8] * 6 + [None] * 4, dtype="Int64")
    shares = identity_shares(person, identity)
    assert shares.mean_share == pytest.approx((0.9 + 0.6) / 2)
    assert shares.worst_share == pytest.approx(0.6)
    assert shares.purity == pytest.approx(15 / 16)  # one row of identity 8 is person 1
    assert shares.unknown_share == pytest.approx(0.2)


def test_identity_shares_of_nobody_are_nan():
    shares = identity_shares(pd.Series([], dtype=int), pd.Series([], dtype="Int64"))
    assert shares.n_people == 0
    assert shares.mean_share != shares.mean_share


def test_visible_people_are_matched_before_ignored_ones():
    true = people(1).assign(x1_px=0.0, x2_px=20.0, ignored=[True, False])
    assert matched(true, true.iloc[:1])["person_id"].tolist() == [2]


@pytest.mark.parametrize(
    ("change", "worth"),
    [({}, 1.0), ({"x_m": 5.0}, 0.05), ({"team": "B"}, 0.0), ({"number": 9}, 0.0), ({"x_m": None}, 0.0)],
    ids=["same", "5 m away is worth 5%", "other team", "other number", "no position"],
)
def test_game_state_wants_place_role_team_and_number(change, worth):
    one = pd.DataFrame([{"x_m": 0.0, "y_m": 0.0, "role": "player", "team": "A", "number": 7}])
    other = one.assign(**change).astype({"x_m": float})
    assert game_state_similarity(one, other)[0, 0] == pytest.approx(worth)


def test_mot_text_counts_frames_from_one_and_says_what_does_not_count(tmp_path):
    (tmp_path / "gt").mkdir()
    (tmp_path / "gt" / "gt.txt").write_text("1,4,10,20,30,40,1,1,1\n2,4,10,20,30,40,0,1,1\n")
    truth = read_truth(tmp_path)
    assert truth["frame"].tolist() == [0, 1]
    assert truth[list(BOX)].iloc[0].tolist() == [10, 20, 40, 60]
    assert truth["ignored"].tolist() == [False, True]


def test_an_empty_mot_text_has_nobody(tmp_path):
    (tmp_path / "gt.txt").write_text("")
    assert read_truth(tmp_path).empty


def test_game_state_is_read_with_y_up(tmp_path):
    said = {
        "images": [{"image_id": "3000001"}],
        "categories": [{"id": 1, "name": "player"}],
        "annotations": [
            {
                "image_id": "3000001",
                "category_id": 1,
                "track_id": 5,
                "bbox_image": {"x": 1, "y": 2, "w": 3, "h": 4},
                "bbox_pitch": {"x_bottom_middle": 10.0, "y_bottom_middle": 7.0},
                "attributes": {"team": "right", "jersey": "9"},
            }
        ],
    }
    (tmp_path / "Labels-GameState.json").write_text(json.dumps(said))
    row = read_truth(tmp_path).iloc[0]
    assert (row["x_m"], row["y_m"], row["team"], row["number"]) == (10, -7, "B", 9)


@pytest.mark.parametrize(
    ("name", "text"), [("gt.txt", "a,b,c"), ("gt.txt", "1,2,3"), ("x.json", "{}"), ("x.json", "[")]
)
def test_a_broken_truth_is_one_line(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    with pytest.raises(UserError, match=name):
        read_truth(tmp_path / name)


def test_no_truth_says_what_is_expected(tmp_path):
    with pytest.raises(UserError, match=r"expected a rendered match"):
        read_truth(tmp_path)


def test_a_run_against_its_own_boxes_is_perfect(tmp_path):
    root = fake_run.build(tmp_path / "run")
    text = _mot_of(root)
    (tmp_path / "gt.txt").write_text(text)
    done = CliRunner().invoke(
        app, ["evaluate-tracking", str(root), str(tmp_path / "gt.txt"), "-o", str(tmp_path / "scores.json")]
    )
    assert done.exit_code == 0, done.output
    scores = json.loads((tmp_path / "scores.json").read_text())
    assert scores["levels"][0]["scores"]["hota"] == pytest.approx(100)
    assert scores["game_state"] is scores["on_pitch"] is None  # MOT has no metres
    assert max(map(len, done.output.splitlines()[1:])) <= 80


def test_identity_in_metres_asks_for_nearness_only(tmp_path):
    root = fake_run.build(tmp_path / "run", seconds=1.0)
    positions = storage.read(root / "tables" / "positions.parquet", "positions")
    instances = storage.read(root / "tables" / "instances.parquet", "instances")
    rows = positions.dropna(subset=["instance"]).merge(instances, on=["frame", "instance"])
    rows = rows[rows["class_name"] != "ball"]
    frames = sorted(rows["frame"].unique().tolist())
    truth = {
        "images": [{"image_id": str(f)} for f in range(frames[-1] + 1)],
        "categories": [{"id": 1, "name": "player"}],
        "annotations": [
            {
                "image_id": str(r.frame),
                "track_id": int(r.track_id),
                "category_id": 1,
                "bbox_image": {"x": r.x1_px, "y": r.y1_px, "w": r.x2_px - r.x1_px, "h": r.y2_px - r.y1_px},
                "bbox_pitch": {"x_bottom_middle": r.x_m + 1.0, "y_bottom_middle": -r.y_m},
                "attributes": {"team": "left", "jersey": "99"},
            }
            for r in rows.itertuples()
        ],
    }
    (tmp_path / "Labels-GameState.json").write_text(json.dumps(truth))
    report = evaluate_tracking(root, tmp_path)
    # A metre off is worth exp(ln(0.05) / 25) = 0.887: right at 17 of 19 thresholds, whatever his shirt.
    assert report.on_pitch.hota == pytest.approx(100 * 17 / 19, abs=1)
    assert report.game_state.hota < 5
    assert report.position_m == pytest.approx(1.0)


def _mot_of(root) -> str:
    tables = root / "tables"
    tracks = storage.read(tables / "tracks.parquet", "tracks")
    instances = storage.read(tables / "instances.parquet", "instances")
    rows = tracks.merge(instances[instances["class_name"] != "ball"], on=["frame", "instance"])
    return "".join(
        f"{r.frame + 1},{r.track_id},{r.x1_px},{r.y1_px},{r.x2_px - r.x1_px},{r.y2_px - r.y1_px},1,1,1\n"
        for r in rows.itertuples()
    )
