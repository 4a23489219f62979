"""Train the reader of shirt numbers and put it among the bundled networks.

python benchmarks/train_shirt_numbers.py --shared ../shared --out runs/numbers [--minutes 75] [--bundle]

Crops are made of the training matches' upper bodies with numbers painted on them, of rendered players, and of
crops labelled by eye (shirt_numbers_training.csv, with close views of another match that are filmed from
afar). Legible painted ones come first, real ones more and more. Confidence is fitted on matches that are not
trained on. Validation matches and clips are never touched. The model card is written by hand.

Painted crops are kept in ``OUT/painted`` (about 150 are made a second; ``--paint-only`` ends there, and may
run beside another), the training in ``OUT/NAME.kept`` every 500 steps: started again, both go on.
"""

from __future__ import annotations

import argparse
import hashlib
import os
from pathlib import Path

import matplotlib
import numpy as np
import torch

from pipeline.networks.weights import weights_folder
from pipeline.training.shirt_numbers.confidence import calibrate
from pipeline.training.shirt_numbers.digit_shapes import make_prints
from pipeline.training.shirt_numbers.labelled_torsos import cut_labelled, read_labels
from pipeline.training.shirt_numbers.number_loop import Answered, NumberTrainSettings, Source, fit, join
from pipeline.training.shirt_numbers.number_network import NumberNetwork, write_onnx
from pipeline.training.shirt_numbers.painted_cloth import Torso
from pipeline.training.shirt_numbers.painted_numbers import CELLS, UNKNOWN, Sample, draw_sample
from pipeline.training.shirt_numbers.rendered_numbers import rendered_samples
from pipeline.training.shirt_numbers.torsos import read_torsos

LABELS = Path(__file__).with_name("shirt_numbers_training.csv")
HELD = frozenset({"744b27", "cd987c", "c01561", "55c9d1"})
"""Matches whose upper bodies and labels only fit confidence and thresholds."""
NAME = "shirt-numbers-n"
COPIES = (16, 8, 2)
LEAST_PX = 21.0
"""Smaller upper bodies are too blurred to paint on."""
SHARD = 2_500
FIRST, FIRST_ENDS = 3.0, 0.08
"""Legible painted crops alone, mostly, and until when: to begin with."""
REAL_BEGINS = ((0.1, 0.45, 0.5), (0.45, 1.0, 1.0))
REAL_SHARES, CLOSE_SHARE = (0.12, 0.05, 0.22), 0.2
"""Shares of illegible, likely and legible real crops and of close views, where painted ones are 1; in the
first time of `REAL_BEGINS` (from, until, how much) half as many."""


def packed(samples: list[Sample]) -> Answered:
    """Put samples into arrays."""
    unasked = np.full((CELLS, CELLS), UNKNOWN, np.int8)
    return Answered(
        np.stack([s.picture for s in samples]),
        np.array([s.legible for s in samples], np.int8),
        np.array([s.number for s in samples], np.int8),
        np.stack([unasked if s.cells is None else s.cells for s in samples]),
    )


def fonts(folder: Path | None) -> list[Path]:
    """Bold fonts of matplotlib, and all of ``folder``."""
    own = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    found = [own / name for name in ("DejaVuSans-Bold.ttf", "STIXGeneralBol.ttf", "cmb10.ttf")]
    kinds = (".ttf", ".otf", ".woff")
    return found + (sorted(p for p in folder.rglob("*") if p.suffix in kinds) if folder else [])


def painted(torsos: list[Torso], given: list[Path], n: int, seed: int) -> Answered:
    """Paint ``n`` samples."""
    rng = np.random.default_rng(seed)
    prints = make_prints(given, rng)
    return packed([draw_sample(torsos[int(rng.integers(len(torsos)))], prints, rng) for _ in range(n)])


def shards(folder: Path, part: str, torsos: list[Torso], given: list[Path], n: int, seed: int) -> Answered:
    """Paint ``n`` samples in files of 2,500; what is there already is read."""
    found = []
    for number in range(-(-n // SHARD)):
        path = folder / f"{part}_{number}.npz"
        if not path.exists():
            some = painted(torsos, given, SHARD, seed + number)
            folder.mkdir(parents=True, exist_ok=True)
            mine = path.with_name(f"{path.stem}.{os.getpid()}.part.npz")
            np.savez(mine, p=some.pictures, l=some.legible, n=some.number, c=some.all_cells())
            mine.replace(path)
            print(f"painted {path.name}", flush=True)
        with np.load(path) as kept:
            found.append(Answered(kept["p"], kept["l"], kept["n"], kept["c"]))
    return join(found)


def sources(made: Answered, rendered: Answered, real: list[Answered], close: Answered) -> list[Source]:
    """Say how often each kind of crop is drawn; ``real`` are illegible, likely and legible ones."""
    print(f"{(made.legible == 1).sum()} of {len(made)} painted crops are legible")
    weight = np.select([made.legible == 1, made.number < 0, made.legible < 0], [1.0, 0.2, 0.45], 0.12)
    first = Source(made, (made.legible == 1).astype(float), FIRST, 0.0, FIRST_ENDS)
    out = [first, Source(made, weight, 1.0), Source(rendered, np.ones(len(rendered)), 0.03)]
    for begins, ends, much in REAL_BEGINS:
        for crops, share in zip(real, REAL_SHARES, strict=True):
            out.append(Source(crops, np.ones(len(crops)), much * share, begins, ends))
        out.append(Source(close, np.where(close.number > 0, 3.0, 1.0), much * CLOSE_SHARE, begins, ends))
    return out


def real_crops(shared: Path, rng: np.random.Generator) -> list[Answered]:
    """Cut the labelled people of the training matches: illegible, likely and legible ones."""
    labels = read_labels(LABELS, "train")
    kinds = [[x for x in labels if x.legible == kind] for kind in (0, -1, 1)]
    return [cut_labelled(some, shared, COPIES, rng) for some in kinds]


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
    parser.add_argument("--fonts", type=Path, help="folder of further fonts (.ttf .otf .woff)")
    parser.add_argument("--samples", type=int, default=60_000)
    parser.add_argument("--held", type=int, default=8_000, help="painted crops that fit confidence")
    parser.add_argument("--scenes", type=int, default=40, help="rendered scenes, of about 80 crops each")
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--minutes", type=float, default=90.0, help="end earlier")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--paint-only", action="store_true", help="end when all crops are painted")
    parser.add_argument("--bundle", action="store_true")
    options = parser.parse_args()
    players = options.shared / "datasets" / "players"
    rng, given = np.random.default_rng(0), fonts(options.fonts)
    torsos, held = (
        [x for x in read_torsos(players / "train.json", players / "images", use) if x.side_px >= LEAST_PX]
        for use in (lambda m: m not in HELD, lambda m: m in HELD)
    )
    print(f"{len(torsos)} upper bodies to paint on, {len(held)} held back")
    made = shards(options.out / "painted", "train", torsos, given, options.samples, 1)
    fitted = shards(options.out / "painted", "held", held, given, options.held, 100_000)
    if options.paint_only:
        return
    rendered = packed(list(rendered_samples(options.scenes, 4, 600)))
    close = cut_labelled(read_labels(LABELS, "close"), options.shared, (30, 8, 12), rng)
    network = NumberNetwork()
    settings = NumberTrainSettings(options.steps, options.minutes, threads=options.threads)
    given_from = sources(made, rendered, real_crops(options.shared, rng), close)
    kept = options.out / f"{NAME}.kept"
    fit(network, given_from, settings, lambda *x: print(*(f"{v:.3f}" for v in x), flush=True), kept)
    real = cut_labelled(read_labels(LABELS, "held"), options.shared, (1, 1, 1), rng)
    calibrate(network, fitted, real)
    torch.save(network.state_dict(), options.out / f"{NAME}.pt")
    write_onnx(network, options.out / f"{NAME}.onnx")
    if options.bundle:
        bundle(options.out / f"{NAME}.onnx")


if __name__ == "__main__":
    main()
