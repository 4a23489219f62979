"""Arguments, options and choices that several commands share: one spelling of one thing over all of them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from pipeline.core.errors import UserError
from pipeline.tables.play.phase_names import Phase as PlayPhase

FOOTAGE = "Footage and tracking data"
ANSWERS = "Answers from a run"
EXPORT = "Export"
SEASONS = "Seasons"
PICTURES = "Still pictures"
TRAINING = "Data sets and training"
CALIBRATION = "Calibration"
"""Panels of ``teamshape --help``, in the order of the first command of each."""

Mode = Literal["team", "player", "both"]
Device = Literal["auto", "cpu", "cuda", "mps"]
BundledConfig = Literal["match", "fast", "tactical", "team_only"]
MovementBy = Literal["whole", "half", "5min", "possession", "phase"]
FormationsBy = Literal["half", "5min", "possession", "phase"]
MaskKind = Literal["semantic", "instance"]
MaskFormat = Literal["png", "coco", "mots"]
ExportFormat = Literal["skillcorner", "cdf", "tracab", "mot", "mots", "coco", "gsr", "csv"]
PlayerFormat = Literal["html", "csv", "json"]
DataSetFormat = Literal["voc", "coco", "yolo", "labelme", "masks", "labelmap"]
NetworkFormat = Literal["openvino", "openvino-int8", "onnx", "tensorrt"]
Split = Literal["train", "val"]
FrameOrder = Literal["hard", "spread"]
Task = Literal["instance", "semantic", "pitch"]
Size = Literal["n", "s", "m"]
Units = Literal["m", "cm"]
Origin = Literal["centre", "bottom-left", "top-left"]


class ImageFormat(StrEnum):
    """What ``image`` writes; an enum, since typer takes no list of literals."""

    OVERLAY = "overlay"
    TEAMS = "teams"
    INSTANCES = "instances"
    COCO = "coco"
    CSV = "csv"
    SEMANTIC = "semantic"


def setting_names(incomplete: str) -> list[str]:
    """Complete ``KEY=`` of ``--set``: every setting of every step."""
    from pipeline.core.config import Config
    from pipeline.core.settings.settings_base import Settings

    names = []
    for name, field in Config.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Settings):
            names += [f"{name}.{inner}=" for inner in kind.model_fields]
        else:
            names.append(f"{name}=")
    return [n for n in names if n.startswith(incomplete)]


def config_names(incomplete: str) -> list[str]:
    """Complete the names of bundled configurations."""
    from typing import get_args

    return [n for n in get_args(BundledConfig) if n.startswith(incomplete)]


RunDir = Annotated[
    Path,
    typer.Argument(metavar="RUN", help="A run directory made by 'teamshape run' or 'teamshape analyze'."),
]
Source = Annotated[Path, typer.Argument(help="A video file, a folder of images, or a quoted glob.")]
MatchSheetFile = Annotated[
    Path | None, typer.Option("--match-sheet", help="YAML with date, score, teams, kits, halves.")
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change one setting, such as segment.imgsz=960; 'teamshape config' lists all.",
        autocompletion=setting_names,
    ),
]
ConfigFile = Annotated[
    str | None,
    typer.Option(
        "--config",
        "-c",
        metavar="FILE|NAME",
        help="YAML file, or a bundled name: match, fast, tactical, team_only.",
        autocompletion=config_names,
    ),
]
Team = Annotated[str | None, typer.Option("--team", metavar="A|B|NAME", help="A, B or the team's name.")]
Half = Annotated[int | None, typer.Option("--half", min=1, max=5, help="1 or 2 (3 and 4: extra time).")]
AnyPhase = Annotated[
    PlayPhase | None,
    typer.Option("--phase", help="In or out of possession, or a phase of play such as build_up."),
]
Wide = Annotated[
    bool, typer.Option("--wide", help="Show every column, however wide the terminal is (as into a pipe).")
]
Trust = Annotated[
    bool,
    typer.Option("--trust-weights", help="Load a .pt that is not bundled: it is a pickle and can run code."),
]
Classes = Annotated[
    list[str] | None,
    typer.Option(
        "--class",
        metavar="NAME=OURS",
        help="What a class of the network is, such as spieler=player; NAME= drops it.",
    ),
]
Port = Annotated[int, typer.Option("--port", help="Where to listen; 0 is any free port.")]
Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open the browser.")]
RunOut = Annotated[Path | None, typer.Option("--out", "-o", show_default="runs/NAME", help="Run directory.")]
DataSet = Annotated[Path, typer.Option("--data", help="A data set folder made by 'teamshape data import'.")]


def pairs(items: list[str] | None) -> dict[str, str]:
    """Read the values of --class.

    Raises
    ------
    UserError
        If one has no ``=``, or no name before it.
    """
    out: dict[str, str] = {}
    for item in items or []:
        name, separator, ours = item.partition("=")
        if not separator or not name.strip():
            raise UserError(f"--class {item}: expected NAME=OURS, such as gk=goalkeeper")
        if name in out:
            raise UserError(f"--class {name}: given twice, {out[name]!r} and {ours!r}; give it once")
        out[name] = ours
    return out


def known_classes(items: list[str] | None) -> dict[str, str]:
    """Read the values of --class where only our own classes, or none, can be meant.

    Raises
    ------
    UserError
        As `pairs`, or if one is none of ours.
    """
    from pipeline.core.types import CLASS_NAMES

    out = pairs(items)
    for name, ours in out.items():
        if ours and ours not in CLASS_NAMES:
            raise UserError(f"--class {name}={ours}: not one of {', '.join(CLASS_NAMES)}")
    return out
