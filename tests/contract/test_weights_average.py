"""`teamshape weights average`: the mean of two networks, or one line that says why not."""

from pathlib import Path

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from pipeline.cli.main import app
from pipeline.core.errors import ConfigError, RunError, WeightsError
from pipeline.networks.convert import read_torch
from pipeline.networks.weights import resolve

OURS = "football-seg-n"


def typed(*words: object):
    return CliRunner().invoke(app, ["weights", "average", *(str(w) for w in words), "--trust-weights"])


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """Our network with every number one higher."""
    model = read_torch(resolve(OURS).path)
    for value in model.state_dict().values():
        if value.is_floating_point():
            value.add_(1)
    path = tmp_path_factory.mktemp("other") / "other.pt"
    torch.save({"model": model.half(), "train_args": {}, "epoch": -1}, path)
    return path


def test_every_number_lies_between_those_of_the_two(tmp_path, other):
    made = typed(OURS, other, "--share", 0.25, "-o", tmp_path / "mean.pt")
    assert made.exit_code == 0, made.output
    first, mean = (read_torch(p).state_dict() for p in (resolve(OURS).path, tmp_path / "mean.pt"))
    assert first.keys() == mean.keys()  # can be trained on: nothing was fused
    apart = np.concatenate(
        [(mean[k] - first[k]).flatten().numpy() for k in first if "conv.weight" in k and first[k].ndim == 4]
    )
    assert np.median(apart) == pytest.approx(0.25, abs=0.01)


def test_the_mean_with_itself_is_itself(tmp_path):
    assert typed(OURS, OURS, "-o", tmp_path / "same.pt").exit_code == 0
    first, same = (read_torch(p).state_dict() for p in (resolve(OURS).path, tmp_path / "same.pt"))
    assert all(torch.equal(first[k], same[k]) for k in first)


def test_networks_of_other_classes_are_refused(tmp_path):
    model = read_torch(resolve(OURS).path)
    model.names = {0: "person"}
    torch.save({"model": model.half(), "train_args": {}, "epoch": -1}, tmp_path / "b.pt")
    failed = typed(OURS, tmp_path / "b.pt", "-o", tmp_path / "mean.pt")
    assert isinstance(failed.exception, WeightsError)
    assert "same form and classes" in str(failed.exception)
    assert not (tmp_path / "mean.pt").exists()


def test_nothing_is_written_over(tmp_path):
    target = tmp_path / "mean.pt"
    target.write_bytes(b"mine")
    failed = typed(OURS, OURS, "-o", target)
    assert isinstance(failed.exception, ConfigError)
    assert target.read_bytes() == b"mine"
    assert isinstance(typed(OURS, OURS, "-o", tmp_path / "mean.onnx").exception, ConfigError)


def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path, other, monkeypatch):
    def full(path, data):
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    made = typed(OURS, other, "-o", tmp_path / "mean.pt")
    assert isinstance(made.exception, RunError)
    assert "No space left" in str(made.exception)
    assert list(tmp_path.iterdir()) == []
