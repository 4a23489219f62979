import numpy as np
import pytest

from pipeline.core.errors import WeightsError
from pipeline.core.types import BALL, CLASS_NAMES, GOALKEEPER, PLAYER, REFEREE
from pipeline.networks import weights
from pipeline.networks.families.class_names import class_map


def test_every_bundled_network_is_what_its_sum_says():
    for name in weights.bundled_names():
        found = weights.resolve(name)
        assert found.bundled
        assert found.path.is_file()
        assert weights.fingerprint(name) == found.sha256


def test_a_damaged_bundled_network_is_refused(tmp_path, monkeypatch):
    (tmp_path / "net.pt").write_bytes(b"other")
    (tmp_path / "SHA256SUMS").write_text("0" * 64 + "  net.pt\n")
    monkeypatch.setattr(weights, "weights_folder", lambda: tmp_path)
    with pytest.raises(WeightsError, match="damaged"):
        weights.resolve("net")


def test_a_bundled_network_without_a_sum_is_refused(tmp_path, monkeypatch):
    (tmp_path / "net.pt").write_bytes(b"other")
    (tmp_path / "SHA256SUMS").write_text("")
    monkeypatch.setattr(weights, "weights_folder", lambda: tmp_path)
    with pytest.raises(WeightsError, match=r"does not list net\.pt"):
        weights.resolve("net")


def test_a_pickle_needs_the_users_word(tmp_path):
    path = tmp_path / "mine.pt"
    path.write_bytes(b"x")
    with pytest.raises(WeightsError, match="give --trust-weights"):
        weights.resolve(str(path))
    assert weights.resolve(str(path), trust=True).kind == "torch"


def test_onnx_and_openvino_need_no_word(tmp_path):
    (tmp_path / "mine.onnx").write_bytes(b"x")
    folder = tmp_path / "mine_openvino_model"
    folder.mkdir()
    (folder / "mine.xml").write_bytes(b"x")
    (folder / "mine.bin").write_bytes(b"y")
    assert weights.resolve(str(tmp_path / "mine.onnx")).kind == "onnx"
    found = weights.resolve(str(folder))
    assert (found.kind, found.path.name) == ("openvino", "mine.xml")


def test_the_fingerprint_follows_the_content_not_the_place(tmp_path):
    for name, content in (("a.onnx", b"x"), ("b.onnx", b"x"), ("c.onnx", b"y")):
        (tmp_path / name).write_bytes(content)
    one, same, other = (weights.fingerprint(str(tmp_path / n)) for n in ("a.onnx", "b.onnx", "c.onnx"))
    assert one == same
    assert one != other


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: None, "no such file"),
        (lambda p: p.write_text("x"), "unknown kind"),
        (lambda p: p.mkdir(), "expected one OpenVINO .xml"),
    ],
    ids=["missing", "text", "empty folder"],
)
def test_what_is_not_a_network_is_refused(tmp_path, make, message):
    path = tmp_path / "weights.txt"
    make(path)
    for use in (weights.resolve, weights.fingerprint):
        with pytest.raises(WeightsError, match=message):
            use(str(path))


def test_an_openvino_graph_without_its_numbers_is_refused(tmp_path):
    (tmp_path / "mine.xml").write_bytes(b"x")
    with pytest.raises(WeightsError, match=r"mine\.bin is missing"):
        weights.resolve(str(tmp_path))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (list(CLASS_NAMES), [0, 1, 2, 3]),
        (["person", "bicycle", "sports ball"], [PLAYER, -1, BALL]),
        (["Ball", "Goalkeeper", "Player", "Referee"], [BALL, GOALKEEPER, PLAYER, REFEREE]),
        (["Team A", "team-b", "Goalkeeper Team A", "main_referee"], [PLAYER, PLAYER, GOALKEEPER, REFEREE]),
        (["home player", "away goalkeeper", "side referee"], [PLAYER, GOALKEEPER, REFEREE]),
        (["home", "away", "team_left", "Team A (white)"], [PLAYER, PLAYER, PLAYER, PLAYER]),
        (["player", "non player", "away fans", "home bench", "team bus"], [PLAYER, -1, -1, -1, -1]),
        (["player", "not-a-player", "player on the bench", "no referee"], [PLAYER, -1, -1, -1]),
        (["players", "GK", "assistant referee", "football"], [PLAYER, GOALKEEPER, REFEREE, BALL]),
    ],
    ids=["ours", "COCO", "capitals", "teams", "sides", "teams alone", "somebody else", "nobody", "others"],
)
def test_classes_are_understood_by_their_names(names, expected):
    assert class_map(names).tolist() == expected
    assert class_map(names).dtype == np.int8


def test_classes_in_any_language_are_what_the_user_says():
    names = ["Spieler", "Torwart", "Fan", "ball"]
    with pytest.raises(WeightsError, match="such as --class Spieler=player"):
        class_map(names)
    said = {"spieler": "player", "Torwart": "goalkeeper", "ball": ""}
    assert class_map(names, said).tolist() == [PLAYER, GOALKEEPER, -1, -1]
    assert class_map(["player", "球员"], {"球员": "player", "player": ""}).tolist() == [-1, PLAYER]
    with pytest.raises(WeightsError, match=r"--class keeper: .*no class of that name; it has Spieler"):
        class_map(names, said | {"keeper": "goalkeeper"})


@pytest.mark.parametrize("names", [[], ["cat", "dog"], ["ball"]], ids=["none", "animals", "only a ball"])
def test_a_network_without_people_is_refused_with_its_classes(names):
    with pytest.raises(WeightsError, match="classes") as caught:
        class_map(names)
    assert all(name in str(caught.value) for name in names)
