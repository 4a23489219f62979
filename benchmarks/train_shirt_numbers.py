"""Train the reader of shirt numbers and put it among the bundled networks.

python benchmarks/train_shirt_numbers.py --shared ../shared --out runs/numbers [--minutes 40] [--bundle]

Crops are made of the training matches' upper bodies with numbers painted on them, of rendered players, and of
crops labelled by eye (shirt_numbers_training.csv). Confidence is fitted on matches that are not trained on.
Validation matches and clips are never touched. The model card is written by hand.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable
from pathlib import Path

import matplotlib
import numpy as np
import torch

from pipeline.networks.weights import weights_folder
from pipeline.training.shirt_numbers.confidence import calibrate
from pipeline.training.shirt_numbers.digit_shapes import make_prints
from pipeline.training.shirt_numbers.number_loop import Answered, NumberTrainSettings, fit, join
from pipeline.training.shirt_numbers.number_network import NumberNetwork, write_onnx
from pipeline.training.shirt_numbers.painted_numbers import Sample, Torso, draw_sample
from pipeline.training.shirt_numbers.rendered_numbers import rendered_samples
from pipeline.training.shirt_numbers.torsos import read_answers, read_torsos

LABELS = Path(__file__).with_name("shirt_numbers_training.csv")
HELD = frozenset({"744b27", "cd987c", "c01561", "55c9d1"})
"""Matches whose upper bodies and labels only fit confidence and thresholds."""
NAME = "shirt-numbers-n"
EASY_SHARE, PASS = 0.4, 20_000


def packed(samples: list[Sample]) -> Answered:
    """Put samples into arrays."""
    return Answered(
        np.stack([s.picture for s in samples]),
        np.array([s.legible for s in samples], np.int8),
        np.array([s.number for s in samples], np.int8),
    )


def fonts(folder: Path | None) -> list[Path]:
    """Bold fonts of matplotlib, and all of ``folder``."""
    own = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    found = [own / name for name in ("DejaVuSans-Bold.ttf", "STIXGeneralBol.ttf", "cmb10.ttf")]
    return found + (sorted(folder.rglob("*.ttf")) if folder else [])


def painted(torsos: list[Torso], given: list[Path], n: int, seed: int) -> Answered:
    """Paint ``n`` samples."""
    rng = np.random.default_rng(seed)
    prints = make_prints(given, rng)
    return packed([draw_sample(torsos[int(rng.integers(len(torsos)))], prints, rng) for _ in range(n)])


def curriculum(made: Answered, often: Answered) -> Callable[[float], tuple[Answered, Answered | None]]:
    """Give mostly legible crops first, then all kinds; those without a number are a third of the rest."""
    rng = np.random.default_rng(7)

    def more(share: float) -> tuple[Answered, Answered | None]:
        easy = share < EASY_SHARE
        none = made.number < 0
        weight = np.select([made.legible == 1, none, made.legible < 0], [1, 0.6, 0.7], 0.25)
        if easy:
            weight = np.select([made.legible == 1, none, made.legible < 0], [1, 0.25, 0.15], 0.0)
        kept = rng.permutation(np.flatnonzero(rng.random(len(made)) < weight))[:PASS]
        some = Answered(made.pictures[kept], made.legible[kept], made.number[kept])
        return some, None if share < EASY_SHARE / 2 else often

    return more


def bundle(path: Path) -> None:
    """Copy the network to the bundled ones and rewrite its line in ``SHA256SUMS``."""
    target = weights_folder() / f"{NAME}.onnx"
    target.write_bytes(path.read_bytes())
    sums = weights_folder() / "SHA256SUMS"
    lines = [x for x in sums.read_text().splitlines() if not x.endswith(f"  {target.name}")]
    lines.append(f"{hashlib.sha256(target.read_bytes()).hexdigest()}  {target.name}")
    sums.write_text("\n".join(sorted(lines, key=lambda x: x.split()[1])) + "\n", encoding="utf-8")


def main() -> None:
    """Make crops, train, fit confidence, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fonts", type=Path, help="folder of further .ttf files")
    parser.add_argument("--samples", type=int, default=60_000)
    parser.add_argument("--held", type=int, default=8_000, help="painted crops that fit confidence")
    parser.add_argument("--scenes", type=int, default=40, help="rendered scenes, of about 80 crops each")
    parser.add_argument("--minutes", type=float, default=40.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--start", type=Path, help="weights/NAME.pt of an earlier training to go on from")
    parser.add_argument("--bundle", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    players = options.shared / "datasets" / "players"
    rng, given = np.random.default_rng(0), fonts(options.fonts)
    torsos = read_torsos(players / "train.json", players / "images", lambda m: m not in HELD)
    held = read_torsos(players / "train.json", players / "images", lambda m: m in HELD)
    print(f"{len(torsos)} upper bodies to paint on, {len(held)} held back")
    made = painted(torsos, given, options.samples, 1)
    rendered = packed(list(rendered_samples(options.scenes, 4, 600)))
    often = join([read_answers(LABELS, options.shared, "train", 8, rng), rendered])
    network = NumberNetwork()
    if options.start:
        network.load_state_dict(torch.load(options.start, weights_only=True))
    settings = NumberTrainSettings(minutes=options.minutes, threads=options.threads)
    fit(network, curriculum(made, often), settings, lambda *x: print(*(f"{v:.3f}" for v in x), flush=True))
    real = read_answers(LABELS, options.shared, "held", 1, rng)
    calibrate(network, join([painted(held, given, options.held, 2), real]))
    torch.save(network.state_dict(), options.out / f"{NAME}.pt")
    write_onnx(network, options.out / f"{NAME}.onnx")
    if options.bundle:
        bundle(options.out / f"{NAME}.onnx")


if __name__ == "__main__":
    main()
