"""The observers that a run's settings ask for, and the fingerprints of what they gather."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.core.config import Config
from pipeline.runs.run_directory import seen_path
from pipeline.workflow.observers.observer import Observer, Target
from pipeline.workflow.step import marked

PITCH, SMALL = "pitch", "small-pictures"
_VERSIONS = {PITCH: 1, SMALL: 1}


def marks(config: Config, people: str) -> dict[str, str]:
    """Give the fingerprint of each thing that is gathered, by name.

    Parameters
    ----------
    people
        The fingerprint of step segment, which covers the footage: who is where, and where shots begin.
    """
    from pipeline.networks import weights

    depends: dict[str, dict[str, Any]] = {SMALL: {}}
    if (settings := config.calibrate).points is None:
        depends[PITCH] = {
            "settings": settings.model_dump(include={"every_s", "min_keypoint_score"}),
            "preset": config.pitch.preset,
            "weights": weights.fingerprint(settings.weights),
        }
    out = {}
    for name, what in depends.items():
        text = json.dumps(
            {"name": name, "version": _VERSIONS[name], "people": people, **what}, sort_keys=True
        )
        out[name] = hashlib.sha256(text.encode()).hexdigest()
    return out


def folder(root: Path, name: str, fingerprints: Mapping[str, str]) -> Path:
    """The folder of what is gathered under ``name``; emptied if that is of other fingerprints."""
    return marked(seen_path(root, name), fingerprints[name])


def observers(root: Path, fingerprints: Mapping[str, str], config: Config, threads: int) -> list[Observer]:
    """Make the observers of what has ``fingerprints`` (by name), for the run in ``root``.

    Raises
    ------
    WeightsError
        If the pitch network cannot be loaded.
    """
    from pipeline.networks.pitch_network import PitchNet
    from pipeline.workflow.observers.pitch_looks import PitchLooks
    from pipeline.workflow.observers.small_pictures import SmallPictures

    targets = {name: Target(seen_path(root, name), mark) for name, mark in fingerprints.items()}
    out: list[Observer] = []
    if PITCH in targets:
        out.append(PitchLooks(targets[PITCH], config, PitchNet(config.calibrate.weights, threads)))
    if SMALL in targets:
        out.append(SmallPictures(targets[SMALL]))
    return out
