"""Team-level label maps against pixel-exact ones: the teams' names are free, everything else is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.core.label_maps import paint
from pipeline.core.types import LABEL_NAMES, Instances
from pipeline.datasets.canonical import VOID, DataSet, Sample
from pipeline.evaluation.label_map_iou import class_ious, confusion
from pipeline.evaluation.matching import EvaluatedPicture

Who = tuple[str, str | None]
"""Role and team (A, B or None) of somebody found."""
Namer = Callable[[Iterable[tuple[NDArray[np.uint8], Instances, str]]], list[list[Who]]]
"""Names the people of pictures BGR, given what was found in each and the match that it shows."""

TEAM_CLASSES = ("rest", "team A", "team B", "goalkeeper", "referee", "ball")
"""What is compared. Goalkeepers count as such whichever team they are given: no single picture tells it."""
_UNCLEAR = len(TEAM_CLASSES)
_CLASS_OF_LABEL = {
    "background": 0,
    "team_a": 1,
    "team_b": 2,
    "goalkeeper_a": 3,
    "goalkeeper_b": 3,
    "referee": 4,
    "ball": 5,
}


@dataclass(frozen=True, slots=True)
class TeamScore:
    """``counts``: pixels by true (row) and found (column) class, ``(7, 7)``; the last is what nobody named.

    ``iou`` ``(6,)`` in the order of `TEAM_CLASSES`, NaN for a class that is nowhere.
    """

    counts: NDArray[np.int64]
    iou: NDArray[np.float64]

    @property
    def mean(self) -> float:
        """Mean IoU of all classes, the rest of the picture among them."""
        return float(np.nanmean(self.iou))

    @property
    def mean_without_rest(self) -> float:
        """Mean IoU of people and ball."""
        return float(np.nanmean(self.iou[1:]))


def team_score(
    dataset: DataSet,
    samples: Sequence[Sample],
    found: Sequence[EvaluatedPicture],
    namer: Namer,
    one_match: bool,
) -> TeamScore | None:
    """Name everybody found and compare with the label maps that have teams; None where there are none.

    Which found team is which labelled one is chosen for each match, for the most pixels right.

    Parameters
    ----------
    one_match
        All pictures show one match; else those of the same ``group`` do.
    """
    some = [(s, p) for s, p in zip(samples, found, strict=True) if s.has_team_map]
    if not some:
        return None
    matches = ["" if one_match else s.group for s, _ in some]

    def pictures() -> Iterator[tuple[NDArray[np.uint8], Instances, str]]:
        for (sample, picture), match in zip(some, matches, strict=True):
            yield dataset.image(sample), picture.found, match

    by_match: dict[str, NDArray[np.int64]] = {}
    for (sample, picture), match, who in zip(some, matches, namer(pictures()), strict=True):
        size = sample.height_px, sample.width_px
        counts = confusion(
            true_classes(dataset.team_map(sample)), paint_classes(picture.found, who, *size), 7
        )
        by_match[match] = by_match.get(match, 0) + counts
    total = sum((best_names(counts) for counts in by_match.values()), np.zeros((7, 7), np.int64))
    return TeamScore(total, class_ious(total)[:_UNCLEAR])


def best_names(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Swap the found teams (columns 1 and 2) if more pixels are right then."""
    swapped = counts[:, [0, 2, 1, *range(3, counts.shape[1])]]
    return swapped if np.trace(swapped) > np.trace(counts) else counts


def true_classes(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Reduce a label map with teams to `TEAM_CLASSES`; what the truth does not tell is void."""
    table = np.full(256, VOID, np.uint8)
    for value, name in enumerate(LABEL_NAMES):
        table[value] = _CLASS_OF_LABEL.get(name, VOID)
    return np.asarray(table[values], np.uint8)


def paint_classes(found: Instances, who: Sequence[Who], height_px: int, width_px: int) -> NDArray[np.uint8]:
    """Paint what was found by role and team: indices into `TEAM_CLASSES`, 6 for whom nobody named."""
    values = np.array([_class_of(*w) for w in who], np.uint8)
    ball_last = (values == TEAM_CLASSES.index("ball")).astype(np.float64)
    return paint(height_px, width_px, found.masks, values, ball_last)


def _class_of(role: str, team: str | None) -> int:
    if role == "other":
        return 0
    if role in TEAM_CLASSES[3:]:
        return TEAM_CLASSES.index(role)
    return TEAM_CLASSES.index(f"team {team}") if role == "player" and team else _UNCLEAR
