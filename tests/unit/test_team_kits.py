import numpy as np
import pandas as pd

from pipeline.appearance.team_kits import team_kits, typical_kit
from pipeline.tables import storage

RED, BLUE, BLACK = (50.0, 60.0, 40.0), (30.0, 20.0, -60.0), (10.0, 0.0, 0.0)
FRAMES = pd.DataFrame({"frame": [0, 1]})


def seen(*people):
    """Tables instances and labels; each of ``people`` is role, team, shirt; all with black shorts."""
    rows = []
    for frame in FRAMES["frame"]:
        for instance, (role, team, shirt) in enumerate(people):
            kit = dict(zip(("torso_l", "torso_a", "torso_b"), shirt, strict=True))
            legs = dict(zip(("legs_l", "legs_a", "legs_b"), BLACK, strict=True))
            key = {"frame": frame, "instance": instance}
            rows.append(key | kit | legs | {"kit_px": 100, "role": role, "team": team})
    table = pd.DataFrame(rows)
    return table.drop(columns=["role", "team"]), table[["frame", "instance", "role", "team"]]


def test_each_team_its_keeper_and_the_referees_have_a_kit():
    people = [
        ("player", "A", RED),
        ("player", "B", BLUE),
        ("goalkeeper", "A", BLUE),
        ("referee", None, BLACK),
    ]
    kits = storage.conform(team_kits(FRAMES, *seen(*people)), "kits")
    assert kits["role"].tolist() == ["player", "player", "goalkeeper", "referee"]
    assert kits["team"].fillna("-").tolist() == ["A", "B", "A", "-"]
    assert kits["torso_a"].tolist() == [60.0, 20.0, 20.0, 0.0]
    assert (kits["legs_l"] == 10.0).all()
    assert (kits["n_instances"] == 2).all()


def test_nobody_of_a_known_kit_gives_an_empty_table():
    unknown = seen(("player", "A", (np.nan, np.nan, np.nan)), ("unclear", None, RED))
    assert storage.conform(team_kits(FRAMES, *unknown), "kits").empty
    empty = storage.empty("instances"), storage.empty("labels")
    assert storage.conform(team_kits(storage.empty("frames"), *empty), "kits").empty


def test_small_people_mixed_with_grass_do_not_spoil_the_colour():
    large, small = [50.0, 60.0, 40.0, 200.0], [50.0, -40.0, 40.0, 10.0]
    assert typical_kit(np.array([large, large, large, small, small])) == (50.0, 60.0, 40.0)
