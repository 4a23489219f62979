"""Coverage and precision of the shirt-number reader on crops labelled by eye, and on a run's tracks.

python benchmarks/shirt_numbers.py --shared ../shared --weights PATH [--held] [--run RUN --truth FOLDER]

The crops (shirt_numbers.csv) are of validation matches and clips that nothing was trained or chosen on. The
answer is a number, ``illegible``, or ``unsure`` where the eye has a guess at best. Coverage is the share of
legible crops that get a number; precision the share of numbers that are right, where one read on an illegible
crop is wrong. Readings of unsure crops are counted by themselves. ``--held`` takes the training matches that
only thresholds are chosen on (shirt_numbers_training.csv) instead. With ``--run`` of a rendered match and its
truth: the same for tracks.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline import video
from pipeline.appearance.upper_body import cut_square, torso_square
from pipeline.core.images import read
from pipeline.networks.shirt_numbers.number_reader import NumberReader
from pipeline.tables import storage

LABELS = Path(__file__).with_name("shirt_numbers.csv")
TRAINING = Path(__file__).with_name("shirt_numbers_training.csv")
BOX = ["x1_px", "y1_px", "x2_px", "y2_px"]
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98)


def crops(labels: pd.DataFrame, shared: Path) -> np.ndarray:
    """Cut the labelled crops, ``(N, 48, 48, 3)``, in the order of ``labels``."""
    out = np.zeros((len(labels), 48, 48, 3), np.uint8)
    for file, rows in labels.groupby("file"):
        wanted = sorted(set(rows["frame"]))
        path = shared / str(file)
        if path.suffix == ".mp4":
            images = {f.index: f.image for f in video.frames_at(path, wanted)}
        else:
            images = {0: read(path)}
        for at, row in rows.iterrows():
            image = images.get(int(row["frame"]))
            if image is None:
                raise SystemExit(f"{path}: frame {row['frame']} cannot be read")
            out[int(str(at))] = cut_square(image, *torso_square(row[BOX].to_numpy(float)))
    return out


def curve(answer: np.ndarray, unsure: np.ndarray, number: np.ndarray, score: np.ndarray) -> None:
    """Print coverage and precision; ``answer`` is 0 for illegible."""
    legible = (answer > 0) & ~unsure
    print(f"{legible.sum()} legible, {(~legible & ~unsure).sum()} illegible, {unsure.sum()} unsure")
    print("threshold  given  right  coverage  precision  on illegible  on unsure")
    for threshold in THRESHOLDS:
        given = (score >= threshold) & ~unsure
        right = given & (number == answer)
        precision = right.sum() / given.sum() if given.any() else float("nan")
        spurious, guesses = (given & ~legible).sum(), (unsure & (score >= threshold)).sum()
        print(
            f"{threshold:9.2f} {given.sum():6d} {right.sum():6d} {right.sum() / legible.sum():9.3f} "
            f"{precision:10.3f} {spurious:13d} {guesses:10d}"
        )


def read_labels(held: bool) -> pd.DataFrame:
    """Read the labels; a likely number (``17?``) is unsure."""
    if not held:
        return pd.read_csv(LABELS, dtype={"answer": str})
    labels = pd.read_csv(TRAINING, dtype={"answer": str})
    labels = labels[labels["part"] == "held"].assign(frame=0).reset_index(drop=True)
    return labels.assign(answer=labels["answer"].where(~labels["answer"].str.endswith("?"), "unsure"))


def on_crops(shared: Path, weights: str, held: bool) -> None:
    """Measure single crops, by source and together."""
    labels = read_labels(held)
    read_as = NumberReader(weights).read(crops(labels, shared))
    score = read_as.legible * read_as.number.max(axis=1)
    number = read_as.number.argmax(axis=1)
    unsure = (labels["answer"] == "unsure").to_numpy()
    answer = pd.to_numeric(labels["answer"], errors="coerce").fillna(0).to_numpy(int)
    clear = (answer > 0) & ~unsure
    print(
        f"of {clear.sum()} legible ones the likeliest number is right for {(number == answer)[clear].sum()}"
    )
    if held:
        return curve(answer, unsure, number, score)
    clips = labels["file"].str.startswith("clips").to_numpy()
    for name, part in (("validation matches", ~clips), ("clips", clips), ("all", np.ones(len(labels), bool))):
        print(name)
        curve(answer[part], unsure[part], number[part], score[part])
    return None


def on_tracks(run: Path, truth: Path) -> None:
    """Measure the tracks of a run of a rendered match; a track shows who it covers most."""
    tables = run / "tables"
    tracks = storage.read(tables / "tracks.parquet", "tracks")
    looks = storage.read(tables / "tracklet_appearance.parquet", "tracklet_appearance")
    feet = storage.read(tables / "instances.parquet", "instances")[
        ["frame", "instance", "foot_x_px", "foot_y_px"]
    ]
    known = pd.read_parquet(truth / "truth_instances.parquet")
    people = (
        pd.read_parquet(truth / "truth_people.parquet").drop_duplicates("person_id").set_index("person_id")
    )
    seen = tracks.merge(feet, on=["frame", "instance"]).merge(known, on="frame", suffixes=("", "_true"))
    away = np.hypot(seen["foot_x_px"] - seen["foot_x_px_true"], seen["foot_y_px"] - seen["foot_y_px_true"])
    nearest = seen.assign(away=away).sort_values("away").drop_duplicates(["frame", "track_id"])
    share = nearest.groupby("track_id")["person_id"].agg(lambda p: p.value_counts(normalize=True).iloc[0])
    who = nearest.groupby("track_id")["person_id"].agg(lambda p: p.mode().iloc[0])
    looks = looks.assign(
        truth=looks["track_id"].map(who).map(people["number"]), share=looks["track_id"].map(share)
    )
    given = looks[looks["number"].notna()]
    right = (given["number"] == given["truth"]).sum()
    print(f"{len(looks)} tracks, {len(given)} with a number, {right} right")
    print(given[["track_id", "number", "number_score", "n_legible", "truth", "share"]].to_string(index=False))


def main() -> None:
    """Print what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--weights", required=True, help="an .onnx of train_shirt_numbers.py")
    parser.add_argument("--held", action="store_true", help="on the matches that thresholds are chosen on")
    parser.add_argument("--run", type=Path)
    parser.add_argument("--truth", type=Path)
    options = parser.parse_args()
    on_crops(options.shared, options.weights, options.held)
    if options.run and options.truth:
        on_tracks(options.run, options.truth)


if __name__ == "__main__":
    main()
