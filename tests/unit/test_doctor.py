"""What `teamshape doctor` says of a sound installation and of a broken one."""

import json

import pytest
from typer.testing import CliRunner

from pipeline.cli import main
from pipeline.networks import quiet, weights
from pipeline.workflow import doctor


@pytest.fixture
def quick(monkeypatch, tmp_path):
    """Without the devices, which take torch, and with a cache of its own."""
    monkeypatch.setattr(doctor, "_CHECKS", {k: v for k, v in doctor._CHECKS.items() if k != "devices"})
    monkeypatch.setattr(quiet, "cache_folder", lambda: tmp_path)
    return tmp_path


def call(*arguments):
    return CliRunner().invoke(main.app, ["doctor", *map(str, arguments)])


def test_a_sound_installation_exits_with_0_and_names_everything(quick):
    done = call(quick, "--json")
    said = json.loads(done.stdout)
    states = {f["what"]: f["state"] for f in said["findings"]}
    assert done.exit_code == 0
    assert said["broken"] == 0
    assert {
        "python",
        "package av",
        "codecs",
        "video there and back",
        "weights football-seg-n",
    } <= states.keys()
    assert {"cache", "memory", "disk"} <= states.keys()
    assert "broken" not in states.values()


def test_damaged_weights_and_a_full_disk_exit_with_1_and_say_what_to_do(quick, monkeypatch):
    monkeypatch.setattr(weights, "_expected_sha256", lambda _: "0" * 64)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1e6}))
    done = call(quick)
    assert done.exit_code == 1
    (line,) = [
        x for x in done.stdout.splitlines() if x.startswith("broken") and "weights football-seg-n" in x
    ]
    assert "install teamshape again" in line
    assert any(
        x.startswith("broken") and " disk " in x and "free space" in x for x in done.stdout.splitlines()
    )


def test_damaged_networks_of_the_cache_are_counted(quick):
    folder = quick / "football-seg-n-0123456789abcdef"
    folder.mkdir()
    (folder / "model.xml").write_text("x")
    (finding,) = doctor._cache(quick)
    assert (finding.state, "1 of them damaged" in finding.value) == ("warning", True)


def test_a_check_that_falls_over_is_a_finding(quick, monkeypatch):
    def falls(_):
        raise ZeroDivisionError("twice\nover")

    monkeypatch.setattr(doctor, "_CHECKS", {"codecs": falls})
    (finding,) = doctor.examine(quick)
    assert (finding.what, finding.state) == ("codecs", "broken")
    assert finding.value == "ZeroDivisionError: twice"
