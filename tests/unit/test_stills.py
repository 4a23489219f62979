"""Which still pictures are worked on, and who is named from whose kits."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.appearance.kit_colours import KitColours
from pipeline.core import masks
from pipeline.core.config import Config
from pipeline.core.errors import RunError
from pipeline.core.types import Instances
from pipeline.tables import storage
from pipeline.tables.schemas import VIEW_COLUMNS
from pipeline.workflow.stills.picture_results import begin, prepare
from pipeline.workflow.stills.picture_sources import sources, unique_names
from pipeline.workflow.stills.picture_teams import Look, name_people

RED, WHITE, NAVY, LIME = (45, 60, 40), (92, 0, 2), (20, 8, -25), (85, -40, 70)


def test_names_are_told_apart_whatever_their_case():
    paths = [Path("a/x.jpg"), Path("b/x.png"), Path("b/X.jpg"), Path("a/x_2.jpg")]
    assert unique_names(paths) == ["x", "x_2", "X_3", "x_2_2"]


def test_pictures_are_grouped_into_matches_by_their_names(tmp_path):
    for name in ("m1_10.png", "m1_9.png", "m2_1.png", "other.png"):
        (tmp_path / name).touch()
    chosen = sources(tmp_path, r"^(m\d)_")
    assert [(s.name, s.match) for s in chosen[:3]] == [("m1_9", "m1"), ("m1_10", "m1"), ("m2_1", "m2")]
    assert chosen[3].match.endswith("other.png")
    assert {s.match for s in sources(tmp_path)} == {""}


def seen(*shirts: tuple[float, float, float]) -> Look:
    """A picture of people in these shirts, side by side, without a view of the pitch."""
    n = len(shirts)
    rng = np.random.default_rng(n)
    boxes = np.array([[20 + 40 * i, 100 + i % 3 * 20, 40 + 40 * i, 160 + i % 3 * 20] for i in range(n)])
    crops = tuple(masks.encode(np.ones((60, 20), bool), int(b[1]), int(b[0])) for b in boxes)
    torso = np.array(shirts, np.float32).reshape(-1, 3) + rng.normal(0, 1.5, (n, 3)).astype(np.float32)
    kit = KitColours(torso, torso.copy(), np.full(n, 3, np.float32), np.full(n, 800, np.int32))
    found = Instances(
        0, boxes.reshape(-1, 4).astype(np.float32), np.full(n, 0.9, np.float32), np.zeros(n, np.int8), crops
    )
    none = dict.fromkeys(VIEW_COLUMNS, np.nan) | {"frame": 0, "time_s": 0.0, "source": "none"}
    view = storage.conform(pd.DataFrame([none | {"error_m": np.nan, "n_points": 0}]), "views")
    return Look(400, 900, found, kit, view)


def test_no_pictures_and_a_picture_without_people_are_fine():
    assert name_people([], [], Config()) == []
    (nobody,) = name_people([seen()], [""], Config())
    assert nobody.masks == ()
    assert nobody.value.shape == (0,)


def test_a_picture_with_few_people_is_named_by_the_kits_of_its_match():
    crowd = [seen(*[RED, NAVY] * 5) for _ in range(3)]
    looks = [*crowd, seen(NAVY, NAVY)]
    *_, few = name_people(looks, ["m"] * 4, Config())
    full = name_people(looks, ["m"] * 4, Config())[0]
    assert few.team == (full.team[1],) * 2
    assert full.team[0] != full.team[1]


def test_settings_reach_still_pictures():
    strict = Config.model_validate({"identify": {"min_team_score": 1.0}})
    (sure,) = name_people([seen(*[RED, NAVY] * 5)], [""], Config())
    (doubtful,) = name_people([seen(*[RED, NAVY] * 5)], [""], strict)
    assert set(sure.team) == {"A", "B"}
    assert set(doubtful.team) == {None}


def test_matches_do_not_share_their_kits():
    looks = [seen(*[RED, NAVY] * 5), seen(*[RED, WHITE] * 5)]
    one, other = name_people(looks, ["a", "b"], Config())
    assert one.team == ("A", "B") * 5  # the lighter shirt is A
    assert other.team == ("B", "A") * 5


def test_one_kit_alone_is_unclear():
    (all_alike,) = name_people([seen(*[RED] * 8)], [""], Config())
    assert set(all_alike.team) == {None}


@pytest.mark.parametrize("n", [1, 4])
def test_frames_are_numbered_as_the_pictures(n):
    assert [f.frame for f in name_people([seen(RED)] * n, [""] * n, Config())] == list(range(n))


def test_results_that_a_killed_call_left_are_of_this_command_and_others_are_not(tmp_path):
    prepare(tmp_path / "out")
    begin(tmp_path / "out")
    (tmp_path / "out" / "overlay").mkdir()
    (tmp_path / "out" / "overlay" / "a.jpg.part").touch()
    prepare(tmp_path / "out")
    with pytest.raises(RunError, match="not made by teamshape image"):
        prepare(tmp_path / "out", "classes")
    (tmp_path / "early").mkdir()
    (tmp_path / "early" / "legend.json.part").touch()
    prepare(tmp_path / "early")
    (tmp_path / "early" / "mine.txt").touch()
    with pytest.raises(RunError, match="not made by teamshape image"):
        prepare(tmp_path / "early")
