from pathlib import Path

import pytest
import yaml

from pipeline.core import config
from pipeline.core.errors import ConfigError

CONFIGS = Path(__file__).parents[2] / "configs"


def test_match_yaml_lists_every_default():
    assert yaml.safe_load((CONFIGS / "match.yaml").read_text()) == config.Config().model_dump(mode="json")


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.yaml")), ids=lambda p: p.stem)
def test_bundled_configs_are_valid(path):
    assert config.load(path)


def test_all_mistakes_are_reported_at_once_with_key_and_value():
    with pytest.raises(ConfigError) as caught:
        config.load(None, {"segment.imgszz": 3, "segment.min_score": 1.4})
    message = str(caught.value)
    assert "segment.imgszz: unknown setting" in message
    assert "segment.min_score" in message
    assert "1.4" in message


@pytest.mark.parametrize(
    ("text", "match"),
    [("- a\n", "expected settings by name"), ("a: [", "not valid YAML"), ("segment: 3\n", "segment")],
    ids=["a list", "broken YAML", "a value for a group"],
)
def test_a_broken_file_is_named(tmp_path, text, match):
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=match) as caught:
        config.load(path)
    assert "bad.yaml" in str(caught.value)


def test_an_empty_file_means_the_defaults(tmp_path):
    path = tmp_path / "empty.yaml"
    path.write_text("")
    assert config.load(path) == config.Config()


def test_settings_given_by_hand_win_over_the_file(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("segment: {imgsz: 640}\n")
    assert config.load(path, config.parse_set(["segment.imgsz=960"])).segment.imgsz == 960


@pytest.mark.parametrize("item", ["segment.imgsz", "=3"])
def test_a_setting_without_key_or_value_is_refused(item):
    with pytest.raises(ConfigError, match="KEY=VALUE"):
        config.parse_set([item])


def test_an_unknown_config_name_lists_the_bundled_ones():
    with pytest.raises(ConfigError, match=r"nowhere: no such file; bundled are fast, match"):
        config.find("nowhere")


def test_to_yaml_reads_back_as_the_same_settings():
    changed = config.load(None, {"segment.imgsz": 960, "video.end_s": 3.5, "mode": "team"})
    assert config.Config.model_validate(yaml.safe_load(config.to_yaml(changed))) == changed
