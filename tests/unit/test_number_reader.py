import numpy as np
import pytest
import torch

from pipeline.core.errors import WeightsError
from pipeline.networks.shirt_numbers.number_reader import NumberReader, readings
from pipeline.training.shirt_numbers.number_network import NumberNetwork, as_input, write_onnx


def logits(legible, tens, units, strength=10.0):
    out = np.zeros((1, 21))
    out[0, 0] = legible
    out[0, 1 + tens] = out[0, 11 + units] = strength
    return out


@pytest.mark.parametrize(("tens", "units", "number"), [(0, 7, 7), (1, 0, 10), (9, 9, 99)])
def test_digits_make_a_number_and_no_tens_digit_a_small_one(tens, units, number):
    read = readings(logits(3.0, tens, units))
    assert read.number[0].argmax() == number
    assert read.number[0].sum() == pytest.approx(1)
    assert read.legible[0] == pytest.approx(1 / (1 + np.exp(-3.0)))


def test_no_digits_at_all_is_never_the_number_zero():
    read = readings(logits(3.0, 0, 0))
    assert read.number[0, 0] == 0
    assert read.number[0].sum() == pytest.approx(1)


def test_extreme_outputs_stay_probabilities():
    read = readings(np.array([[1e4] * 21, [-1e4] * 21]))
    assert np.isfinite(read.number).all()
    assert read.legible == pytest.approx([1, 0], abs=1e-9)


def test_nobody_to_read_gives_no_rows(tmp_path):
    write_onnx(NumberNetwork(), tmp_path / "n.onnx")
    assert (tmp_path / "n.onnx").stat().st_size < 5e6
    read = NumberReader(str(tmp_path / "n.onnx"), threads=1).read(np.zeros((0, 48, 48, 3), np.uint8))
    assert read.number.shape == (0, 100)


def test_a_written_network_answers_as_the_trained_one_for_any_number_of_crops(tmp_path):
    torch.manual_seed(3)
    network = NumberNetwork().eval()
    network.scale.copy_(torch.tensor([0.5, 2.0, 3.0]))
    network.shift.fill_(0.7)
    write_onnx(network, tmp_path / "n.onnx")
    crops = np.random.default_rng(0).integers(0, 255, (5, 48, 48, 3), dtype=np.uint8)
    with torch.no_grad():
        ours = network(as_input(crops)).numpy()
    theirs = NumberReader(str(tmp_path / "n.onnx"), threads=1).logits(crops)
    assert theirs == pytest.approx(ours, abs=1e-3)
    assert [p.name for p in tmp_path.iterdir()] == ["n.onnx"]


def test_another_network_is_told_apart_in_one_line():
    with pytest.raises(WeightsError, match="not a number network"):
        NumberReader("pitch-lines-n")
