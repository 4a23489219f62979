"""What a worker has to know, in a file beside the parts; and its share of the work.

The folder of parts is all that workers have in common. It may lie on a disk that several machines share.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core.config import Config
from pipeline.core.errors import RunError
from pipeline.core.json_files import write_json
from pipeline.workflow.parts import part_grid
from pipeline.workflow.parts.part_grid import PartGrid, Stretch

if TYPE_CHECKING:
    from pipeline.core.config import VideoSettings
    from pipeline.core.types import Frame
    from pipeline.networks.segmenter import Segmenter
    from pipeline.networks.tiling.tile_layout import Tile

_TASK = "task.json"


@dataclass(frozen=True, slots=True)
class PartTask:
    """All parts of one footage: where it lies, its settings, how it is cut.

    ``observed`` are the fingerprints of what is gathered on the way for later steps, by name.
    """

    folder: Path
    source: Path
    config: Config
    grid: PartGrid
    observed: Mapping[str, str] = field(default_factory=dict)


def save(task: PartTask) -> None:
    """Write the task beside its parts, for workers in other processes."""
    data = {
        "source": str(task.source.absolute()),
        "config": task.config.model_dump(mode="json"),
        "grid": asdict(task.grid),
        "observed": dict(task.observed),
    }
    write_json(task.folder / _TASK, data)


def load(folder: Path) -> PartTask:
    """Read the task of the parts in ``folder``.

    Raises
    ------
    RunError
        If there is none, or it cannot be read.
    """
    try:
        data = json.loads((folder / _TASK).read_text(encoding="utf-8"))
        grid = PartGrid(**data["grid"])
        config = Config.model_validate(data["config"])
        return PartTask(folder, Path(data["source"]), config, grid, data["observed"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(
            f"{folder}: no parts are planned here ({type(error).__name__}); plan them first"
        ) from None


def todo(task: PartTask) -> list[Stretch]:
    """List what is not done."""
    return part_grid.missing(task.folder, task.grid.n_expected)


def share_of_all(task: PartTask, number: int, n_tasks: int) -> list[Stretch]:
    """List what is not done of one share of all parts, the ``number``-th, from 0, of ``n_tasks``.

    It does not depend on which parts are done, so tasks may begin at any time.
    """
    n = task.grid.n_expected
    mine = part_grid.share([Stretch(0, n), Stretch(n, None)], number, n_tasks)
    return part_grid.common(todo(task), mine)


def do(task: PartTask, wanted: list[Stretch], threads: int, on_frame: Callable[[], None]) -> None:
    """Do some stretches of the parts.

    What all workers find out alike (network, tiles) and what each has to warn of is left in files, for
    whoever joins the parts.

    Raises
    ------
    UserError
        If the network cannot be loaded, or the footage not be read.
    """
    from pipeline import video
    from pipeline.networks import segmenter
    from pipeline.workflow.observers.chosen_observers import observers
    from pipeline.workflow.parts import segment_parts

    if not wanted:
        return
    settings = task.config.segment.model_copy(update={"threads": threads})
    network, warnings = segmenter.load(settings), []
    if (fixed := network.info.fixed_hw) and max(fixed) != settings.imgsz:
        warnings.append(
            f"the network takes pictures of {fixed[1]} x {fixed[0]} px only; segment.imgsz is ignored"
        )

    def decode(chosen: VideoSettings) -> Iterator[Frame]:
        return video.frames(task.source, chosen, warn=warnings.append)

    network, tiles = _fitted(network, next(decode(task.config.video), None), task.config)
    name = f"{wanted[0].first:06d}"  # each worker has files of its own
    write_json(task.folder / f"{name}.network.json", _facts(network, tiles))
    root = task.folder.parents[1]
    chosen, watching = task.config.video, observers(root, task.observed, task.config, threads)
    segment_parts.write_parts(decode, chosen, task.grid, wanted, network, task.folder, on_frame, watching)
    if warnings:
        write_json(task.folder / f"{name}.warnings.json", {"warnings": warnings})


def _fitted(network: Segmenter, first: Frame | None, config: Config) -> tuple[Segmenter, tuple[Tile, ...]]:
    return (network, ()) if first is None else network.for_footage(first.image, config.segment.tiles)


def _facts(network: Segmenter, tiles: tuple[Tile, ...]) -> dict[str, Any]:
    scales = sorted({round(tile.scale, 2) for tile in tiles}, reverse=True)
    found = {"tiles": len(tiles), "tile_scales": scales} if tiles else {}
    return {**found, "backend": network.info.backend, "device": network.info.device}


def network_facts(folder: Path) -> Mapping[str, Any]:
    """What workers found out about the network; empty if none has begun."""
    for path in sorted(folder.glob("*.network.json")):
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return facts
    return {}


def warnings(folder: Path) -> list[str]:
    """What workers had to warn of, each once, in the order of the footage."""
    texts: dict[str, None] = {}
    for path in sorted(folder.glob("*.warnings.json")):
        texts |= dict.fromkeys(json.loads(path.read_text(encoding="utf-8"))["warnings"])
    return list(texts)
