"""Training of the pitch network learns, leaves its record, goes on after a kill, and tells mistakes."""

import json

import numpy as np
import pytest
import typer
from pitch_pictures import drawn, pose_data
from typer.testing import CliRunner

from pipeline.cli import data, train
from pipeline.core.errors import DataSetError, RunError, UserError, WeightsError
from pipeline.core.pitch import SeenPitch
from pipeline.networks.pitch_network import PitchNet
from pipeline.training.pitch.pitch_training import train_pitch
from pipeline.training.pitch.samples import PitchSample, PitchTrainSettings
from pipeline.training.training_record import read_curves
from pipeline.workflow.train_pitch import samples, train_on_folders

TINY = PitchTrainSettings(epochs=2, batch=1, lr=1e-3, device="cpu", threads=1)


@pytest.fixture
def folder(tmp_path):
    pose_data(tmp_path / "ds", ["m1_1", "m1_2"])
    return pose_data(tmp_path / "ds", ["m2_1"], "val")


def test_a_killed_training_goes_on_and_leaves_a_network_that_has_learned(folder, tmp_path, monkeypatch):
    out = tmp_path / "run"
    steps = []

    def kill(done, _):
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_on_folders([folder], out, TINY, resume=False, progress=kill)
    with pytest.raises(RunError, match="another batch"):
        train_on_folders([folder], out, PitchTrainSettings(2, 2, 1e-3), resume=True, progress=kill)
    told = lambda done, total: steps.append((done, total))  # noqa: E731
    monkeypatch.setattr("pipeline.training.pitch.pitch_training.write_curves", lambda *_: kill(1, 2))
    with pytest.raises(KeyboardInterrupt):
        train_on_folders([folder], out, TINY, resume=False, progress=told)
    assert steps == [(2, 2)]
    monkeypatch.undo()
    result = train_on_folders([folder], out, TINY, resume=False, progress=told)
    assert steps == [(2, 2)]
    assert result.n_epochs == 2
    assert result.gap < 1e-4
    first, last = read_curves(out / "results.csv")
    assert last["val/line_loss"] < first["val/line_loss"]
    assert last["time"] > first["time"]
    record = json.loads((out / "train.json").read_text())
    assert record["settings"]["start"] == "pitch-lines-n"
    assert len(record["data_sha256"]) == 2
    assert "<polyline" in result.curves.read_text()
    assert PitchNet(str(result.network), threads=1).read(drawn()).lines.shape == (72, 128)
    with pytest.raises(RunError, match="finished"):
        train_on_folders([folder], out, TINY, resume=True, progress=told)
    pose_data(folder, ["m1_3"])
    with pytest.raises(RunError, match="data set has changed"):
        train_on_folders([folder], out, TINY, resume=True, progress=told)


def test_a_network_is_written_as_it_was_read(tmp_path):
    from pipeline.networks.weights import resolve
    from pipeline.training.pitch.torch_network import largest_gap, read_network, write_onnx

    network = read_network("pitch-lines-n")
    picture = np.random.default_rng(0).integers(0, 255, (288, 512, 3), dtype=np.uint8)
    assert largest_gap(network, resolve("pitch-lines-n").path, [picture]) < 1e-4
    write_onnx(network, tmp_path / "again.onnx")
    again = read_network(str(tmp_path / "again.onnx"))
    assert all((a == b).all() for a, b in zip(network.parameters(), again.parameters(), strict=True))


def test_what_is_not_asked_for_teaches_nothing():
    import torch

    from pipeline.training.pitch.heatmap_loss import pitch_losses

    truth, logits = torch.zeros(1, 33, 4, 4), torch.full((1, 33, 4, 4), 3.0)
    truth[0, 0, 1, 1] = truth[0, 32, 2] = 1.0
    asked = torch.zeros(truth.shape, dtype=torch.bool)
    assert [x.item() for x in pitch_losses(logits, truth, asked)] == [0.0, 0.0]
    asked[0, 32] = True
    landmarks, lines = (x.item() for x in pitch_losses(logits, truth, asked))
    assert landmarks == 0.0
    assert lines > 1.0


def test_other_weights_are_refused_before_training(folder, tmp_path):
    (tmp_path / "bad.onnx").write_bytes(b"\x08nonsense")
    for start, words in [("football-seg-n", r"from an \.onnx"), (str(tmp_path / "bad.onnx"), "cannot read")]:
        settings = PitchTrainSettings(start=start)
        with pytest.raises(WeightsError, match=words):
            train_on_folders([folder], tmp_path / "run", settings, resume=False, progress=print)
    assert not (tmp_path / "run").exists()


def test_nothing_to_learn_from_is_told(folder, tmp_path):
    nothing = SeenPitch(np.full((32, 2), np.nan), np.zeros(32, bool), (), (), False)
    unknown = [PitchSample(s.picture, nothing) for s in samples(folder, "train")]
    with pytest.raises(DataSetError, match="no pictures"):
        train_pitch([], [], tmp_path / "run")
    with pytest.raises(DataSetError, match="nothing is labelled"):
        train_pitch(unknown, [], tmp_path / "run")
    with pytest.raises(DataSetError, match="match m1 is in train and in val"):
        train_pitch(samples(folder, "train"), samples(folder, "train"), tmp_path / "run")
    with pytest.raises(RunError, match="nothing to resume"):
        train_pitch(samples(folder, "train"), [], tmp_path / "run", resume=True)


def test_a_broken_checkpoint_is_one_line(folder, tmp_path):
    from pipeline.training.pitch.training_loop import resumed

    (tmp_path / "last.pt").write_bytes(b"broken")
    with pytest.raises(RunError, match=r"last\.pt: not a checkpoint"):
        resumed(tmp_path / "last.pt", TINY)


def test_rendered_pictures_are_made_by_one_command(tmp_path):
    out = tmp_path / "ds"
    app = typer.Typer()
    app.command()(data.render_pitch)
    made = CliRunner().invoke(app, ["-o", str(out), "-n", "1", "--seed", "4"])
    assert made.exit_code == 0, made.output
    assert "1 pictures" in made.output
    assert [s.seen.has_view for s in samples(out, "train")] == [True]


@pytest.mark.parametrize(
    ("words", "error", "told"),
    [
        (("--data", "nowhere"), DataSetError, "no labels of split train"),
        (("--data", "nowhere", "--size", "m"), UserError, "--size: means nothing"),
        (("--data", "nowhere", "--whole-frames"), UserError, "--whole-frames: means nothing"),
    ],
)
def test_mistakes_on_the_command_line_are_one_line(words, error, told, tmp_path):
    app = typer.Typer()
    app.command()(train.train)
    typed = ["--task", "pitch", "-o", str(tmp_path / "run"), *words]
    caught = CliRunner().invoke(app, typed).exception
    assert isinstance(caught, error)
    assert told in str(caught)
    assert "\n" not in str(caught)
