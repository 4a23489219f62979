"""Team-level maps: what is kept of a source's teams, and how found ones are compared with them."""

import cv2
import numpy as np
import pytest

from pipeline.core.masks import crop
from pipeline.core.types import BALL, CLASS_NAMES, GOALKEEPER, LABEL_NAMES, PLAYER, REFEREE, Instances
from pipeline.datasets import canonical
from pipeline.datasets.canonical import VOID, DataSet, Label, Sample
from pipeline.datasets.importing import import_dataset
from pipeline.datasets.team_classes import team_table
from pipeline.evaluation.matching import EvaluatedPicture
from pipeline.evaluation.region_iou import region_ious
from pipeline.evaluation.team_maps import best_names, team_score

SIZE = (40, 120)
BOXES = [(5 + 20 * i, 5, 15 + 20 * i, 35) for i in range(5)]


def value(name: str) -> int:
    return LABEL_NAMES.index(name)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("Team B (red)", "Team A (black)", ("team_b", "team_a")),
        ("away_player", "home_player", ("team_b", "team_a")),
        ("white_team", "red_team", ("team_b", "team_a")),
        ("player 1", "player 2", ("team_a", "team_b")),
    ],
)
def test_teams_are_read_from_names(first, second, expected):
    names = {
        0: "Ground",
        1: first,
        2: second,
        3: "Goalkeeper A",
        4: "keeper",
        5: "Referee",
        6: "Ball",
        7: "void",
    }
    classes = {first: PLAYER, second: PLAYER, "Goalkeeper A": GOALKEEPER, "keeper": GOALKEEPER}
    table = team_table(names, classes | {"Referee": REFEREE, "Ball": BALL})
    wanted = ["background", *expected, "goalkeeper_a", None, "referee", "ball", None]
    assert table[:8].tolist() == [VOID if w is None else value(w) for w in wanted]
    assert table[200] == VOID


def test_players_without_teams_make_no_team_map():
    assert team_table({0: "ground", 1: "player"}, {"player": PLAYER}) is None


def test_import_keeps_the_teams_beside_the_team_agnostic_map(tmp_path):
    for folder in ("images", "labels"):
        (tmp_path / "src" / folder).mkdir(parents=True)
    cv2.imwrite(str(tmp_path / "src" / "images" / "m_1.png"), np.zeros((*SIZE, 3), np.uint8))
    values = np.zeros(SIZE, np.uint8)
    values[5:35, 5:15], values[5:35, 25:35] = 1, 2
    cv2.imwrite(str(tmp_path / "src" / "labels" / "m_1.png"), values)
    (tmp_path / "src" / "classes.json").write_text('{"0": "Ground", "1": "Team A", "2": "Team B"}')
    import_dataset("labelmap", tmp_path / "src", tmp_path / "ds")
    made = canonical.load(tmp_path / "ds")
    (sample,) = made.samples
    assert sample.has_team_map
    assert np.unique(made.team_map(sample)).tolist() == [0, value("team_a"), value("team_b")]
    assert made.semantic_names == ("pitch", "player")


def data_set(root, truth: list[np.ndarray]) -> DataSet:
    samples = []
    for i, values in enumerate(truth):
        for folder, picture in (("teams", values), ("images", np.zeros((*SIZE, 3), np.uint8))):
            (root / folder / "val").mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(root / folder / "val" / f"{i}.png"), picture)
        samples.append(Sample(f"{i}.png", SIZE[1], SIZE[0], "val", str(i), (), False, True))
    return DataSet(root, CLASS_NAMES, (), tuple(samples))


def painted(*names: str) -> np.ndarray:
    out = np.zeros(SIZE, np.uint8)
    for (x1, y1, x2, y2), name in zip(BOXES, names, strict=False):
        out[y1:y2, x1:x2] = value(name)
    return out


def block(*boxes):
    dense = np.zeros(SIZE, bool)
    for x1, y1, x2, y2 in boxes:
        dense[y1:y2, x1:x2] = True
    return crop(dense)


def found(n: int, classes=None) -> Instances:
    kinds = np.array(classes or [PLAYER] * n, np.int8)
    return Instances(
        0,
        np.array(BOXES[:n], np.float32).reshape(-1, 4),
        np.ones(n, np.float32),
        kinds,
        tuple(map(block, BOXES[:n])),
    )


TRUTH = painted("team_a", "team_b", "goalkeeper_b", "referee", "ball")
FOUND = EvaluatedPicture("0", (), found(5, [PLAYER, PLAYER, GOALKEEPER, REFEREE, BALL]))
RIGHT = [("player", "A"), ("player", "B"), ("goalkeeper", None), ("referee", None), ("ball", None)]
SWAPPED = [("player", "B"), ("player", "A"), *RIGHT[2:]]


def score(tmp_path, who, truth=(TRUTH,), one_match=False):
    made = data_set(tmp_path, list(truth))
    return team_score(
        made, made.samples, [FOUND] * len(truth), lambda pictures: [who[m] for _, _, m in pictures], one_match
    )


@pytest.mark.parametrize("who", [RIGHT, SWAPPED], ids=["as labelled", "the other way round"])
def test_which_team_is_which_is_free(tmp_path, who):
    result = score(tmp_path, {"0": who})
    assert result.iou.tolist() == [1.0] * 6
    assert result.mean == result.mean_without_rest == 1.0


def test_names_are_free_for_each_match_but_not_within_one(tmp_path):
    apart = score(tmp_path / "a", {"0": RIGHT, "1": SWAPPED}, (TRUTH, TRUTH))
    assert apart.mean == 1.0
    sides = iter([RIGHT, SWAPPED])
    made = data_set(tmp_path / "b", [TRUTH, TRUTH])
    together = team_score(made, made.samples, [FOUND] * 2, lambda p: [next(sides) for _ in p], True)
    assert together.iou[1] == pytest.approx(1 / 3)


def test_unclear_and_mixed_up_people_cost(tmp_path):
    result = score(tmp_path, {"0": [("player", None), ("player", "A"), ("referee", None), *RIGHT[3:]]})
    assert result.iou[1] == 0  # nobody named: neither right nor the rest of the picture
    assert result.iou[0] == 1
    assert result.iou[3] == 0
    assert result.iou[4] == pytest.approx(0.5)


def test_without_team_maps_there_is_no_score(tmp_path):
    made = DataSet(tmp_path, CLASS_NAMES, (), (Sample("0.png", 120, 40, "val", "m", ()),))
    assert team_score(made, made.samples, [FOUND], lambda p: [], False) is None


def test_the_better_of_both_names_is_taken():
    counts = np.zeros((7, 7), np.int64)
    counts[1, 2], counts[2, 2] = 30, 10
    assert best_names(counts)[1, 1] == 30


def test_touching_people_found_one_by_one_fill_their_region():
    both = Label(PLAYER, (5.0, 5.0, 35.0, 35.0), block(BOXES[0], BOXES[1]), "labelled")
    alone = Label(PLAYER, tuple(map(float, BOXES[4])), block(BOXES[4]), "labelled")
    assert region_ious(EvaluatedPicture("a", (both, alone), found(2))) == [1.0]
    assert region_ious(EvaluatedPicture("a", (both,), found(1))) == [0.5]
    assert region_ious(EvaluatedPicture("a", (), found(0))) == []
