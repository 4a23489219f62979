"""Settings of movement and shape: windows, how many players, speeds."""

from __future__ import annotations

from itertools import pairwise

from pydantic import Field, field_validator, model_validator

from pipeline.core.settings.settings_base import Settings
from pipeline.core.settings.speed_presets import SPEED_PRESETS, SpeedPreset


class MeasureSettings(Settings):
    """Movement and shape."""

    cutoff_hz: float = Field(
        0.6,
        gt=0,
        le=10,
        description="low-pass of positions: 1 for a steady tactical camera, 0.6 for broadcast",
    )
    max_speed_mps: float = Field(12.0, gt=0, description="faster steps are rejected as errors")
    formation_window_s: float = Field(180.0, gt=0, description="visible time behind one formation")
    formation_min_s: float = Field(
        60.0, ge=0, description="shorter footage gets a shape at this moment instead"
    )
    min_players: int = Field(5, ge=3, le=10, description="outfield players needed to name a formation")
    shape_min_players: int = Field(
        8,
        ge=3,
        le=10,
        description="a team's length, width, hull and centre count in frames with so many outfield players",
    )
    speed_preset: SpeedPreset = Field(
        "fifa_men", description="speeds that are null below: fifa_men, fifa_women or youth"
    )
    speed_bands_kmh: tuple[float, ...] | None = Field(
        None,
        min_length=1,
        max_length=8,
        description="where one speed band ends and the next begins, km/h; names the columns band_*_m",
    )
    fast_mps: float = Field(5.5, gt=0, description="column fast_m: metres faster than this, m/s")
    high_speed_kmh: float | None = Field(
        None, gt=0, description="a high-speed run is at least this fast, km/h"
    )
    sprint_kmh: float | None = Field(None, gt=0, description="a sprint is at least this fast, km/h")
    sprint_hold_s: float = Field(0.7, ge=0, description="for at least this long, s")
    acceleration_mps2: float = Field(3.0, gt=0, description="an acceleration is at least this, m/s^2")
    acceleration_hold_s: float = Field(0.5, ge=0, description="for at least this long, s")
    acceleration_reach_kmh: float = Field(10.0, ge=0, description="and ends at least this fast, km/h")
    psv_from_mps: float = Field(
        4.0, ge=0, description="PSV-99 is the 99th percentile of the speed above this, m/s"
    )
    min_rate_min: float = Field(
        1.0, gt=0, description="visible time needed for a rate such as sprints in 10 minutes, min"
    )

    @field_validator("speed_bands_kmh")
    @classmethod
    def _increasing(cls, edges: tuple[float, ...] | None) -> tuple[float, ...] | None:
        if edges is not None and (edges[0] <= 0 or any(b <= a for a, b in pairwise(edges))):
            raise ValueError("expected speeds above 0 that increase, such as [7, 15, 20, 25]")
        return edges

    @model_validator(mode="after")
    def _sprints_are_fastest(self) -> MeasureSettings:
        if self.sprint_from_kmh < self.high_speed_from_kmh:
            raise ValueError(
                f"sprint_kmh {self.sprint_from_kmh:g} must not lie below high_speed_kmh "
                f"{self.high_speed_from_kmh:g}"
            )
        return self

    @property
    def bands_kmh(self) -> tuple[float, ...]:
        """Edges of the speed bands, km/h: as set, else the preset's."""
        return self.speed_bands_kmh or SPEED_PRESETS[self.speed_preset].bands_kmh

    @property
    def sprint_from_kmh(self) -> float:
        """Where sprinting begins, km/h: as set, else the preset's."""
        return self.sprint_kmh or SPEED_PRESETS[self.speed_preset].sprint_kmh

    @property
    def high_speed_from_kmh(self) -> float:
        """Where high speed begins, km/h: as set, else the preset's, at most `sprint_from_kmh`."""
        return self.high_speed_kmh or min(
            SPEED_PRESETS[self.speed_preset].high_speed_kmh, self.sprint_from_kmh
        )
