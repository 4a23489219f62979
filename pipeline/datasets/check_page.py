"""The page of a data check: counts, findings, samples drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pipeline.core.errors import DataSetError
from pipeline.datasets import plain_page
from pipeline.datasets.canonical import SPLITS, DataSet, Sample
from pipeline.datasets.checking import HEIGHT_BANDS_PX, SERIOUS, DataReport, band_name
from pipeline.datasets.drawing import Figure, cut_out, draw
from pipeline.datasets.plain_page import Block, Figures, Heading, Lines, Table, Text

_MAX_LINES = 60
_MAX_EXAMPLES = 4


def write_page(
    dataset: DataSet, report: DataReport, path: Path, *, n_samples: int = 8, seed: int = 0
) -> None:
    """Write the findings with examples, and ``n_samples`` pictures drawn by lot with their labels."""
    blocks = [*_overview(dataset, report), *_findings(dataset, report)]
    blocks += [Heading("Samples"), Figures(list(_samples(dataset, n_samples, seed)))]
    plain_page.write_page(path, f"Data set {dataset.root.name}", blocks)


def _overview(dataset: DataSet, report: DataReport) -> list[Block]:
    bands = [band_name(low) for low, _ in HEIGHT_BANDS_PX]
    rows = [
        (split, name, *(report.counts.get((split, name, b), 0) for b in bands))
        for split in SPLITS
        for name in dataset.class_names
    ]
    groups = [
        Text(
            f"{split}: {report.n_pictures[split]} pictures of {len(report.groups[split])} matches "
            f"({', '.join(report.groups[split][:30])})"
        )
        for split in SPLITS
    ]
    sources = [(*k, n) for k, n in sorted(report.mask_sources.items())]
    return [
        *groups,
        Table(("split", "class", *bands), rows),
        Table(("split", "mask from", "labels"), sources),
    ]


def _findings(dataset: DataSet, report: DataReport) -> list[Block]:
    if not report.findings:
        return [Heading("Nothing to mend")]
    by_name: dict[tuple[str, str], Sample] = {(s.split, s.file): s for s in dataset.samples}
    out: list[Block] = [Heading("Findings")]
    kinds = Counter(f.kind for f in report.findings)
    for kind in sorted(kinds, key=lambda k: (k not in SERIOUS, k)):
        found = [f for f in report.findings if f.kind == kind]
        out.append(Heading(f"{kind}: {len(found)}", 3, kind in SERIOUS))
        shown: list[Figure] = []
        for f in found:
            sample = by_name.get((f.split, f.file))
            if sample is not None and f.label is not None and len(shown) < _MAX_EXAMPLES:
                shown += _example(dataset, sample, f.label, f"{f.file} label {f.label}: {f.message}")
        if shown:
            out.append(Figures(shown))
        label = ("" if f.label is None else str(f.label) for f in found)
        lines = [f"{f.split}/{f.file} {k} {f.message}" for f, k in zip(found, label, strict=True)]
        more = [f"... and {len(lines) - _MAX_LINES} more"] if len(lines) > _MAX_LINES else []
        out.append(Lines("list", lines[:_MAX_LINES] + more))
    return out


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
