"""The command line as a user meets it."""

import subprocess
import sys

import pytest
import yaml

COMMANDS = (
    *("run", "demo", "probe", "report", "masks", "config", "data", "train", "evaluate"),
    *("analyze", "movement", "formations", "compare", "heatmap", "export", "season"),
    *("image", "weights", "calibrate", "evaluate-calibration"),
)


def teamshape(*arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *map(str, arguments)], capture_output=True, text=True
    )


def test_help_names_every_command():
    text = teamshape("--help").stdout
    for command in COMMANDS:
        assert f"│ {command} " in text


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command):
    result = teamshape(command, "--help")
    assert result.returncode == 0
    assert "Usage" in result.stdout


def test_help_loads_nothing_heavy():
    code = (
        "import sys, pipeline.cli.main\n"
        "heavy = {'torch', 'ultralytics', 'openvino', 'pandas', 'cv2', 'plotly', 'numpy'}\n"
        "sys.exit(', '.join(sorted(heavy & sys.modules.keys())) or 0)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_config_prints_yaml_that_can_be_edited_and_used():
    assert yaml.safe_load(teamshape("config").stdout)["segment"]["imgsz"] == 1280
    assert yaml.safe_load(teamshape("config", "team_only").stdout) == {"mode": "team"}


def test_probe_says_what_is_in_the_demo_clip(demo_clip):
    result = teamshape("probe", demo_clip)
    assert result.returncode == 0, result.stderr
    assert "1280" in result.stdout
    assert "720" in result.stdout
