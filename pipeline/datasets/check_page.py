"""The page of a data check: counts, findings, samples drawn."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pipeline.core.errors import DataSetError
from pipeline.datasets.canonical import SPLITS, DataSet, Sample
from pipeline.datasets.checking import HEIGHT_BANDS_PX, SERIOUS, DataReport, band_name
from pipeline.datasets.drawing import Figure, cut_out, draw, figures, page, table

_MAX_LINES = 60
_MAX_EXAMPLES = 4


def write_page(
    dataset: DataSet, report: DataReport, path: Path, *, n_samples: int = 8, seed: int = 0
) -> None:
    """Write the findings with examples, and ``n_samples`` pictures drawn by lot with their labels."""
    parts = [_overview(dataset, report), _findings(dataset, report)]
    parts += ["<h2>Samples</h2>", figures(_samples(dataset, n_samples, seed))]
    path.write_text(page(f"Data set {dataset.root.name}", parts), encoding="utf-8")


def _overview(dataset: DataSet, report: DataReport) -> str:
    bands = [band_name(low) for low, _ in HEIGHT_BANDS_PX]
    rows = [
        (split, name, *(report.counts.get((split, name, b), 0) for b in bands))
        for split in SPLITS
        for name in dataset.class_names
    ]
    groups = "".join(
        f"<p>{split}: {report.n_pictures[split]} pictures of {len(report.groups[split])} matches "
        f"({html.escape(', '.join(report.groups[split][:30]))})</p>"
        for split in SPLITS
    )
    sources = table(
        ("split", "mask from", "labels"), [(*k, n) for k, n in sorted(report.mask_sources.items())]
    )
    return groups + table(("split", "class", *bands), rows) + sources


def _findings(dataset: DataSet, report: DataReport) -> str:
    if not report.findings:
        return "<h2>Nothing to mend</h2>"
    by_name: dict[tuple[str, str], Sample] = {(s.split, s.file): s for s in dataset.samples}
    out = ["<h2>Findings</h2>"]
    kinds = Counter(f.kind for f in report.findings)
    for kind in sorted(kinds, key=lambda k: (k not in SERIOUS, k)):
        found = [f for f in report.findings if f.kind == kind]
        mark = ' class="bad"' if kind in SERIOUS else ""
        out.append(f"<h3{mark}>{kind}: {len(found)}</h3>")
        shown: list[Figure] = []
        for f in found:
            sample = by_name.get((f.split, f.file))
            if sample is not None and f.label is not None and len(shown) < _MAX_EXAMPLES:
                shown += _example(dataset, sample, f.label, f"{f.file} label {f.label}: {f.message}")
        out.append(figures(shown))
        lines = (f"{f.split}/{f.file} {'' if f.label is None else f.label} {f.message}" for f in found)
        text = html.escape("\n".join(line for line, _ in zip(lines, range(_MAX_LINES), strict=False)))
        more = f"\n... and {len(found) - _MAX_LINES} more" if len(found) > _MAX_LINES else ""
        out.append(f"<details><summary>list</summary><pre>{text}{more}</pre></details>")
    return "".join(out)


def _example(dataset: DataSet, sample: Sample, k: int, caption: str) -> Iterator[Figure]:
    label = sample.labels[k]
    try:
        image = dataset.image(sample)
    except DataSetError:  # told as a finding of its own
        return
    yield Figure(cut_out(draw(image, [label], 0.35), label.box_px), caption)


def _samples(dataset: DataSet, n: int, seed: int) -> Iterator[Figure]:
    order = np.random.default_rng(seed).permutation(len(dataset.samples))[:n]
    for i in order:
        sample = dataset.samples[int(i)]
        try:
            image = draw(dataset.image(sample), sample.labels)
        except DataSetError:  # told as a finding of its own
            continue
        yield Figure(image, f"{sample.split}/{sample.file}: {len(sample.labels)} labels")
