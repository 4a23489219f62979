"""From pictures to results: find people, measure kits and views, name teams."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.core.config import Config
from pipeline.core.errors import VideoError
from pipeline.core.types import ProgressCallback
from pipeline.networks import segmenter
from pipeline.networks.pitch_network import PitchNet
from pipeline.workflow.stills.picture_results import Result
from pipeline.workflow.stills.picture_sources import Source, readable
from pipeline.workflow.stills.picture_teams import Look, look, name_people

_LEAST_SCALE = 0.4
"""Pictures that are made smaller than this for the network are told about: people may be lost."""


def find(
    chosen: Sequence[Source],
    config: Config,
    warn: Callable[[str], None],
    progress: ProgressCallback,
) -> list[Result]:
    """Find and name the people of all pictures.

    Memory holds no pictures but those at work. Pictures that cannot be read are told to ``warn``.

    Raises
    ------
    VideoError
        If not one picture can be read.
    WeightsError
        If the network cannot be loaded.
    """
    network, pitch_network = segmenter.load(config.segment), PitchNet(config.calibrate.weights)
    looks: list[Look] = []
    seen: list[Source] = []
    pictures = ((item, number, item[1]) for number, item in enumerate(readable(chosen, warn)))
    for (source, image), found in network.stream(pictures):
        if config.segment.imgsz < _LEAST_SCALE * max(image.shape[:2]):
            warn(f"{source.path}: {max(image.shape[:2])} px; small people need a larger --imgsz")
        looks.append(look(image, found, pitch_network, config))
        seen.append(source)
        progress(len(looks), len(chosen))
    if not looks:
        raise VideoError(f"{chosen[0].path.parent}: not one of {len(chosen)} pictures can be read")
    named = name_people(looks, [s.match for s in seen], config)
    return [Result(s, at, people) for s, at, people in zip(seen, looks, named, strict=True)]
