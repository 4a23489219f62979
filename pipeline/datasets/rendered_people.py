"""Rendered pictures, whose truth is exact, as a data set folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.core import images, masks
from pipeline.core.errors import DataSetError
from pipeline.core.types import CLASS_NAMES, SURFACE_NAMES, CropMask
from pipeline.datasets import canonical
from pipeline.datasets.canonical import DataSet, Label, Sample
from pipeline.datasets.growing import growing

_MIN_AREA_PX = 12
_MIN_VISIBLE = 0.2
_MAP_NAMES = (*SURFACE_NAMES, *CLASS_NAMES)


class Figure(Protocol):
    """Someone, or the ball, in a rendered picture; see `pipeline.synthetic.render.TruthInstance`."""

    @property
    def role(self) -> str:
        """Role: one of the classes, or someone off the pitch."""

    @property
    def visible_share(self) -> float:
        """Part of the figure that is neither hidden nor outside the picture."""

    @property
    def mask(self) -> CropMask:
        """Its pixels."""


class RenderedPeoplePicture(Protocol):
    """A rendered picture; see `pipeline.synthetic.render.RenderedFrame`."""

    @property
    def image(self) -> NDArray[np.uint8]:
        """Shape ``(H, W, 3)``, BGR."""

    @property
    def instances(self) -> Sequence[Figure]:
        """Who is in it, nearest first."""

    @property
    def surfaces(self) -> NDArray[np.uint8]:
        """Shape ``(H, W)``: what else is seen, indices into `core.types.SURFACE_NAMES`, 255 unknown."""


def save_rendered(
    pictures: Callable[[int], Iterable[RenderedPeoplePicture]],
    out: Path,
    recipe: Mapping[str, Any],
    progress: Callable[[int], None] | None = None,
) -> DataSet:
    """Write pictures, their exact masks and label maps as a data set, all of it to train on.

    People off the pitch (bench, staff) are left without a label, as in labelled footage; in label maps they
    are "outside".

    Parameters
    ----------
    pictures
        Called with how many pictures are there already; gives the others.
    recipe
        What the pictures follow from: only with the same one does an interrupted data set go on.

    Raises
    ------
    DataSetError
        If ``out`` has other content, or nothing was rendered.
    """
    with growing(out, {"kind": "people", **recipe}) as grown:
        done = len(grown.records)
        for number, picture in enumerate(pictures(done), done):
            grown.add(_record(picture, number, out))
            if progress is not None:
                progress(number + 1)
        if not grown.records:
            raise DataSetError(f"{out}: no pictures to write")
        samples = [
            s for r in grown.records for s in canonical.samples_of(r, "train", out / "annotations" / "-")
        ]
        made = DataSet(out, CLASS_NAMES, _MAP_NAMES, tuple(samples))
        canonical.save(made)
    return made


def _record(picture: RenderedPeoplePicture, number: int, out: Path) -> dict[str, Any]:
    """Write one picture with its label map; gives its annotations in COCO's form."""
    height, width = picture.image.shape[:2]
    file = f"rendered_{number:05d}.jpg"
    images.write_jpeg(out / "images" / "train" / file, picture.image)
    labels = tuple(_label(f) for f in picture.instances if _is_learnable(f))
    sample = Sample(file, width, height, "train", "rendered", labels, has_label_map=True)
    canonical.write_label_map(out / "semantic" / "train" / f"{sample.stem}.png", label_map(picture))
    return canonical.to_coco([sample], DataSet(out, CLASS_NAMES, _MAP_NAMES, (sample,)))


def label_map(picture: RenderedPeoplePicture) -> NDArray[np.uint8]:
    """Paint everybody, however little is seen of them, over the surfaces: indices into both names' tuples."""
    out = picture.surfaces.copy()
    for figure in reversed(picture.instances):
        name = figure.role if figure.role in CLASS_NAMES else "outside"
        masks.paste(out, figure.mask, _MAP_NAMES.index(name))
    return out


def _is_learnable(figure: Figure) -> bool:
    seen = figure.visible_share >= _MIN_VISIBLE and masks.area(figure.mask) >= _MIN_AREA_PX
    return figure.role in CLASS_NAMES and seen


def _label(figure: Figure) -> Label:
    m = figure.mask
    box = (float(m.left), float(m.top), float(m.left + m.width), float(m.top + m.height))
    return Label(CLASS_NAMES.index(figure.role), box, m, "labelled")
