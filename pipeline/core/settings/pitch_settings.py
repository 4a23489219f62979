"""Settings of the pitch, and the pitch that they describe. No I/O."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pydantic import Field, model_validator

from pipeline.core.grounds.marks import Marks
from pipeline.core.grounds.presets import PRESETS, PresetName
from pipeline.core.settings.settings_base import Settings

if TYPE_CHECKING:
    from pipeline.core.pitch import Pitch


class MarkingSettings(Settings):
    """What is painted on the pitch, m; null is not painted. What is left out is the preset's."""

    penalty_area_m: tuple[float, float] | None = Field((16.5, 40.32), description="depth and width")
    goal_area_m: tuple[float, float] | None = Field((5.5, 18.32), description="depth and width")
    penalty_spot_m: float | None = Field(11.0, gt=0, description="from the goal line")
    second_spot_m: float | None = Field(None, gt=0, description="futsal's second penalty spot")
    circle_radius_m: float | None = Field(9.15, gt=0, description="of the centre circle and penalty arcs")
    penalty_arc: bool = Field(True, description="whether there are penalty arcs")
    corner_radius_m: float | None = Field(1.0, gt=0)
    halfway_line: bool = True
    goal_m: tuple[float, float] = Field((7.32, 2.44), description="width and height of the goals")
    area_radius_m: float | None = Field(None, gt=0, description="of a round penalty area (futsal, 5-a-side)")
    around_posts: bool = Field(True, description="it is drawn about the goalposts, not the goal's middle")
    lines: tuple[tuple[float, float, float, float], ...] = Field(
        (), max_length=100, description="further lines: x1, y1, x2, y2 from the centre spot"
    )
    arcs: tuple[tuple[float, float, float, float, float], ...] = Field(
        (), max_length=100, description="further arcs: x, y, radius, from and to in degrees"
    )


class PitchSettings(Settings):
    """The pitch: a kind of pitch by name, and what differs on this one."""

    preset: PresetName = Field(
        "11",
        description="11-a-side, 9, 7 and 5-a-side by the FA and the DFB, or futsal: size, marks, players",
    )
    length_m: float = Field(105.0, description="11-a-side: 80 to 120, smaller games less")
    width_m: float = Field(68.0, description="11-a-side: 45 to 90, smaller games less")
    players: int = Field(11, ge=3, le=11, description="players of a team, goalkeeper included")
    markings: MarkingSettings = MarkingSettings()

    @model_validator(mode="before")
    @classmethod
    def _with_preset(cls, data: Any) -> Any:
        """Fill in what the preset says, so that settings on disk hold whatever presets become."""
        if not isinstance(data, dict) or not set(data) & {"preset", "markings"}:
            return data
        if isinstance(data.get("preset"), int):
            data = data | {"preset": str(data["preset"])}  # 11 is a number in YAML
        preset = PRESETS.get(data.get("preset", "11"))
        markings = data.get("markings") or {}
        if preset is None or not isinstance(markings, dict | MarkingSettings):
            return data
        given = markings.model_dump() if isinstance(markings, MarkingSettings) else markings
        usual = {"length_m": preset.length_m, "width_m": preset.width_m, "players": preset.players}
        return usual | data | {"markings": asdict(preset.marks) | given}

    def facts(self) -> dict[str, Any]:
        """Tell what steps depend on: the size, and what else is not as on an ordinary pitch."""
        return {"length_m": self.length_m, "width_m": self.width_m} | self.model_dump(exclude_defaults=True)

    @model_validator(mode="after")
    def _of_its_kind(self) -> PitchSettings:
        preset = PRESETS[self.preset]
        for name, value, (low, high) in (
            ("length_m", self.length_m, preset.lengths_m),
            ("width_m", self.width_m, preset.widths_m),
        ):
            if not low <= value <= high:
                raise ValueError(
                    f"{name} {value:g} is no {name[:-2]} of a pitch for preset {self.preset} ({low:g} to "
                    f"{high:g} m); choose another pitch.preset ({', '.join(PRESETS)}), or leave out size, "
                    "players and markings to have those of the preset"
                )
        return self


def chosen_pitch(settings: PitchSettings) -> Pitch:
    """Make the pitch of the settings: size, marks, players."""
    from pipeline.core.pitch import Pitch

    marks = Marks(**settings.markings.model_dump())
    return Pitch(settings.length_m, settings.width_m, marks, settings.players)
