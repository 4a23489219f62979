"""Bring annotated pictures of any common form into the one form that everything else here reads."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.core import masks
from pipeline.core.errors import DataSetError
from pipeline.core.files import inside, whole_folder
from pipeline.core.types import BALL, CLASS_NAMES
from pipeline.datasets import canonical, polygons
from pipeline.datasets.canonical import VOID, DataSet, Label, Sample, Split
from pipeline.datasets.readers import coco_json, labelme, mask_pictures, pascal_voc, yolo_labels
from pipeline.datasets.readers.source import SourceObject, SourcePicture
from pipeline.datasets.team_classes import team_table
from pipeline.networks.families.class_names import our_class

Format = Literal["voc", "coco", "yolo", "labelme", "masks", "labelmap"]
READERS: dict[Format, Callable[[Path], Iterator[SourcePicture]]] = {
    "voc": pascal_voc.read,
    "coco": coco_json.read,
    "yolo": yolo_labels.read,
    "labelme": labelme.read,
    "masks": mask_pictures.read_binary,
    "labelmap": mask_pictures.read_label_maps,
}
_SCENERY = {
    "ground": "pitch",
    "grass": "pitch",
    "field": "pitch",
    "advertisement": "board",
    "audience": "crowd",
    "goal bar": "goal",
}
_LARGEST_SHARE = 1.5
_NOTHING = ("background", "_background_", "_unlabelled", "unlabelled", "void", "ignore")


@dataclass(frozen=True, slots=True)
class SplitRule:
    """How pictures are divided: always whole groups (matches), never frames of one match on both sides.

    ``group_pattern``: its first group in a file's name is the match. ``val_groups``: regular expressions
    of the matches to validate on; empty takes the source's own split, or else about ``val_share`` of all.
    """

    group_pattern: str = r"^([^_]+)"
    val_groups: tuple[str, ...] = ()
    val_share: float = 0.2


def import_dataset(
    fmt: Format,
    src: Path,
    out: Path,
    *,
    classes: dict[str, str] | None = None,
    rule: SplitRule | None = None,
) -> DataSet:
    """Convert a source into a data set folder (see `canonical`).

    Parameters
    ----------
    fmt
        One of `READERS`.
    classes
        Source class name -> name in the data set; an empty name drops the class. Names that plainly mean
        player, goalkeeper, referee or ball need no entry.
    rule
        How to divide into train and val.

    Raises
    ------
    DataSetError
        If the source is broken, a class has no meaning here, or ``out`` has other content.
    """
    if fmt not in READERS:
        raise DataSetError(f"{fmt}: unknown format; expected one of {', '.join(READERS)}")
    if not src.exists():
        raise DataSetError(f"{src}: there is nothing here to import")
    canonical.check_vacant(out)
    with whole_folder(out, "data.yaml", replace=False) as part:
        made = _import(fmt, src, part, classes or {}, rule or SplitRule())
    return replace(made, root=out)


def _import(fmt: Format, src: Path, out: Path, classes: dict[str, str], rule: SplitRule) -> DataSet:
    pictures = _read(fmt, src)
    if not pictures:
        raise DataSetError(f"{src}: no pictures found")
    _refuse_shares(src, pictures)
    classes = _as_written(pictures, classes)
    names = _class_ids(pictures, classes)
    semantic = _semantic_ids(pictures, classes)
    splits = divide([(p.file, p.split) for p in pictures], rule)
    samples = [
        _store(p, out, split, group, names, semantic)
        for p, (split, group) in zip(_unique(pictures), splits, strict=True)
    ]
    n_classes = max(names.values(), default=-1) + 1
    by_id = {i: n for n, i in sorted(names.items(), reverse=True) if i >= len(CLASS_NAMES)}
    target = (*CLASS_NAMES, *(by_id[i].strip() for i in range(len(CLASS_NAMES), n_classes)))
    if classes:
        target = tuple(_target_name(i, t, names, classes) for i, t in enumerate(target))
    dataset = DataSet(out, target, tuple(dict.fromkeys(semantic.values())), tuple(samples))
    canonical.save(dataset)
    return dataset


def _read(fmt: Format, src: Path) -> list[SourcePicture]:
    try:
        return list(READERS[fmt](src))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
        # A reader names the file; this is for what none of them thought of.
        raise DataSetError(f"{src}: cannot be read as {fmt}: {error!r:.200}") from error


def _refuse_shares(src: Path, pictures: Iterable[SourcePicture]) -> None:
    """Refuse boxes that are shares of their pictures where pixels are meant: all are smaller than a pixel."""
    boxes = [o.box_px for p in pictures for o in p.objects if o.box_px is not None and o.mask is None]
    if boxes and max(max(map(abs, box)) for box in boxes) <= _LARGEST_SHARE:
        raise DataSetError(
            f"{src}: all boxes lie within {_LARGEST_SHARE:g} px of the corner, such as {boxes[0]}: shares "
            "of the picture? boxes are in pixels"
        )


def _as_written(pictures: Iterable[SourcePicture], classes: dict[str, str]) -> dict[str, str]:
    """Spell the names in ``classes`` as the source does, which may differ in case."""
    there = {o.name for p in pictures for o in p.objects}
    there |= {n for p in pictures for n in (p.map_names or {}).values()}
    by_lower = {n.lower(): n for n in sorted(there)}
    return {n if n in there else by_lower.get(n.lower(), n): ours for n, ours in classes.items()}


def divide(files: Sequence[tuple[str, Split | None]], rule: SplitRule) -> list[tuple[Split, str]]:
    """Choose split and group of each file; see `SplitRule`.

    Without any split the groups are taken in the order of a hash of their names, so that adding pictures
    later moves no match from one side to the other by chance of order.
    """
    groups = [_group(name, rule.group_pattern) for name, _ in files]
    if rule.val_groups:
        val = {g for g in groups if any(re.fullmatch(p, g) for p in rule.val_groups)}
        if not val:
            raise DataSetError(
                f"val groups {', '.join(rule.val_groups)}: no group of that name; there are "
                f"{', '.join(sorted(set(groups))[:20])}"
            )
        return [("val" if g in val else "train", g) for g in groups]
    if any(split is not None for _, split in files):
        return [(split or "train", g) for (_, split), g in zip(files, groups, strict=True)]
    val, wanted = set(), rule.val_share * len(files)
    for g in sorted(set(groups), key=lambda g: hashlib.sha256(g.encode()).digest()):
        n_val = sum(x in val for x in groups)
        if n_val >= wanted or len(val) + 1 >= len(set(groups)):
            break
        val.add(g)
    return [("val" if g in val else "train", g) for g in groups]


def _group(name: str, pattern: str) -> str:
    found = re.search(pattern, Path(name).stem)
    return (found.group(1) if found.re.groups else found.group(0)) if found else Path(name).stem


def _our_class(name: str) -> int:
    return our_class(name)


def _class_ids(pictures: Iterable[SourcePicture], classes: dict[str, str]) -> dict[str, int]:
    """Source name -> class id; dropped classes and scenery of label maps are left out."""
    scenery = {n for p in pictures for n in (p.map_names or {}).values()}
    out: dict[str, int] = {}
    extra: list[str] = []
    for name in sorted({o.name for p in pictures for o in p.objects}):
        target = classes.get(name, name)
        if not target:
            continue
        ours = _our_class(target)
        if ours < 0 and name not in classes:
            if name in scenery:
                continue
            raise DataSetError(
                f"class {name!r}: say what it is, such as --class {name}=player, or {name}= to drop it"
            )
        if ours < 0 and target not in extra:
            extra.append(target)
        out[name] = ours if ours >= 0 else len(CLASS_NAMES) + extra.index(target)
    return out


def _target_name(i: int, name: str, ids: dict[str, int], classes: dict[str, str]) -> str:
    if i < len(CLASS_NAMES):
        return name
    return next(classes.get(source, source) for source, class_id in ids.items() if class_id == i)


def _semantic_ids(pictures: Iterable[SourcePicture], classes: dict[str, str]) -> dict[str, str]:
    """Source name of a label map's class -> team-agnostic name; what means nothing is left out."""
    out: dict[str, str] = {}
    for name in sorted(
        {n for p in pictures for n in (p.map_names or {}).values() if p.label_map is not None}
    ):
        plain = classes.get(name, name).strip().lower()
        if not plain or plain in _NOTHING:
            continue
        ours = _our_class(plain)
        out[name] = CLASS_NAMES[ours] if ours >= 0 else _SCENERY.get(plain, plain)
    return out


def _unique(pictures: list[SourcePicture]) -> Iterator[SourcePicture]:
    """Give pictures of the same name in different folders different names."""
    seen: dict[str, int] = {}
    for p in pictures:
        stem = str(Path(p.file).with_suffix(""))
        n = seen[stem] = seen.get(stem, 0) + 1
        yield p if n == 1 else replace(p, file=f"{stem}_{n}{Path(p.file).suffix}")


def _store(
    picture: SourcePicture, out: Path, split: Split, group: str, ids: dict[str, int], semantic: dict[str, str]
) -> Sample:
    image = canonical.read_image(picture.path)
    height, width = image.shape[:2]
    if picture.labelled_hw is not None and picture.labelled_hw != (height, width):
        labelled = f"{picture.labelled_hw[1]} x {picture.labelled_hw[0]}"
        raise DataSetError(
            f"{picture.path}: its labels are made for {labelled} px, but the picture is {width} x {height}; "
            "give the picture that was labelled, or label this one"
        )
    target = inside(out, f"images/{split}/{picture.file}")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(picture.path, target)
    try:
        labels = tuple(_label(o, ids[o.name], height, width) for o in picture.objects if o.name in ids)
    except DataSetError as error:
        raise DataSetError(f"{picture.path}: {error}") from error
    sample = Sample(picture.file, width, height, split, group, labels)
    return sample if picture.label_map is None else _with_maps(sample, picture, out, ids, semantic)


def _with_maps(
    sample: Sample, picture: SourcePicture, out: Path, ids: dict[str, int], semantic: dict[str, str]
) -> Sample:
    values = np.zeros((0, 0), np.uint8) if picture.label_map is None else picture.label_map
    if values.shape != (sample.height_px, sample.width_px):
        raise DataSetError(
            f"{picture.path}: its label map is {values.shape[1]} x {values.shape[0]} px, "
            f"the picture {sample.width_px} x {sample.height_px}"
        )
    names = picture.map_names or {}
    teams = team_table(names, ids)
    if semantic:
        path = out / "semantic" / sample.split / f"{sample.stem}.png"
        canonical.write_label_map(path, _renumber(values, names, semantic))
    if teams is not None:
        canonical.write_label_map(out / "teams" / sample.split / f"{sample.stem}.png", teams[values])
    return replace(sample, has_label_map=bool(semantic), has_team_map=teams is not None)


def _renumber(
    values: NDArray[np.uint8], names: dict[int, str], semantic: dict[str, str]
) -> NDArray[np.uint8]:
    order = list(dict.fromkeys(semantic.values()))
    table = np.full(256, VOID, np.uint8)
    for value, name in names.items():
        if name in semantic and value < VOID:
            table[value] = order.index(semantic[name])
    return np.asarray(table[values], np.uint8)


def _label(item: SourceObject, class_id: int, height: int, width: int) -> Label:
    """An object with its mask cut to the image; a ball of which only the box is known is round."""
    mask, source, score = item.mask, item.mask_source, item.mask_score
    if mask is not None and not masks.area(mask):
        mask = None
    if mask is not None and (mask.top + mask.height > height or mask.left + mask.width > width):
        raise DataSetError(f"a mask reaches beyond its {width} x {height} px picture")
    box = item.box_px or (polygons.box_of(mask) if mask else (0.0, 0.0, 0.0, 0.0))
    if mask is None and class_id == BALL and box[2] > box[0] and box[3] > box[1]:
        mask, source, score = polygons.ellipse(box, height, width), "teacher", 0.9
        mask = mask if mask.height else None
    return Label(class_id, box, mask, source if mask is not None else "none", score, item.crowd)
