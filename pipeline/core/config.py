"""Settings: one frozen model a step, plain YAML, every mistake reported at once.

Times are in seconds, lengths in metres or px as the name says.
"""

from __future__ import annotations

import sys
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from pipeline.core.errors import ConfigError
from pipeline.core.settings.measure_settings import MeasureSettings as MeasureSettings
from pipeline.core.settings.physical_settings import PhysicalSettings
from pipeline.core.settings.pitch_settings import PitchSettings as PitchSettings
from pipeline.core.settings.play_settings import PlaySettings
from pipeline.core.settings.renamed_settings import old_names, under_new_names
from pipeline.core.settings.settings_base import Settings as Settings
from pipeline.core.text import yaml_text


class VideoSettings(Settings):
    """Which part of the footage to process, in seconds of its own time."""

    start_s: float = Field(0.0, ge=0, description="skip footage before this time, s")
    end_s: float | None = Field(None, gt=0, description="stop at this time, s; null is the end")
    every_s: float | None = Field(
        None, gt=0, description="process one frame in this many seconds; null is every frame"
    )
    image_fps: float = Field(25.0, gt=0, description="frames a second to assume for a folder of images")

    @model_validator(mode="after")
    def _ends_after_start(self) -> VideoSettings:
        if self.end_s is not None and self.end_s <= self.start_s:
            raise ValueError(f"end_s {self.end_s} must lie after start_s {self.start_s}")
        return self


OurClass = Literal["player", "goalkeeper", "referee", "ball", ""]


class SegmentSettings(Settings):
    """The segmentation network."""

    weights: str = Field(
        "football-seg-n", description="name of bundled weights, or a path to .pt, .onnx or an OpenVINO folder"
    )
    trust_weights: bool = Field(False, description="load a .pt that is not bundled: a pickle can run code")
    classes: dict[str, OurClass] = Field(
        default_factory=dict,
        description="what classes of your own network are, such as {spieler: player}; '' drops one",
    )
    imgsz: int = Field(1280, ge=160, le=4096, description="longer side of the network's input, px")
    tiles: Literal["auto", "off"] = Field(
        "auto", description="look at pictures over twice imgsz wide through tiles, as people's size asks"
    )
    min_score: float = Field(0.25, ge=0, le=1, description="confidence below which people are dropped")
    min_ball_score: float = Field(0.15, ge=0, le=1, description="the same for the ball")
    nms_iou: float = Field(0.6, gt=0, le=1, description="boxes overlapping more than this are one person")
    sharpen_masks: bool = Field(True, description="let the picture's colours decide at the masks' edges")
    max_instances: int = Field(100, ge=1, le=1000)
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    precision: Literal["auto", "float32"] = Field(
        "auto", description="auto computes in half precision where the device does that natively"
    )
    threads: int = Field(0, ge=0, description="CPU threads of the network; 0 is all cores")
    jobs: int = Field(0, ge=0, le=256, description="processes that share the footage; 0 suits the machine")


class TrackSettings(Settings):
    """Linking instances over time."""

    max_gap_s: float = Field(1.5, ge=0, le=10, description="a track unseen for longer ends")
    stitch_gap_s: float = Field(
        3.0, ge=0, le=30, description="pieces of a track further apart than this are never joined, s"
    )
    min_length_s: float = Field(0.3, ge=0, description="shorter tracks are dropped as chance")
    high_score: float = Field(0.5, ge=0, le=1, description="instances from this score may begin a track")


class AppearanceSettings(Settings):
    """What people look like: shirt numbers, colours, build; from a few pictures of each track."""

    weights: str | None = Field(
        None, description="path to an .onnx that reads shirt numbers; null reads none"
    )
    every_s: float = Field(0.2, ge=0.04, le=10, description="look once in this many seconds at most")
    samples: int = Field(24, ge=1, le=500, description="pictures of one track to look at, at most")
    min_number_score: float = Field(
        0.95, ge=0.5, lt=1, description="a track whose number is less sure than this gets none"
    )


class CalibrateSettings(Settings):
    """Finding the camera view."""

    weights: str = Field("pitch-lines-n", description="name of bundled weights, or a path to .onnx")
    points: str | None = Field(
        None, description="YAML with image points of known landmarks, for a fixed camera"
    )
    every_s: float = Field(
        0.2,
        ge=0,
        description="look for keypoints once in this many seconds; between, motion carries the view",
    )
    min_keypoint_score: float = Field(0.3, gt=0, lt=1)
    max_gap_s: float = Field(2.0, ge=0, description="longest gap between measured views to bridge, s")
    max_error_m: float = Field(2.0, gt=0, description="a view expected to be worse than this is none")
    find_lens: bool = Field(
        False, description="find how a wide lens bends the picture; points by hand do so in any case"
    )


class ProjectSettings(Settings):
    """From image to pitch positions."""

    max_gap_s: float = Field(1.0, ge=0, le=2, description="longest gap of a track to interpolate, s")
    margin_m: float = Field(6.0, ge=0, description="positions further than this off the pitch are dropped, m")


class IdentifySettings(Settings):
    """Teams and roles from kit colours and places."""

    min_team_score: float = Field(0.6, ge=0.5, le=1, description="below this the team is unclear")
    off_pitch_m: float = Field(
        1.5, ge=0, description="people further outside the lines than this on average are not players, m"
    )


class PeriodSettings(Settings):
    """When the halves are, in footage; what is not given is looked for."""

    kick_off_s: float | None = Field(None, ge=0, description="the first half begins, s; null is first play")
    half_time_s: float | None = Field(
        None, gt=0, description="the first half ends, s (as mm:ss too); null is to look for it"
    )
    second_half_s: float | None = Field(
        None, gt=0, description="the second half begins, s; null is first play after half_time_s"
    )
    attack_a: Literal["left_to_right", "right_to_left"] | None = Field(
        None, description="which way team A attacks in the first half; null is to look for it"
    )

    @model_validator(mode="after")
    def _in_order(self) -> PeriodSettings:
        if self.second_half_s is not None and self.half_time_s is None:
            raise ValueError("second_half_s needs half_time_s too")
        given = [t for t in (self.kick_off_s, self.half_time_s, self.second_half_s) if t is not None]
        if given != sorted(given) or (self.kick_off_s is not None and self.kick_off_s == self.half_time_s):
            raise ValueError(f"kick-off, half-time and second half must follow each other, got {given}")
        return self


class LinkSettings(Settings):
    """Who is who: what the user says of it."""

    corrections: str | None = Field(
        None, description="YAML list of corrections; null is corrections.yaml in the run, if there"
    )
    roster: str | None = Field(
        None,
        description="players and numbers: YAML, CSV, or a provider's line-up; null is roster.yaml in the run",
    )
    home: Literal["A", "B"] = Field("A", description="which team a line-up calls home")


class AnalyzeSettings(Settings):
    """Tracking data instead of footage ('teamshape analyze')."""

    provider: str | None = Field(None, description="who wrote the files; null is to guess")
    also: tuple[str, ...] = Field((), description="further files of the same match")
    meta: tuple[str, ...] = Field((), description="files that describe them: line-ups, metadata")
    units: Literal["m", "cm"] | None = Field(None, description="of a table's positions; null is to guess")
    origin: Literal["centre", "bottom-left", "top-left"] | None = Field(
        None, description="where a table's x and y are 0; null is the centre spot, checked"
    )
    fps: float | None = Field(None, gt=0, description="frames a second of a table without times")
    error_m: float | None = Field(
        None, gt=0, description="median error of positions, m; null is 0.3, from broadcast pictures 1"
    )
    pitch_m: tuple[float, float] | None = Field(
        None, description="length and width; null is what the files say, else the pitch above"
    )


class ReportSettings(Settings):
    """The page and the overlay video."""

    overlay: bool = Field(True, description="draw overlay.mp4")
    overlay_height_px: int = Field(720, ge=240, le=2160, description="height of overlay.mp4; never enlarged")
    heatmap_sigma_m: float = Field(2.5, gt=0, le=10)
    csv: bool = Field(True, description="also write each table as CSV")
    video: Literal["embed", "link", "none"] = Field(
        "link",
        description="overlay.mp4 on the page: embed (made small; up to two minutes), link or none",
    )


class Config(Settings):
    """Everything that can be set. `mode` team: team level only, without tracking."""

    mode: Literal["team", "player", "both"] = "both"
    match_sheet: str | None = Field(
        None, description="YAML with date, score, teams, halves; null is match.yaml in the run, if there"
    )
    video: VideoSettings = VideoSettings()
    pitch: PitchSettings = PitchSettings()
    segment: SegmentSettings = SegmentSettings()
    track: TrackSettings = TrackSettings()
    appearance: AppearanceSettings = AppearanceSettings()
    calibrate: CalibrateSettings = CalibrateSettings()
    project: ProjectSettings = ProjectSettings()
    identify: IdentifySettings = IdentifySettings()
    periods: PeriodSettings = PeriodSettings()
    link: LinkSettings = LinkSettings()
    measure: MeasureSettings = MeasureSettings()
    physical: PhysicalSettings = PhysicalSettings()
    play: PlaySettings = PlaySettings()
    analyze: AnalyzeSettings = AnalyzeSettings()
    report: ReportSettings = ReportSettings()

    @model_validator(mode="before")
    @classmethod
    def _under_new_names(cls, data: Any) -> Any:
        return under_new_names(data) if isinstance(data, dict) else data


def load(path: Path | None = None, overrides: dict[str, Any] | None = None) -> Config:
    """Read settings from YAML, then apply ``overrides`` (dotted key -> value).

    Raises
    ------
    ConfigError
        One line for each mistake: path of the key, what is wrong, the value.
    """
    data: dict[str, Any] = {}
    if path is not None:
        data = _read_yaml(path)
        segment = data.get("segment")
        if isinstance(segment, dict) and segment.get("trust_weights"):
            raise ConfigError(
                f"{path}: segment.trust_weights: a file cannot say whom to trust; if you do, give "
                "--trust-weights on the command line"
            )
    for key, value in (overrides or {}).items():
        _put(data, key, value)
    for old, new in old_names(data):
        sys.stderr.write(f"note: {old} is called {new} now; the old name goes with version 1.0\n")
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        where = f" in {path}" if path else ""
        raise ConfigError("; ".join(_describe(e) + where for e in error.errors())) from None


def parse_set(items: list[str]) -> dict[str, Any]:
    """Turn ``["segment.imgsz=960"]`` into ``{"segment.imgsz": 960}``; values are read as YAML.

    Raises
    ------
    ConfigError
        If an item has no ``=``.
    """
    out: dict[str, Any] = {}
    for item in items:
        key, separator, value = item.partition("=")
        if not separator or not key:
            raise ConfigError(f"--set {item}: expected KEY=VALUE, such as segment.imgsz=960")
        try:
            out[key.strip()] = yaml_text.parse(value)
        except yaml_text.BadYamlError as error:
            raise ConfigError(
                f"--set {item}: not valid YAML ({error}); write text as KEY='\"...\"'"
            ) from error
    return out


def find(name: str) -> Path:
    """Locate a config: a path, or the name of a bundled one (``configs/`` in the checkout).

    Raises
    ------
    ConfigError
        If there is neither a file nor a bundled config of that name.
    """
    if Path(name).is_file():
        return Path(name)
    package = Path(str(resources.files("pipeline")))
    bundled = {p.stem: p for root in (package, package.parent) for p in (root / "configs").glob("*.yaml")}
    if name in bundled:
        return bundled[name]
    raise ConfigError(f"--config {name}: no such file; bundled are {', '.join(sorted(bundled))}")


def to_yaml(settings: Settings, indent: str = "") -> str:
    """Write settings as YAML with each one's description as its comment."""
    lines = []
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, Settings):
            title = (type(value).__doc__ or "").splitlines()[0]
            lines += [
                "",
                f"{indent}# {title}",
                f"{indent}{name}:",
                to_yaml(value, indent + "  ").rstrip("\n"),
            ]
            continue
        text = yaml.safe_dump(value, default_flow_style=True).removesuffix("...\n").strip()
        note = f"  # {field.description}" if field.description else ""
        lines.append(f"{indent}{name}: {text}{note}")
    return "\n".join(lines) + "\n"


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        data = yaml_text.read(path)
    except yaml_text.BadYamlError as error:
        raise ConfigError(f"{path}: not valid YAML ({error})") from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise ConfigError(f"{path}: expected settings by name, got {type(data).__name__}")
    return data


def _put(data: dict[str, Any], dotted: str, value: Any) -> None:
    *parents, last = dotted.split(".")
    for name in parents:
        inner = data.setdefault(name, {})
        if not isinstance(inner, dict):
            raise ConfigError(f"--set {dotted}: {name} is a value, not a group")
        data = inner
    data[last] = value


def _describe(error: Any) -> str:
    where = ".".join(str(p) for p in error["loc"]) or "config"
    if error["type"] == "extra_forbidden":
        return f"{where}: unknown setting (see configs/match.yaml for all of them)"
    if error["type"] == "value_error":
        return f"{where}: {error['ctx']['error']}"
    message = error["msg"][0].lower() + error["msg"][1:]
    return f"{where}: {message} (got {error['input']!r})"
